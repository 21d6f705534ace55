#include "sim/explore/explore_display.h"

#include <fmt/format.h>
#include <sys/ioctl.h>
#include <unistd.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <string_view>

#include "sim/replay/report.h"

namespace ringproof {
namespace {

constexpr std::chrono::milliseconds kRedrawEvery{200};
constexpr std::chrono::milliseconds kMarkEvery{10'000};
constexpr double kLeastS = 0.001;

bool is_terminal() {
  const char* kind = std::getenv("TERM");
  return isatty(STDERR_FILENO) == 1 && !(kind != nullptr && std::string_view(kind) == "dumb");
}

}  // namespace

std::string in_words(const CampaignProgress& progress, std::uint64_t new_coverage) {
  const auto rate = static_cast<std::uint64_t>(static_cast<double>(progress.schedules) /
                                               std::max(progress.elapsed_s, kLeastS));
  const std::string planned =
      progress.schedules_planned == 0 ? std::string() : " of " + with_separators(progress.schedules_planned);
  const std::string broke = progress.failures == 0 ? "nothing broke"
                            : progress.failures == 1
                                ? "1 thing broke"
                                : fmt::format("{} things broke", with_separators(progress.failures));
  return fmt::format("{}{} schedules, {}/s, coverage {} ({} new), {}, {} s",
                     with_separators(progress.schedules), planned, with_separators(rate),
                     with_separators(progress.coverage), with_separators(new_coverage), broke,
                     static_cast<std::uint64_t>(progress.elapsed_s));
}

ExploreDisplay::ExploreDisplay() : terminal_(is_terminal()) {}

ExploreDisplay::~ExploreDisplay() {
  if (drawn_) fmt::print(stderr, "\r\x1b[K");
}

void ExploreDisplay::show(const CampaignProgress& progress) {
  const Clock::time_point now = Clock::now();
  const bool mark = now - marked_ >= kMarkEvery;
  if (!mark && !(terminal_ && now - shown_ >= kRedrawEvery)) return;
  const std::string line = in_words(progress, progress.coverage - coverage_at_mark_);
  if (terminal_) {
    winsize size{};
    const bool known = ioctl(STDERR_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_col > 0;
    // One column less, so that no terminal wraps.
    fmt::print(stderr, "\r{:.{}}\x1b[K", line, (known ? size.ws_col : 80) - 1);
    drawn_ = true;
  } else {
    fmt::print(stderr, "ringproof: {}\n", line);
  }
  std::fflush(stderr);
  shown_ = now;
  if (!mark) return;
  marked_ = now;
  coverage_at_mark_ = progress.coverage;
}

}  // namespace ringproof
