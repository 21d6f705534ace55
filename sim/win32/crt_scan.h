// crt_scan.h: Microsoft's format language of scanf, translated for the C library.
// Role     each conversion is rewritten and given to sscanf or fscanf of the C library; what it reads as text
//          is kept first and then stored as the format asks
// Shapes   %s, %c, %[ of a secure call take the size of the target as a second argument [units, an unsigned]
// Errors   the number of fields stored, or EOF when the input ends before the first; text that does not fit a
//          sized target ends the call, and leaves the target empty
// Source   Windows: format specification fields of scanf; docs/windows-programs.md
#pragma once

#include <cstdarg>
#include <cstdio>

namespace ringproof::win32 {

struct ScanRules {
  bool sizes = false;  // scanf_s: text targets come with their size
  bool wide = false;   // %s, %c, %[ store UTF-16 unless the format says otherwise
};

int scan_text(const char* text, const char* format, const ScanRules& rules, va_list arguments);
int scan_file(std::FILE* file, const char* format, const ScanRules& rules, va_list arguments);

}  // namespace ringproof::win32
