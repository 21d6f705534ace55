// WinSock.h: winsock.h as some programs spell it.
#pragma once

#include "winsock.h"
