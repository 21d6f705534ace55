// scanf and its relatives, as Windows programs call them: include/win32/stdio.h and wchar.h name them.

#include <cstdarg>
#include <cstdio>
#include <string>

#include "sim/win32/crt_forward.h"
#include "sim/win32/crt_scan.h"
#include "sim/win32/crt_text.h"

namespace {

using ringproof::win32::scan_file;
using ringproof::win32::scan_text;
using ringproof::win32::ScanRules;
using ringproof::win32::to_utf8;

constexpr ScanRules kPlain{false, false};
constexpr ScanRules kSecure{true, false};
constexpr ScanRules kWide{false, true};
constexpr ScanRules kWideSecure{true, true};

}  // namespace

#pragma GCC visibility push(default)
extern "C" {

int ringproof_crt_vfscanf(std::FILE* file, const char* format, va_list arguments) {
  return scan_file(file, format, kPlain, arguments);
}
int ringproof_crt_vscanf(const char* format, va_list arguments) {
  return scan_file(stdin, format, kPlain, arguments);
}
int ringproof_crt_vsscanf(const char* text, const char* format, va_list arguments) {
  return scan_text(text, format, kPlain, arguments);
}
int vfscanf_s(std::FILE* file, const char* format, va_list arguments) {
  return scan_file(file, format, kSecure, arguments);
}
int vscanf_s(const char* format, va_list arguments) { return scan_file(stdin, format, kSecure, arguments); }
int vsscanf_s(const char* text, const char* format, va_list arguments) {
  return scan_text(text, format, kSecure, arguments);
}

int ringproof_crt_fscanf(std::FILE* file, const char* format, ...) {
  RINGPROOF_FORWARD(scan_file(file, format, kPlain, arguments));
}
int ringproof_crt_scanf(const char* format, ...) {
  RINGPROOF_FORWARD(scan_file(stdin, format, kPlain, arguments));
}
int ringproof_crt_sscanf(const char* text, const char* format, ...) {
  RINGPROOF_FORWARD(scan_text(text, format, kPlain, arguments));
}
int fscanf_s(std::FILE* file, const char* format, ...) {
  RINGPROOF_FORWARD(scan_file(file, format, kSecure, arguments));
}
int scanf_s(const char* format, ...) { RINGPROOF_FORWARD(scan_file(stdin, format, kSecure, arguments)); }
int sscanf_s(const char* text, const char* format, ...) {
  RINGPROOF_FORWARD(scan_text(text, format, kSecure, arguments));
}

int ringproof_crt_vfwscanf(std::FILE* file, const char16_t* format, va_list arguments) {
  return scan_file(file, to_utf8(format).c_str(), kWide, arguments);
}
int ringproof_crt_vwscanf(const char16_t* format, va_list arguments) {
  return scan_file(stdin, to_utf8(format).c_str(), kWide, arguments);
}
int ringproof_crt_vswscanf(const char16_t* text, const char16_t* format, va_list arguments) {
  return scan_text(to_utf8(text).c_str(), to_utf8(format).c_str(), kWide, arguments);
}

int ringproof_crt_fwscanf(std::FILE* file, const char16_t* format, ...) {
  RINGPROOF_FORWARD(ringproof_crt_vfwscanf(file, format, arguments));
}
int ringproof_crt_wscanf(const char16_t* format, ...) {
  RINGPROOF_FORWARD(ringproof_crt_vwscanf(format, arguments));
}
int ringproof_crt_swscanf(const char16_t* text, const char16_t* format, ...) {
  RINGPROOF_FORWARD(ringproof_crt_vswscanf(text, format, arguments));
}
int swscanf_s(const char16_t* text, const char16_t* format, ...) {
  RINGPROOF_FORWARD(scan_text(to_utf8(text).c_str(), to_utf8(format).c_str(), kWideSecure, arguments));
}

}  // extern "C"
#pragma GCC visibility pop
