// The results of a campaign: for people, as JSON, as JUnit, and on the way.

#include "sim/explore/explore_report.h"

#include <gtest/gtest.h>

#include <nlohmann/json.hpp>
#include <pugixml.hpp>

#include "sim/explore/explore_display.h"
#include "sim/explore/explore_files.h"

namespace ringproof {
namespace {

class ExploreReport : public testing::Test {
 protected:
  ExploreReport() {
    options.run.out_dir = "out";
    result.title = "app on capture";
    result.strategy = "random";
    result.engine = "functional";
    result.memory = "sequential";
    result.schedules = 1000;
    result.campaign_hash = 0xab;
    result.wall_s = 2;
    result.invariants = {{"INV-01", "one", 12, 0}, {"INV-02", "two", 3, 7}, {"INV-03", "three", 0, 0}};
  }
  void broke() {
    result.failed_schedules = 8;
    result.failures = {{"INV-02", "INV-02 two: <bad> & worse", 5, 6, 7, 3, "out/failure-6.json"},
                       {"crash", "it crashed", 9, 10, 1, 0, "out/failure-10.json"}};
  }
  bool summary_has(const std::string& text) const {
    return summary_of(result, options).find(text) != std::string::npos;
  }
  pugi::xml_document junit() const {
    pugi::xml_document document;
    EXPECT_TRUE(document.load_string(explore_junit(result, options).c_str()));
    return document;
  }

  ExploreOptions options;
  CampaignResult result;
};

TEST_F(ExploreReport, SaysThatNothingBroke) {
  EXPECT_TRUE(summary_has("1,000 schedules in 2.00 s of wall time, 500/s"));
  EXPECT_TRUE(summary_has("broke       nothing\n"));
  EXPECT_TRUE(summary_has("never put to the test: INV-03\n"));
}

TEST_F(ExploreReport, TellsEachThingThatBrokeWithTheCommandsForIt) {
  broke();
  options.program = "build/ringproof";
  EXPECT_TRUE(summary_has("2 different things in 8 of 1,000 schedules"));
  EXPECT_TRUE(summary_has("INV-02 in 7 schedules, first with seed 6, 3 decisions"));
  EXPECT_TRUE(summary_has("build/ringproof replay-failure out/failure-6.json\n"));
  EXPECT_TRUE(summary_has("build/ringproof shrink out/failure-10.json --out out/failure-10.small.json\n"));
}

TEST_F(ExploreReport, TellsWhatPctCertifies) {
  options.strategy = StrategyKind::kPct;
  result.strategy = "pct";
  result.depth = 3;
  result.certified = 0.25;
  EXPECT_TRUE(
      summary_has("pct, window 5.000 us, depth 3: a bug of this depth was found with probability 0.25"));
}

TEST_F(ExploreReport, TellsWhichFaultsStruck) {
  EXPECT_FALSE(summary_has("faults")) << "nobody asked for any";
  options.faults = "plan.json";
  EXPECT_TRUE(summary_has("faults      none struck\n"));
  result.faults = {{"F-IRQ-01", 1200}, {"F-LIF-01", 1}};
  EXPECT_TRUE(summary_has("faults      2 different ones struck 1,201 times: F-IRQ-01 1,200, F-LIF-01 1\n"));
  EXPECT_EQ(nlohmann::json::parse(explore_json(result, options))["faults"]["F-IRQ-01"], 1200);
}

TEST_F(ExploreReport, TellsOfEndsThatFaultsExcuse) {
  options.faults = "swarm";
  result.faults = {{"F-MEM-03", 5}};
  result.struck_in = {{"F-MEM-03", 4}};
  result.struck_together = {{"LNK MEM", 3}};
  EXPECT_FALSE(summary_has("excuse"));
  result.excused_ends = 2;
  EXPECT_TRUE(summary_has("in 2 schedules the program ended in a way that these excuse, such as a crash\n"));
  const nlohmann::json json = nlohmann::json::parse(explore_json(result, options));
  EXPECT_EQ(json["excused_ends"], 2);
  EXPECT_EQ(json["struck_in"]["F-MEM-03"], 4);
  EXPECT_EQ(json["struck_together"]["LNK MEM"], 3);
}

TEST_F(ExploreReport, LeavesManyFaultsToTheFile) {
  options.faults = "swarm";
  for (char i = '1'; i <= '7'; ++i) result.faults[std::string("F-LNK-0") + i] = 2;
  EXPECT_TRUE(summary_has("faults      7 different ones struck 14 times\n"));
}

TEST_F(ExploreReport, QuotesWhatAShellWouldTakeApart) {
  EXPECT_EQ(shell_word("out/failure-1.json"), "out/failure-1.json");
  EXPECT_EQ(shell_word("my out/it's"), "'my out/it'\\''s'");
  EXPECT_EQ(shell_word(""), "''");
}

TEST_F(ExploreReport, WritesJson) {
  broke();
  const nlohmann::json json = nlohmann::json::parse(explore_json(result, options));
  EXPECT_EQ(json["schema"], "ringproof.explore/1");
  EXPECT_EQ(json["schedules"], 1000);
  EXPECT_EQ(json["campaign_hash"], "00000000000000ab");
  EXPECT_EQ(json["end"], "done");
  EXPECT_EQ(json["failures"][0]["what"], "INV-02");
  EXPECT_EQ(json["failures"][0]["file"], "out/failure-6.json");
  EXPECT_EQ(json["invariants"]["INV-02"]["violations"], 7);
}

TEST_F(ExploreReport, WritesJUnitWithACaseForEachInvariantAndEachOtherThing) {
  broke();
  const pugi::xml_document document = junit();
  const pugi::xml_node suite = document.child("testsuites").child("testsuite");
  EXPECT_EQ(suite.attribute("tests").as_int(), 4);
  EXPECT_EQ(suite.attribute("failures").as_int(), 2);
  EXPECT_EQ(suite.attribute("skipped").as_int(), 1);
  const pugi::xml_node second = suite.find_child_by_attribute("testcase", "name", "INV-02 two");
  EXPECT_STREQ(second.child("failure").attribute("message").value(), "INV-02 two: <bad> & worse");
  EXPECT_TRUE(suite.find_child_by_attribute("testcase", "name", "INV-03 three").child("skipped"));
  EXPECT_TRUE(suite.find_child_by_attribute("testcase", "name", "crash").child("failure"));
}

TEST_F(ExploreReport, ShowsHowFarItHasCome) {
  CampaignProgress progress;
  progress.schedules = 1200;
  progress.schedules_planned = 5000;
  progress.elapsed_s = 3;
  progress.coverage = 90;
  EXPECT_EQ(in_words(progress, 4),
            "1,200 of 5,000 schedules, 400/s, coverage 90 (4 new), nothing broke, 3 s");
  progress.schedules_planned = 0;
  progress.failures = 2;
  EXPECT_EQ(in_words(progress, 0), "1,200 schedules, 400/s, coverage 90 (0 new), 2 things broke, 3 s");
}

}  // namespace
}  // namespace ringproof
