// WinSock2.h: winsock2.h as some programs spell it.
#pragma once

#include "winsock2.h"
