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

INSTANTIATE_TEST_SUITE_P(All, WindowsPrograms,
                         testing::Values("windows_threads", "windows_locks", "windows_timers",
                                         "windows_process"),
                         [](const testing::TestParamInfo<const char*>& which) {
                           return std::string(which.param);
                         });

}  // namespace
}  // namespace ringproof::test
