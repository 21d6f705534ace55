// io.h: file descriptors under Microsoft's names.
// Role     the C library's functions; text and binary mode do not differ
// Source   Windows: low-level I/O
#pragma once

#include <unistd.h>

#include "ringproof/win32/crt_stdio.h"

RINGPROOF_C_BEGIN

RINGPROOF_API int ringproof_crt_access(const char* name, int mode);
#define _access(name, mode) ringproof_crt_access((name), (mode))
#define _close(file) close(file)
#define _dup(file) dup(file)
#define _dup2(file, other) dup2((file), (other))
#define _isatty(file) isatty(file)
#define _lseek(file, offset, origin) lseek((file), (offset), (origin))
#define _lseeki64(file, offset, origin) lseek((file), (offset), (origin))
#define _read(file, buffer, bytes) ((int)read((file), (buffer), (bytes)))
#define _write(file, buffer, bytes) ((int)write((file), (buffer), (bytes)))
#define _setmode(file, mode) ((void)(file), (void)(mode), _O_BINARY)
#ifndef _O_BINARY
#define _O_BINARY 0x8000
#define _O_TEXT 0x4000
#endif

RINGPROOF_C_END
