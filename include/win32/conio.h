// conio.h: the console as Microsoft's C runtime has it.
// Role     nobody sits at the simulated machine: no key is ever pressed, and who waits for one waits for ever
// Source   Windows: console and port I/O
#pragma once

#include "ringproof/win32/crt_base.h"

RINGPROOF_C_BEGIN

RINGPROOF_API int _kbhit(void);
RINGPROOF_API int _getch(void);
RINGPROOF_API int _getche(void) RINGPROOF_IS(_getch);
RINGPROOF_API int _putch(int unit);
RINGPROOF_API int _cputs(const char* text);
RINGPROOF_API int _cprintf(const char* format, ...);
#define kbhit() _kbhit()
#define getch() _getch()

RINGPROOF_C_END
