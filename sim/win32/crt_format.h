// crt_format.h: Microsoft's format language of printf, translated for the C library.
// Role     each conversion is rewritten and given to snprintf of the C library; text conversions are done
//          here, because wide text has 16-bit units and the C library's has not
// Shapes   Unit is char (UTF-8) or char16_t (UTF-16); %s means text of the same units, %S of the other kind
// Errors   no text at all: %n, or a string that needs more memory than there is
// Source   Windows: format specification syntax of printf and wprintf; docs/windows-programs.md
//
// What differs from the C library: %ld, %lu, %lx have 32 bits; %I64, %I32, %I; %ws, %ls, %hs, %S; %p prints
// 16 upper-case digits.
#pragma once

#include <cstdarg>
#include <optional>
#include <string>

namespace ringproof::win32 {

template <typename Unit>
using Text = std::basic_string<Unit>;

// `arguments` is left as va_arg leaves it.
template <typename Unit>
std::optional<Text<Unit>> format_text(const Unit* format, va_list arguments);

extern template std::optional<std::string> format_text(const char* format, va_list arguments);
extern template std::optional<std::u16string> format_text(const char16_t* format, va_list arguments);

}  // namespace ringproof::win32
