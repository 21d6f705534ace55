// WinError.h: winerror.h as some programs spell it.
#pragma once

#include "winerror.h"
