// wincommon.h: the Windows part of every XDP header.
// Role     one include that makes the other headers self-contained
// Source   docs of the XDP for Windows API, section "small headers"
//
// Upstream includes the Windows headers only when XDP_INCLUDE_WINCOMMON is defined and otherwise trusts the
// program to have done it. There are none to include first on Linux, so the macro has no effect here.
#pragma once

#include "ringproof/app.h"
#include "ringproof/win_types.h"
