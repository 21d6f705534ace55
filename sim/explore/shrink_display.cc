#include "sim/explore/shrink_display.h"

#include <fmt/format.h>
#include <unistd.h>

#include <cstdio>

namespace ringproof {
ShrinkDisplay::ShrinkDisplay(std::uint64_t seconds)
    : seconds_(seconds), terminal_(isatty(STDERR_FILENO) == 1) {}

ShrinkDisplay::~ShrinkDisplay() { erase(); }

void ShrinkDisplay::erase() {
  if (drawn_) fmt::print(stderr, "\r\x1b[K");
  drawn_ = false;
}

bool ShrinkDisplay::show(const ShrinkProgress& progress) {
  const Clock::time_point now = Clock::now();
  const auto every = terminal_ ? std::chrono::milliseconds(200) : std::chrono::milliseconds(10'000);
  if (now - shown_ >= every) {
    shown_ = now;
    const auto line = fmt::format("{} decisions, {} faults, {} frames after {} runs", progress.decisions,
                                  progress.faults, progress.frames, progress.runs);
    fmt::print(stderr, "{}", terminal_ ? "\r" + line + "\x1b[K" : "ringproof: " + line + "\n");
    std::fflush(stderr);
    drawn_ = terminal_;
  }
  return seconds_ == 0 || now - begin_ < std::chrono::seconds(seconds_);
}

}  // namespace ringproof
