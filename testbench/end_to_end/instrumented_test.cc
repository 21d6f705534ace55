// Programs that touch rings with their own hands, built by the documented flags and by both compilers.

#include <gtest/gtest.h>

#include "testbench/end_to_end/command.h"

namespace ringproof::test {
namespace {

const std::string kSources = RINGPROOF_SOURCE_DIR "/testbench/apps/behaviour/";

std::string flags(const std::string& what) {
  return " $(PKG_CONFIG_PATH='" RINGPROOF_BINARY_DIR "' pkg-config " + what + " ringproof) ";
}

// The parameter: compiler and optimisation.
class Instrumented : public testing::TestWithParam<std::string> {
 protected:
  void build(const std::string& compiler, const std::string& source, bool instrumented = true) {
    const Outcome built =
        shell("cd '" + folder_.path() + "' && " + compiler + " -fPIC -c '" + kSources + source +
              "' -o app.o" + flags("--cflags") + (instrumented ? flags("--variable=instrument_cflags") : "") +
              " && " + compiler + " -shared app.o -o app.so" + flags("--libs") +
              (instrumented ? flags("--variable=instrument_libs") : ""));
    ASSERT_EQ(built.status, 0) << built.err;
  }
  Outcome run(const std::string& mode, std::vector<std::string> more = {}) {
    std::vector<std::string> words = {"replay", trace("udp-echo.pcapng"), "--app", folder_.path("app.so"),
                                      "--out",  folder_.path("out")};
    words.insert(words.end(), more.begin(), more.end());
    words.insert(words.end(), {"--", "1", mode});
    return ringproof(words);
  }
  static bool says(const std::string& text, const std::string& what) {
    return text.find(what) != std::string::npos;
  }
  Folder folder_;
};

TEST_P(Instrumented, APollingLoopWithPlainLoadsForwards) {
  build(GetParam(), "own_rings.c");
  const Outcome outcome = run("forward");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_TRUE(says(outcome.out, "forwarded by hand")) << outcome.out;
}

TEST_P(Instrumented, AtomicsOfTheLanguageForward) {
  build(GetParam(), "own_rings.c");
  const Outcome outcome = run("atomic");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_TRUE(says(outcome.out, "forwarded by hand")) << outcome.out;
}

TEST_P(Instrumented, AtomicsOfTheCppLibraryAreSchedulePoints) {
  const std::string compiler = says(GetParam(), "clang") ? "clang++" : "g++";
  build(compiler + " -std=c++20" + GetParam().substr(GetParam().find(' ')), "own_rings_std.cc");
  const Outcome outcome = run("forward");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_TRUE(says(outcome.out, "changed 1, now 1")) << outcome.out;
}

TEST_P(Instrumented, AStoreToAPostedChunkIsReported) {
  build(GetParam(), "own_rings.c");
  const Outcome outcome = run("write-posted");
  EXPECT_EQ(outcome.status, 1);
  EXPECT_TRUE(says(outcome.err, "INV-12")) << outcome.err;
  EXPECT_TRUE(says(outcome.err, "wrote to address 0x2864 of chunk 5, which is in ")) << outcome.err;
}

TEST_P(Instrumented, ABlockWrittenToAPostedChunkIsReported) {
  build(GetParam(), "own_rings.c");
  const Outcome outcome = run("memset-posted");
  EXPECT_EQ(outcome.status, 1);
  EXPECT_TRUE(says(outcome.err, "INV-12")) << outcome.err;
  EXPECT_TRUE(says(outcome.err, "wrote to address 0x3000 of chunk 6, which is in ")) << outcome.err;
}

TEST_P(Instrumented, ALoadFromAChunkThatWasGivenBackIsReported) {
  build(GetParam(), "own_rings.c");
  const Outcome outcome = run("read-released");
  EXPECT_EQ(outcome.status, 1);
  EXPECT_TRUE(says(outcome.err, "INV-13")) << outcome.err;
}

TEST_P(Instrumented, PlainAccessesWithoutFencesAreReported) {
  build(GetParam(), "own_rings.c");
  const Outcome outcome = run("unordered");
  EXPECT_EQ(outcome.status, 1);
  EXPECT_TRUE(says(outcome.err, "moved the producer index from 0 to 64 without release")) << outcome.err;
  EXPECT_TRUE(says(outcome.out, "read the producer index as 1 without acquire")) << outcome.out;
  EXPECT_TRUE(says(outcome.out, "moved the consumer index from 0 to 1 without release")) << outcome.out;
}

TEST_P(Instrumented, TwoRunsAreTheSameRun) {
  build(GetParam(), "own_rings.c");
  const Outcome first = run("forward");
  const std::string stats = folder_.read("out/tx.pcapng");
  ASSERT_EQ(run("forward").status, first.status);
  EXPECT_EQ(folder_.read("out/tx.pcapng"), stats);
}

TEST_P(Instrumented, NoScheduleOfACorrectProgramBreaks) {
  build(GetParam(), "own_rings.c");
  for (const char* mode : {"forward", "atomic"}) {
    const Outcome outcome = ringproof({"explore", trace("udp-echo.pcapng"), "--app", folder_.path("app.so"),
                                       "--schedules", "50", "--", "1", mode});
    EXPECT_EQ(outcome.status, 0) << mode << outcome.out << outcome.err;
    EXPECT_TRUE(says(outcome.out, "50 schedules")) << outcome.out;
  }
}

// A lock and a flag of the program's own atomics, on which its threads spin.
TEST_P(Instrumented, ALockOfTheProgramsOwnIsAnOrder) {
  build(GetParam(), "own_lock.c");
  const Outcome once = run("counted");
  EXPECT_EQ(once.status, 0) << once.err;
  EXPECT_TRUE(says(once.out, "both threads are through")) << once.out;
  for (const char* memory : {"sequential", "tso", "release-acquire"}) {
    const Outcome outcome =
        ringproof({"explore", trace("udp-echo.pcapng"), "--app", folder_.path("app.so"), "--memory", memory,
                   "--frames", "1-4", "--schedules", "100", "--", "1", "released"});
    EXPECT_EQ(outcome.status, 0) << memory << outcome.out << outcome.err;
  }
}

TEST_P(Instrumented, ALockThatIsLeftWithoutAnOrderIsNone) {
  build(GetParam(), "own_lock.c");
  const Outcome outcome = ringproof({"explore", trace("udp-echo.pcapng"), "--app", folder_.path("app.so"),
                                     "--memory", "release-acquire", "--frames", "1-4", "--schedules", "100",
                                     "--failures", "1", "--out", folder_.path("out"), "--", "1", "relaxed"});
  EXPECT_EQ(outcome.status, 1) << outcome.out << outcome.err;
}

TEST_P(Instrumented, WithoutTheFlagsTheSameLoopIsStoppedByASentenceThatNamesThem) {
  build(GetParam(), "own_rings.c", false);
  const Outcome outcome = run("forward", {"--stall-timeout", "1"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_TRUE(says(outcome.err, "pkg-config --variable=instrument_cflags ringproof")) << outcome.err;
}

INSTANTIATE_TEST_SUITE_P(Compilers, Instrumented,
                         testing::Values("gcc -O0", "gcc -O2", "clang -O0", "clang -O2"),
                         [](const auto& each) {
                           std::string name = each.param;
                           name.replace(name.find(" -"), 2, "_");
                           return name;
                         });

}  // namespace
}  // namespace ringproof::test
