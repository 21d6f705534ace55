// namedpipeapi.h: a part of windows.h, by the name that Windows gives it.
#pragma once

#include "windows.h"
