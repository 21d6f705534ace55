// crt_forward.h: variadic calls of the C runtime.
#pragma once

#include <cstdarg>

// The variadic call, whose last parameter is the format, by way of the one with a va_list.
#define RINGPROOF_FORWARD(call) \
  va_list arguments;            \
  va_start(arguments, format);  \
  const int result = call;      \
  va_end(arguments);            \
  return result
