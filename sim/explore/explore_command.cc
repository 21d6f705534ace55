// The body of `ringproof explore`: a campaign from options to files, summary and exit status.

#include <fmt/format.h>

#include <cstdio>
#include <filesystem>
#include <string>
#include <system_error>
#include <vector>

#include "sim/cli/command_line.h"
#include "sim/explore/campaign.h"
#include "sim/explore/commands.h"
#include "sim/explore/explore_display.h"
#include "sim/explore/explore_files.h"
#include "sim/explore/explore_report.h"
#include "sim/replay/input_error.h"
#include "sim/replay/whole_file.h"
#include "sim/run/output_guard.h"
#include "sim/run/output_problems.h"
#include "sim/run/result_folder.h"
#include "sim/scenario/scenario_file.h"

namespace ringproof {
namespace {

const std::vector<std::string> kResultFiles = {"explore.json", "explore.junit.xml"};

// What is told of a capture that is not whole; its whole frames are explored.
void tell_what_is_lost(const Scenario& scenario) {
  const Capture& capture = scenario.capture;
  if (capture.lost == 0) return;
  fmt::print(stderr, "ringproof: {}: expected whole frames, the file is cut off: {} lost\n",
             scenario.run.capture_path, capture.lost);
}

// In the folder, of one or more campaigns.
bool is_failure_file(const std::string& name) {
  return name.starts_with("failure-") && (name.ends_with(".json") || name.ends_with(".json.partial"));
}

// Which failures there will be, nobody knows: none of those that are there may be an input.
void refuse_to_overwrite(const ExploreOptions& options, const Scenario& scenario) {
  if (options.run.out_dir.empty()) return;
  std::vector<std::string> files = kResultFiles;
  std::error_code error;
  for (const auto& entry : std::filesystem::directory_iterator(options.run.out_dir, error)) {
    const std::string name = entry.path().filename().string();
    if (is_failure_file(name)) files.push_back(name);
  }
  OutputGuard guard;
  guard.add_folder(options.run.out_dir, files);
  guard.refuse(inputs_of(options, scenario));
}

void prepare_results(const std::string& folder) {
  if (folder.empty()) return;
  make_folder(folder);
  for (const std::string& file : kResultFiles) expect_writable(folder + "/" + file);
  remove_earlier(folder, kResultFiles);
}

// A failure that cannot be written has no file in the reports.
void write_results(const ExploreOptions& options, const Campaign& campaign, CampaignResult& result,
                   OutputProblems& problems) {
  const std::string& folder = options.run.out_dir;
  if (folder.empty()) return;
  for (std::size_t i = 0; i < result.failures.size(); ++i) {
    FoundFailure& found = result.failures[i];
    // Schedules of a bounded search have one seed and each a number.
    const bool bounded = options.strategy == StrategyKind::kBounded;
    found.file = bounded ? fmt::format("{}/failure-{}-{}.json", folder, found.seed, found.schedule)
                         : fmt::format("{}/failure-{}.json", folder, found.seed);
    const auto write = [&] { write_failure(campaign.failures()[i], found.file); };
    if (!problems.attempt(write)) found.file.clear();
  }
  problems.attempt([&] { write_whole_file(folder + "/" + kResultFiles[0], explore_json(result, options)); });
  problems.attempt([&] { write_whole_file(folder + "/" + kResultFiles[1], explore_junit(result, options)); });
}

}  // namespace

int run_explore(const ExploreOptions& asked) {
  const ExploreOptions options = with_scenario_file(asked);
  const Scenario scenario = read_scenario(options);
  refuse_to_overwrite(options, scenario);
  tell_what_is_lost(scenario);
  prepare_results(options.run.out_dir);
  Campaign campaign(options, scenario);
  CampaignResult result;
  {
    ExploreDisplay display;
    result = campaign.run([&display](const CampaignProgress& progress) { display.show(progress); });
  }
  OutputProblems problems;
  write_results(options, campaign, result, problems);
  const std::string summary = summary_of(result, options);
  std::fwrite(summary.data(), 1, summary.size(), stdout);
  std::fflush(stdout);
  if (problems.any()) fmt::print(stderr, "ringproof: {}\n", problems.line());
  if (campaign.ended_by() != 0) return 128 + campaign.ended_by();
  if (problems.any()) return kStatusUsage;
  return result.failures.empty() ? kStatusFine : kStatusFound;
}

}  // namespace ringproof
