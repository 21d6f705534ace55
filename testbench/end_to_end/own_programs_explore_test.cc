// The programs with several threads under many schedules: 200, or as many as RINGPROOF_SCHEDULES says.

#include <gtest/gtest.h>

#include <cstdlib>

#include "testbench/end_to_end/command.h"

namespace ringproof::test {
namespace {

using Json = nlohmann::json;
using Words = std::vector<std::string>;

struct Campaign {
  const char* app;
  const char* options;
  const char* arguments;
};

const Campaign campaigns[] = {
    {"xskmaprx", "--frames 1-16", "-if 1 -queues 2 -quiet 20"},
    {"xdpcap", "--frames 1-16 --memory release-acquire", "-if 1 -queues 2 -ring 4 -time 20 -o /dev/null"},
    {"xskbench", "--frames 1-16 --strategy pct", "rx -if 1 -queues 2 -wait block -time 20"},
    {"xskbench", "--frames 1-16 --memory tso", "fwd -if 1 -queues 2 -ring 4 -batch 2 -wait block -time 20"},
    {"xskbench", "--frames 1-16", "fwd -if 1 -queues 2 -count 4 -time 20"},
    {"xskbench", "", "tx -if 1 -queues 3 -count 40 -ring 8 -batch 4"},
    {"xskbench", "", "lat -if 1 -queues 2 -count 12 -wait block"},
    {"xskbench", "--faults swarm", "lat -if 1 -queues 2 -count 12"},
    {"xsklend", "--frames 1-16", "-if 1 -queues 2 -quiet 20"},
    {"xsksoak", "--frames 1-200 --pace 100kpps", "-if 1 -queues 2 -steps 200 -seed 1"},
    {"xsksoak", "--frames 1-200 --pace 100kpps --memory tso",
     "-if 1 -queues 2 -steps 200 -seed 2 -threads 3"},
};

TEST(OwnPrograms, SurviveOtherSchedules) {
  const Folder folder;
  const char* wanted = std::getenv("RINGPROOF_SCHEDULES");
  const std::string schedules = wanted == nullptr ? "200" : wanted;
  for (const Campaign& campaign : campaigns) {
    Words words = {
        "explore", trace("udp-echo.pcapng"), "--app", campaign.app, "--out", folder.path(), "--schedules",
        schedules};
    for (const std::string& word : words_of(campaign.options)) words.push_back(word);
    words.push_back("--");
    for (const std::string& word : words_of(campaign.arguments)) words.push_back(word);
    const Outcome outcome = ringproof(words);
    EXPECT_EQ(outcome.status, 0) << campaign.app << " " << campaign.arguments << "\n"
                                 << outcome.out << outcome.err;
    const Json result = Json::parse(folder.read("explore.json"));
    EXPECT_EQ(std::to_string(result["schedules"].get<unsigned>()), schedules);
    EXPECT_EQ(result["failures"], Json::array()) << campaign.app << " " << campaign.arguments;
  }
}

}  // namespace
}  // namespace ringproof::test
