// Ws2tcpip.h: ws2tcpip.h as some programs spell it.
#pragma once

#include "ws2tcpip.h"
