// The body of `ringproof explore`: a campaign from options to files, summary and exit status.

#include <fmt/format.h>

#include <cstdio>

#include "sim/cli/command_line.h"
#include "sim/explore/campaign.h"
#include "sim/explore/commands.h"
#include "sim/explore/explore_display.h"
#include "sim/explore/explore_files.h"
#include "sim/explore/explore_report.h"
#include "sim/replay/input_error.h"
#include "sim/replay/whole_file.h"
#include "sim/run/result_folder.h"
#include "sim/scenario/scenario_file.h"

namespace ringproof {
namespace {

// What is told of a capture that is not whole; its whole frames are explored.
void tell_what_is_lost(const Scenario& scenario) {
  const Capture& capture = scenario.capture;
  if (capture.lost == 0) return;
  fmt::print(stderr, "ringproof: {}: expected whole frames, the file is cut off: {} lost\n",
             scenario.run.capture_path, capture.lost);
}

void write_results(const ExploreOptions& options, const Campaign& campaign, CampaignResult& result) {
  const std::string& folder = options.run.out_dir;
  if (folder.empty()) return;
  for (std::size_t i = 0; i < result.failures.size(); ++i) {
    FoundFailure& found = result.failures[i];
    // Schedules of a bounded search have one seed and each a number.
    const bool bounded = options.strategy == StrategyKind::kBounded;
    found.file = bounded ? fmt::format("{}/failure-{}-{}.json", folder, found.seed, found.schedule)
                         : fmt::format("{}/failure-{}.json", folder, found.seed);
    write_failure(campaign.failures()[i], found.file);
  }
  write_whole_file(folder + "/explore.json", explore_json(result, options));
  write_whole_file(folder + "/explore.junit.xml", explore_junit(result, options));
}

}  // namespace

int run_explore(const ExploreOptions& asked) {
  const ExploreOptions options = with_scenario_file(asked);
  const Scenario scenario = read_scenario(options);
  tell_what_is_lost(scenario);
  if (!options.run.out_dir.empty())
    prepare_folder(options.run.out_dir, {"explore.json", "explore.junit.xml"});
  Campaign campaign(options, scenario);
  CampaignResult result;
  {
    ExploreDisplay display;
    result = campaign.run([&display](const CampaignProgress& progress) { display.show(progress); });
  }
  write_results(options, campaign, result);
  const std::string summary = summary_of(result, options);
  std::fwrite(summary.data(), 1, summary.size(), stdout);
  if (std::fflush(stdout) != 0) return kStatusFound;
  if (campaign.ended_by() != 0) return 128 + campaign.ended_by();
  return result.failures.empty() ? kStatusFine : kStatusFound;
}

}  // namespace ringproof
