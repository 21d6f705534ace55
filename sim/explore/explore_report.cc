#include "sim/explore/explore_report.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <vector>

#include "sim/replay/input_error.h"
#include "sim/replay/report.h"

namespace ringproof {
namespace {

std::string counted(std::uint64_t count, std::string_view what) {
  return fmt::format("{} {}{}", with_separators(count), what, count == 1 ? "" : "s");
}

// More of them are in explore.json.
constexpr std::size_t kFaultsShown = 6;

// Sections: a word in the margin, then lines.
class Summary {
 public:
  Summary(const CampaignResult& result, const ExploreOptions& options) : result_(result), options_(options) {}

  std::string text() {
    campaign();
    coverage();
    faults();
    invariants();
    broke();
    return text_;
  }

 private:
  void line(std::string_view margin, std::string_view words) {
    text_ += fmt::format("{:<12}{}\n", margin, words);
  }

  void campaign() {
    const double rate = static_cast<double>(result_.schedules) / std::max(result_.wall_s, 0.001);
    line("explored", fmt::format("{}: {} in {:.2f} s of wall time, {}/s", one_line(result_.title, 100),
                                 counted(result_.schedules, "schedule"), result_.wall_s,
                                 with_separators(static_cast<std::uint64_t>(rate))));
    line("", fmt::format("engine {}, memory {}, seeds from {}; campaign hash {:016x}", result_.engine,
                         result_.memory, result_.seed, result_.campaign_hash));
    line("strategy", strategy());
    if (result_.baseline_actors != 0) {
      line("",
           fmt::format("with nothing delayed a run has {} among {}",
                       counted(result_.baseline_steps, "choice"), counted(result_.baseline_actors, "actor")));
    }
    if (result_.complete) line("", "complete: every schedule within the bound was run");
    if (result_.out_of_time) {
      line("ended",
           result_.schedules == 0
               ? "the time was over before the first schedule was: with nothing delayed, it takes longer"
               : "the time was over");
    }
    if (result_.stopped) line("ended", "stopped by a signal; this is what was found so far");
  }

  std::string strategy() const {
    const std::string name =
        fmt::format("{}, window {}", result_.strategy, time_in_words(options_.window_ps / 1000));
    switch (options_.strategy) {
      case StrategyKind::kPct:
        return fmt::format("{}, depth {}: a bug of this depth was found with probability {:.2g} at least",
                           name, result_.depth, result_.certified);
      case StrategyKind::kBounded:
        return fmt::format("{}, at most {}", name, counted(result_.depth, "decision"));
      case StrategyKind::kDelays:
        return fmt::format("{}, at most {}", name, counted(result_.depth, "delay"));
      default:
        return name;
    }
  }

  void coverage() {
    line("coverage",
         fmt::format("{} in {}", counted(result_.coverage, "situation"), counted(result_.steps, "step")));
  }

  void faults() {
    if (options_.faults.empty()) return;
    std::uint64_t times = 0;
    std::string each;
    for (const auto& [id, struck] : result_.faults) {
      times += struck;
      each += fmt::format("{}{} {}", each.empty() ? ": " : ", ", id, with_separators(struck));
    }
    if (result_.faults.size() > kFaultsShown) each.clear();
    const std::uint64_t excused = result_.excused_ends;
    line("faults", times == 0 ? std::string("none struck")
                              : fmt::format("{} struck {}{}", counted(result_.faults.size(), "different one"),
                                            counted(times, "time"), each));
    if (excused > 0) {
      line("", fmt::format("in {} the program ended in a way that these excuse, such as a crash",
                           counted(excused, "schedule")));
    }
  }

  void invariants() {
    std::uint64_t checked = 0;
    std::uint64_t violations = 0;
    std::vector<std::string> idle;
    for (const InvariantResult& invariant : result_.invariants) {
      checked += invariant.checked;
      violations += invariant.violations;
      if (invariant.checked == 0) idle.emplace_back(invariant.id);
    }
    line("invariants", fmt::format("{} watched, {}, {}", result_.invariants.size(), counted(checked, "check"),
                                   violations == 0 ? std::string("no violation")
                                                   : with_separators(violations) + " VIOLATIONS"));
    if (!idle.empty()) line("", "never put to the test: " + ids_in_words(idle));
  }

  void broke() {
    if (result_.failures.empty()) {
      line("broke", "nothing");
      return;
    }
    line("broke",
         fmt::format("{} in {} of {}", counted(result_.failures.size(), "different thing"),
                     with_separators(result_.failed_schedules), counted(result_.schedules, "schedule")));
    for (const FoundFailure& failure : result_.failures) failed(failure);
    if (options_.run.out_dir.empty()) {
      line("note", "no failure was kept: --out DIR keeps them as files that bring them back");
    }
  }

  void failed(const FoundFailure& failure) {
    const std::string first = failure.schedule == 0 ? std::string("even with nothing delayed")
                                                    : fmt::format("first with seed {}, {}", failure.seed,
                                                                  counted(failure.decisions, "decision"));
    text_ += "\n";
    line("", fmt::format("{} in {}, {}", failure.key, counted(failure.times, "schedule"), first));
    line("", "  " + one_line(failure.message, 1000));
    if (failure.file.empty()) return;
    line("", "  " + replay_command(options_.program, failure.file));
    if (failure.file.ends_with(".json")) {
      const std::string smaller = failure.file.substr(0, failure.file.size() - 5) + ".small.json";
      line("", fmt::format("  {} shrink {} --out {}", shell_word(options_.program), shell_word(failure.file),
                           shell_word(smaller)));
    }
  }

  const CampaignResult& result_;
  const ExploreOptions& options_;
  std::string text_;
};

}  // namespace

std::string summary_of(const CampaignResult& result, const ExploreOptions& options) {
  return Summary(result, options).text();
}

std::string shell_word(const std::string& word) {
  constexpr const char* kPlain = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789_-+./,:@%=";
  if (!word.empty() && word.find_first_not_of(kPlain) == std::string::npos) return word;
  std::string quoted = "'";
  for (const char letter : word) quoted += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
  return quoted + "'";
}

std::string replay_command(const std::string& program, const std::string& file) {
  return fmt::format("{} replay-failure {}", shell_word(program), shell_word(file));
}

}  // namespace ringproof
