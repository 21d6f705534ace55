// Windows.h: windows.h as some programs spell it.
#pragma once

#include "windows.h"
