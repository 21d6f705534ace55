// Between wide and narrow text, and wide text in files; include/ringproof/win32/crt_wide.h names the
// functions.
//
// Wide text has 16-bit units, which the C library does not know: it is UTF-8 wherever the C library sees it.

#include <wchar.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <string>
#include <string_view>

#include "sim/win32/crt_state.h"
#include "sim/win32/crt_text.h"
#include "sim/win32/environment.h"

namespace {

using ringproof::win32::append_utf8;
using ringproof::win32::decode;
using ringproof::win32::host_path;
using ringproof::win32::invalid_parameter;
using ringproof::win32::to_utf16;
using ringproof::win32::to_utf8;

constexpr std::size_t kFailed = static_cast<std::size_t>(-1);
constexpr std::size_t kIncomplete = static_cast<std::size_t>(-2);
constexpr std::size_t kFromState = static_cast<std::size_t>(-3);
constexpr std::size_t kTruncate = static_cast<std::size_t>(-1);
constexpr int kTruncated = 80;  // STRUNCATE
constexpr unsigned kEndOfFile = static_cast<unsigned>(WEOF);

bool is_high(char32_t unit) { return unit >= 0xD800 && unit < 0xDC00; }
bool is_low(char32_t unit) { return unit >= 0xDC00 && unit < 0xE000; }

// The half of a pair that is still to come, kept where the C library keeps the beginning of a character.
std::uint32_t pending(const mbstate_t* state) {
  std::uint32_t unit = 0;
  if (state != nullptr) std::memcpy(&unit, state, sizeof unit);
  return unit;
}
void set_pending(mbstate_t* state, std::uint32_t unit) {
  if (state != nullptr) std::memcpy(state, &unit, sizeof unit);
}

// Reads one character; `*units` holds it, as one or two units. 0, kFailed and kIncomplete as mbrtowc.
std::size_t read_character(const char* text, std::size_t bytes, std::u16string* units) {
  char32_t character = 0;
  bool good = true;
  const std::size_t taken = decode(text, bytes, &character, &good);
  if (taken == 0) return kIncomplete;
  if (!good) {
    errno = EILSEQ;
    return kFailed;
  }
  ringproof::win32::append_utf16(*units, character);
  return taken;
}

template <typename Unit>
std::size_t fill(std::basic_string_view<Unit> text, Unit* target, std::size_t room) {
  if (target == nullptr) return text.size();
  const std::size_t kept = text.copy(target, room);
  if (kept < room) target[kept] = 0;
  return kept;
}

// mbstowcs_s and wcstombs_s: `*converted` counts the terminator.
template <typename Unit>
int convert_all(const char* function, std::size_t* converted, Unit* target, std::size_t room,
                std::basic_string<Unit> text, std::size_t most) {
  if (converted != nullptr) *converted = 0;
  const bool cut_to_room = most == kTruncate;
  if (text.size() > most) text.resize(most);
  if (target != nullptr) {
    if (room == 0 || (text.size() >= room && !cut_to_room)) {
      if (room > 0) target[0] = 0;
      invalid_parameter(function, "the buffer is too small");
      return ERANGE;
    }
    const bool cut = text.size() >= room;
    if (cut) text.resize(room - 1);
    text.copy(target, text.size());
    target[text.size()] = 0;
    if (converted != nullptr) *converted = text.size() + 1;
    return cut ? kTruncated : 0;
  }
  if (converted != nullptr) *converted = text.size() + 1;
  return 0;
}

// Text mode and encodings are Windows' business.
std::string plain_mode(std::string_view mode) {
  std::string result;
  for (const char letter : mode.substr(0, mode.find(','))) {
    if (std::string_view("rwab+x").find(letter) != std::string_view::npos) result += letter;
  }
  return result;
}

int open_file(const char* function, std::FILE** file, const std::string& name, const std::string& mode) {
  if (file == nullptr) {
    invalid_parameter(function, "no place for the file");
    return EINVAL;
  }
  *file = std::fopen(host_path(name).c_str(), plain_mode(mode).c_str());
  return *file == nullptr ? errno : 0;
}

unsigned read_unit(std::FILE* file) {
  std::string bytes;
  for (int i = 0; i < 4; ++i) {
    const int byte = std::getc(file);
    if (byte == EOF) break;
    bytes += static_cast<char>(byte);
    char32_t character = 0;
    bool good = true;
    if (decode(bytes.data(), bytes.size(), &character, &good) == 0) continue;
    // A character of two units cannot be read as one.
    return good && character < 0x10000 ? character : 0xFFFD;
  }
  return bytes.empty() ? kEndOfFile : 0xFFFD;
}

unsigned write_unit(unsigned unit, std::FILE* file) {
  const auto value = static_cast<char16_t>(unit);
  const std::string bytes = to_utf8(std::u16string_view(&value, 1));
  return std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size() ? value : kEndOfFile;
}

}  // namespace

#pragma GCC visibility push(default)
extern "C" {

// ---- characters ----

std::size_t ringproof_crt_mbrtowc(char16_t* unit, const char* text, std::size_t bytes, mbstate_t* state) {
  if (const std::uint32_t second = pending(state); second != 0 && text != nullptr) {
    if (unit != nullptr) *unit = static_cast<char16_t>(second);
    set_pending(state, 0);
    return kFromState;
  }
  if (text == nullptr) {
    set_pending(state, 0);
    return 0;
  }
  std::u16string units;
  const std::size_t taken = read_character(text, bytes, &units);
  if (taken == kFailed || taken == kIncomplete) return taken;
  if (unit != nullptr) *unit = units[0];
  if (units.size() == 2) set_pending(state, units[1]);
  return units[0] == 0 ? 0 : taken;
}
std::size_t ringproof_crt_mbrlen(const char* text, std::size_t bytes, mbstate_t* state) {
  return ringproof_crt_mbrtowc(nullptr, text, bytes, state);
}
int ringproof_crt_mbsinit(const mbstate_t* state) { return pending(state) == 0 ? 1 : 0; }
std::size_t ringproof_crt_wcrtomb(char* text, char16_t unit, mbstate_t* state) {
  const std::uint32_t first = pending(state);
  set_pending(state, 0);
  if (text == nullptr) return 1;
  if (is_high(unit) && first == 0 && state != nullptr) {
    set_pending(state, unit);
    return 0;
  }
  std::u16string units;
  if (first != 0) units += static_cast<char16_t>(first);
  units += unit;
  if ((first != 0) != is_low(unit) || (first == 0 && is_high(unit))) {
    errno = EILSEQ;
    return kFailed;
  }
  const std::string bytes = to_utf8(units);
  bytes.copy(text, bytes.size());
  return bytes.size();
}
int ringproof_crt_mbtowc(char16_t* unit, const char* text, std::size_t bytes) {
  if (text == nullptr) return 0;
  mbstate_t state = {};
  const std::size_t taken = ringproof_crt_mbrtowc(unit, text, bytes, &state);
  return taken == kIncomplete ? -1 : static_cast<int>(taken);
}
int ringproof_crt_wctomb(char* text, char16_t unit) {
  return text == nullptr ? 0 : static_cast<int>(ringproof_crt_wcrtomb(text, unit, nullptr));
}
unsigned ringproof_crt_btowc(int byte) {
  return byte >= 0 && byte < 0x80 ? static_cast<unsigned>(byte) : kEndOfFile;
}
int ringproof_crt_wctob(unsigned unit) { return unit < 0x80 ? static_cast<int>(unit) : EOF; }

// ---- strings ----

std::size_t ringproof_crt_mbstowcs(char16_t* target, const char* text, std::size_t room) {
  return fill<char16_t>(to_utf16(text), target, room);
}
std::size_t ringproof_crt_wcstombs(char* target, const char16_t* text, std::size_t room) {
  return fill<char>(to_utf8(text), target, room);
}
std::size_t ringproof_crt_mbsrtowcs(char16_t* target, const char** text, std::size_t room, mbstate_t*) {
  const std::u16string wide = to_utf16(*text);
  const std::size_t units = fill<char16_t>(wide, target, room);
  if (target != nullptr) *text = units < room ? nullptr : *text + to_utf8(wide.substr(0, units)).size();
  return units;
}
std::size_t ringproof_crt_wcsrtombs(char* target, const char16_t** text, std::size_t room, mbstate_t*) {
  if (target == nullptr) return to_utf8(*text).size();
  std::size_t bytes = 0;
  const std::u16string_view all(*text);
  for (std::size_t i = 0; i < all.size();) {
    const std::size_t units = is_high(all[i]) && i + 1 < all.size() && is_low(all[i + 1]) ? 2 : 1;
    const std::string character = to_utf8(all.substr(i, units));
    if (bytes + character.size() > room) {
      *text += i;
      return bytes;
    }
    character.copy(target + bytes, character.size());
    bytes += character.size();
    i += units;
  }
  if (bytes == room) {
    *text += all.size();
    return bytes;
  }
  target[bytes] = 0;
  *text = nullptr;
  return bytes;
}
int mbstowcs_s(std::size_t* converted, char16_t* target, std::size_t room, const char* text,
               std::size_t most) {
  return convert_all<char16_t>("mbstowcs_s", converted, target, room, to_utf16(text), most);
}
int wcstombs_s(std::size_t* converted, char* target, std::size_t room, const char16_t* text,
               std::size_t most) {
  return convert_all<char>("wcstombs_s", converted, target, room, to_utf8(text), most);
}

// ---- files ----

int ringproof_crt_fputws(const char16_t* text, std::FILE* file) {
  const std::string bytes = to_utf8(text);
  return std::fwrite(bytes.data(), 1, bytes.size(), file) == bytes.size() ? 0 : -1;
}
int _putws(const char16_t* text) {
  return ringproof_crt_fputws((std::u16string(text) + u'\n').c_str(), stdout);
}
unsigned ringproof_crt_fputwc(char16_t unit, std::FILE* file) { return write_unit(unit, file); }
unsigned ringproof_crt_putwchar(char16_t unit) { return write_unit(unit, stdout); }
unsigned ringproof_crt_fgetwc(std::FILE* file) { return read_unit(file); }
unsigned ringproof_crt_getwchar() { return read_unit(stdin); }
// Read again it is the same unit.
unsigned ringproof_crt_ungetwc(unsigned unit, std::FILE* file) {
  if (unit == kEndOfFile) return kEndOfFile;
  const auto value = static_cast<char16_t>(unit);
  const std::string bytes = to_utf8(std::u16string_view(&value, 1));
  for (std::size_t i = bytes.size(); i-- > 0;) {
    if (std::ungetc(static_cast<unsigned char>(bytes[i]), file) == EOF) return kEndOfFile;
  }
  return unit;
}
char16_t* ringproof_crt_fgetws(char16_t* target, int room, std::FILE* file) {
  int units = 0;
  while (units + 1 < room) {
    const unsigned unit = read_unit(file);
    if (unit == kEndOfFile) break;
    target[units++] = static_cast<char16_t>(unit);
    if (unit == u'\n') break;
  }
  if (units == 0) return nullptr;
  target[units] = 0;
  return target;
}
int ringproof_crt_fwide(std::FILE*, int mode) { return mode; }

int fopen_s(std::FILE** file, const char* name, const char* mode) {
  return open_file("fopen_s", file, name, mode);
}
int _wfopen_s(std::FILE** file, const char16_t* name, const char16_t* mode) {
  return open_file("_wfopen_s", file, to_utf8(name), to_utf8(mode));
}
std::FILE* _fsopen(const char* name, const char* mode, int) {
  return std::fopen(host_path(name).c_str(), plain_mode(mode).c_str());
}
std::FILE* _wfopen(const char16_t* name, const char16_t* mode) {
  return std::fopen(host_path(name).c_str(), plain_mode(to_utf8(mode)).c_str());
}
std::FILE* _wfsopen(const char16_t* name, const char16_t* mode, int) { return _wfopen(name, mode); }
int freopen_s(std::FILE** file, const char* name, const char* mode, std::FILE* old) {
  *file = std::freopen(host_path(name).c_str(), plain_mode(mode).c_str(), old);
  return *file == nullptr ? errno : 0;
}

std::size_t ringproof_crt_wcsftime(char16_t* target, std::size_t room, const char16_t* format,
                                   const struct tm* time) {
  // A character takes four bytes at most.
  std::string bytes(room * 4 + 1, '\0');
  bytes.resize(std::strftime(bytes.data(), bytes.size(), to_utf8(format).c_str(), time));
  const std::u16string text = to_utf16(bytes);
  if (room == 0 || text.size() >= room) return 0;
  return fill<char16_t>(text, target, room);
}

}  // extern "C"
#pragma GCC visibility pop
