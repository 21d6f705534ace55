// wchar.h: the C library's header, whose functions of wide text give way to ours.
// Role     the C library's functions know units of 32 bits only; renamed, they are out of the way
// Source   include/ringproof/win32/crt_wide.h
#pragma once

// Only a system header may use #include_next without a warning.
#pragma GCC system_header

#include "ringproof/win32/crt_base.h"

#define btowc ringproof_hidden_btowc
#define fgetwc ringproof_hidden_fgetwc
#define fgetwc_unlocked ringproof_hidden_fgetwc_unlocked
#define fgetws ringproof_hidden_fgetws
#define fgetws_unlocked ringproof_hidden_fgetws_unlocked
#define fputwc ringproof_hidden_fputwc
#define fputwc_unlocked ringproof_hidden_fputwc_unlocked
#define fputws ringproof_hidden_fputws
#define fputws_unlocked ringproof_hidden_fputws_unlocked
#define fwide ringproof_hidden_fwide
#define fwprintf ringproof_hidden_fwprintf
#define fwscanf ringproof_hidden_fwscanf
#define getwc ringproof_hidden_getwc
#define getwc_unlocked ringproof_hidden_getwc_unlocked
#define getwchar ringproof_hidden_getwchar
#define getwchar_unlocked ringproof_hidden_getwchar_unlocked
#define mbrlen ringproof_hidden_mbrlen
#define mbrtowc ringproof_hidden_mbrtowc
#define mbsinit ringproof_hidden_mbsinit
#define mbsnrtowcs ringproof_hidden_mbsnrtowcs
#define mbsrtowcs ringproof_hidden_mbsrtowcs
#define open_wmemstream ringproof_hidden_open_wmemstream
#define putwc ringproof_hidden_putwc
#define putwc_unlocked ringproof_hidden_putwc_unlocked
#define putwchar ringproof_hidden_putwchar
#define putwchar_unlocked ringproof_hidden_putwchar_unlocked
#define swprintf ringproof_hidden_swprintf
#define swscanf ringproof_hidden_swscanf
#define ungetwc ringproof_hidden_ungetwc
#define vfwprintf ringproof_hidden_vfwprintf
#define vfwscanf ringproof_hidden_vfwscanf
#define vswprintf ringproof_hidden_vswprintf
#define vswscanf ringproof_hidden_vswscanf
#define vwprintf ringproof_hidden_vwprintf
#define vwscanf ringproof_hidden_vwscanf
#define wcpcpy ringproof_hidden_wcpcpy
#define wcpncpy ringproof_hidden_wcpncpy
#define wcrtomb ringproof_hidden_wcrtomb
#define wcscasecmp ringproof_hidden_wcscasecmp
#define wcscasecmp_l ringproof_hidden_wcscasecmp_l
#define wcscat ringproof_hidden_wcscat
#define wcschr ringproof_hidden_wcschr
#define wcschrnul ringproof_hidden_wcschrnul
#define wcscmp ringproof_hidden_wcscmp
#define wcscoll ringproof_hidden_wcscoll
#define wcscoll_l ringproof_hidden_wcscoll_l
#define wcscpy ringproof_hidden_wcscpy
#define wcscspn ringproof_hidden_wcscspn
#define wcsdup ringproof_hidden_wcsdup
#define wcsftime ringproof_hidden_wcsftime
#define wcsftime_l ringproof_hidden_wcsftime_l
#define wcslcat ringproof_hidden_wcslcat
#define wcslcpy ringproof_hidden_wcslcpy
#define wcslen ringproof_hidden_wcslen
#define wcsncasecmp ringproof_hidden_wcsncasecmp
#define wcsncasecmp_l ringproof_hidden_wcsncasecmp_l
#define wcsncat ringproof_hidden_wcsncat
#define wcsncmp ringproof_hidden_wcsncmp
#define wcsncpy ringproof_hidden_wcsncpy
#define wcsnlen ringproof_hidden_wcsnlen
#define wcsnrtombs ringproof_hidden_wcsnrtombs
#define wcspbrk ringproof_hidden_wcspbrk
#define wcsrchr ringproof_hidden_wcsrchr
#define wcsrtombs ringproof_hidden_wcsrtombs
#define wcsspn ringproof_hidden_wcsspn
#define wcsstr ringproof_hidden_wcsstr
#define wcstod ringproof_hidden_wcstod
#define wcstod_l ringproof_hidden_wcstod_l
#define wcstof ringproof_hidden_wcstof
#define wcstof128 ringproof_hidden_wcstof128
#define wcstof128_l ringproof_hidden_wcstof128_l
#define wcstof32 ringproof_hidden_wcstof32
#define wcstof32_l ringproof_hidden_wcstof32_l
#define wcstof32x ringproof_hidden_wcstof32x
#define wcstof32x_l ringproof_hidden_wcstof32x_l
#define wcstof64 ringproof_hidden_wcstof64
#define wcstof64_l ringproof_hidden_wcstof64_l
#define wcstof64x ringproof_hidden_wcstof64x
#define wcstof64x_l ringproof_hidden_wcstof64x_l
#define wcstof_l ringproof_hidden_wcstof_l
#define wcstok ringproof_hidden_wcstok
#define wcstol ringproof_hidden_wcstol
#define wcstol_l ringproof_hidden_wcstol_l
#define wcstold ringproof_hidden_wcstold
#define wcstold_l ringproof_hidden_wcstold_l
#define wcstoll ringproof_hidden_wcstoll
#define wcstoll_l ringproof_hidden_wcstoll_l
#define wcstoq ringproof_hidden_wcstoq
#define wcstoul ringproof_hidden_wcstoul
#define wcstoul_l ringproof_hidden_wcstoul_l
#define wcstoull ringproof_hidden_wcstoull
#define wcstoull_l ringproof_hidden_wcstoull_l
#define wcstouq ringproof_hidden_wcstouq
#define wcswcs ringproof_hidden_wcswcs
#define wcswidth ringproof_hidden_wcswidth
#define wcsxfrm ringproof_hidden_wcsxfrm
#define wcsxfrm_l ringproof_hidden_wcsxfrm_l
#define wctob ringproof_hidden_wctob
#define wcwidth ringproof_hidden_wcwidth
#define wmemchr ringproof_hidden_wmemchr
#define wmemcmp ringproof_hidden_wmemcmp
#define wmemcpy ringproof_hidden_wmemcpy
#define wmemmove ringproof_hidden_wmemmove
#define wmempcpy ringproof_hidden_wmempcpy
#define wmemset ringproof_hidden_wmemset
#define wprintf ringproof_hidden_wprintf
#define wscanf ringproof_hidden_wscanf
#include_next <wchar.h>
#undef btowc
#undef fgetwc
#undef fgetwc_unlocked
#undef fgetws
#undef fgetws_unlocked
#undef fputwc
#undef fputwc_unlocked
#undef fputws
#undef fputws_unlocked
#undef fwide
#undef fwprintf
#undef fwscanf
#undef getwc
#undef getwc_unlocked
#undef getwchar
#undef getwchar_unlocked
#undef mbrlen
#undef mbrtowc
#undef mbsinit
#undef mbsnrtowcs
#undef mbsrtowcs
#undef open_wmemstream
#undef putwc
#undef putwc_unlocked
#undef putwchar
#undef putwchar_unlocked
#undef swprintf
#undef swscanf
#undef ungetwc
#undef vfwprintf
#undef vfwscanf
#undef vswprintf
#undef vswscanf
#undef vwprintf
#undef vwscanf
#undef wcpcpy
#undef wcpncpy
#undef wcrtomb
#undef wcscasecmp
#undef wcscasecmp_l
#undef wcscat
#undef wcschr
#undef wcschrnul
#undef wcscmp
#undef wcscoll
#undef wcscoll_l
#undef wcscpy
#undef wcscspn
#undef wcsdup
#undef wcsftime
#undef wcsftime_l
#undef wcslcat
#undef wcslcpy
#undef wcslen
#undef wcsncasecmp
#undef wcsncasecmp_l
#undef wcsncat
#undef wcsncmp
#undef wcsncpy
#undef wcsnlen
#undef wcsnrtombs
#undef wcspbrk
#undef wcsrchr
#undef wcsrtombs
#undef wcsspn
#undef wcsstr
#undef wcstod
#undef wcstod_l
#undef wcstof
#undef wcstof128
#undef wcstof128_l
#undef wcstof32
#undef wcstof32_l
#undef wcstof32x
#undef wcstof32x_l
#undef wcstof64
#undef wcstof64_l
#undef wcstof64x
#undef wcstof64x_l
#undef wcstof_l
#undef wcstok
#undef wcstol
#undef wcstol_l
#undef wcstold
#undef wcstold_l
#undef wcstoll
#undef wcstoll_l
#undef wcstoq
#undef wcstoul
#undef wcstoul_l
#undef wcstoull
#undef wcstoull_l
#undef wcstouq
#undef wcswcs
#undef wcswidth
#undef wcsxfrm
#undef wcsxfrm_l
#undef wctob
#undef wcwidth
#undef wmemchr
#undef wmemcmp
#undef wmemcpy
#undef wmemmove
#undef wmempcpy
#undef wmemset
#undef wprintf
#undef wscanf

#include "ringproof/win32/crt_wide.h"
