// names.h: names of objects as programs give them, in either width.
// Source   Windows: object names
#pragma once

#include <ringproof/win_types.h>

#include <string>

namespace ringproof {

// Of ASCII or Latin-1; empty for NULL.
inline std::u16string wide_name(const CHAR* name) {
  std::u16string wide;
  for (; name != nullptr && *name != 0; ++name) wide += static_cast<char16_t>(static_cast<UCHAR>(*name));
  return wide;
}
inline std::u16string wide_name(const WCHAR* name) {
  std::u16string wide;
  for (; name != nullptr && *name != 0; ++name) wide += static_cast<char16_t>(*name);
  return wide;
}

}  // namespace ringproof
