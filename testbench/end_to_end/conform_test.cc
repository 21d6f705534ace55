// `ringproof conform` as a user runs it.

#include <gtest/gtest.h>

#include <algorithm>
#include <filesystem>
#include <sstream>

#include "testbench/end_to_end/command.h"

namespace ringproof::test {
namespace {

const std::string kSimple = RINGPROOF_BINARY_DIR "/engines/simple.so";

std::size_t count(const std::string& text, const std::string& line_begin) {
  std::istringstream lines(text);
  std::size_t sum = 0;
  for (std::string line; std::getline(lines, line);)
    sum += line.compare(0, line_begin.size(), line_begin) == 0;
  return sum;
}

TEST(Conform, OurEnginePasses) {
  const Outcome outcome = ringproof({"conform", "--engine", "rtl"});
  EXPECT_EQ(outcome.status, 0) << outcome.out;
  EXPECT_EQ(outcome.err, "");
  EXPECT_EQ(count(outcome.out, "FAIL"), 0u);
  EXPECT_EQ(count(outcome.out, "pass  "), 114u) << "README and CHANGELOG say how many there are";
  EXPECT_NE(outcome.out.find("64 receive and 64 transmit queues"), std::string::npos);
}

// The second engine is found by its name, beside the executable.
TEST(Conform, TellsWhatFailedAndWhereToLook) {
  const Folder folder;
  const Outcome outcome =
      ringproof({"conform", "--engine", "simple", "--only", "rate", "--wave", folder.path("waves")});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(count(outcome.out, "FAIL  rate."), 3u) << outcome.out;
  EXPECT_EQ(count(outcome.out, "      cycle "), 3u) << outcome.out;
  EXPECT_NE(outcome.out.find("waves/rate.rx.fst, look at "), std::string::npos) << outcome.out;
  EXPECT_NE(outcome.out.find("0 of 3 requirements passed, 3 failed\n"), std::string::npos) << outcome.out;
  for (const char* name : {"waves/rate.rx.fst", "waves/rate.tx.fst", "waves/rate.both.fst"}) {
    EXPECT_TRUE(folder.has(name)) << name;
  }
}

// The judgement does not depend on it.
TEST(Conform, AWaveformThatCannotBeWrittenIsTold) {
  const Folder folder;
  std::filesystem::create_directory(folder.path("rate.rx.fst"));
  const Outcome outcome =
      ringproof({"conform", "--engine", kSimple, "--only", "rate.rx", "--wave", folder.path()});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_EQ(outcome.err, "ringproof: --wave " + folder.path("rate.rx.fst") +
                             ": expected a file that can be written, got: Is a directory\n");
  EXPECT_NE(outcome.out.find("0 of 1 requirements passed, 1 failed\n"), std::string::npos) << outcome.out;
}

TEST(Conform, TheSameSeedSaysTheSame) {
  const std::vector<std::string> words = {"conform", "--engine", kSimple, "--only", "traffic", "--seed", "7"};
  const Outcome once = ringproof(words);
  EXPECT_EQ(once.status, 0) << once.out;
  EXPECT_EQ(ringproof(words).out, once.out);
}

TEST(Conform, RefusesWhatIsNoEngine) {
  const Folder folder;
  folder.write("text.so", "no object");
  folder.write("file", "");
  for (const auto& [words, said] : std::vector<std::pair<std::vector<std::string>, std::string>>{
           {{"--engine", "nothing"}, "simple, or the path of a shared object, got \"nothing\""},
           {{"--engine", folder.path("none.so")}, "expected a shared object that can be read"},
           {{"--engine", folder.path("text.so")}, "text.so"},
           {{"--engine", RINGPROOF_BINARY_DIR "/apps/xskfwd.so"},
            "xskfwd.so without ringproof_engine_module"},
           {{"--engine", "rtl", "--only", "rz"}, "or one of registers, rings, rx, tx, irq"},
           {{"--engine", "rtl", "--wave", folder.path("file/waves")}, "--wave: expected a directory"}}) {
    std::vector<std::string> all = {"conform"};
    all.insert(all.end(), words.begin(), words.end());
    const Outcome outcome = ringproof(all);
    EXPECT_EQ(outcome.status, 2) << said;
    EXPECT_EQ(outcome.out, "");
    EXPECT_EQ(std::count(outcome.err.begin(), outcome.err.end(), '\n'), 1) << outcome.err;
    EXPECT_NE(outcome.err.find(said), std::string::npos) << outcome.err;
  }
}

}  // namespace
}  // namespace ringproof::test
