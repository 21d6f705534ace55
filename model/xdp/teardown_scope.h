// teardown_scope.h: tells that something which must come to an end has begun, and that it has ended.
// Role     around the operations that take things away and may have to wait for others
// Threads  simulation thread; the scope lies on the stack of the task that waits
// Source   invariants-and-faults.md F, INV-39
#pragma once

#include <cstdint>

#include "model/base/host.h"
#include "model/base/tap.h"

namespace ringproof::xdp {

class TeardownScope {
 public:
  TeardownScope(const TapList& taps, Host& host, Teardown what, std::uint64_t object)
      : taps_(taps), host_(host), what_(what), object_(object) {
    taps_.tell(&Tap::teardown_begun, what_, object_, host_.now_ps());
  }
  ~TeardownScope() { taps_.tell(&Tap::teardown_ended, what_, object_, host_.now_ps()); }
  TeardownScope(const TeardownScope&) = delete;
  TeardownScope& operator=(const TeardownScope&) = delete;

 private:
  const TapList& taps_;
  Host& host_;
  const Teardown what_;
  const std::uint64_t object_;
};

}  // namespace ringproof::xdp
