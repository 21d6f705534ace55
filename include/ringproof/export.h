// export.h: what the published declarations say to compiler and linker.
// Role     symbol visibility and the optional deprecation marks; no types, no functions
// Source   docs of the XDP for Windows API, section "header inventory"; the choice of a macro is ours
#pragma once

// Every function of the API is a symbol of libringproof.so, also when that is built with hidden visibility.
#ifndef RINGPROOF_API
#define RINGPROOF_API __attribute__((visibility("default")))
#endif

// The upstream headers deprecate the entry points of API versions 1 and 2. A program that chose one of them
// chose it knowingly, and with -Werror a deprecation mark stops its build, so the mark appears only on
// request: define RINGPROOF_WARN_DEPRECATED before the first include to find the places that version 3 would
// change.
#ifdef RINGPROOF_WARN_DEPRECATED
#define RINGPROOF_DEPRECATED(text) __attribute__((deprecated(text)))
#else
#define RINGPROOF_DEPRECATED(text)
#endif
