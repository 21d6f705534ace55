// wincommon.h: the Windows part of every XDP header.
// Role     one include that makes the other headers self-contained
// Source   docs of the XDP for Windows API, section "small headers"
//
// Upstream includes the Windows headers only when XDP_INCLUDE_WINCOMMON is defined and otherwise trusts the
// program to have done it. Here a program with the flags for Windows programs gets them either way.
#pragma once

#include "ringproof/app.h"
#include "ringproof/win_types.h"

#if defined(_WIN32) && defined(__has_include)
#if __has_include(<windows.h>)
#include <windows.h>
#endif
#endif
