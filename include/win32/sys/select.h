// select.h: the types that other headers of the C library expect here.
// Role     fd_set and select() belong to Winsock, whose set is not one of bits
// Source   include/win32/winsock2.h
#pragma once

#include <bits/types.h>
#include <bits/types/sigset_t.h>
#include <bits/types/struct_timespec.h>
#include <bits/types/struct_timeval.h>
#include <bits/types/time_t.h>

#ifndef __suseconds_t_defined
typedef __suseconds_t suseconds_t;
#define __suseconds_t_defined
#endif
