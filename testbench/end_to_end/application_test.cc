// How an application can behave, and what the user sees of it.

#include <gtest/gtest.h>

#include "testbench/end_to_end/command.h"

namespace ringproof::test {
namespace {

// The lines that the application printed come before the summary.
class Applications : public testing::Test {
 protected:
  Outcome run(const std::string& name, std::vector<std::string> more = {}) {
    std::vector<std::string> words = {
        "replay", trace("udp-echo.pcapng"), "--app", application(name), "--out", folder_.path()};
    words.insert(words.end(), more.begin(), more.end());
    return ringproof(words);
  }
  static bool begins(const Outcome& outcome, const std::string& text) {
    return outcome.out.compare(0, text.size(), text) == 0;
  }
  static bool is_one_line(const std::string& text) {
    return !text.empty() && text.find('\n') == text.size() - 1;
  }
  Folder folder_;
};

TEST_F(Applications, ReturningEndsTheRun) {
  const Outcome outcome = run("returns");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_TRUE(begins(outcome, "frame of ")) << outcome.out;
  EXPECT_NE(outcome.out.find("done\n"), std::string::npos);
  EXPECT_EQ(folder_.stats()["end"]["reason"], "application returned");
  EXPECT_EQ(imbalance(folder_.stats()), 0);
}

TEST_F(Applications, ExitIsAReturnFromMain) {
  const Outcome outcome = run("exits_early");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_TRUE(begins(outcome, "leaving"));
}

TEST_F(Applications, ANonZeroStatusIsAFailure) {
  const Outcome outcome = run("exits_nonzero", {"--", "7", "last"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_TRUE(begins(outcome, "2 arguments, the last is last\n")) << outcome.out;
  EXPECT_TRUE(is_one_line(outcome.err)) << outcome.err;
  EXPECT_NE(outcome.err.find("exits_nonzero"), std::string::npos);
  EXPECT_NE(outcome.err.find('3'), std::string::npos);
}

TEST_F(Applications, GetsInterfaceOneWithoutArguments) {
  EXPECT_TRUE(begins(run("exits_nonzero"), "1 arguments, the last is 1\n"));
}

TEST_F(Applications, EndingTheProcessLeavesNothingThatLooksWhole) {
  const Outcome outcome = run("underscore_exit");
  EXPECT_EQ(outcome.status, 1);
  EXPECT_TRUE(is_one_line(outcome.err)) << outcome.err;
  EXPECT_FALSE(folder_.has("stats.json"));
  EXPECT_FALSE(folder_.has("tx.pcapng"));
  EXPECT_FALSE(folder_.has("tx.pcapng.partial"));
}

TEST_F(Applications, ACrashIsTold) {
  const Outcome outcome = run("crashes");
  EXPECT_EQ(outcome.status, 1);
  EXPECT_TRUE(is_one_line(outcome.err)) << outcome.err;
  EXPECT_NE(outcome.err.find("XskGetSockopt"), std::string::npos) << outcome.err;
  EXPECT_FALSE(folder_.has("stats.json"));
  EXPECT_FALSE(folder_.has("tx.pcapng.partial"));
}

TEST_F(Applications, AnExceptionIsTold) {
  const Outcome outcome = run("throws");
  EXPECT_EQ(outcome.status, 1);
  EXPECT_TRUE(is_one_line(outcome.err)) << outcome.err;
  EXPECT_NE(outcome.err.find("out of luck"), std::string::npos);
  EXPECT_FALSE(folder_.has("stats.json"));
}

TEST_F(Applications, ComputingForEverIsStopped) {
  const Outcome outcome = run("spins", {"--stall-timeout", "1"});
  EXPECT_EQ(outcome.status, 1);
  EXPECT_TRUE(is_one_line(outcome.err)) << outcome.err;
  EXPECT_FALSE(folder_.has("stats.json"));
}

TEST_F(Applications, SleepingTakesSimulatedTime) {
  const Outcome outcome = run("sleeps");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_TRUE(begins(outcome, "slept 3000 ms\n")) << outcome.out;
}

TEST_F(Applications, PollingTheClockTakesSimulatedTime) {
  EXPECT_TRUE(begins(run("clock_poll"), "500 ms\n"));
}

TEST_F(Applications, CountingPollsComesToAnEnd) {
  const Outcome outcome = run("count_polls");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_TRUE(begins(outcome, "gave up after 2000 polls\n")) << outcome.out;
}

TEST_F(Applications, PollingWithoutAProgramEndsAndSaysThatNothingWasSent) {
  const Outcome outcome = run("never_attaches");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(folder_.stats()["frames"]["wire_in"], 0);
  EXPECT_NE(outcome.out.find("no program was attached"), std::string::npos) << outcome.out;
}

TEST_F(Applications, PokingForEverEnds) {
  const Outcome outcome = run("hammers_poke");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(imbalance(folder_.stats()), 0);
}

TEST_F(Applications, GarbageOnARingIsContainedAndReported) {
  const Outcome outcome = run("bad_index");
  EXPECT_EQ(outcome.status, 1);
  EXPECT_TRUE(begins(outcome, "invalid TX descriptors: ")) << outcome.out;
  EXPECT_NE(outcome.err.find("INV-02"), std::string::npos) << outcome.err;
  EXPECT_NE(outcome.err.find("TX"), std::string::npos) << outcome.err;
  EXPECT_EQ(folder_.stats()["frames"]["wire_out"], 0);
  EXPECT_GT(folder_.stats()["invariants"]["violations"], 0);
  EXPECT_EQ(imbalance(folder_.stats()), 0);
}

TEST_F(Applications, AChunkPostedTwiceIsReported) {
  const Outcome outcome = run("reuses_chunk");
  EXPECT_EQ(outcome.status, 1);
  EXPECT_NE(outcome.err.find("INV-11"), std::string::npos) << outcome.err;
}

TEST_F(Applications, ThreadsAreTasks) {
  const Outcome outcome = run("threads");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_TRUE(begins(outcome, "first ended\nsecond ended\nenough\n")) << outcome.out;
}

TEST_F(Applications, ThreadsOfTheCppLibraryAreTasksToo) {
  const Outcome outcome = run("std_threads");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_TRUE(begins(outcome, "10 turns in 100 ms, joinable 0\n")) << outcome.out;
}

TEST_F(Applications, PosixThreadsWorkAsProgramsUseThem) {
  const Outcome outcome = run("posix");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_TRUE(begins(outcome,
                     "signalled, thread left\nwrong sleep -1, errno right 1\n"
                     "slept 9 s\n"))
      << outcome.out;
}

TEST_F(Applications, WhatIsNotSimulatedIsRefusedByName) {
  const Outcome outcome = run("cancels");
  EXPECT_EQ(outcome.status, 1);
  EXPECT_NE(outcome.err.find(
                "the application called pthread_cancel for a simulated thread, which is not simulated: "
                "let it see a flag and return"),
            std::string::npos)
      << outcome.err;
}

class Synchronisation : public Applications, public testing::WithParamInterface<const char*> {};

TEST_P(Synchronisation, IsInSimulatedTime) {
  const Outcome outcome = run(GetParam());
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_TRUE(
      begins(outcome, std::string(GetParam()).substr(0, std::string(GetParam()).find('_')) + ": 0 failed\n"))
      << outcome.out;
}

TEST_P(Synchronisation, HoldsInManySchedules) {
  const Outcome outcome = ringproof({"explore", trace("udp-echo.pcapng"), "--app", application(GetParam()),
                                     "--frames", "1-5", "--schedules", "100", "--out", folder_.path()});
  EXPECT_EQ(outcome.status, 0) << outcome.out << outcome.err;
}

INSTANTIATE_TEST_SUITE_P(OfBothKinds, Synchronisation,
                         testing::Values("std_sync", "posix_sync", "posix_threads"),
                         [](const testing::TestParamInfo<const char*>& which) {
                           return std::string(which.param);
                         });

TEST_F(Applications, AnExceptionInAThreadIsTold) {
  const Outcome outcome = run("thread_throws");
  EXPECT_EQ(outcome.status, 1);
  EXPECT_TRUE(is_one_line(outcome.err)) << outcome.err;
  EXPECT_NE(outcome.err.find("out of thread"), std::string::npos);
}

TEST_F(Applications, TwoThreadsOnOneSocketDoNotBreakIt) {
  const Outcome outcome = run("races", {"--max-time", "10s"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_TRUE(begins(outcome, "sized twice, or not at all: 0\n")) << outcome.out;
}

TEST_F(Applications, AWaitIsNotEndedByFramesThatWereDropped) {
  const Outcome outcome = run("waits_dry");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_TRUE(begins(outcome, "0x800705b4 after 700 ms\n")) << outcome.out;
}

TEST_F(Applications, MemoryOfAnOpenSocketStaysWhenItIsFreed) {
  const Outcome outcome = run("frees_early");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_TRUE(begins(outcome, "closed\n")) << outcome.out;
  EXPECT_EQ(folder_.stats()["frames"]["to_sockets"], 32);
}

TEST_F(Applications, NotifyAnswersAsSpecified) {
  const Outcome outcome = run("waits");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_TRUE(begins(outcome,
                     "flags 0: 0x80070057\nflags 0x10: 0x80070057\nno wait: 0x800705b4\n250 ms: 0x800705b4\n"
                     "waited 250 ms, result untouched 1\nframe: 0x00000000\nresult 1\n"
                     "poke only: 0x00000000\nresult 0\nclosed: 0x00000000\nafter close: 0x80070006\n"
                     "closed again: 0, last error 6\n"))
      << outcome.out;
}

TEST_F(Applications, SocketsTellAboutTheirRings) {
  const Outcome outcome = run("reads_ring_info");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_TRUE(begins(outcome,
                     "unsized: size 0 stride 0 offsets 0 0 0 0 aligned 0\n"
                     "ring size 3: 0x80070057\nring size unreadable: 0x800703e6\n"
                     "activate unbound: 0x80070016\nbind interface 9: 0x80070490\n"
                     "bind nothing: 0x80070057\nbind tx queue 99: 0x80070490\n"
                     "get 6, 159 bytes: 0x80070057, 0\nget 7, 32 bytes: 0x00000000, 32\n"
                     "get 1, 32 bytes: 0x80070032, 0\n"
                     "rx: size 64 stride 16 offsets 0 64 128 192 aligned 1\n"
                     "fill: size 64 stride 8 offsets 0 64 128 192 aligned 1\n"
                     "bind twice: 0x80070016\nneed poke: tx 1 fill 0\n"))
      << outcome.out;
}

TEST_F(Applications, TheTableOfVersionTwoWorks) {
  const Outcome outcome = run("api_table");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_TRUE(begins(outcome,
                     "version 3: 0x80004002\nversion 2: 0x00000000\ncreate: 0x00000000\n"
                     "ring info: 0x80070057, length 99\nroutines: 1 1 1\n"))
      << outcome.out;
}

TEST_F(Applications, ARuleCanDropEverything) {
  const Outcome outcome = run("drops_all");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  const nlohmann::json frames = folder_.stats()["frames"];
  EXPECT_EQ(frames["dropped"]["rule"], frames["wire_in"]);
}

TEST_F(Applications, AnEmptyFillRingCostsFramesAndIsCounted) {
  const Outcome outcome = run("full_fill");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  const nlohmann::json frames = folder_.stats()["frames"];
  EXPECT_EQ(frames["to_sockets"], 4);
  const std::string expected =
      "dropped " + frames["dropped"]["socket_fill_empty"].dump() + " truncated 0 invalid 0\n";
  EXPECT_TRUE(begins(outcome, expected)) << outcome.out << expected;
}

TEST_F(Applications, WhatIsInFlightAtTheEndIsSentAndAccounted) {
  const Outcome outcome = run("leaves_open");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(imbalance(folder_.stats()), 0);
  EXPECT_EQ(folder_.stats()["invariants"]["violations"], 0);
}

TEST_F(Applications, OneDocumentedLineBuildsAnApplication) {
  folder_.write("my.c",
                "#include <xdpapi.h>\n#include <stdio.h>\nint main(void) { puts(\"mine\"); return 0; }\n");
  const Outcome built = shell("cd " + folder_.path() +
                              " && cc -shared -fPIC my.c -o my.so $(PKG_CONFIG_PATH='" RINGPROOF_BINARY_DIR
                              "' pkg-config --cflags --libs ringproof)");
  ASSERT_EQ(built.status, 0) << built.err;
  const Outcome outcome = shell("cd " + folder_.path() + " && '" RINGPROOF_BINARY_DIR "/ringproof' replay '" +
                                trace("dns-ping.pcap") + "' --app my.so");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_TRUE(begins(outcome, "mine\n")) << outcome.out;
}

}  // namespace
}  // namespace ringproof::test
