// Strsafe.h: strsafe.h as some programs spell it.
#pragma once

#include "strsafe.h"
