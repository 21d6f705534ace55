#include "sim/run/end_in_words.h"

#include <fcntl.h>
#include <fmt/format.h>
#include <unistd.h>

#include <cctype>
#include <csignal>
#include <cstring>

#include "sim/fault/catalogue.h"
#include "sim/replay/report.h"

namespace ringproof {
namespace {

// API names are shorter; what is longer is none.
constexpr std::size_t kCallBytesMax = 64;

// The text at an address that the child gave us. The kernel reads it, because the page may be one that only
// the child has, or none at all.
std::string text_at(const char* address) {
  int ends[2];
  if (address == nullptr || pipe2(ends, O_CLOEXEC | O_NONBLOCK) != 0) return {};
  std::string text;
  char letter = '\0';
  while (text.size() < kCallBytesMax && write(ends[1], address + text.size(), 1) == 1 &&
         read(ends[0], &letter, 1) == 1 && letter > ' ' && letter < '\x7f') {
    text += letter;
  }
  close(ends[0]);
  close(ends[1]);
  return letter == '\0' ? text : std::string();
}

// Behind an end that proves nothing after a fault of this class, or a graver one.
std::string excuse(const Progress& progress, Tolerance from) {
  const bool excused =
      progress.gravest_fault.load(std::memory_order_relaxed) >= static_cast<std::uint32_t>(from);
  return excused ? ", after a fault that excuses it" : "";
}

}  // namespace

std::string place_of(const Progress& progress) {
  const char* address = progress.last_call.load(std::memory_order_relaxed);
  const std::string call = text_at(address);
  return fmt::format(
      "at {} simulated, {}", time_in_words(progress.sim_ps.load(std::memory_order_relaxed) / 1000),
      address == nullptr ? "before any API call" : "last API call " + (call.empty() ? "unknown" : call));
}

std::string signal_in_words(int signal) {
  const char* words = sigdescr_np(signal);
  const char* name = sigabbrev_np(signal);
  std::string text = words != nullptr ? words : "signal";
  text[0] = static_cast<char>(std::tolower(static_cast<unsigned char>(text[0])));
  text += name != nullptr ? fmt::format(" (SIG{})", name) : fmt::format(" {}", signal);
  if (signal == SIGKILL) text += ", perhaps because memory ran out";
  return text;
}

std::string violation_of(const Progress& progress) {
  return {progress.first_violation, strnlen(progress.first_violation, sizeof progress.first_violation)};
}

std::string behind_violation(const Progress& progress, const std::string& end) {
  std::string line = violation_of(progress);
  if (line.empty()) return end;
  return end.empty() ? line : line + "; then: " + end;
}

bool in_application(const Progress& progress) {
  return progress.phase.load(std::memory_order_relaxed) == RunPhase::kApplication;
}

const std::string& program_of(const std::vector<std::string>& programs, const Progress& progress) {
  const std::size_t process = progress.process.load(std::memory_order_relaxed);
  return programs[process < programs.size() ? process : 0];
}

std::string bug_in_words(const std::string& own_engine) {
  return own_engine.empty() ? "a bug of ours" : fmt::format("a bug of engine {}, or of ours", own_engine);
}

std::string crash_in_words(const std::string& app, const Progress& progress, int signal,
                           const std::string& own_engine) {
  const std::string words = signal_in_words(signal);
  return in_application(progress) ? fmt::format("application {} crashed: {} {}{}", app, words,
                                                place_of(progress), excuse(progress, Tolerance::kContained))
                                  : fmt::format(
                                        "the simulator crashed ({}, or application {} wrote over "
                                        "memory that is not its "
                                        "own): {} {}",
                                        bug_in_words(own_engine), app, words, place_of(progress));
}

std::string exit_in_words(const std::string& app, const Progress& progress, int status,
                          const std::string& own_engine) {
  return in_application(progress)
             ? fmt::format(
                   "application {} ended the process with status {} {}, without returning from main{}", app,
                   status, place_of(progress), excuse(progress, Tolerance::kCleanFailure))
             : fmt::format("the simulator ended with status {} ({}) {}", status, bug_in_words(own_engine),
                           place_of(progress));
}

std::string stall_in_words(const std::string& app, const Progress& progress, std::uint32_t seconds,
                           const std::string& own_engine) {
  return in_application(progress)
             ? fmt::format(
                   "application {}: expected a call of the API or of a ring helper, got none for {} s of "
                   "wall time: it computes or spins without calling; stopped {}{}; if it polls rings with "
                   "its own loads, compile it with the flags of pkg-config "
                   "--variable=instrument_cflags ringproof",
                   app, seconds, place_of(progress), excuse(progress, Tolerance::kContained))
             : fmt::format("the simulator made no progress for {} s of wall time ({}); stopped {}", seconds,
                           bug_in_words(own_engine), place_of(progress));
}

}  // namespace ringproof
