// explore_files.h: what a campaign came to, for programs.
// Role     explore.json and explore.junit.xml
// Shapes   JSON with schema "ringproof.explore/1"; JUnit: a case for each invariant, and one for each other
//          thing that broke; an invariant that was never put to the test is skipped
// Errors   none; text that is not UTF-8 is replaced
// Source   docs/explore.md, "Results"
#pragma once

#include <string>

#include "sim/explore/campaign_result.h"
#include "sim/explore/explore_options.h"

namespace ringproof {

std::string explore_json(const CampaignResult& result, const ExploreOptions& options);
std::string explore_junit(const CampaignResult& result, const ExploreOptions& options);

}  // namespace ringproof
