// What a recorder writes down is what a replay answers.

#include <gtest/gtest.h>

#include <deque>
#include <memory>

#include "sim/schedule/decision_recorder.h"
#include "sim/schedule/log_replay.h"

namespace ringproof {
namespace {

std::string name_of(ActorId actor) { return std::string(1, static_cast<char>('a' + actor)); }

// Gives the answers that a test put there.
class Told final : public Chooser {
 public:
  std::uint32_t schedule(std::span<const ScheduleOption>) override { return next(); }
  std::uint32_t choose(Choice, ActorId, std::uint32_t) override { return next(); }
  std::deque<std::uint32_t> answers;

 private:
  std::uint32_t next() {
    const std::uint32_t answer = answers.front();
    answers.pop_front();
    return answer;
  }
};

class Log : public testing::Test {
 protected:
  std::uint32_t ask(Chooser& chooser, std::vector<ActorId> actors) {
    std::vector<ScheduleOption> options;
    for (const ActorId actor : actors) options.push_back({actor, 0, false, 0});
    return chooser.schedule(options);
  }
  Told told;
  ChoiceNumbers numbers;
  std::unique_ptr<DecisionTape> tape = std::make_unique<DecisionTape>();
};

TEST_F(Log, KeepsOnlyWhatDiffers) {
  DecisionRecorder recorder(told, numbers, *tape);
  recorder.set_names(name_of);
  told.answers = {0, 1, 0, 2, 1};
  ask(recorder, {0, 1});
  ask(recorder, {0, 1});
  ask(recorder, {1, 0});
  ask(recorder, {0, 1, 2});
  recorder.choose(Choice::kMemory, 1, 3);
  const DecisionLog expected = {{DecisionKind::kSchedule, "a", 2, "b", 0},
                                {DecisionKind::kSchedule, "a", 3, "c", 0},
                                {DecisionKind::kMemory, "b", 1, "", 1}};
  EXPECT_EQ(read_tape(*tape), expected);
  EXPECT_EQ(numbers.asked(), 5u);
  EXPECT_EQ(numbers.actors(), 2u);
}

Decision waits(const char* at, std::uint32_t number, const char* run) {
  return {DecisionKind::kSchedule, at, number, run, 0};
}

TEST_F(Log, KeepingOneTaskWaitingIsOnePreemption) {
  const DecisionLog log = {waits("a", 3, "b"), waits("a", 4, "b"), waits("b", 7, "c"), waits("a", 5, "c")};
  EXPECT_EQ(preemptions_of(log), (std::vector<Preemption>{{0, 1, 3}, {2}}));
  EXPECT_EQ(in_words(log), "2 pre-emptions in 4 decisions");
}

TEST_F(Log, AGapOrATurnEndsAPreemption) {
  EXPECT_EQ(preemptions_of({waits("a", 3, "b"), waits("a", 5, "b")}), (std::vector<Preemption>{{0}, {1}}));
  const DecisionLog turn = {waits("a", 3, "b"), waits("b", 1, "a"), waits("a", 4, "b")};
  EXPECT_EQ(preemptions_of(turn), (std::vector<Preemption>{{0}, {1}, {2}})) << "b let a go on in between";
}

TEST_F(Log, OlderValuesAreNoPreemptions) {
  const DecisionLog log = {{DecisionKind::kMemory, "a", 1, "", 1}, waits("a", 1, "b")};
  EXPECT_EQ(preemptions_of(log), (std::vector<Preemption>{{1}}));
  EXPECT_EQ(in_words(log), "1 pre-emption and 1 older value in 2 decisions");
  EXPECT_EQ(in_words(DecisionLog()), "0 pre-emptions in 0 decisions");
}

TEST_F(Log, FewerPreemptionsAreSmallerThanFewerDecisions) {
  const DecisionLog one = {waits("a", 3, "b"), waits("a", 4, "b"), waits("a", 5, "b")};
  const DecisionLog two = {waits("a", 3, "b"), waits("a", 5, "b")};
  EXPECT_LT(size_of(one), size_of(two));
  EXPECT_LT(size_of({one[0]}), size_of(one));
  EXPECT_EQ(size_of({{DecisionKind::kMemory, "a", 1, "", 1}}).changes, 1u);
}

TEST_F(Log, ReplayAnswersAsRecorded) {
  const DecisionLog log = {{DecisionKind::kSchedule, "a", 2, "c", 0}, {DecisionKind::kMemory, "b", 2, "", 1}};
  LogReplay answers(log, numbers);
  answers.set_names(name_of);
  DecisionRecorder replay(answers, numbers, *tape);
  replay.set_names(name_of);
  EXPECT_EQ(ask(replay, {0, 2}), 0u);
  EXPECT_EQ(ask(replay, {0, 1, 2}), 2u);
  EXPECT_EQ(ask(replay, {0, 1, 2}), 0u);
  EXPECT_EQ(replay.choose(Choice::kMemory, 1, 2), 0u);
  EXPECT_EQ(replay.choose(Choice::kMemory, 1, 2), 1u);
  EXPECT_EQ(answers.divergence(), std::nullopt);
}

TEST_F(Log, NumbersCountPerActorSoThatALostEntryMovesNoOther) {
  const DecisionLog log = {{DecisionKind::kSchedule, "b", 1, "a", 0}};
  LogReplay answers(log, numbers);
  answers.set_names(name_of);
  DecisionRecorder replay(answers, numbers, *tape);
  replay.set_names(name_of);
  EXPECT_EQ(ask(replay, {0, 1}), 0u);
  EXPECT_EQ(ask(replay, {0, 1}), 0u);
  EXPECT_EQ(ask(replay, {1, 0}), 1u);
}

TEST_F(Log, AnActorThatCannotRunIsNamedAsTheFirstDifference) {
  const DecisionLog log = {{DecisionKind::kSchedule, "a", 1, "x", 0},
                           {DecisionKind::kSchedule, "a", 2, "y", 0}};
  LogReplay answers(log, numbers);
  answers.set_names(name_of);
  DecisionRecorder replay(answers, numbers, *tape);
  replay.set_names(name_of);
  EXPECT_EQ(ask(replay, {0, 1}), 0u);
  EXPECT_EQ(ask(replay, {0, 1}), 0u);
  EXPECT_EQ(answers.divergence(), "a at its choice 1: x runs instead: only these could run: a, b");
}

TEST_F(Log, AValueThatCannotBeSeenIsADifference) {
  const DecisionLog log = {{DecisionKind::kMemory, "a", 1, "", 4}};
  LogReplay answers(log, numbers);
  answers.set_names(name_of);
  DecisionRecorder replay(answers, numbers, *tape);
  replay.set_names(name_of);
  EXPECT_EQ(replay.choose(Choice::kMemory, 0, 2), 0u);
  EXPECT_EQ(answers.divergence(), "a at its load 1: sees an older value (4): only 2 values could be seen");
}

TEST_F(Log, AnEntryThatIsNeverReachedIsADifference) {
  const DecisionLog log = {{DecisionKind::kSchedule, "a", 9, "b", 0}};
  LogReplay answers(log, numbers);
  answers.set_names(name_of);
  DecisionRecorder replay(answers, numbers, *tape);
  replay.set_names(name_of);
  ask(replay, {0, 1});
  EXPECT_EQ(answers.divergence(), "a at its choice 9: b runs instead: the run never came to it");
}

TEST_F(Log, ATapeWithNonsenseOnItIsReadWithoutHarm) {
  tape->entry_count = ~0U;
  tape->name_count = ~0U;
  for (auto& name : tape->names) std::fill(std::begin(name.text), std::end(name.text), 'x');
  EXPECT_EQ(read_tape(*tape).size(), DecisionTape::kEntriesMax);
}

}  // namespace
}  // namespace ringproof
