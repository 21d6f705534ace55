// windows.h: the Windows names that programs of this kind use, on the simulated machine.
// Role     one include for a program written for Windows; docs/windows-programs.md has the list
// Source   Windows API reference
#pragma once

#include <ctype.h>

#include "ringproof/app.h"
#include "ringproof/win32/atomics.h"
#include "ringproof/win32/base.h"
#include "ringproof/win32/crt_intrin.h"
#include "ringproof/win32/errors.h"
#include "ringproof/win32/files.h"
#include "ringproof/win32/handles.h"
#include "ringproof/win32/memory.h"
#include "ringproof/win32/pipes.h"
#include "ringproof/win32/process.h"
#include "ringproof/win32/processors.h"
#include "ringproof/win32/rights.h"
#include "ringproof/win32/rtl.h"
#include "ringproof/win32/slists.h"
#include "ringproof/win32/status.h"
#include "ringproof/win32/sync.h"
#include "ringproof/win32/threads.h"
#include "ringproof/win32/timers.h"
#include "sdkddkver.h"

#ifndef WIN32_LEAN_AND_MEAN
#include "winsock.h"
#endif
