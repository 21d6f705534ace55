// Numbers from text and text from numbers; include/ringproof/win32/crt_stdlib.h names the functions.

#include <cerrno>
#include <climits>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>

#include "sim/win32/crt_state.h"
#include "sim/win32/crt_text.h"

namespace {

using ringproof::win32::invalid_parameter;

constexpr std::size_t kNoLimit = static_cast<std::size_t>(-1);

// The digits of `value`, the sign before them. REQUIRES: 2 <= radix <= 36.
std::string digits(std::uint64_t value, bool negative, unsigned radix) {
  std::string text;
  do {
    text.insert(text.begin(), "0123456789abcdefghijklmnopqrstuvwxyz"[value % radix]);
    value /= radix;
  } while (value != 0);
  return negative ? "-" + text : text;
}

// In radix 10 a negative number has a sign; in any other it stands as its `bits` bits.
std::string digits(std::int64_t value, unsigned bits, unsigned radix) {
  if (value < 0 && radix == 10) return digits(-static_cast<std::uint64_t>(value), true, radix);
  const std::uint64_t mask = bits == 64 ? UINT64_MAX : (std::uint64_t{1} << bits) - 1;
  return digits(static_cast<std::uint64_t>(value) & mask, false, radix);
}

template <typename Unit>
int put(const char* function, const std::string& text, Unit* buffer, std::size_t room) {
  const bool fits = buffer != nullptr && text.size() < room;
  if (!fits) {
    if (buffer != nullptr && room > 0) buffer[0] = 0;
    invalid_parameter(function, "the buffer is too small");
    return buffer == nullptr || room == 0 ? EINVAL : ERANGE;
  }
  for (std::size_t i = 0; i <= text.size(); ++i) buffer[i] = static_cast<Unit>(text.c_str()[i]);
  return 0;
}

bool good_radix(const char* function, int radix) {
  if (radix >= 2 && radix <= 36) return true;
  invalid_parameter(function, "the radix is not one of 2 to 36");
  return false;
}

template <typename Unit>
int put_signed(const char* function, std::int64_t value, unsigned bits, Unit* buffer, std::size_t room,
               int radix) {
  if (!good_radix(function, radix)) return EINVAL;
  return put(function, digits(value, bits, static_cast<unsigned>(radix)), buffer, room);
}
template <typename Unit>
int put_unsigned(const char* function, std::uint64_t value, Unit* buffer, std::size_t room, int radix) {
  if (!good_radix(function, radix)) return EINVAL;
  return put(function, digits(value, false, static_cast<unsigned>(radix)), buffer, room);
}

// The beginning of a wide string that may be a number; what is no ASCII never is.
std::string narrow(const char16_t* text) {
  std::string result;
  for (; *text != 0 && *text < 0x80; ++text) result += static_cast<char>(*text);
  return result;
}

// Calls `parse` with the text and where to put the end.
template <typename Parse>
auto parse_wide(const char16_t* text, char16_t** end, Parse parse) {
  const std::string copy = narrow(text);
  char* stopped = nullptr;
  const auto value = parse(copy.c_str(), &stopped);
  if (end != nullptr) *end = const_cast<char16_t*>(text) + (stopped - copy.c_str());
  return value;
}

// A long has 32 bits in the programs, whatever the compiler holds it in.
long clamp(long long value) {
  if (value < INT32_MIN || value > INT32_MAX) {
    errno = ERANGE;
    return value < 0 ? INT32_MIN : INT32_MAX;
  }
  return static_cast<long>(value);
}

long long_of(const char* text, char** end, int radix) { return clamp(std::strtoll(text, end, radix)); }

unsigned long unsigned_of(const char* text, char** end, int radix) {
  const int error = errno;
  errno = 0;
  const auto value = static_cast<long long>(std::strtoull(text, end, radix));
  const bool negative =
      std::string_view(text).substr(0, std::string_view(text).find_first_of("0123456789")).find('-') !=
      std::string_view::npos;
  const unsigned long long size = static_cast<unsigned long long>(negative ? -value : value);
  if (errno == ERANGE || size > UINT32_MAX) {
    errno = ERANGE;
    return UINT32_MAX;
  }
  if (errno == 0) errno = error;
  return static_cast<std::uint32_t>(value);
}

}  // namespace

#pragma GCC visibility push(default)
extern "C" {

char* _itoa(int value, char* buffer, int radix) {
  put_signed("_itoa", value, 32, buffer, kNoLimit, radix);
  return buffer;
}
char* _ltoa(long value, char* buffer, int radix) {
  put_signed("_ltoa", static_cast<std::int32_t>(value), 32, buffer, kNoLimit, radix);
  return buffer;
}
char* _ultoa(unsigned long value, char* buffer, int radix) {
  put_unsigned("_ultoa", static_cast<std::uint32_t>(value), buffer, kNoLimit, radix);
  return buffer;
}
char* _i64toa(long long value, char* buffer, int radix) {
  put_signed("_i64toa", value, 64, buffer, kNoLimit, radix);
  return buffer;
}
char* _ui64toa(unsigned long long value, char* buffer, int radix) {
  put_unsigned("_ui64toa", value, buffer, kNoLimit, radix);
  return buffer;
}
int _itoa_s(int value, char* buffer, std::size_t room, int radix) {
  return put_signed("_itoa_s", value, 32, buffer, room, radix);
}
int _ltoa_s(long value, char* buffer, std::size_t room, int radix) {
  return put_signed("_ltoa_s", static_cast<std::int32_t>(value), 32, buffer, room, radix);
}
int _ultoa_s(unsigned long value, char* buffer, std::size_t room, int radix) {
  return put_unsigned("_ultoa_s", static_cast<std::uint32_t>(value), buffer, room, radix);
}
int _i64toa_s(long long value, char* buffer, std::size_t room, int radix) {
  return put_signed("_i64toa_s", value, 64, buffer, room, radix);
}
int _ui64toa_s(unsigned long long value, char* buffer, std::size_t room, int radix) {
  return put_unsigned("_ui64toa_s", value, buffer, room, radix);
}

char16_t* _itow(int value, char16_t* buffer, int radix) {
  put_signed("_itow", value, 32, buffer, kNoLimit, radix);
  return buffer;
}
char16_t* _ultow(unsigned long value, char16_t* buffer, int radix) {
  put_unsigned("_ultow", static_cast<std::uint32_t>(value), buffer, kNoLimit, radix);
  return buffer;
}
int _itow_s(int value, char16_t* buffer, std::size_t room, int radix) {
  return put_signed("_itow_s", value, 32, buffer, room, radix);
}
int _ltow_s(long value, char16_t* buffer, std::size_t room, int radix) {
  return put_signed("_ltow_s", static_cast<std::int32_t>(value), 32, buffer, room, radix);
}
int _ultow_s(unsigned long value, char16_t* buffer, std::size_t room, int radix) {
  return put_unsigned("_ultow_s", static_cast<std::uint32_t>(value), buffer, room, radix);
}
int _i64tow_s(long long value, char16_t* buffer, std::size_t room, int radix) {
  return put_signed("_i64tow_s", value, 64, buffer, room, radix);
}
int _ui64tow_s(unsigned long long value, char16_t* buffer, std::size_t room, int radix) {
  return put_unsigned("_ui64tow_s", value, buffer, room, radix);
}

long ringproof_crt_strtol(const char* text, char** end, int radix) { return long_of(text, end, radix); }
unsigned long ringproof_crt_strtoul(const char* text, char** end, int radix) {
  return unsigned_of(text, end, radix);
}
long ringproof_crt_atol(const char* text) { return long_of(text, nullptr, 10); }
long long _strtoi64(const char* text, char** end, int radix) { return std::strtoll(text, end, radix); }
unsigned long long _strtoui64(const char* text, char** end, int radix) {
  return std::strtoull(text, end, radix);
}
long long _atoi64(const char* text) { return std::strtoll(text, nullptr, 10); }

long ringproof_crt_wcstol(const char16_t* text, char16_t** end, int radix) {
  return parse_wide(text, end,
                    [&](const char* copy, char** stopped) { return long_of(copy, stopped, radix); });
}
unsigned long ringproof_crt_wcstoul(const char16_t* text, char16_t** end, int radix) {
  return parse_wide(text, end,
                    [&](const char* copy, char** stopped) { return unsigned_of(copy, stopped, radix); });
}
long long ringproof_crt_wcstoll(const char16_t* text, char16_t** end, int radix) {
  return parse_wide(text, end,
                    [&](const char* copy, char** stopped) { return std::strtoll(copy, stopped, radix); });
}
unsigned long long ringproof_crt_wcstoull(const char16_t* text, char16_t** end, int radix) {
  return parse_wide(text, end,
                    [&](const char* copy, char** stopped) { return std::strtoull(copy, stopped, radix); });
}
double ringproof_crt_wcstod(const char16_t* text, char16_t** end) {
  return parse_wide(text, end, [](const char* copy, char** stopped) { return std::strtod(copy, stopped); });
}
float ringproof_crt_wcstof(const char16_t* text, char16_t** end) {
  return parse_wide(text, end, [](const char* copy, char** stopped) { return std::strtof(copy, stopped); });
}
long double ringproof_crt_wcstold(const char16_t* text, char16_t** end) {
  return parse_wide(text, end, [](const char* copy, char** stopped) { return std::strtold(copy, stopped); });
}
long long _wcstoi64(const char16_t* text, char16_t** end, int radix) {
  return ringproof_crt_wcstoll(text, end, radix);
}
unsigned long long _wcstoui64(const char16_t* text, char16_t** end, int radix) {
  return ringproof_crt_wcstoull(text, end, radix);
}
int _wtoi(const char16_t* text) { return static_cast<int>(ringproof_crt_wcstol(text, nullptr, 10)); }
long _wtol(const char16_t* text) { return ringproof_crt_wcstol(text, nullptr, 10); }
long long _wtoi64(const char16_t* text) { return ringproof_crt_wcstoll(text, nullptr, 10); }
double _wtof(const char16_t* text) { return ringproof_crt_wcstod(text, nullptr); }

}  // extern "C"
#pragma GCC visibility pop
