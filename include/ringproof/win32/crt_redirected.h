// crt_redirected.h: functions of the C library that mean others in a Windows program.
// Role     declared before the C library declares them, so that every later declaration, and std::, means the
//          same
// Source   include/ringproof/win32/crt_stdlib.h, crt_time.h
#pragma once

#include <bits/types/FILE.h>
#include <bits/types/clock_t.h>
#include <bits/types/struct_timespec.h>
#include <bits/types/time_t.h>

#include "ringproof/win32/crt_base.h"

struct tm;

// As the C library declares it in C++.
#ifdef __cplusplus
#define RINGPROOF_STANDS_FOR(symbol) noexcept RINGPROOF_IS(symbol)
#else
#define RINGPROOF_STANDS_FOR(symbol) RINGPROOF_IS(symbol)
#endif

RINGPROOF_C_BEGIN

RINGPROOF_API long strtol(const char* text, char** end, int radix) RINGPROOF_STANDS_FOR(ringproof_crt_strtol);
RINGPROOF_API unsigned long strtoul(const char* text, char** end, int radix)
    RINGPROOF_STANDS_FOR(ringproof_crt_strtoul);
RINGPROOF_API long atol(const char* text) RINGPROOF_STANDS_FOR(ringproof_crt_atol);
RINGPROOF_API int rand(void) RINGPROOF_STANDS_FOR(ringproof_crt_rand);
RINGPROOF_API void srand(unsigned seed) RINGPROOF_STANDS_FOR(ringproof_crt_srand);
RINGPROOF_API size_t mbstowcs(wchar_t* target, const char* text, size_t units)
    RINGPROOF_STANDS_FOR(ringproof_crt_mbstowcs);
RINGPROOF_API size_t wcstombs(char* target, const wchar_t* text, size_t bytes)
    RINGPROOF_STANDS_FOR(ringproof_crt_wcstombs);
RINGPROOF_API int mbtowc(wchar_t* unit, const char* text, size_t bytes)
    RINGPROOF_STANDS_FOR(ringproof_crt_mbtowc);
RINGPROOF_API int wctomb(char* text, wchar_t unit) RINGPROOF_STANDS_FOR(ringproof_crt_wctomb);

// A file's name is relative to the current directory of the simulated process.
RINGPROOF_API char* getenv(const char* name) RINGPROOF_STANDS_FOR(ringproof_crt_getenv);
RINGPROOF_API FILE* fopen(const char* name, const char* mode) RINGPROOF_IS(ringproof_crt_fopen);
RINGPROOF_API FILE* freopen(const char* name, const char* mode, FILE* old)
    RINGPROOF_IS(ringproof_crt_freopen);
RINGPROOF_API int remove(const char* name) RINGPROOF_STANDS_FOR(ringproof_crt_remove);
RINGPROOF_API int rename(const char* from, const char* to) RINGPROOF_STANDS_FOR(ringproof_crt_rename);

RINGPROOF_API time_t time(time_t* time) RINGPROOF_STANDS_FOR(ringproof_crt_time);
RINGPROOF_API clock_t clock(void) RINGPROOF_STANDS_FOR(ringproof_crt_clock);
RINGPROOF_API struct tm* localtime(const time_t* time) RINGPROOF_STANDS_FOR(ringproof_crt_localtime);
RINGPROOF_API time_t mktime(struct tm* broken) RINGPROOF_STANDS_FOR(ringproof_crt_mktime);
RINGPROOF_API int timespec_get(struct timespec* time, int base)
    RINGPROOF_STANDS_FOR(ringproof_crt_timespec_get);

RINGPROOF_C_END
