// WinNT.h: winnt.h as some programs spell it.
#pragma once

#include "winnt.h"
