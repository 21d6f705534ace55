// direct.h: folders under Microsoft's names.
// Role     the C library's functions, in the current directory of the simulated process
// Source   Windows: directory control
#pragma once

#include <sys/stat.h>
#include <unistd.h>

#include "ringproof/win32/crt_base.h"

RINGPROOF_C_BEGIN

RINGPROOF_API int ringproof_crt_chdir(const char* name);
RINGPROOF_API char* ringproof_crt_getcwd(char* buffer, int bytes);
RINGPROOF_API int ringproof_crt_mkdir(const char* name);
RINGPROOF_API int ringproof_crt_rmdir(const char* name);
#define _chdir(name) ringproof_crt_chdir(name)
#define _getcwd(buffer, bytes) ringproof_crt_getcwd((buffer), (bytes))
#define _mkdir(name) ringproof_crt_mkdir(name)
#define _rmdir(name) ringproof_crt_rmdir(name)

RINGPROOF_C_END
