// IPHlpApi.h: iphlpapi.h as some programs spell it.
#pragma once

#include "iphlpapi.h"
