// Runs Windows programs that check by themselves what the calls answer.

#include <gtest/gtest.h>

#include "testbench/end_to_end/command.h"

namespace ringproof::test {
namespace {

class WindowsPrograms : public testing::TestWithParam<const char*> {
 protected:
  Folder folder_;
};

TEST_P(WindowsPrograms, FindEverythingAsOnWindows) {
  const Outcome outcome = ringproof({"replay", trace("udp-echo.pcapng"), "--app", application(GetParam()),
                                     "--out", folder_.path(), "--twice", "--", "two words"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_NE(outcome.out.find(" made, 0 failed\n"), std::string::npos) << outcome.out;
}

// Whoever comes first, second or last.
TEST_P(WindowsPrograms, FindItInManySchedules) {
  const Outcome outcome =
      ringproof({"explore", trace("udp-echo.pcapng"), "--app", application(GetParam()), "--frames", "1-5",
                 "--schedules", "100", "--out", folder_.path(), "--", "two words"});
  EXPECT_EQ(outcome.status, 0) << outcome.out << outcome.err;
}

// Sockets in a map, worker threads on a completion port, cancellation.
TEST(WindowsEchoServer, EchoesEveryFrameOnItsPort) {
  const Folder folder;
  const Outcome outcome =
      ringproof({"replay", trace("udp-echo.pcapng"), "--app", application("windows_ports"), "--out",
                 folder.path(), "--", "1", "4", "3", "3000"});
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(outcome.out.substr(0, outcome.out.find('\n')),
            "received 2424, sent 2424, cancelled 4, every wake-up served");
  EXPECT_EQ(folder.stats()["end"]["reason"], "application returned");
  EXPECT_EQ(imbalance(folder.stats()), 0);
}

TEST(WindowsEchoServer, LivesThroughManySchedules) {
  const Folder folder;
  const Outcome outcome =
      ringproof({"explore", trace("udp-echo.pcapng"), "--app", application("windows_ports"), "--frames",
                 "1-40", "--schedules", "150", "--out", folder.path(), "--", "1", "4", "3", "20"});
  EXPECT_EQ(outcome.status, 0) << outcome.out << outcome.err;
}

// Which handlers run, and what the status is.
Outcome end_by(const std::string& way) {
  return ringproof({"replay", trace("udp-echo.pcapng"), "--app", application("windows_ends"), "--", way});
}
bool says(const std::string& text, const std::string& what) { return text.find(what) != std::string::npos; }
bool ends_with_status(const Outcome& outcome, int status) {
  return says(outcome.err, "got " + std::to_string(status) + " at ");
}

TEST(WindowsProcess, OnlyExitRunsHandlers) {
  Outcome outcome = end_by("exit");
  EXPECT_TRUE(ends_with_status(outcome, 40) && says(outcome.out, "handler of atexit")) << outcome.err;
  outcome = end_by("ExitProcess");
  EXPECT_TRUE(ends_with_status(outcome, 41) && !says(outcome.out, "handler of atexit")) << outcome.err;
  outcome = end_by("TerminateProcess");
  EXPECT_TRUE(ends_with_status(outcome, 42) && !says(outcome.out, "handler of atexit")) << outcome.err;
  outcome = end_by("other");
  EXPECT_TRUE(ends_with_status(outcome, 45) && !says(outcome.out, "handler of atexit")) << outcome.err;
}

TEST(WindowsProcess, EndsWithItsLastThread) {
  const Outcome outcome = end_by("ExitThread");
  EXPECT_TRUE(says(outcome.out, "the last thread ends\nthe very last thread ends\n")) << outcome.out;
  EXPECT_TRUE(ends_with_status(outcome, 44)) << outcome.err;
  EXPECT_TRUE(ends_with_status(end_by("alone"), 43));
}

// Variables, directory and indices of thread-local storage.
TEST(WindowsProcess, KeepsApartWhatIsAProcesssOwn) {
  const Folder folder;
  nlohmann::json scenario = nlohmann::json::parse(R"({"schema": "ringproof.scenario/1", "max_time": "50ms",
      "traffic": {"shape": "steady", "frames": 1}, "applications": []})");
  for (const char* which : {"first", "second"}) {
    scenario["applications"].push_back({{"app", application("windows_apart")}, {"arguments", {which}}});
  }
  folder.write("apart.scenario.json", scenario.dump());
  const std::string file = folder.path("apart.scenario.json");
  const Outcome outcome = ringproof({"run", file, "--out", folder.path()});
  EXPECT_EQ(outcome.status, 0) << outcome.out << outcome.err;
  EXPECT_TRUE(folder.stats()["applications"][0]["ended"] && folder.stats()["applications"][1]["ended"]);
  const Outcome explored = ringproof({"explore", file, "--schedules", "100"});
  EXPECT_EQ(explored.status, 0) << explored.out << explored.err;
}

TEST(WindowsProcess, StartsNoOtherWhenItIsLinkedAndStartedByItself) {
  const Folder folder;
  nlohmann::json scenario = {{"schema", "ringproof.scenario/1"}};
  scenario["traffic"] = {{"shape", "steady"}, {"frames", 1}};
  scenario["applications"] = {{{"app", application("windows_free")}}};
  folder.write("it.scenario.json", scenario.dump());
  const Outcome outcome = shell("RINGPROOF_SCENARIO=" + folder.path("it.scenario.json") +
                                " RINGPROOF_OUT=" + folder.path("out") + " " + RINGPROOF_WINDOWS_ALONE);
  EXPECT_EQ(outcome.status, 0) << outcome.out << outcome.err;
}

INSTANTIATE_TEST_SUITE_P(All, WindowsPrograms,
                         testing::Values("windows_threads", "windows_locks", "windows_timers",
                                         "windows_process", "windows_waits", "windows_pipes",
                                         "windows_children"),
                         [](const testing::TestParamInfo<const char*>& which) {
                           return std::string(which.param);
                         });

}  // namespace
}  // namespace ringproof::test
