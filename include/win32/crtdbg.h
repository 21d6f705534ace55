// crtdbg.h: the debug half of Microsoft's C runtime.
// Role     assertions end the program; reports and heap checks of a debug build do nothing, as in a release
//          build
// Source   Windows: crtdbg.h
#pragma once

#include <assert.h>

#include "ringproof/win32/crt_stdlib.h"

#define _CRT_WARN 0
#define _CRT_ERROR 1
#define _CRT_ASSERT 2
#define _CRT_ERRCNT 3
#define _CRTDBG_MODE_FILE 0x1
#define _CRTDBG_MODE_DEBUG 0x2
#define _CRTDBG_MODE_WNDW 0x4
#define _CRTDBG_REPORT_MODE (-1)
#define _CRTDBG_FILE_STDOUT ((void*)(intptr_t)-4)
#define _CRTDBG_FILE_STDERR ((void*)(intptr_t)-5)
#define _CRTDBG_ALLOC_MEM_DF 0x01
#define _CRTDBG_DELAY_FREE_MEM_DF 0x02
#define _CRTDBG_CHECK_ALWAYS_DF 0x04
#define _CRTDBG_LEAK_CHECK_DF 0x20
#define _CRTDBG_REPORT_FLAG (-1)

#define _CrtSetReportMode(type, mode) ((void)(type), (void)(mode), 0)
#define _CrtSetReportFile(type, file) ((void)(type), (void)(file), (void*)0)
#define _CrtSetReportHook(hook) ((void)(hook), (void*)0)
#define _CrtSetReportHook2(mode, hook) ((void)(mode), (void)(hook), 0)
#define _CrtSetDbgFlag(flag) ((void)(flag), 0)
#define _CrtSetBreakAlloc(number) ((void)(number), 0L)
#define _CrtDumpMemoryLeaks() 0
#define _CrtCheckMemory() 1
#define _CrtDbgBreak() __builtin_trap()

#define _ASSERT(condition) assert(condition)
#define _ASSERTE(condition) assert(condition)
#define _ASSERT_EXPR(condition, message) assert(condition)
#define _RPT0(type, message) ((void)0)
#define _RPT1(type, message, a) ((void)0)
#define _RPTF0(type, message) ((void)0)
