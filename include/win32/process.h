// process.h: threads and the process as Microsoft's C runtime has them.
// Role     threads begin by way of CreateThread
// Errors   _beginthreadex: 0 when there is no thread; _beginthread: -1
// Source   Windows: process and environment control
#pragma once

#include <stdlib.h>
#include <unistd.h>

#include "ringproof/win32/crt_base.h"

RINGPROOF_C_BEGIN

typedef unsigned (*_beginthreadex_proc_type)(void* argument);
typedef void (*_beginthread_proc_type)(void* argument);

// A handle, which is to be closed.
RINGPROOF_API uintptr_t _beginthreadex(void* security, unsigned stack_bytes, _beginthreadex_proc_type start,
                                       void* argument, unsigned flags, unsigned* id);
// A handle that closes itself.
RINGPROOF_API uintptr_t _beginthread(_beginthread_proc_type start, unsigned stack_bytes, void* argument);
RINGPROOF_API __attribute__((noreturn)) void _endthreadex(unsigned status);
RINGPROOF_API __attribute__((noreturn)) void _endthread(void);
RINGPROOF_API int _getpid(void);

RINGPROOF_C_END
