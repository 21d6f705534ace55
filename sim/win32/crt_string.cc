// Microsoft's string functions, of bytes and of UTF-16 units; include/ringproof/win32/crt_string.h names
// them.
//
// A secure function that is given too little room empties the target and calls the handler of invalid
// parameters, which ends the program unless it has one of its own.

#include <cerrno>
#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>
#include <utility>

#include "sim/win32/crt_state.h"

namespace {

using ringproof::win32::invalid_parameter;

constexpr std::size_t kTruncate = static_cast<std::size_t>(-1);
constexpr int kTruncated = 80;  // STRUNCATE

template <typename Unit>
std::size_t length(const Unit* text) {
  std::size_t units = 0;
  while (text[units] != 0) ++units;
  return units;
}

template <typename Unit>
std::size_t length(const Unit* text, std::size_t most) {
  std::size_t units = 0;
  while (units < most && text[units] != 0) ++units;
  return units;
}

// The letters of English alone, as in the locale that a program starts with.
template <typename Unit>
Unit lower(Unit unit) {
  return unit >= 'A' && unit <= 'Z' ? static_cast<Unit>(unit - 'A' + 'a') : unit;
}
template <typename Unit>
Unit upper(Unit unit) {
  return unit >= 'a' && unit <= 'z' ? static_cast<Unit>(unit - 'a' + 'A') : unit;
}

template <typename Unit>
unsigned number_of(Unit unit) {
  return sizeof(Unit) == 1 ? static_cast<unsigned char>(unit) : static_cast<char16_t>(unit);
}

template <typename Unit>
int compare(const Unit* a, const Unit* b, std::size_t most, bool fold) {
  for (std::size_t i = 0; i < most; ++i) {
    const int first = static_cast<int>(number_of(fold ? lower(a[i]) : a[i]));
    const int second = static_cast<int>(number_of(fold ? lower(b[i]) : b[i]));
    if (first != second || first == 0) return first - second;
  }
  return 0;
}

template <typename Unit, typename Change>
Unit* change_all(Unit* text, Change change) {
  for (Unit* at = text; *at != 0; ++at) *at = change(*at);
  return text;
}

template <typename Unit, typename Change>
int change_all(const char* function, Unit* text, std::size_t room, Change change) {
  if (text == nullptr || length(text, room) == room) {
    if (text != nullptr && room > 0) text[0] = 0;
    invalid_parameter(function, "the string is not terminated");
    return EINVAL;
  }
  change_all(text, change);
  return 0;
}

template <typename Unit>
Unit* reverse(Unit* text) {
  for (std::size_t i = 0, j = length(text); i + 1 < j; ++i) std::swap(text[i], text[--j]);
  return text;
}

template <typename Unit>
Unit* duplicate(const Unit* text) {
  if (text == nullptr) return nullptr;
  const std::size_t bytes = (length(text) + 1) * sizeof(Unit);
  auto* copy = static_cast<Unit*>(std::malloc(bytes));
  if (copy != nullptr) std::memcpy(copy, text, bytes);
  return copy;
}

template <typename Unit>
Unit* set_all(Unit* text, Unit unit, std::size_t most) {
  for (std::size_t i = 0; i < most && text[i] != 0; ++i) text[i] = unit;
  return text;
}

template <typename Unit>
int refuse(const char* function, Unit* target, std::size_t room, int error) {
  if (target != nullptr && room > 0) target[0] = 0;
  invalid_parameter(function, error == ERANGE ? "the buffer is too small" : "no buffer or no string");
  return error;
}

// At most `most` units of `source` go to `target` + `begin`.
template <typename Unit>
int copy_to(const char* function, Unit* target, std::size_t room, std::size_t begin, const Unit* source,
            std::size_t most) {
  if (target == nullptr || room == 0) return refuse(function, target, room, EINVAL);
  if (source == nullptr) return most == 0 ? (target[begin] = 0, 0) : refuse(function, target, room, EINVAL);
  const std::size_t free_units = room - begin;
  const std::size_t units = length(source, most < free_units ? most : free_units);
  if (units == free_units) {
    if (most != kTruncate) return refuse(function, target, room, ERANGE);
    std::memmove(target + begin, source, (units - 1) * sizeof(Unit));
    target[room - 1] = 0;
    return kTruncated;
  }
  std::memmove(target + begin, source, units * sizeof(Unit));
  target[begin + units] = 0;
  return 0;
}

template <typename Unit>
int append_to(const char* function, Unit* target, std::size_t room, const Unit* source, std::size_t most) {
  if (target == nullptr || room == 0) return refuse(function, target, room, EINVAL);
  const std::size_t begin = length(target, room);
  if (begin == room) return refuse(function, target, room, EINVAL);
  return copy_to(function, target, room, begin, source, most);
}

// strcpy_s and strcat_s have no _TRUNCATE.
constexpr std::size_t kWhole = kTruncate - 1;

template <typename Unit>
Unit* next_token(Unit* text, const Unit* delimiters, Unit** context) {
  if (context == nullptr || delimiters == nullptr || (text == nullptr && *context == nullptr)) {
    invalid_parameter("strtok_s", "no string");
    errno = EINVAL;
    return nullptr;
  }
  const std::basic_string_view<Unit> ends(delimiters, length(delimiters));
  Unit* at = text != nullptr ? text : *context;
  while (*at != 0 && ends.find(*at) != ends.npos) ++at;
  Unit* token = at;
  while (*at != 0 && ends.find(*at) == ends.npos) ++at;
  *context = at;
  if (*at != 0) {
    *at = 0;
    *context = at + 1;
  }
  return token == at ? nullptr : token;
}

int copy_memory(const char* function, void* target, std::size_t room, const void* source, std::size_t bytes,
                bool clear) {
  if (bytes == 0) return 0;
  if (target == nullptr || source == nullptr || bytes > room) {
    if (target != nullptr && clear) std::memset(target, 0, room);
    const int error = target == nullptr || source == nullptr ? EINVAL : ERANGE;
    invalid_parameter(function, error == ERANGE ? "the buffer is too small" : "no buffer");
    return error;
  }
  std::memmove(target, source, bytes);
  return 0;
}

}  // namespace

#pragma GCC visibility push(default)
extern "C" {

// ---- bytes ----

int _stricmp(const char* a, const char* b) { return compare(a, b, SIZE_MAX, true); }
int _strnicmp(const char* a, const char* b, std::size_t most) { return compare(a, b, most, true); }
int _memicmp(const void* a, const void* b, std::size_t bytes) {
  const auto* first = static_cast<const unsigned char*>(a);
  const auto* second = static_cast<const unsigned char*>(b);
  for (std::size_t i = 0; i < bytes; ++i) {
    const int difference = lower(first[i]) - lower(second[i]);
    if (difference != 0) return difference;
  }
  return 0;
}
char* _strdup(const char* text) { return duplicate(text); }
char* _strupr(char* text) { return change_all(text, upper<char>); }
char* _strlwr(char* text) { return change_all(text, lower<char>); }
int _strupr_s(char* text, std::size_t room) { return change_all("_strupr_s", text, room, upper<char>); }
int _strlwr_s(char* text, std::size_t room) { return change_all("_strlwr_s", text, room, lower<char>); }
char* _strrev(char* text) { return reverse(text); }
char* _strset(char* text, int unit) { return set_all(text, static_cast<char>(unit), SIZE_MAX); }
char* _strnset(char* text, int unit, std::size_t most) {
  return set_all(text, static_cast<char>(unit), most);
}
std::size_t strnlen_s(const char* text, std::size_t most) { return text == nullptr ? 0 : length(text, most); }
int strcpy_s(char* target, std::size_t room, const char* source) {
  return copy_to("strcpy_s", target, room, 0, source, kWhole);
}
int strncpy_s(char* target, std::size_t room, const char* source, std::size_t most) {
  if (target == nullptr && room == 0 && most == 0) return 0;
  return copy_to("strncpy_s", target, room, 0, source, most);
}
int strcat_s(char* target, std::size_t room, const char* source) {
  return append_to("strcat_s", target, room, source, kWhole);
}
int strncat_s(char* target, std::size_t room, const char* source, std::size_t most) {
  if (target == nullptr && room == 0 && most == 0) return 0;
  return append_to("strncat_s", target, room, source, most);
}
char* strtok_s(char* text, const char* delimiters, char** context) {
  return next_token(text, delimiters, context);
}
int memcpy_s(void* target, std::size_t room, const void* source, std::size_t bytes) {
  return copy_memory("memcpy_s", target, room, source, bytes, true);
}
int memmove_s(void* target, std::size_t room, const void* source, std::size_t bytes) {
  return copy_memory("memmove_s", target, room, source, bytes, false);
}
int strerror_s(char* buffer, std::size_t room, int error) {
  if (buffer == nullptr || room == 0) return refuse("strerror_s", buffer, room, EINVAL);
  char text[128];
  copy_to("strerror_s", buffer, room, 0, strerror_r(error, text, sizeof text), kTruncate);
  return 0;
}

// ---- UTF-16 ----

std::size_t ringproof_crt_wcslen(const char16_t* text) { return length(text); }
std::size_t ringproof_crt_wcsnlen(const char16_t* text, std::size_t most) { return length(text, most); }
std::size_t wcsnlen_s(const char16_t* text, std::size_t most) {
  return text == nullptr ? 0 : length(text, most);
}
char16_t* ringproof_crt_wcscpy(char16_t* target, const char16_t* source) {
  std::memcpy(target, source, (length(source) + 1) * sizeof(char16_t));
  return target;
}
char16_t* ringproof_crt_wcsncpy(char16_t* target, const char16_t* source, std::size_t most) {
  const std::size_t units = length(source, most);
  std::memcpy(target, source, units * sizeof(char16_t));
  std::memset(target + units, 0, (most - units) * sizeof(char16_t));
  return target;
}
char16_t* ringproof_crt_wcscat(char16_t* target, const char16_t* source) {
  ringproof_crt_wcscpy(target + length(target), source);
  return target;
}
char16_t* ringproof_crt_wcsncat(char16_t* target, const char16_t* source, std::size_t most) {
  char16_t* end = target + length(target);
  const std::size_t units = length(source, most);
  std::memcpy(end, source, units * sizeof(char16_t));
  end[units] = 0;
  return target;
}
int ringproof_crt_wcscmp(const char16_t* a, const char16_t* b) { return compare(a, b, SIZE_MAX, false); }
int ringproof_crt_wcsncmp(const char16_t* a, const char16_t* b, std::size_t most) {
  return compare(a, b, most, false);
}
int _wcsicmp(const char16_t* a, const char16_t* b) { return compare(a, b, SIZE_MAX, true); }
int _wcsnicmp(const char16_t* a, const char16_t* b, std::size_t most) { return compare(a, b, most, true); }
std::size_t ringproof_crt_wcsxfrm(char16_t* target, const char16_t* source, std::size_t most) {
  const std::size_t units = length(source);
  if (units < most) ringproof_crt_wcscpy(target, source);
  return units;
}
char16_t* _wcsdup(const char16_t* text) { return duplicate(text); }
char16_t* _wcsupr(char16_t* text) { return change_all(text, upper<char16_t>); }
char16_t* _wcslwr(char16_t* text) { return change_all(text, lower<char16_t>); }
int _wcsupr_s(char16_t* text, std::size_t room) {
  return change_all("_wcsupr_s", text, room, upper<char16_t>);
}
int _wcslwr_s(char16_t* text, std::size_t room) {
  return change_all("_wcslwr_s", text, room, lower<char16_t>);
}
char16_t* _wcsrev(char16_t* text) { return reverse(text); }
const char16_t* ringproof_crt_wcschr(const char16_t* text, char16_t unit) {
  for (;; ++text) {
    if (*text == unit) return text;
    if (*text == 0) return nullptr;
  }
}
const char16_t* ringproof_crt_wcsrchr(const char16_t* text, char16_t unit) {
  for (std::size_t i = length(text) + 1; i-- > 0;) {
    if (text[i] == unit) return text + i;
  }
  return nullptr;
}
const char16_t* ringproof_crt_wcsstr(const char16_t* text, const char16_t* wanted) {
  const std::size_t at = std::u16string_view(text).find(wanted);
  return at == std::u16string_view::npos ? nullptr : text + at;
}
std::size_t ringproof_crt_wcsspn(const char16_t* text, const char16_t* accepted) {
  const std::size_t at = std::u16string_view(text).find_first_not_of(accepted);
  return at == std::u16string_view::npos ? length(text) : at;
}
std::size_t ringproof_crt_wcscspn(const char16_t* text, const char16_t* refused) {
  const std::size_t at = std::u16string_view(text).find_first_of(refused);
  return at == std::u16string_view::npos ? length(text) : at;
}
const char16_t* ringproof_crt_wcspbrk(const char16_t* text, const char16_t* wanted) {
  const std::size_t at = std::u16string_view(text).find_first_of(wanted);
  return at == std::u16string_view::npos ? nullptr : text + at;
}
char16_t* ringproof_crt_wcstok(char16_t* text, const char16_t* delimiters, char16_t** context) {
  if (text == nullptr && *context == nullptr) return nullptr;
  return next_token(text, delimiters, context);
}
char16_t* wcstok_s(char16_t* text, const char16_t* delimiters, char16_t** context) {
  return next_token(text, delimiters, context);
}
int wcscpy_s(char16_t* target, std::size_t room, const char16_t* source) {
  return copy_to("wcscpy_s", target, room, 0, source, kWhole);
}
int wcsncpy_s(char16_t* target, std::size_t room, const char16_t* source, std::size_t most) {
  if (target == nullptr && room == 0 && most == 0) return 0;
  return copy_to("wcsncpy_s", target, room, 0, source, most);
}
int wcscat_s(char16_t* target, std::size_t room, const char16_t* source) {
  return append_to("wcscat_s", target, room, source, kWhole);
}
int wcsncat_s(char16_t* target, std::size_t room, const char16_t* source, std::size_t most) {
  if (target == nullptr && room == 0 && most == 0) return 0;
  return append_to("wcsncat_s", target, room, source, most);
}
char16_t* ringproof_crt_wmemcpy(char16_t* target, const char16_t* source, std::size_t units) {
  return static_cast<char16_t*>(std::memcpy(target, source, units * sizeof(char16_t)));
}
char16_t* ringproof_crt_wmemmove(char16_t* target, const char16_t* source, std::size_t units) {
  return static_cast<char16_t*>(std::memmove(target, source, units * sizeof(char16_t)));
}
char16_t* ringproof_crt_wmemset(char16_t* target, char16_t unit, std::size_t units) {
  for (std::size_t i = 0; i < units; ++i) target[i] = unit;
  return target;
}
int ringproof_crt_wmemcmp(const char16_t* a, const char16_t* b, std::size_t units) {
  for (std::size_t i = 0; i < units; ++i) {
    if (a[i] != b[i]) return a[i] < b[i] ? -1 : 1;
  }
  return 0;
}
const char16_t* ringproof_crt_wmemchr(const char16_t* text, char16_t unit, std::size_t units) {
  for (std::size_t i = 0; i < units; ++i) {
    if (text[i] == unit) return text + i;
  }
  return nullptr;
}

}  // extern "C"
#pragma GCC visibility pop
