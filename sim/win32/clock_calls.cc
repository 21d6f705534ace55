// Clocks and dates, in simulated time.

#include <ringproof/win32/errors.h>
#include <ringproof/win32/timers.h>

#include <chrono>

#include "sim/win32/file_time.h"
#include "sim/win32/state.h"

using ringproof::current_world;
using ringproof::kFileTimeTickPs;
using ringproof::kSimulationBegins;

namespace {

constexpr std::uint64_t kClockReadPs = 20'000;
constexpr std::int64_t kTicksPerSecond = 10'000'000;
constexpr std::uint64_t kTicksPerMillisecond = 10'000;
constexpr std::uint64_t kTicksPerDay = 864'000'000'000;

// Simulated time; the call itself takes a little.
std::uint64_t ticks_now() {
  if (current_world == nullptr) return 0;
  if (ringproof::simulated_world != nullptr) current_world->kernel.spend(kClockReadPs);
  return current_world->kernel.clock_ps() / kFileTimeTickPs;
}

FILETIME to_filetime(std::uint64_t ticks) {
  return {static_cast<DWORD>(ticks), static_cast<DWORD>(ticks >> 32)};
}

std::uint64_t to_ticks(const FILETIME& time) {
  return (std::uint64_t{time.dwHighDateTime} << 32) | time.dwLowDateTime;
}

const std::chrono::sys_days kYear1601 = std::chrono::year(1601) / 1 / 1;

SYSTEMTIME to_systemtime(std::uint64_t ticks) {
  const std::chrono::sys_days day =
      kYear1601 + std::chrono::days(static_cast<std::int64_t>(ticks / kTicksPerDay));
  const std::chrono::year_month_day date(day);
  const std::uint64_t milliseconds = ticks % kTicksPerDay / kTicksPerMillisecond;
  SYSTEMTIME time = {};
  time.wYear = static_cast<WORD>(static_cast<int>(date.year()));
  time.wMonth = static_cast<WORD>(static_cast<unsigned>(date.month()));
  time.wDayOfWeek = static_cast<WORD>(std::chrono::weekday(day).c_encoding());
  time.wDay = static_cast<WORD>(static_cast<unsigned>(date.day()));
  time.wHour = static_cast<WORD>(milliseconds / 3'600'000);
  time.wMinute = static_cast<WORD>(milliseconds / 60'000 % 60);
  time.wSecond = static_cast<WORD>(milliseconds / 1'000 % 60);
  time.wMilliseconds = static_cast<WORD>(milliseconds % 1'000);
  return time;
}

}  // namespace

extern "C" {

DWORD GetTickCount(VOID) { return static_cast<DWORD>(GetTickCount64()); }
DWORD timeGetTime(VOID) { return static_cast<DWORD>(GetTickCount64()); }
UINT timeBeginPeriod(UINT) { return 0; }
UINT timeEndPeriod(UINT) { return 0; }

BOOL QueryPerformanceCounter(LARGE_INTEGER* Count) {
  Count->QuadPart = static_cast<LONGLONG>(ticks_now());
  return TRUE;
}

BOOL QueryPerformanceFrequency(LARGE_INTEGER* Frequency) {
  Frequency->QuadPart = kTicksPerSecond;
  return TRUE;
}

VOID QueryInterruptTime(PULONGLONG Time) { *Time = ticks_now(); }
VOID QueryInterruptTimePrecise(PULONGLONG Time) { *Time = ticks_now(); }

BOOL QueryUnbiasedInterruptTime(PULONGLONG Time) {
  *Time = ticks_now();
  return TRUE;
}

VOID GetSystemTimePreciseAsFileTime(LPFILETIME Time) { *Time = to_filetime(kSimulationBegins + ticks_now()); }
VOID GetSystemTimeAsFileTime(LPFILETIME Time) { GetSystemTimePreciseAsFileTime(Time); }
VOID GetSystemTime(LPSYSTEMTIME Time) { *Time = to_systemtime(kSimulationBegins + ticks_now()); }
VOID GetLocalTime(LPSYSTEMTIME Time) { GetSystemTime(Time); }

BOOL GetSystemTimeAdjustment(PDWORD Adjustment, PDWORD Increment, PBOOL Disabled) {
  constexpr DWORD kTick = 156'250;  // [100 ns]
  *Adjustment = *Increment = kTick;
  *Disabled = TRUE;
  return TRUE;
}

BOOL FileTimeToSystemTime(const FILETIME* FileTime, LPSYSTEMTIME Time) {
  if ((FileTime->dwHighDateTime & 0x80000000U) != 0) return ringproof::fail_with(ERROR_INVALID_PARAMETER);
  *Time = to_systemtime(to_ticks(*FileTime));
  return TRUE;
}

BOOL SystemTimeToFileTime(const SYSTEMTIME* Time, LPFILETIME FileTime) {
  const std::chrono::year_month_day date{std::chrono::year(Time->wYear), std::chrono::month(Time->wMonth),
                                         std::chrono::day(Time->wDay)};
  const bool good = date.ok() && Time->wYear >= 1601 && Time->wYear <= 30827 && Time->wHour < 24 &&
                    Time->wMinute < 60 && Time->wSecond < 60 && Time->wMilliseconds < 1000;
  if (!good) return ringproof::fail_with(ERROR_INVALID_PARAMETER);
  const auto days = static_cast<std::uint64_t>((std::chrono::sys_days(date) - kYear1601).count());
  const std::uint64_t milliseconds =
      ((std::uint64_t{Time->wHour} * 60 + Time->wMinute) * 60 + Time->wSecond) * 1'000 + Time->wMilliseconds;
  *FileTime = to_filetime(days * kTicksPerDay + milliseconds * kTicksPerMillisecond);
  return TRUE;
}

BOOL FileTimeToLocalFileTime(const FILETIME* FileTime, LPFILETIME LocalFileTime) {
  *LocalFileTime = *FileTime;
  return TRUE;
}

LONG CompareFileTime(const FILETIME* First, const FILETIME* Second) {
  const std::uint64_t first = to_ticks(*First);
  const std::uint64_t second = to_ticks(*Second);
  return first < second ? -1 : first > second ? 1 : 0;
}

}  // extern "C"
