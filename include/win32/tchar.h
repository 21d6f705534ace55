// tchar.h: text that is narrow, or wide where UNICODE or _UNICODE is defined.
// Role     names that stand for one of two functions
// Source   Windows: generic-text mappings
#pragma once

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <wchar.h>

#if defined(UNICODE) || defined(_UNICODE)
typedef wchar_t _TCHAR;
typedef wchar_t _TSCHAR;
#ifndef __TCHAR_DEFINED
#define __TCHAR_DEFINED
#endif
#define _T(literal) RINGPROOF_TCHAR_WIDE(literal)
#define _TEXT(literal) RINGPROOF_TCHAR_WIDE(literal)
#define RINGPROOF_TCHAR_WIDE(literal) L##literal
#define _tmain wmain
#define _tprintf wprintf
#define _ftprintf fwprintf
#define _stprintf_s swprintf_s
#define _sntprintf _snwprintf
#define _sntprintf_s _snwprintf_s
#define _vtprintf vwprintf
#define _vftprintf vfwprintf
#define _vstprintf_s vswprintf_s
#define _vsntprintf_s _vsnwprintf_s
#define _sctprintf _scwprintf
#define _stscanf_s swscanf_s
#define _fputts fputws
#define _fgetts fgetws
#define _putts _putws
#define _tfopen _wfopen
#define _tfopen_s _wfopen_s
#define _tcslen wcslen
#define _tcsnlen wcsnlen
#define _tcscpy wcscpy
#define _tcscpy_s wcscpy_s
#define _tcsncpy wcsncpy
#define _tcsncpy_s wcsncpy_s
#define _tcscat wcscat
#define _tcscat_s wcscat_s
#define _tcscmp wcscmp
#define _tcsncmp wcsncmp
#define _tcsicmp _wcsicmp
#define _tcsnicmp _wcsnicmp
#define _tcschr wcschr
#define _tcsrchr wcsrchr
#define _tcsstr wcsstr
#define _tcsdup _wcsdup
#define _tcstok_s wcstok_s
#define _tcstol wcstol
#define _tcstoul wcstoul
#define _tcstoui64 _wcstoui64
#define _ttoi _wtoi
#define _ttoi64 _wtoi64
#define _itot_s _itow_s
#define _totlower towlower
#define _totupper towupper
#define _TEOF WEOF
#else
typedef char _TCHAR;
typedef signed char _TSCHAR;
#define _T(literal) literal
#define _TEXT(literal) literal
#define _tmain main
#define _tprintf printf
#define _ftprintf fprintf
#define _stprintf_s sprintf_s
#define _sntprintf _snprintf
#define _sntprintf_s _snprintf_s
#define _vtprintf vprintf
#define _vftprintf vfprintf
#define _vstprintf_s vsprintf_s
#define _vsntprintf_s _vsnprintf_s
#define _sctprintf _scprintf
#define _stscanf_s sscanf_s
#define _fputts fputs
#define _fgetts fgets
#define _putts puts
#define _tfopen fopen
#define _tfopen_s fopen_s
#define _tcslen strlen
#define _tcsnlen strnlen
#define _tcscpy strcpy
#define _tcscpy_s strcpy_s
#define _tcsncpy strncpy
#define _tcsncpy_s strncpy_s
#define _tcscat strcat
#define _tcscat_s strcat_s
#define _tcscmp strcmp
#define _tcsncmp strncmp
#define _tcsicmp _stricmp
#define _tcsnicmp _strnicmp
#define _tcschr strchr
#define _tcsrchr strrchr
#define _tcsstr strstr
#define _tcsdup _strdup
#define _tcstok_s strtok_s
#define _tcstol strtol
#define _tcstoul strtoul
#define _tcstoui64 _strtoui64
#define _ttoi atoi
#define _ttoi64 _atoi64
#define _itot_s _itoa_s
#define _totlower tolower
#define _totupper toupper
#define _TEOF EOF
#endif
