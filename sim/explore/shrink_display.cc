#include "sim/explore/shrink_display.h"

#include <fmt/format.h>
#include <unistd.h>

#include <csignal>
#include <cstdio>

namespace ringproof {
namespace {

volatile std::sig_atomic_t stop_asked = 0;

void ask_to_stop(int) { stop_asked = 1; }

}  // namespace

ShrinkDisplay::ShrinkDisplay(std::uint64_t seconds)
    : seconds_(seconds), terminal_(isatty(STDERR_FILENO) == 1) {
  stop_asked = 0;
  std::signal(SIGINT, ask_to_stop);
  std::signal(SIGTERM, ask_to_stop);
}

ShrinkDisplay::~ShrinkDisplay() {
  if (drawn_) fmt::print(stderr, "\r\x1b[K");
  std::signal(SIGINT, SIG_DFL);
  std::signal(SIGTERM, SIG_DFL);
}

bool ShrinkDisplay::show(const ShrinkProgress& progress) {
  const Clock::time_point now = Clock::now();
  const auto every = terminal_ ? std::chrono::milliseconds(200) : std::chrono::milliseconds(10'000);
  if (now - shown_ >= every) {
    shown_ = now;
    const auto line = fmt::format("{} decisions, {} frames after {} runs", progress.decisions,
                                  progress.frames, progress.runs);
    fmt::print(stderr, "{}", terminal_ ? "\r" + line + "\x1b[K" : "ringproof: " + line + "\n");
    std::fflush(stderr);
    drawn_ = terminal_;
  }
  const bool in_time = seconds_ == 0 || now - begin_ < std::chrono::seconds(seconds_);
  return in_time && stop_asked == 0;
}

}  // namespace ringproof
