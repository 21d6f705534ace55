// The body of `ringproof shrink`.

#include <fmt/format.h>

#include <cstdio>

#include "sim/cli/command_line.h"
#include "sim/cli/print.h"
#include "sim/explore/commands.h"
#include "sim/explore/explore_report.h"
#include "sim/explore/shrink.h"
#include "sim/explore/shrink_display.h"
#include "sim/fault/catalogue.h"
#include "sim/fault/plan_json.h"
#include "sim/replay/whole_file.h"
#include "sim/run/output_guard.h"
#include "sim/run/output_problems.h"

namespace ringproof {
namespace {

std::string arguments_of(const Failure& failure) {
  std::string text;
  for (const std::string& argument : failure.options.run.app_arguments) {
    if (!text.empty()) text += ' ';
    text += shell_word(argument);
  }
  return text;
}

void print_change(const char* what, std::size_t before, std::size_t after) {
  print_out("{:<12}{} -> {}\n", what, before, after);
}

}  // namespace

int run_shrink(const ShrinkOptions& options) {
  const Failure before = read_failure(options.failure_path);
  const Scenario scenario = read_scenario(before.options);
  expect_fits(before.faults, scenario.nic_file, options.failure_path, "/faults");
  OutputGuard guard;
  guard.add_file("--out", options.out_path);
  std::vector<std::string> inputs = inputs_of(before.options, scenario);
  inputs.push_back(options.failure_path);
  guard.refuse(inputs);
  expect_writable(options.out_path);
  ShrinkDisplay display(options.time_s);
  Shrinker shrinker(before, options.workers,
                    [&display](const ShrinkProgress& progress) { return display.show(progress); });
  const std::size_t frames_before = shrinker.progress().frames;
  const Failure* after = shrinker.run();
  display.erase();
  if (after == nullptr) {
    fmt::print(stderr, "ringproof: {}: expected {} to come back with this build, got {}\n",
               options.failure_path, before.key, shrinker.other_end());
    return shrinker.ended_by() != 0 ? 128 + shrinker.ended_by() : kStatusFound;
  }
  OutputProblems problems;
  problems.attempt([&] { write_failure(*after, options.out_path); });
  print_change("decisions", before.log.size(), after->log.size());
  print_out("{:<12}{}\n", "", in_words(after->log));
  if (!before.faults.empty()) {
    print_change("faults", before.faults.records.size(), after->faults.records.size());
  }
  print_change("frames", frames_before, shrinker.progress().frames);
  print_out("{:<12}{} -> {}\n", "arguments", arguments_of(before), arguments_of(*after));
  print_out("{:<12}{}{}\n", "runs", shrinker.progress().runs,
            shrinker.minimal() ? "; nothing more can go" : "; ended early, perhaps more can go");
  for (const Decision& decision : after->log) print_out("{:<12}{}\n", "", in_words(decision));
  for (const FaultRecord& record : after->faults.records) {
    print_out("{:<12}{}: {}\n", "", fault_info(record.id).id, fault_info(record.id).title);
  }
  print_out("{:<12}{}\n", "broke", after->message);
  if (problems.any()) throw InputError(problems.line());
  print_out("{:<12}{}\n", "again", replay_command(options.program, options.out_path));
  return shrinker.ended_by() != 0 ? 128 + shrinker.ended_by() : kStatusFine;
}

}  // namespace ringproof
