// MSTcpIP.h: mstcpip.h as some programs spell it.
#pragma once

#include "mstcpip.h"
