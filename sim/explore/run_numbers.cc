#include "sim/explore/run_numbers.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <malloc.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <exception>
#include <iterator>

#include "sim/explore/compared_run.h"
#include "sim/fault/catalogue.h"
#include "sim/monitor/invariant_log.h"
#include "sim/replay/input_error.h"
#include "sim/run/end_in_words.h"

namespace ringproof {
namespace {

constexpr const char* kEndReasons[] = {"", "quiet", "application returned", "max-time", "max-steps"};

// The identities and titles of all invariants, with counts of zero.
const std::vector<InvariantResult>& blank_invariants() {
  // Never destroyed: a program that calls exit() has the C library destroy statics, and other runs go on.
  static const auto& blank = *new std::vector<InvariantResult>(InvariantLog().results());
  return blank;
}

}  // namespace

void write_numbers(const Outcome& outcome, RunNumbers& numbers) {
  const RunResult& result = outcome.result;
  numbers.choices = outcome.choices;
  numbers.actors = outcome.actors;
  numbers.steps = outcome.steps;
  numbers.hash = result.result_hash;
  numbers.sim_ns = result.sim_ns;
  const auto* reason = std::find(std::begin(kEndReasons), std::end(kEndReasons), result.end_reason);
  numbers.end_reason = static_cast<std::uint32_t>(reason - std::begin(kEndReasons));
  numbers.status = result.application_status;
  numbers.application_ended = result.application_ended;
  numbers.traffic_started = result.traffic_started;
  numbers.broke = outcome.broke();
  numbers.has_text = outcome.broke() || outcome.divergence.has_value();
  numbers.invariants =
      static_cast<std::uint32_t>(std::min(result.invariants.size(), RunNumbers::kInvariantsMax));
  for (std::uint32_t i = 0; i < numbers.invariants; ++i) {
    numbers.counts[i] = {result.invariants[i].checked, result.invariants[i].violations};
  }
  std::fill(std::begin(numbers.faults), std::end(numbers.faults), 0);
  for (const auto& [name, times] : result.faults) {
    if (const auto id = find_fault(name)) numbers.faults[static_cast<std::size_t>(*id)] = times;
  }
}

void read_numbers(const RunNumbers& numbers, Outcome& outcome) {
  RunResult& result = outcome.result;
  outcome.choices = numbers.choices;
  outcome.actors = numbers.actors;
  outcome.steps = numbers.steps;
  result.result_hash = numbers.hash;
  result.sim_ns = numbers.sim_ns;
  result.end_reason = numbers.end_reason < std::size(kEndReasons) ? kEndReasons[numbers.end_reason] : "";
  result.application_status = numbers.status;
  result.application_ended = numbers.application_ended;
  result.traffic_started = numbers.traffic_started;
  result.invariants = blank_invariants();
  const std::size_t count = std::min<std::size_t>(numbers.invariants, RunNumbers::kInvariantsMax);
  for (std::size_t i = 0; i < result.invariants.size() && i < count; ++i) {
    result.invariants[i].checked = numbers.counts[i].checked;
    result.invariants[i].violations = numbers.counts[i].violations;
  }
  read_faults(numbers, outcome);
}

void read_faults(const RunNumbers& numbers, Outcome& outcome) {
  for (std::size_t i = 0; i < kFaultIds; ++i) {
    if (numbers.faults[i] > 0) outcome.result.faults[fault_info(fault_at(i)).id] = numbers.faults[i];
  }
}

void become_runner() {
  const int nowhere = open("/dev/null", O_RDWR | O_CLOEXEC);
  for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) dup2(nowhere, stream);
  for (const int signal :
       {SIGINT, SIGTERM, SIGHUP, SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT, SIGTRAP, SIGPIPE}) {
    std::signal(signal, SIG_DFL);
  }
  // Memory that one schedule frees is there for the next, and does not go back to the system in between.
  mallopt(M_MMAP_THRESHOLD, 1 << 25);  // the most there is
  mallopt(M_TRIM_THRESHOLD, 1 << 28);
  mallopt(M_TOP_PAD, 1 << 22);
}

Outcome run_guarded(const Scenario& scenario, const ScheduleSpec& spec, const RunPlaces& places) {
  Outcome outcome;
  try {
    return run_and_compare(scenario, spec, places);
  } catch (const InputError& error) {
    outcome.unusable = true;
    outcome.key = "input";
    outcome.message = error.what();
  } catch (const std::exception& error) {
    outcome.key = "internal";
    outcome.message =
        fmt::format("internal error ({}): {}", bug_in_words(scenario.engine.own_name()), error.what());
  }
  return outcome;
}

}  // namespace ringproof
