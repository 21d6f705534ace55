// crt_text.h: UTF-8 and UTF-16, between which the C runtime of Windows programs converts.
// Role     narrow text of an application is UTF-8, its wide text UTF-16; nothing here depends on a locale
// Errors   what is no text becomes U+FFFD: a byte that begins no character, half of a surrogate pair
// Source   docs/windows-programs.md
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace ringproof::win32 {

std::u16string to_utf16(std::string_view text);
std::string to_utf8(std::u16string_view text);

// Reads one character, of at most `bytes` bytes, and says how many it took: 0 when there are too few. `*good`
// is false where U+FFFD stands for something else.
std::size_t decode(const char* text, std::size_t bytes, char32_t* character, bool* good);
void append_utf8(std::string& text, char32_t character);
void append_utf16(std::u16string& text, char32_t character);

}  // namespace ringproof::win32
