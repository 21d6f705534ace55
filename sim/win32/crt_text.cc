#include "sim/win32/crt_text.h"

namespace ringproof::win32 {
namespace {

constexpr char32_t kReplacement = 0xFFFD;
constexpr char32_t kCharacterMax = 0x10FFFF;

bool is_high(char32_t unit) { return unit >= 0xD800 && unit < 0xDC00; }
bool is_low(char32_t unit) { return unit >= 0xDC00 && unit < 0xE000; }

// Bytes of the character that begins so, 0 when none does.
std::size_t length_of(unsigned char first) {
  if (first < 0x80) return 1;
  if (first >= 0xC2 && first < 0xE0) return 2;
  if (first >= 0xE0 && first < 0xF0) return 3;
  if (first >= 0xF0 && first < 0xF5) return 4;
  return 0;
}

}  // namespace

std::size_t decode(const char* text, std::size_t bytes, char32_t* character, bool* good) {
  *good = true;
  if (bytes == 0) return 0;
  const auto first = static_cast<unsigned char>(text[0]);
  const std::size_t length = length_of(first);
  *character = length == 1 ? first : kReplacement;
  if (length == 1) return 1;
  *good = false;
  if (length == 0) return 1;
  constexpr char32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};
  char32_t value = first & (0xFFu >> (length + 1));
  for (std::size_t i = 1; i < length; ++i) {
    if (i == bytes) return 0;
    const auto next = static_cast<unsigned char>(text[i]);
    if ((next & 0xC0) != 0x80) return i;
    value = (value << 6) | (next & 0x3Fu);
  }
  if (value < kSmallest[length] || value > kCharacterMax || is_high(value) || is_low(value)) return length;
  *good = true;
  *character = value;
  return length;
}

void append_utf8(std::string& text, char32_t character) {
  const auto byte = [&](char32_t value) { text += static_cast<char>(static_cast<unsigned char>(value)); };
  if (character < 0x80) {
    byte(character);
  } else if (character < 0x800) {
    byte(0xC0 | (character >> 6));
    byte(0x80 | (character & 0x3F));
  } else if (character < 0x10000) {
    byte(0xE0 | (character >> 12));
    byte(0x80 | ((character >> 6) & 0x3F));
    byte(0x80 | (character & 0x3F));
  } else {
    byte(0xF0 | (character >> 18));
    byte(0x80 | ((character >> 12) & 0x3F));
    byte(0x80 | ((character >> 6) & 0x3F));
    byte(0x80 | (character & 0x3F));
  }
}

void append_utf16(std::u16string& text, char32_t character) {
  if (character < 0x10000) {
    text += static_cast<char16_t>(character);
    return;
  }
  text += static_cast<char16_t>(0xD800 + ((character - 0x10000) >> 10));
  text += static_cast<char16_t>(0xDC00 + ((character - 0x10000) & 0x3FF));
}

std::u16string to_utf16(std::string_view text) {
  std::u16string result;
  while (!text.empty()) {
    char32_t character = kReplacement;
    bool good = false;
    const std::size_t taken = decode(text.data(), text.size(), &character, &good);
    append_utf16(result, character);
    if (taken == 0) break;
    text.remove_prefix(taken);
  }
  return result;
}

std::string to_utf8(std::u16string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const char32_t unit = text[i];
    if (is_high(unit) && i + 1 < text.size() && is_low(text[i + 1])) {
      append_utf8(result, 0x10000 + ((unit - 0xD800) << 10) + (text[i + 1] - 0xDC00));
      ++i;
    } else {
      append_utf8(result, is_high(unit) || is_low(unit) ? kReplacement : unit);
    }
  }
  return result;
}

}  // namespace ringproof::win32
