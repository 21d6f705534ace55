// snapshot.h: everything that an application can ask a socket.
// Role     shows that a call changed nothing: take one before and one after, and compare
// Errors   none: an answer that is a refusal belongs to the snapshot
// Source   XDP for Windows: socket options 6 to 15 and 1000 to 1014
#pragma once

#include <array>
#include <map>
#include <vector>

#include "testbench/conformance/socket.h"

namespace ringproof::test {

// What a socket says to one question.
struct Answer {
  UINT32 status = 0;
  std::vector<unsigned char> value;
  bool operator==(const Answer&) const = default;
};

using Snapshot = std::map<UINT32, Answer>;

// REQUIRES: nobody waits for the flags AFFINITY_CHANGED and OFFLOAD_CHANGED: asking clears them.
inline Snapshot snapshot_of(const RawSocket& socket) {
  Snapshot snapshot;
  const auto ask = [&](UINT32 first, UINT32 last) {
    for (UINT32 option = first; option <= last; ++option) {
      alignas(8) std::array<unsigned char, 256> buffer{};
      auto length = static_cast<UINT32>(buffer.size());
      const UINT32 status = number(XskGetSockopt(socket.handle(), option, buffer.data(), &length));
      snapshot[option] = {status, {buffer.begin(), buffer.begin() + length}};
    }
  };
  ask(XSK_SOCKOPT_RING_INFO, XSK_SOCKOPT_TX_PROCESSOR_AFFINITY);
  ask(XSK_SOCKOPT_POLL_MODE, XSK_SOCKOPT_TX_FRAME_TIMESTAMP_EXTENSION);
  return snapshot;
}

}  // namespace ringproof::test
