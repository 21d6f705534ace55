// explore_report.h: what a campaign came to, for people.
// Role     the summary on the terminal, made from CampaignResult and what was asked for
// Errors   none
// Source   docs/explore.md
#pragma once

#include <cstdio>
#include <string>

#include "sim/explore/campaign_result.h"
#include "sim/explore/explore_options.h"

namespace ringproof {

std::string summary_of(const CampaignResult& result, const ExploreOptions& options);

// A word as a shell takes it: in quotes where it has to be.
std::string shell_word(const std::string& word);
// The command that brings a failure back.
std::string replay_command(const std::string& program, const std::string& file);

}  // namespace ringproof
