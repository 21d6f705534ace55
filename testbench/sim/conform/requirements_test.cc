// requirements_test.cc: the requirements on queue engines, judged themselves.
// Role     our RTL passes all of them, the simple engine all but the line rate, and each finds an
//          engine with a seeded mistake
// Source   docs/design/queue-engine.md, docs/your-own-engine.md

#include <gtest/gtest.h>

#include <filesystem>
#include <fstream>
#include <iterator>
#include <set>

#include "sim/conform/requirement.h"
#include "testbench/sim/conform/seeded_engine.h"

namespace ringproof::conform {
namespace {

EngineMaker engine(const std::string& name) {
  const bool ours = name == "rtl" || name == "cycle";
  return EngineChoice::find(ours ? name : RINGPROOF_BINARY_DIR "/engines/" + name + ".so").maker();
}

const Requirement& requirement(const std::string& id) {
  for (const Requirement& each : requirements()) {
    if (id == each.id) return each;
  }
  throw std::out_of_range("no requirement " + id);
}

// What fails, and what was seen.
std::vector<std::string> failures(const EngineMaker& maker, std::uint64_t seed) {
  std::vector<std::string> failed;
  const EngineShape shape = read_shape(maker);
  for (const Requirement& each : requirements()) {
    const Verdict verdict = judge(each, maker, shape, seed);
    if (!verdict.passed) failed.emplace_back(each.id);
    if (!verdict.passed) {
      std::printf("%s: cycle %llu: expected %s, seen %s\n", each.id,
                  static_cast<unsigned long long>(verdict.broken.cycle), verdict.broken.expected.c_str(),
                  verdict.broken.seen.c_str());
    }
  }
  return failed;
}

// Both are the same at every pin (rtl_lockstep_test): the quick one has more seeds.
TEST(Requirements, OurEnginesMeetAllOfThem) {
  EXPECT_EQ(failures(engine("rtl"), 1), std::vector<std::string>{});
  for (std::uint64_t seed = 1; seed <= 3; ++seed)
    EXPECT_EQ(failures(engine("cycle"), seed), std::vector<std::string>{});
}

// One descriptor at a time is legal, and slow.
TEST(Requirements, TheSimpleEngineMeetsAllButTheLineRate) {
  EXPECT_EQ(failures(engine("simple"), 1), (std::vector<std::string>{"rate.rx", "rate.tx", "rate.both"}));
}

TEST(Requirements, HaveIdsOfTheirOwn) {
  std::set<std::string> ids;
  for (const Requirement& each : requirements()) {
    EXPECT_TRUE(ids.insert(each.id).second) << each.id;
    EXPECT_NE(std::string(each.id).find('.'), std::string::npos) << each.id;
  }
}

// Each says which section of the document it comes from.
TEST(Requirements, AreAskedByTheDocument) {
  std::ifstream file(RINGPROOF_SOURCE_DIR "/docs/design/queue-engine.md");
  const std::string text{std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
  ASSERT_FALSE(text.empty());
  for (const Requirement& each : requirements()) {
    const std::string source = each.source;
    EXPECT_NE(text.find("## " + source.substr(0, source.find(',')) + "\n"), std::string::npos) << each.id;
  }
}

TEST(Requirements, OnFeaturesThatAreNotThereSaySo) {
  for (const Requirement& each : requirements()) {
    const std::string id = each.id;
    if (id.rfind("features.", 0) != 0 && id.rfind("rss.", 0) != 0) continue;
    for (const std::string name : {"simple", "cycle"}) {
      const EngineMaker maker = engine(name);
      const Verdict verdict = judge(each, maker, read_shape(maker), 1);
      EXPECT_TRUE(verdict.passed) << id;
      EXPECT_EQ(verdict.absent, name == "simple" && id != "features.absent") << id;
    }
  }
}

// Few queues and small rings are no mistake. Those that ask how many there are see that there are more, and
// the line rate takes many.
TEST(Requirements, CanBeMetBySmallEngines) {
  const std::set<std::string> left_out = {
      "registers.unmapped", "registers.ring-size", "zero-copy.registers", "rate.rx", "rate.tx", "rate.both"};
  for (const EngineShape& shape : {EngineShape{1, 1, 1}, EngineShape{1, 2, 2}, EngineShape{3, 2, 6}}) {
    for (const Requirement& each : requirements()) {
      if (left_out.count(each.id) != 0) continue;
      const Verdict verdict = judge(each, engine("cycle"), shape, 1);
      EXPECT_TRUE(verdict.passed) << each.id << ": expected " << verdict.broken.expected << ", seen "
                                  << verdict.broken.seen;
    }
  }
}

class SeededMistake : public testing::TestWithParam<std::size_t> {};

TEST_P(SeededMistake, IsFound) {
  const Mistake& mistake = mistakes()[GetParam()];
  const EngineMaker good = engine(mistake.engine);
  const EngineShape shape = read_shape(good);
  for (const char* id : mistake.found_by) {
    const Verdict verdict = judge(requirement(id), seeded(mistake, good), shape, 1);
    EXPECT_FALSE(verdict.passed) << mistake.name << " is not found by " << id;
    std::printf("%s: %s: expected %s, seen %s\n", mistake.name, id, verdict.broken.expected.c_str(),
                verdict.broken.seen.c_str());
  }
}
INSTANTIATE_TEST_SUITE_P(All, SeededMistake, testing::Range<std::size_t>(0, mistakes().size()));

TEST(SeededMistakes, AreThereForEveryRequirement) {
  std::set<std::string> found;
  for (const Mistake& mistake : mistakes()) found.insert(mistake.found_by.begin(), mistake.found_by.end());
  for (const Requirement& each : requirements()) EXPECT_EQ(found.count(each.id), 1u) << each.id;
}

// --- engines that do not even answer ---

TEST(Verdict, AHangEndsWithTheCycleInWhichItBegan) {
  const Mistake dead{
      "nothing at all", "cycle", {}, {}, [](const nic::EngineInputs&, nic::EngineOutputs& out, Memory&) {
        out = {};
      }};
  const EngineMaker maker = seeded(dead, engine("cycle"));
  const EngineShape shape = read_shape(maker);
  EXPECT_EQ(shape.rx_queues, 1u);
  for (const Requirement& each : requirements()) {
    if (std::string(each.id) == "idle.at-rest") continue;  // it asks for that before anything else
    const Verdict verdict = judge(each, maker, shape, 1);
    EXPECT_FALSE(verdict.passed) << each.id;
    EXPECT_LT(verdict.broken.cycle, 2u) << each.id;
    EXPECT_EQ(verdict.broken.seen, "nothing taken or answered in the next 20000 cycles") << each.id;
  }
}

TEST(Verdict, AnAssertionInTheSourceFailsTheRequirement) {
  const Mistake stray{"an answer to nothing", "rtl", {}, [](nic::EngineInputs& in, Memory& memory) {
                        in.axi_bvalid = in.axi_bvalid || memory.cycle == 5;
                      }};
  const EngineMaker maker = seeded(stray, engine("rtl"));
  const Verdict verdict = judge(requirement("rx.bytes"), maker, read_shape(engine("rtl")), 1);
  EXPECT_FALSE(verdict.passed);
  EXPECT_EQ(verdict.broken.seen.compare(0, 22, "a failed assertion in "), 0) << verdict.broken.seen;
  EXPECT_EQ(verdict.broken.cycle, 4u);  // the first step is before cycle 0
}

TEST(Verdict, AnExceptionOfTheEngineFailsTheRequirement) {
  const Mistake tired{"gives up", "rtl", {}, [](nic::EngineInputs&, Memory& memory) {
                        if (memory.cycle == 100) throw std::runtime_error("did not converge");
                      }};
  const Verdict verdict =
      judge(requirement("rx.bytes"), seeded(tired, engine("rtl")), read_shape(engine("rtl")), 1);
  EXPECT_FALSE(verdict.passed);
  EXPECT_EQ(verdict.broken.seen, "did not converge");
}

TEST(Verdict, IsTheSameWithAWaveformOfTheBenchThatBroke) {
  const std::string path = testing::TempDir() + "requirements_test.fst";
  for (const std::string name : {"rtl", "simple"}) {
    const Mistake late{
        "no interrupts", "", {}, {}, [](const nic::EngineInputs&, nic::EngineOutputs& out, Memory&) {
          out.irq_valid = false;
        }};
    const EngineMaker maker = seeded(late, engine(name));
    const EngineShape shape = read_shape(engine(name));
    const Verdict plain = judge(requirement("irq.once"), maker, shape, 1);
    ASSERT_FALSE(plain.passed);
    const WaveRequest wave{path, plain.bench, plain.broken.cycle - 10, 20};
    const Verdict traced = judge(requirement("irq.once"), maker, shape, 1, wave);
    EXPECT_EQ(traced.broken.cycle, plain.broken.cycle);
    EXPECT_EQ(traced.broken.seen, plain.broken.seen);
    EXPECT_GT(std::filesystem::file_size(path), 500u);
    std::filesystem::remove(path);
  }
}

// --- engines by name ---

TEST(EngineChoice, SaysWhatThereIs) {
  for (const bool clocked : {false, true}) {
    try {
      EngineChoice::find("nothing", clocked);
      FAIL() << "there is no such engine";
    } catch (const NoSuchEngine& error) {
      const std::string said = error.what();
      EXPECT_TRUE(said.starts_with(clocked ? "expected cycle, rtl, " : "expected functional, cycle, rtl, "));
      EXPECT_TRUE(said.ends_with(", or the path of a shared object, got \"nothing\"")) << said;
    }
  }
  for (const char* none : {"./nothing.so", "nothing.so", "", "/bin/sh", "RTL"}) {
    EXPECT_THROW(EngineChoice::find(none), NoSuchEngine) << none;
  }
  EXPECT_THROW(EngineChoice::find("functional", true), NoSuchEngine);
}

TEST(EngineChoice, IsWhatItWasFoundBy) {
  EXPECT_EQ(EngineChoice::find("cycle"), EngineKind::kCycle);
  EXPECT_EQ(EngineChoice::find("functional"), EngineChoice());
  const std::string path = RINGPROOF_BINARY_DIR "/engines/simple.so";
  const EngineChoice simple = EngineChoice::find(path, true);
  EXPECT_EQ(simple.name(), path);
  EXPECT_EQ(simple.file(), path);
  EXPECT_EQ(simple.kind(), EngineKind::kModule);
  EXPECT_TRUE(simple.has_clock());
  EXPECT_EQ(simple.wave_endings(), std::vector<std::string>{".fst"});
  EXPECT_TRUE(EngineChoice(EngineKind::kCycle).wave_endings().empty());
}

TEST(EngineChoice, EnginesSayWhatTheyHave) {
  EXPECT_EQ(engine("rtl")("", 1)->max_queues(), 64u);
  EXPECT_EQ(engine("simple")("", 1)->max_queues(), 4u);
  for (const char* name : {"rtl", "cycle", "simple"}) {
    const nic::EngineLimits limits = engine(name)("", 1)->limits();
    const EngineShape shape = read_shape(engine(name));
    EXPECT_EQ(limits.rx_queues, shape.rx_queues) << name;
    EXPECT_EQ(limits.tx_queues, shape.tx_queues) << name;
    EXPECT_EQ(limits.ring_entries, 1u << shape.ring_log2_max) << name;
  }
  EXPECT_THROW(engine("simple")("wave.vcd", 1), std::runtime_error);
}

}  // namespace
}  // namespace ringproof::conform
