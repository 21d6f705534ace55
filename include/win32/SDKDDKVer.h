// SDKDDKVer.h: sdkddkver.h as some programs spell it.
#pragma once

#include "sdkddkver.h"
