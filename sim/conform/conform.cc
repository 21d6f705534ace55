#include "sim/conform/conform.h"

#include <fmt/format.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <string>
#include <string_view>
#include <vector>

#include "sim/cli/print.h"
#include "sim/conform/requirement.h"

namespace ringproof::conform {
namespace {

constexpr std::uint64_t kWindowCycles = 20;     // to look at, before and after
constexpr std::uint64_t kRecordCycles = 5'000;  // in the waveform, before

bool is_meant(std::string_view id, std::string_view only) {
  return only.empty() || id == only || id.substr(0, id.find('.')) == only;
}

std::vector<const Requirement*> chosen(const std::string& only) {
  std::vector<const Requirement*> chosen;
  std::vector<std::string> groups;
  for (const Requirement& requirement : requirements()) {
    if (is_meant(requirement.id, only)) chosen.push_back(&requirement);
    const std::string_view id = requirement.id;
    const std::string group(id.substr(0, id.find('.')));
    if (std::find(groups.begin(), groups.end(), group) == groups.end()) groups.push_back(group);
  }
  if (chosen.empty()) {
    throw UsageError(fmt::format("--only: expected the id of a requirement, or one of {}, got \"{}\"",
                                 fmt::join(groups, ", "), only));
  }
  return chosen;
}

EngineMaker engine_of(const std::string& name) {
  try {
    return EngineChoice::find(name, true).maker();
  } catch (const NoSuchEngine& error) {
    throw UsageError(fmt::format("--engine: {}", error.what()));
  }
}

void make_folder(const std::string& path) {
  std::error_code error;
  std::filesystem::create_directories(path, error);
  if (error) throw UsageError(fmt::format("--wave: expected a directory, got {}: {}", path, error.message()));
  if (access(path.c_str(), W_OK | X_OK) != 0) {
    throw UsageError(fmt::format("--wave: expected a directory that can be written to, got {}: {}", path,
                                 std::strerror(errno)));
  }
}

// Judges once more, with the bench that broke in a waveform.
void keep_waveform(const Requirement& requirement, const Verdict& verdict, const EngineMaker& maker,
                   const EngineShape& shape, const ConformOptions& options) {
  const std::string path = fmt::format("{}/{}.fst", options.wave_dir, requirement.id);
  const std::uint64_t cycle = verdict.broken.cycle;
  const std::uint64_t first = cycle - std::min(cycle, kRecordCycles);
  const Verdict again =
      judge(requirement, maker, shape, options.seed, WaveRequest{path, verdict.bench, first, kWindowCycles});
  if (again.passed || again.broken.cycle != cycle || again.broken.seen != verdict.broken.seen) {
    print_out("      {}: not the same again, the engine is not deterministic, or: {}\n", path,
              again.passed ? "it passed" : again.broken.seen);
    return;
  }
  const std::uint64_t from = edge_ps(cycle - std::min(cycle, kWindowCycles)) / 1000;
  print_out("      waveform {}, look at {} to {} ns\n", path, from, edge_ps(cycle + kWindowCycles) / 1000);
}

}  // namespace

int run_conform(const ConformOptions& options) {
  const std::vector<const Requirement*> asked = chosen(options.only);
  const EngineMaker maker = engine_of(options.engine);
  if (!options.wave_dir.empty()) make_folder(options.wave_dir);
  const EngineShape shape = read_shape(maker);
  print_out("engine {}: {} receive and {} transmit queues, rings of up to {} entries; seed {}\n",
            options.engine, shape.rx_queues, shape.tx_queues, 1u << shape.ring_log2_max, options.seed);
  std::size_t failed = 0;
  std::string wave_problem;  // the first: after it no further waveform is tried
  for (const Requirement* requirement : asked) {
    const Verdict verdict = judge(*requirement, maker, shape, options.seed);
    print_out("{}  {:25}  {}{}\n", verdict.passed ? "pass" : "FAIL", requirement->id, requirement->sentence,
              verdict.absent ? " (not there)" : "");
    if (!verdict.passed) {
      ++failed;
      print_out("      cycle {}: expected {}, seen {}\n", verdict.broken.cycle, verdict.broken.expected,
                verdict.broken.seen);
      print_out("      docs/design/queue-engine.md, \"{}\"\n", requirement->source);
      if (!options.wave_dir.empty() && wave_problem.empty()) {
        try {
          keep_waveform(*requirement, verdict, maker, shape, options);
        } catch (const nic::WaveError& error) {
          wave_problem = error.what();
        }
      }
    }
    std::fflush(stdout);
  }
  print_out("{} of {} requirements passed", asked.size() - failed, asked.size());
  if (failed != 0)
    print_out(", {} failed{}", failed, options.wave_dir.empty() ? "; --wave DIR keeps waveforms" : "");
  print_out("\n");
  if (!wave_problem.empty()) {
    std::fflush(stdout);
    fmt::print(stderr, "ringproof: --wave {}\n", wave_problem);
  }
  return failed == 0 ? 0 : 1;
}

}  // namespace ringproof::conform
