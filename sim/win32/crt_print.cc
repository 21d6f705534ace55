// printf and its relatives, as Windows programs call them: include/win32/stdio.h and wchar.h name them.

#include <cstdarg>
#include <cstdio>
#include <cstring>
#include <optional>
#include <string>

#include "sim/win32/crt_format.h"
#include "sim/win32/crt_forward.h"
#include "sim/win32/crt_state.h"
#include "sim/win32/crt_text.h"

namespace {

using ringproof::win32::format_text;
using ringproof::win32::invalid_parameter;
using ringproof::win32::Text;

constexpr std::size_t kTruncate = static_cast<std::size_t>(-1);

template <typename Unit>
std::optional<Text<Unit>> formatted(const char* function, const Unit* format, va_list arguments) {
  if (format == nullptr) {
    invalid_parameter(function, "no format");
    return std::nullopt;
  }
  std::optional<Text<Unit>> text = format_text(format, arguments);
  if (!text.has_value()) invalid_parameter(function, "%n is refused");
  return text;
}

int length_of(std::size_t length) { return static_cast<int>(length); }

// fprintf
template <typename Unit>
int print(const char* function, std::FILE* file, const Unit* format, va_list arguments) {
  const auto text = formatted(function, format, arguments);
  if (!text.has_value()) return -1;
  std::string bytes;
  if constexpr (sizeof(Unit) == 1) {
    bytes = *text;
  } else {
    bytes = ringproof::win32::to_utf8(*text);
  }
  if (std::fwrite(bytes.data(), 1, bytes.size(), file) != bytes.size()) return -1;
  return length_of(text->size());
}

// snprintf of the C standard: what fits, terminated; the answer is the whole length.
template <typename Unit>
int print_standard(const char* function, Unit* buffer, std::size_t room, const Unit* format,
                   va_list arguments) {
  const auto text = formatted(function, format, arguments);
  if (!text.has_value()) return -1;
  if (room > 0) {
    const std::size_t kept = text->size() < room ? text->size() : room - 1;
    text->copy(buffer, kept);
    buffer[kept] = 0;
  }
  return length_of(text->size());
}

// _snprintf: not terminated when it just fits or does not; -1 when it does not.
template <typename Unit>
int print_unterminated(const char* function, Unit* buffer, std::size_t room, const Unit* format,
                       va_list arguments) {
  const auto text = formatted(function, format, arguments);
  if (!text.has_value()) return -1;
  if (buffer == nullptr && room == 0) return length_of(text->size());
  text->copy(buffer, room);
  if (text->size() < room) buffer[text->size()] = 0;
  return text->size() > room ? -1 : length_of(text->size());
}

// sprintf_s: all or nothing.
template <typename Unit>
int print_all(const char* function, Unit* buffer, std::size_t room, const Unit* format, va_list arguments) {
  if (buffer == nullptr || room == 0) {
    invalid_parameter(function, "no buffer");
    return -1;
  }
  const auto text = formatted(function, format, arguments);
  if (!text.has_value() || text->size() >= room) {
    buffer[0] = 0;
    if (text.has_value()) invalid_parameter(function, "the buffer is too small");
    return -1;
  }
  text->copy(buffer, text->size());
  buffer[text->size()] = 0;
  return length_of(text->size());
}

// _snprintf_s: at most `count` units; what is longer is cut with the answer -1, if that much fits the buffer
// or `count` is _TRUNCATE.
template <typename Unit>
int print_at_most(const char* function, Unit* buffer, std::size_t room, std::size_t count, const Unit* format,
                  va_list arguments) {
  if (buffer == nullptr && room == 0 && count == 0) return 0;
  if (buffer == nullptr || room == 0) {
    invalid_parameter(function, "no buffer");
    return -1;
  }
  const auto text = formatted(function, format, arguments);
  if (!text.has_value()) {
    buffer[0] = 0;
    return -1;
  }
  const std::size_t most = count == kTruncate || count >= room ? room - 1 : count;
  if (text->size() > most && count != kTruncate && count >= room) {
    buffer[0] = 0;
    invalid_parameter(function, "the buffer is too small");
    return -1;
  }
  const std::size_t kept = text->size() < most ? text->size() : most;
  text->copy(buffer, kept);
  buffer[kept] = 0;
  return text->size() > most ? -1 : length_of(text->size());
}

// swprintf of the C standard: -1 when it does not fit.
int print_wide(const char* function, char16_t* buffer, std::size_t room, const char16_t* format,
               va_list arguments) {
  const int length = print_standard(function, buffer, room, format, arguments);
  return length < 0 || static_cast<std::size_t>(length) >= room ? -1 : length;
}

template <typename Unit>
int count(const char* function, const Unit* format, va_list arguments) {
  const auto text = formatted(function, format, arguments);
  return text.has_value() ? length_of(text->size()) : -1;
}

}  // namespace

#pragma GCC visibility push(default)
extern "C" {

// ---- narrow ----

int ringproof_crt_vfprintf(std::FILE* file, const char* format, va_list arguments) {
  return print("fprintf", file, format, arguments);
}
int ringproof_crt_vprintf(const char* format, va_list arguments) {
  return print("printf", stdout, format, arguments);
}
int ringproof_crt_vsnprintf(char* buffer, std::size_t room, const char* format, va_list arguments) {
  return print_standard("snprintf", buffer, room, format, arguments);
}
int ringproof_crt_vsprintf(char* buffer, const char* format, va_list arguments) {
  return print_standard("sprintf", buffer, kTruncate, format, arguments);
}
int _vsnprintf(char* buffer, std::size_t room, const char* format, va_list arguments) {
  return print_unterminated("_snprintf", buffer, room, format, arguments);
}
int vsprintf_s(char* buffer, std::size_t room, const char* format, va_list arguments) {
  return print_all("sprintf_s", buffer, room, format, arguments);
}
int vsnprintf_s(char* buffer, std::size_t room, std::size_t most, const char* format, va_list arguments) {
  return print_at_most("_snprintf_s", buffer, room, most, format, arguments);
}
int _vsnprintf_s(char* buffer, std::size_t room, std::size_t most, const char* format, va_list arguments) {
  return print_at_most("_snprintf_s", buffer, room, most, format, arguments);
}
int _vscprintf(const char* format, va_list arguments) { return count("_scprintf", format, arguments); }
int vfprintf_s(std::FILE* file, const char* format, va_list arguments) {
  return print("fprintf_s", file, format, arguments);
}
int vprintf_s(const char* format, va_list arguments) { return print("printf_s", stdout, format, arguments); }

int ringproof_crt_fprintf(std::FILE* file, const char* format, ...) {
  RINGPROOF_FORWARD(print("fprintf", file, format, arguments));
}
int ringproof_crt_printf(const char* format, ...) {
  RINGPROOF_FORWARD(print("printf", stdout, format, arguments));
}
int ringproof_crt_snprintf(char* buffer, std::size_t room, const char* format, ...) {
  RINGPROOF_FORWARD(print_standard("snprintf", buffer, room, format, arguments));
}
int ringproof_crt_sprintf(char* buffer, const char* format, ...) {
  RINGPROOF_FORWARD(print_standard("sprintf", buffer, kTruncate, format, arguments));
}
int _snprintf(char* buffer, std::size_t room, const char* format, ...) {
  RINGPROOF_FORWARD(print_unterminated("_snprintf", buffer, room, format, arguments));
}
int sprintf_s(char* buffer, std::size_t room, const char* format, ...) {
  RINGPROOF_FORWARD(print_all("sprintf_s", buffer, room, format, arguments));
}
int _snprintf_s(char* buffer, std::size_t room, std::size_t most, const char* format, ...) {
  RINGPROOF_FORWARD(print_at_most("_snprintf_s", buffer, room, most, format, arguments));
}
int _scprintf(const char* format, ...) { RINGPROOF_FORWARD(count("_scprintf", format, arguments)); }
int fprintf_s(std::FILE* file, const char* format, ...) {
  RINGPROOF_FORWARD(print("fprintf_s", file, format, arguments));
}
int printf_s(const char* format, ...) { RINGPROOF_FORWARD(print("printf_s", stdout, format, arguments)); }
int _cprintf(const char* format, ...) { RINGPROOF_FORWARD(print("_cprintf", stdout, format, arguments)); }

// ---- wide: to a file it goes as UTF-8 ----

int ringproof_crt_vfwprintf(std::FILE* file, const char16_t* format, va_list arguments) {
  return print("fwprintf", file, format, arguments);
}
int ringproof_crt_vwprintf(const char16_t* format, va_list arguments) {
  return print("wprintf", stdout, format, arguments);
}
int ringproof_crt_vswprintf(char16_t* buffer, std::size_t room, const char16_t* format, va_list arguments) {
  return print_wide("swprintf", buffer, room, format, arguments);
}
int _vsnwprintf(char16_t* buffer, std::size_t room, const char16_t* format, va_list arguments) {
  return print_unterminated("_snwprintf", buffer, room, format, arguments);
}
int vswprintf_s(char16_t* buffer, std::size_t room, const char16_t* format, va_list arguments) {
  return print_all("swprintf_s", buffer, room, format, arguments);
}
int _vsnwprintf_s(char16_t* buffer, std::size_t room, std::size_t most, const char16_t* format,
                  va_list arguments) {
  return print_at_most("_snwprintf_s", buffer, room, most, format, arguments);
}
int _vscwprintf(const char16_t* format, va_list arguments) { return count("_scwprintf", format, arguments); }
int vfwprintf_s(std::FILE* file, const char16_t* format, va_list arguments) {
  return print("fwprintf_s", file, format, arguments);
}
int vwprintf_s(const char16_t* format, va_list arguments) {
  return print("wprintf_s", stdout, format, arguments);
}

int ringproof_crt_fwprintf(std::FILE* file, const char16_t* format, ...) {
  RINGPROOF_FORWARD(print("fwprintf", file, format, arguments));
}
int ringproof_crt_wprintf(const char16_t* format, ...) {
  RINGPROOF_FORWARD(print("wprintf", stdout, format, arguments));
}
int ringproof_crt_swprintf(char16_t* buffer, std::size_t room, const char16_t* format, ...) {
  RINGPROOF_FORWARD(print_wide("swprintf", buffer, room, format, arguments));
}
int _snwprintf(char16_t* buffer, std::size_t room, const char16_t* format, ...) {
  RINGPROOF_FORWARD(print_unterminated("_snwprintf", buffer, room, format, arguments));
}
int swprintf_s(char16_t* buffer, std::size_t room, const char16_t* format, ...) {
  RINGPROOF_FORWARD(print_all("swprintf_s", buffer, room, format, arguments));
}
int _snwprintf_s(char16_t* buffer, std::size_t room, std::size_t most, const char16_t* format, ...) {
  RINGPROOF_FORWARD(print_at_most("_snwprintf_s", buffer, room, most, format, arguments));
}
int _scwprintf(const char16_t* format, ...) { RINGPROOF_FORWARD(count("_scwprintf", format, arguments)); }
int fwprintf_s(std::FILE* file, const char16_t* format, ...) {
  RINGPROOF_FORWARD(print("fwprintf_s", file, format, arguments));
}
int wprintf_s(const char16_t* format, ...) {
  RINGPROOF_FORWARD(print("wprintf_s", stdout, format, arguments));
}

}  // extern "C"
#pragma GCC visibility pop
