// The supervisor: however the child ends, one line says so and nothing partial stays.

#include "sim/cli/supervisor.h"

#include <fcntl.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <pty.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <csignal>
#include <cstdio>
#include <stdexcept>
#include <string>
#include <vector>

#include "sim/cli/replay_options.h"
#include "sim/replay/input_error.h"
#include "sim/run/end_in_words.h"
#include "testbench/sim/folder.h"

namespace ringproof {
namespace {

using Child = int (*)(const ReplayOptions&, Progress&);

// Written by the children below, read by the supervisor in the parent: a constant of the same binary.
constexpr const char* kCall = "XskActivate";

void write_text(const std::string& path) {
  std::FILE* file = std::fopen(path.c_str(), "w");
  if (file == nullptr) _exit(99);
  std::fclose(file);
}

// What a run that is under way looks like.
void begin(const ReplayOptions& options, Progress& progress, RunPhase phase) {
  write_text(options.out_dir + "/stats.json.partial");
  write_text(options.out_dir + "/tx.pcapng.partial");
  progress.sim_ps = 1'234'567'000;
  progress.last_call = kCall;
  progress.phase = phase;
}

class Supervise : public testing::Test {
 protected:
  Supervise() {
    options_.app = "./my.so";
    options_.out_dir = folder_.root();
    options_.stall_seconds = 1;
  }
  int run(Child child, const SupervisorSettings& settings = {}) {
    testing::internal::CaptureStderr();
    const int status = supervise(what(), body(child), settings).status;
    said_ = testing::internal::GetCapturedStderr();
    return status;
  }
  Supervised what() const {
    return {{options_.app},
            options_.stall_seconds,
            {options_.out_dir + "/stats.json.partial", options_.out_dir + "/tx.pcapng.partial"}};
  }
  SimulationBody body(Child child) const {
    return [this, child](Progress& progress) { return child(options_, progress); };
  }
  bool partial_left() const { return folder_.has("stats.json.partial") || folder_.has("tx.pcapng.partial"); }

  test::Folder folder_;
  ReplayOptions options_;
  std::string said_;
};

TEST_F(Supervise, PassesOnTheStatusOfAChildThatReturns) {
  EXPECT_EQ(run([](const ReplayOptions&, Progress&) { return 0; }), 0);
  EXPECT_EQ(said_, "");
  EXPECT_EQ(run([](const ReplayOptions&, Progress& progress) {
              progress.phase = RunPhase::kDone;
              return 2;
            }),
            2);
  EXPECT_EQ(said_, "");
}

TEST_F(Supervise, LetsTheChildSpeakForItself) {
  testing::internal::CaptureStdout();
  EXPECT_EQ(run([](const ReplayOptions&, Progress&) {
              std::printf("a summary");  // still in the buffer when the child returns
              std::fprintf(stderr, "ringproof: a complaint\n");
              return 1;
            }),
            1);
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "a summary");
  EXPECT_EQ(said_, "ringproof: a complaint\n");
}

TEST_F(Supervise, DoesNotPrintTwiceWhatWasBuffered) {
  testing::internal::CaptureStdout();
  std::printf("before");
  run([](const ReplayOptions&, Progress&) { return 0; });
  EXPECT_EQ(testing::internal::GetCapturedStdout(), "before");
}

TEST_F(Supervise, TellsOfACrashOfTheApplication) {
  EXPECT_EQ(run([](const ReplayOptions& options, Progress& progress) -> int {
              begin(options, progress, RunPhase::kApplication);
              raise(SIGSEGV);
              return 0;
            }),
            1);
  EXPECT_EQ(
      said_,
      "ringproof: application ./my.so crashed: segmentation fault (SIGSEGV) at 1.234 ms simulated, last "
      "API call XskActivate\n");
  EXPECT_FALSE(partial_left());
}

// A plan may have spoilt what the program reads: then its crash is no news about it.
TEST_F(Supervise, TellsWhetherAFaultExcusesTheEnd) {
  constexpr const char* kExcuse = ", after a fault that excuses it\n";
  const Child crashes = [](const ReplayOptions& options, Progress& progress) {
    begin(options, progress, RunPhase::kApplication);
    progress.gravest_fault = options.loops;
    raise(SIGSEGV);
    return 0;
  };
  const Child exits = [](const ReplayOptions& options, Progress& progress) {
    begin(options, progress, RunPhase::kApplication);
    progress.gravest_fault = options.loops;
    _exit(3);
    return 0;
  };
  const struct {
    Child child;
    std::uint32_t gravest;
    bool excused;
  } cases[] = {{crashes, 3, false}, {crashes, 4, true}, {exits, 2, false}, {exits, 3, true}};
  for (const auto& one : cases) {
    options_.loops = one.gravest;  // a number that the child can see
    EXPECT_EQ(run(one.child), 1);
    EXPECT_EQ(said_.ends_with(kExcuse), one.excused) << said_;
  }
}

TEST_F(Supervise, TellsOfACrashOfOurs) {
  EXPECT_EQ(run([](const ReplayOptions& options, Progress& progress) -> int {
              begin(options, progress, RunPhase::kSimulator);
              raise(SIGABRT);
              return 0;
            }),
            1);
  EXPECT_EQ(said_,
            "ringproof: the simulator crashed (a bug of ours, or application ./my.so wrote over memory that "
            "is not its own): "
            "aborted (SIGABRT) at 1.234 ms simulated, last API call XskActivate\n");
  EXPECT_FALSE(partial_left());
}

TEST_F(Supervise, KnowsAChildThatWasKilled) {
  EXPECT_EQ(run([](const ReplayOptions& options, Progress& progress) -> int {
              begin(options, progress, RunPhase::kApplication);
              raise(SIGKILL);
              return 0;
            }),
            1);
  EXPECT_NE(said_.find("killed (SIGKILL), perhaps because memory ran out"), std::string::npos) << said_;
  EXPECT_FALSE(partial_left());
}

TEST_F(Supervise, KnowsAReaderThatWentAway) {
  EXPECT_EQ(run([](const ReplayOptions& options, Progress& progress) -> int {
              begin(options, progress, RunPhase::kApplication);
              raise(SIGPIPE);
              return 0;
            }),
            1);
  EXPECT_EQ(said_, "ringproof: stopped: nobody reads the output any more (SIGPIPE)\n");
  EXPECT_FALSE(partial_left());
}

TEST_F(Supervise, TellsOfAnApplicationThatEndsTheProcess) {
  for (const auto& [child, status] :
       {std::pair<Child, const char*>{[](const ReplayOptions&options, Progress&progress) -> int {
                                        begin(options, progress, RunPhase::kApplication);
                                        _exit(0);
                                      },
                                      "0"},
        std::pair<Child, const char*>{[](const ReplayOptions&options, Progress&progress) -> int {
                                        begin(options, progress, RunPhase::kApplication);
                                        _exit(7);
                                      },
                                      "7"}}) {
    EXPECT_EQ(run(child), 1);
    EXPECT_EQ(said_, std::string("ringproof: application ./my.so ended the process with status ") + status +
                         " at 1.234 ms simulated, last API call XskActivate, without returning from main\n");
    EXPECT_FALSE(partial_left());
  }
}

TEST_F(Supervise, TakesTheBlameForASimulatorThatEndsTheProcess) {
  EXPECT_EQ(run([](const ReplayOptions& options, Progress& progress) -> int {
              begin(options, progress, RunPhase::kWriting);
              _exit(0);
            }),
            1);
  EXPECT_EQ(
      said_,
      "ringproof: the simulator ended with status 0 (a bug of ours) at 1.234 ms simulated, last API call "
      "XskActivate\n");
  EXPECT_FALSE(partial_left());
}

TEST_F(Supervise, StopsAnApplicationThatSpins) {
  EXPECT_EQ(run([](const ReplayOptions& options, Progress& progress) -> int {
              begin(options, progress, RunPhase::kApplication);
              for (volatile unsigned i = 0;;) i = i + 1;
            }),
            1);
  EXPECT_EQ(
      said_,
      "ringproof: application ./my.so: expected a call of the API or of a ring helper, got none for 1 s of "
      "wall time: it computes or spins without calling; stopped at 1.234 ms simulated, last API call "
      "XskActivate; if it polls rings with its own loads, compile it with the flags of pkg-config "
      "--variable=instrument_cflags ringproof\n");
  EXPECT_FALSE(partial_left());
}

TEST_F(Supervise, StopsASimulatorThatSpins) {
  EXPECT_EQ(run([](const ReplayOptions& options, Progress& progress) -> int {
              begin(options, progress, RunPhase::kSimulator);
              for (volatile unsigned i = 0;;) i = i + 1;
            }),
            1);
  EXPECT_EQ(
      said_,
      "ringproof: the simulator made no progress for 1 s of wall time (a bug of ours); stopped at 1.234 ms "
      "simulated, last API call XskActivate\n");
  EXPECT_FALSE(partial_left());
}

TEST(EndInWords, NamesAnEngineThatIsNotOurs) {
  Progress progress{};
  progress.phase = RunPhase::kSimulator;
  EXPECT_NE(stall_in_words("app", progress, 5, "mine").find("(a bug of engine mine, or of ours)"),
            std::string::npos);
  EXPECT_NE(crash_in_words("app", progress, SIGABRT, "mine")
                .find("(a bug of engine mine, or of ours, or application app"),
            std::string::npos);
  EXPECT_NE(exit_in_words("app", progress, 3, "mine").find("(a bug of engine mine, or of ours)"),
            std::string::npos);
}

// Well beyond the stall limit, at a pace that a busy machine can keep.
int lasts_a_while(Progress& progress, bool beats) {
  for (int i = 0; i < 160; ++i) {
    usleep(10'000);
    if (beats) ++progress.heartbeat;
  }
  return 0;
}

TEST_F(Supervise, LeavesARunAloneThatHasAHeartbeat) {
  EXPECT_EQ(run([](const ReplayOptions&, Progress& progress) {
              progress.phase = RunPhase::kApplication;
              return lasts_a_while(progress, true);
            }),
            0);
  EXPECT_EQ(said_, "");
}

TEST_F(Supervise, LeavesReadingAndWritingAlone) {
  for (const Child child : {Child{[](const ReplayOptions&, Progress& progress) {
                              progress.phase = RunPhase::kSettingUp;
                              return lasts_a_while(progress, false);
                            }},
                            Child{[](const ReplayOptions&, Progress& progress) {
                              progress.phase = RunPhase::kWriting;
                              return lasts_a_while(progress, false);
                            }}}) {
    EXPECT_EQ(run(child), 0);
    EXPECT_EQ(said_, "");
  }
}

TEST_F(Supervise, NeverStopsWhenTheLimitIsZero) {
  options_.stall_seconds = 0;
  EXPECT_EQ(run([](const ReplayOptions&, Progress& progress) {
              progress.phase = RunPhase::kApplication;
              return lasts_a_while(progress, false);
            }),
            0);
}

TEST_F(Supervise, DoesNotFollowAWildPointer) {
  EXPECT_EQ(run([](const ReplayOptions& options, Progress& progress) -> int {
              begin(options, progress, RunPhase::kApplication);
              progress.last_call = reinterpret_cast<const char*>(16);
              raise(SIGSEGV);
              return 0;
            }),
            1);
  EXPECT_NE(said_.find("last API call unknown\n"), std::string::npos) << said_;
  EXPECT_EQ(run([](const ReplayOptions&, Progress& progress) -> int {
              progress.phase = RunPhase::kApplication;
              raise(SIGSEGV);
              return 0;
            }),
            1);
  EXPECT_NE(said_.find("at 0 ns simulated, before any API call\n"), std::string::npos) << said_;
}

TEST_F(Supervise, TellsOfExceptions) {
  const std::pair<Child, std::pair<int, const char*>> cases[] = {
      {[](const ReplayOptions&, Progress&) -> int { throw InputError("a.pcap: expected x, got y"); },
       {2, "ringproof: a.pcap: expected x, got y\n"}},
      {[](const ReplayOptions&, Progress&) -> int { throw std::runtime_error("oh"); },
       {1, "ringproof: internal error (a bug of ours): oh\n"}},
      {[](const ReplayOptions&, Progress&) -> int { throw std::bad_alloc(); },
       {1, "ringproof: memory ran out\n"}},
      {[](const ReplayOptions&, Progress&) -> int { throw 3; },
       {1, "ringproof: internal error (a bug of ours): an exception without a text\n"}}};
  for (const auto& [child, expected] : cases) {
    EXPECT_EQ(run(child), expected.first);
    EXPECT_EQ(said_, expected.second);
  }
}

TEST_F(Supervise, EndsWithTheSignalThatStopsIt) {
  const std::pair<Child, std::pair<int, const char*>> cases[] = {
      {[](const ReplayOptions& options, Progress& progress) -> int {
         begin(options, progress, RunPhase::kApplication);
         kill(getppid(), SIGINT);
         for (;;) pause();
       },
       {130, "ringproof: stopped by SIGINT at 1.234 ms simulated, no results were written\n"}},
      {[](const ReplayOptions& options, Progress& progress) -> int {
         begin(options, progress, RunPhase::kApplication);
         kill(getppid(), SIGTERM);
         for (;;) pause();
       },
       {143, "ringproof: stopped by SIGTERM at 1.234 ms simulated, no results were written\n"}}};
  for (const auto& [child, expected] : cases) {
    EXPECT_EQ(run(child), expected.first);
    EXPECT_EQ(said_, expected.second);
    EXPECT_FALSE(partial_left());
  }
}

TEST_F(Supervise, GivesBackTheSignalsAsTheyWere) {
  run([](const ReplayOptions&, Progress&) { return 0; });
  sigset_t blocked;
  sigprocmask(SIG_BLOCK, nullptr, &blocked);
  EXPECT_EQ(sigismember(&blocked, SIGINT), 0);
  EXPECT_EQ(sigismember(&blocked, SIGCHLD), 0);
}

TEST_F(Supervise, GetsAStatusThoughSigchldIsIgnored) {
  std::signal(SIGCHLD, SIG_IGN);
  EXPECT_EQ(run([](const ReplayOptions&, Progress&) { return 2; }), 2);
  std::signal(SIGCHLD, SIG_DFL);
}

TEST_F(Supervise, ReportsOutputThatCannotBeWritten) {
  const int full = open("/dev/full", O_WRONLY);
  ASSERT_GE(full, 0);
  std::fflush(stdout);
  const int saved = dup(STDOUT_FILENO);
  dup2(full, STDOUT_FILENO);
  const int status = run([](const ReplayOptions&, Progress&) {
    std::printf("a summary\n");
    return 0;
  });
  dup2(saved, STDOUT_FILENO);
  close(saved);
  close(full);
  EXPECT_EQ(status, 1);
  EXPECT_EQ(said_, "ringproof: standard output: expected to be written, got: No space left on device\n");
}

// The child waits for the line that it is about, so the test does not depend on how fast anything is.
TEST_F(Supervise, PrintsPlainLinesWithoutATerminal) {
  SupervisorSettings settings;
  settings.line_every_ms = 1;
  EXPECT_EQ(run(
                [](const ReplayOptions&, Progress& progress) {
                  progress.frames_total = 5000;
                  progress.frames_done = 1234;
                  progress.sim_ps = 2'000'000'000;
                  progress.phase = RunPhase::kApplication;
                  struct stat status {};
                  do {
                    usleep(1000);
                    ++progress.heartbeat;
                    fstat(STDERR_FILENO, &status);
                  } while (status.st_size == 0);
                  return 0;
                },
                settings),
            0);
  EXPECT_EQ(said_.find("ringproof: 1,234 of 5,000 frames, 2.000 ms simulated, "), 0u) << said_;
}

TEST_F(Supervise, TheChildDiesWithIt) {
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  static int told;
  told = ends[1];
  const pid_t supervisor = fork();
  if (supervisor == 0) {
    close(ends[0]);
    supervise(what(), [](Progress&) -> int {
      static_cast<void>(!write(told, "x", 1));
      for (;;) pause();
    });
    _exit(0);
  }
  close(ends[1]);
  char letter = 0;
  EXPECT_EQ(read(ends[0], &letter, 1), 1);  // the child is there
  kill(supervisor, SIGKILL);
  waitpid(supervisor, nullptr, 0);
  // The pipe ends when its last writer, the child, is gone.
  pollfd end = {ends[0], POLLIN, 0};
  EXPECT_EQ(poll(&end, 1, 60'000), 1);
  EXPECT_EQ(read(ends[0], &letter, 1), 0);
  close(ends[0]);
}

// What a terminal shows in the end, of the few control sequences that the bar uses.
std::vector<std::string> shown(const std::string& output) {
  std::vector<std::string> lines = {""};
  std::size_t column = 0;
  for (std::size_t i = 0; i < output.size(); ++i) {
    if (output[i] == '\r') {
      column = 0;
    } else if (output[i] == '\n') {
      lines.emplace_back();
    } else if (output.compare(i, 3, "\x1b[K") == 0) {
      lines.back().resize(std::min(column, lines.back().size()));
      i += 2;
    } else {
      if (lines.back().size() <= column) lines.back().resize(column + 1, ' ');
      lines.back()[column++] = output[i];
    }
  }
  return lines;
}

// Two lines and one that begins before the bar is drawn and goes on after.
TEST_F(Supervise, TheBarLeavesNoTraceInWhatTheApplicationPrints) {
  int master = -1;
  int slave = -1;
  winsize size = {25, 60, 0, 0};
  ASSERT_EQ(openpty(&master, &slave, nullptr, nullptr, &size), 0);
  int ends[2];
  ASSERT_EQ(pipe(ends), 0);
  static int go;
  go = ends[0];
  const pid_t supervisor = fork();
  if (supervisor == 0) {
    dup2(slave, STDOUT_FILENO);
    dup2(slave, STDERR_FILENO);
    close(slave);
    close(master);
    close(ends[1]);
    setenv("TERM", "xterm", 1);
    // A fresh stream, as the command has: this one has decided how to buffer when it was no terminal.
    stdout = fdopen(STDOUT_FILENO, "w");
    SupervisorSettings settings;
    settings.bar_after_ms = 0;
    settings.bar_every_ms = 1;
    options_.stall_seconds = 0;
    _exit(supervise(
              what(),
              [](Progress& progress) {
                progress.frames_total = 4000;
                progress.frames_done = 1000;
                progress.phase = RunPhase::kApplication;
                std::printf("first line\n");
                char letter = 0;
                static_cast<void>(!read(go, &letter, 1));
                std::fprintf(stderr, "second line\n");
                static_cast<void>(!read(go, &letter, 1));
                std::printf("third ");
                std::fflush(stdout);
                std::fprintf(stderr, "line\n");
                return 0;
              },
              settings)
              .status);
  }
  close(slave);
  close(ends[0]);
  std::string output;
  std::size_t bars = 0;
  char buffer[4096];
  for (ssize_t count = 0; (count = read(master, buffer, sizeof buffer)) > 0;) {
    output.append(buffer, static_cast<std::size_t>(count));
    // Each time a bar stands behind the latest line, the child may print the next one.
    if (bars < 2 && output.find(bars == 0 ? "first line" : "second line") != std::string::npos &&
        output.find("1,000/4,000 frames", output.rfind(" line")) != std::string::npos) {
      ++bars;
      EXPECT_EQ(write(ends[1], "x", 1), 1);
    }
  }
  int status = 0;
  waitpid(supervisor, &status, 0);
  close(master);
  close(ends[1]);
  EXPECT_EQ(status, 0);
  EXPECT_EQ(bars, 2u);
  EXPECT_NE(output.find("[======                  ]  25%"), std::string::npos);
  EXPECT_EQ(shown(output), (std::vector<std::string>{"first line", "second line", "third line", ""}));
}

}  // namespace
}  // namespace ringproof
