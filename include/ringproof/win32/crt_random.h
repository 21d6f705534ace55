// crt_random.h: random bytes of the simulated machine.
// Role     what rand_s, BCryptGenRandom and CxPlatRandom give
// Shapes   every thread draws from a stream of its own; seed and program decide what comes
// Source   docs/windows-programs.md
#pragma once

#include <stddef.h>

#include "ringproof/export.h"

#ifdef __cplusplus
extern "C" {
#endif

RINGPROOF_API void ringproof_random_bytes(void* bytes, size_t count);

#ifdef __cplusplus
}  // extern "C"
#endif
