// WinDef.h: windef.h as some programs spell it.
#pragma once

#include "windef.h"
