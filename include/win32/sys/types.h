// types.h: the system types, with the four of sockets as Windows has them.
// Role     u_long has 32 bits; the C library's own, of 64, is kept out
// Source   Windows: winsock.h
#pragma once

// Only a system header may use #include_next without a warning.
#pragma GCC system_header

#ifndef __u_char_defined
#define __u_char_defined
typedef unsigned char u_char;
typedef unsigned short u_short;
typedef unsigned int u_int;
typedef unsigned int u_long;
#endif

#include_next <sys/types.h>
