// winsock.h: Winsock, under its old name.
// Source   include/ringproof/win32/net_calls.h
#pragma once

#include <winsock2.h>
