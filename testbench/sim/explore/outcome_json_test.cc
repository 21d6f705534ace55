// Outcomes between processes: what is told is understood.

#include "sim/explore/outcome_json.h"

#include <gtest/gtest.h>

namespace ringproof {
namespace {

Outcome broken() {
  Outcome outcome;
  outcome.key = "INV-12";
  outcome.message = "a line";
  outcome.result.result_hash = ~std::uint64_t{0};
  outcome.log = {{DecisionKind::kSchedule, "main", 1, "timer 1.0", 0},
                 {DecisionKind::kMemory, "a", 9, "", 3}};
  return outcome;
}

TEST(OutcomeJson, TellsWhatBrokeWithItsLogAndHash) {
  const Outcome before = broken();
  const Outcome after = broken_from_json(nlohmann::json::parse(one_line_of(broken_to_json(before))));
  EXPECT_EQ(after.key, before.key);
  EXPECT_EQ(after.message, before.message);
  EXPECT_EQ(after.log, before.log);
  EXPECT_EQ(after.result.result_hash, before.result.result_hash);
}

TEST(OutcomeJson, TellsADivergenceOnlyWhereThereIsOne) {
  Outcome before = broken();
  Outcome after;
  add_from_json(to_json(before), after);
  EXPECT_FALSE(after.divergence.has_value());
  before.divergence = "main 3";
  before.unusable = true;
  add_from_json(to_json(before), after);
  EXPECT_EQ(after.divergence, "main 3");
  EXPECT_TRUE(after.unusable);
}

TEST(OutcomeJson, StaysOnOneLineWhateverTheTextsHold) {
  Outcome outcome = broken();
  outcome.message = "two\nlines and \xff a byte";
  const std::string line = one_line_of(broken_to_json(outcome));
  EXPECT_EQ(line.find('\n'), std::string::npos);
  EXPECT_EQ(broken_from_json(nlohmann::json::parse(line)).message.substr(0, 9), "two\nlines");
}

TEST(OutcomeJson, RefusesDecisionsOfAnotherShape) {
  for (const char* text : {"[{}]", "[{\"n\": 1}]", "[{\"at\": 1, \"n\": 1, \"run\": \"a\"}]",
                           "[{\"memory\": \"a\", \"n\": 1}]", "[1]"}) {
    EXPECT_THROW(log_from_json(nlohmann::json::parse(text)), nlohmann::json::exception) << text;
  }
}

}  // namespace
}  // namespace ringproof
