// direct.h: folders under Microsoft's names.
// Role     the C library's functions
// Source   Windows: directory control
#pragma once

#include <sys/stat.h>
#include <unistd.h>

#include "ringproof/win32/crt_base.h"

#define _chdir(name) chdir(name)
#define _getcwd(buffer, bytes) getcwd((buffer), (size_t)(bytes))
#define _mkdir(name) mkdir((name), 0777)
#define _rmdir(name) rmdir(name)
