// Ws2def.h: ws2def.h as some programs spell it.
#pragma once

#include "ws2def.h"
