// WinBase.h: winbase.h as some programs spell it.
#pragma once

#include "winbase.h"
