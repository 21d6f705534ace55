// stat.h: the C library's header, and Microsoft's names for what a file is.
// Shapes   one structure, of 64 bits; the members for times are those that the C library's
//          macros mean, where it has such
// Errors   -1, with the reason in errno
// Source   Windows: _stat, _fstat
#pragma once

// Only a system header may use #include_next without a warning.
#pragma GCC system_header

#include <bits/types/time_t.h>
#include_next <sys/stat.h>

#include "ringproof/win32/crt_base.h"

#define _S_IFMT 0170000
#define _S_IFDIR 0040000
#define _S_IFCHR 0020000
#define _S_IFIFO 0010000
#define _S_IFREG 0100000
#define _S_IREAD 0000400
#define _S_IWRITE 0000200
#define _S_IEXEC 0000100

RINGPROOF_C_BEGIN

struct _stat64 {
  unsigned st_dev;
  unsigned short st_ino;
  unsigned short st_mode;
  short st_nlink;
  short st_uid;
  short st_gid;
  unsigned st_rdev;
  long long st_size;
#ifdef st_atime
  struct timespec st_atim;
  struct timespec st_mtim;
  struct timespec st_ctim;
#else
  time_t st_atime;
  long st_atime_ns;
  time_t st_mtime;
  long st_mtime_ns;
  time_t st_ctime;
  long st_ctime_ns;
#endif
};

RINGPROOF_API int _stat64(const char* name, struct _stat64* status);
RINGPROOF_API int _wstat64(const wchar_t* name, struct _stat64* status);
RINGPROOF_API int _fstat64(int file, struct _stat64* status);
#define _stat _stat64
#define _stati64 _stat64
#define _stat64i32 _stat64
#define __stat64 _stat64
#define _fstat _fstat64
#define _fstati64 _fstat64
#define _fstat64i32 _fstat64
#define _wstat _wstat64
#define _wstati64 _wstat64

RINGPROOF_C_END
