// sanitized.h: whether this build has sanitizers, under which all takes several times as long.
// Role     tests that go through many seeds go through fewer of them then
#pragma once

#include "model/base/sanitizers.h"

namespace ringproof {

inline constexpr bool kSanitized = RINGPROOF_ASAN != 0 || RINGPROOF_TSAN != 0;

}  // namespace ringproof
