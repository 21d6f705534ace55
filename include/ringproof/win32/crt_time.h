// crt_time.h: the time functions of Microsoft's C runtime.
// Role     what <time.h> adds to the C library's
// Units    time: seconds of simulated time since the epoch; clock: milliseconds
// Shapes   the time zone is UTC
// Source   Windows: time management in the CRT
#pragma once

#include <time.h>

#include "ringproof/win32/crt_base.h"

#undef CLOCKS_PER_SEC
#define CLOCKS_PER_SEC ((clock_t)1000)
#define CLK_TCK CLOCKS_PER_SEC

typedef time_t __time64_t;
typedef int32_t __time32_t;

RINGPROOF_C_BEGIN

RINGPROOF_API __time64_t _time64(__time64_t* time) RINGPROOF_IS(ringproof_crt_time);
// The result first: the C standard has its parameters the other way round.
RINGPROOF_API errno_t localtime_s(struct tm* broken, const time_t* time)
    RINGPROOF_IS(ringproof_crt_localtime_s);
RINGPROOF_API errno_t _localtime64_s(struct tm* broken, const __time64_t* time)
    RINGPROOF_IS(ringproof_crt_localtime_s);
RINGPROOF_API errno_t gmtime_s(struct tm* broken, const time_t* time) RINGPROOF_IS(ringproof_crt_gmtime_s);
RINGPROOF_API errno_t _gmtime64_s(struct tm* broken, const __time64_t* time)
    RINGPROOF_IS(ringproof_crt_gmtime_s);
RINGPROOF_API errno_t asctime_s(char* buffer, size_t bytes, const struct tm* broken)
    RINGPROOF_IS(ringproof_crt_asctime_s);
RINGPROOF_API errno_t ctime_s(char* buffer, size_t bytes, const time_t* time)
    RINGPROOF_IS(ringproof_crt_ctime_s);
#define _localtime64(time) localtime(time)
#define _gmtime64(time) gmtime(time)
#define _mktime64(broken) mktime(broken)
#define _mkgmtime(broken) mktime(broken)
#define _tzset() ((void)0)

RINGPROOF_C_END

#ifdef __cplusplus
extern "C++" {
template <size_t N>
inline errno_t asctime_s(char (&buffer)[N], const struct tm* broken) {
  return asctime_s(buffer, N, broken);
}
template <size_t N>
inline errno_t ctime_s(char (&buffer)[N], const time_t* time) {
  return ctime_s(buffer, N, time);
}
}
#endif
