// Ws2ipdef.h: ws2ipdef.h as some programs spell it.
#pragma once

#include "ws2ipdef.h"
