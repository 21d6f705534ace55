// share.h: how a file may be shared.
// Role     the constants of _fsopen, which nothing looks at here
// Source   Windows: sharing constants
#pragma once

#include "ringproof/win32/crt_stdio.h"
