// handshake_monitor.h: a word that waits on a bus stays as it is.
// Role     INV-31 on every channel of the queue engine: AXI4, AXI4-Lite, AXI4-Stream, interrupt requests; and
//          the form of frames on the streams
// Shapes   channels are looked into only when a word waits, or waited in the cycle before
// Errors   whatever side drives the channel is part of the simulated NIC: the device is blamed. A beat of a
//          stream that is not the last of its frame must be full, and no beat may have holes
// Source   invariants-and-faults.md D; AMBA AXI4 A3.2.1; docs/design/queue-engine.md
#pragma once

#include <cstdint>
#include <tuple>
#include <vector>

#include "model/nic/queue_engine.h"
#include "sim/monitor/invariant_log.h"

namespace ringproof {

class HandshakeMonitor {
 public:
  explicit HandshakeMonitor(InvariantLog& log) : log_(log) {}

  void cycle(std::uint32_t port, std::uint64_t edge_ps, const nic::EngineInputs& in,
             const nic::EngineOutputs& out);

 private:
  using Beat = nic::BeatData;
  template <typename... Fields>
  struct Held {
    bool held = false;
    std::tuple<Fields...> word{};
  };

  struct Port {
    bool waits = false;  // a word, on some channel
    Held<std::uint8_t, std::uint8_t, std::uint8_t, std::uint64_t> ar, aw;
    Held<bool, std::uint64_t, Beat> w;
    Held<std::uint8_t, std::uint8_t, bool, Beat> r;
    Held<std::uint8_t, std::uint8_t> b;
    Held<bool, std::uint8_t, std::uint16_t, std::uint32_t, std::uint64_t, std::uint32_t, std::uint64_t, Beat>
        rx;
    Held<bool, bool, std::uint32_t, std::uint32_t, std::uint8_t, std::uint64_t, Beat> tx;
    Held<std::uint16_t> axil_aw, axil_ar;
    Held<std::uint32_t> axil_w, axil_r;
    Held<> axil_b;
    Held<std::uint8_t> irq;
    EventTrail trail;
  };

  // Where the cycle that is looked at is.
  struct Cycle {
    std::uint32_t port;
    std::uint64_t edge_ps;
    Port& state;
  };

  void look_at_channels(const Cycle& at, const nic::EngineInputs& in, const nic::EngineOutputs& out);
  template <typename Channel, typename Word>
  void look(const Cycle& at, Channel& channel, const char* name, bool valid, bool ready, Word word);
  void look_at_beat(const Cycle& at, const char* name, bool last, std::uint64_t keep);
  template <typename Describe>
  void violated(const Cycle& at, Describe describe);

  InvariantLog& log_;
  std::vector<Port> ports_;
};

}  // namespace ringproof
