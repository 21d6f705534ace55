// The time functions of the C library, on simulated time; include/win32/time.h names them.
//
// The simulated machine starts at the epoch and its time zone is UTC.

#include <time.h>

#include <cerrno>
#include <cstdint>
#include <cstdlib>

#include "sim/app/world.h"
#include "sim/win32/crt_state.h"

namespace {

using ringproof::current_world;
using ringproof::win32::invalid_parameter;

constexpr std::uint64_t kSecondPs = 1'000'000'000'000;
constexpr std::uint64_t kMillisecondPs = 1'000'000'000;
constexpr std::uint64_t kNanosecondPs = 1'000;
constexpr std::uint64_t kClockReadPs = 20'000;

std::uint64_t read_clock() {
  if (current_world == nullptr) return 0;
  if (ringproof::simulated_world != nullptr) current_world->kernel.spend(kClockReadPs);
  return current_world->kernel.clock_ps();
}

int break_down(const char* function, struct tm* broken, const time_t* time) {
  if (broken == nullptr || time == nullptr || *time < 0) {
    invalid_parameter(function, "no time");
    return EINVAL;
  }
  return gmtime_r(time, broken) == nullptr ? EINVAL : 0;
}

}  // namespace

#pragma GCC visibility push(default)
extern "C" {

time_t ringproof_crt_time(time_t* time) {
  const auto now = static_cast<time_t>(read_clock() / kSecondPs);
  if (time != nullptr) *time = now;
  return now;
}
// In milliseconds: Microsoft's CLOCKS_PER_SEC is 1000.
clock_t ringproof_crt_clock(void) { return static_cast<clock_t>(read_clock() / kMillisecondPs); }
int ringproof_crt_timespec_get(struct timespec* time, int base) {
  const std::uint64_t now_ps = read_clock();
  time->tv_sec = static_cast<time_t>(now_ps / kSecondPs);
  time->tv_nsec = static_cast<long>(now_ps % kSecondPs / kNanosecondPs);
  return base;
}
struct tm* ringproof_crt_localtime(const time_t* time) {
  return gmtime(time);
}
time_t ringproof_crt_mktime(struct tm* broken) { return timegm(broken); }
int ringproof_crt_localtime_s(struct tm* broken, const time_t* time) {
  return break_down("localtime_s", broken, time);
}
int ringproof_crt_gmtime_s(struct tm* broken, const time_t* time) {
  return break_down("gmtime_s", broken, time);
}
int ringproof_crt_asctime_s(char* buffer, size_t room, const struct tm* broken) {
  constexpr size_t kRoomMin = 26;
  if (buffer == nullptr || room < kRoomMin || broken == nullptr) {
    invalid_parameter("asctime_s", "the buffer is too small");
    return EINVAL;
  }
  return asctime_r(broken, buffer) == nullptr ? EINVAL : 0;
}
int ringproof_crt_ctime_s(char* buffer, size_t room, const time_t* time) {
  struct tm broken;
  const int error = break_down("ctime_s", &broken, time);
  return error == 0 ? ringproof_crt_asctime_s(buffer, room, &broken) : error;
}

}  // extern "C"
#pragma GCC visibility pop
