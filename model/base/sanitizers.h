// sanitizers.h: which sanitizers this is compiled with, by whichever compiler.
// Role     RINGPROOF_ASAN and RINGPROOF_TSAN are 1 or 0
// Errors   none
// Source   g++: predefined macros; clang: __has_feature
#pragma once

#if defined(__SANITIZE_ADDRESS__)
#define RINGPROOF_ASAN 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define RINGPROOF_ASAN 1
#endif
#endif
#ifndef RINGPROOF_ASAN
#define RINGPROOF_ASAN 0
#endif

#if defined(__SANITIZE_THREAD__)
#define RINGPROOF_TSAN 1
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
#define RINGPROOF_TSAN 1
#endif
#endif
#ifndef RINGPROOF_TSAN
#define RINGPROOF_TSAN 0
#endif
