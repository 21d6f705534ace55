// tag_monitor.h: every answer of memory belongs to one request.
// Role     INV-30 on the AXI4 channels of the queue engine
// Shapes   AXI4 lets several requests of one id be outstanding and answers them in order, so the tag of a
//          request is its id and its place among those of this id; reads and writes apart
// Errors   an answer that nobody waits for, with another number of beats than was asked for, or to a write
//          that is not complete; write data that does not fit its address; a request without an answer when
//          all is quiet; a request for other bytes than an answer has, which brings whole beats of one block
//          of 512 bytes. The engine's time-outs are not there: it waits for ever, and memory always answers
// Source   invariants-and-faults.md D; AMBA AXI4 A3.4, A5.3; docs/design/queue-engine.md, "Ports"
#pragma once

#include <array>
#include <cstdint>
#include <vector>

#include "model/base/fifo.h"
#include "model/nic/queue_engine.h"
#include "sim/monitor/invariant_log.h"

namespace ringproof {

class TagMonitor {
 public:
  explicit TagMonitor(InvariantLog& log) : log_(log) {}

  void cycle(std::uint32_t port, std::uint64_t edge_ps, const nic::EngineInputs& in,
             const nic::EngineOutputs& out);
  // The run is over; `drained`: nothing may be outstanding.
  void finish(std::uint64_t end_ps, bool drained);

 private:
  static constexpr std::size_t kIds = 256;
  struct Burst {
    std::uint8_t id;
    std::uint32_t beats;  // that are still to come
  };
  struct Port {
    std::array<Fifo<std::uint32_t>, kIds> reads;  // beats that are still to come, in order of asking
    Fifo<Burst> writes;                           // whose data is not complete
    std::array<std::uint32_t, kIds> complete{};   // writes that wait for their answer
    EventTrail trail;
  };

  // What the address channels say of a burst.
  struct Request {
    std::uint64_t address;
    std::uint32_t beats;
    std::uint8_t id, size, type;
  };

  void judge_request(std::uint32_t port, const Port& state, const char* what, const Request& request);
  void read_beat(std::uint32_t port, Port& state, const nic::EngineInputs& in);
  void write_beat(std::uint32_t port, Port& state, bool last);
  void write_answer(std::uint32_t port, Port& state, std::uint8_t id);
  template <typename Describe>
  void violated(std::uint32_t port, const Port& state, Describe describe);

  InvariantLog& log_;
  std::vector<Port> ports_;
  std::uint64_t now_ps_ = 0;
};

}  // namespace ringproof
