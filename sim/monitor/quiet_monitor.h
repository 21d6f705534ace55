// quiet_monitor.h: a queue that is off does nothing.
// Role     INV-29: after the host has read that a queue is off and has nothing in flight, and after a reset
//          of the device, there is no DMA, completion or interrupt of it until it is enabled again
// Shapes   a queue is off from power-on, is on from its enable, and off again from that reading or a reset
// Errors   the device is blamed. Memory may still perform writes and answer reads that were asked for before
//          a reset; so after a reset only new requests count, as far as they can be told: descriptor reads
//          and interrupt requests. When it stops, every completion in memory must be published, and every frame
//          that the MAC has taken, so that the host knows which of its buffers came back
// Source   invariants-and-faults.md D; docs/design/queue-engine.md, Registers
#pragma once

#include <cstdint>
#include <vector>

#include "model/base/tap.h"
#include "sim/monitor/by_vector.h"
#include "sim/monitor/invariant_log.h"

namespace ringproof {

class QuietMonitor final : public Tap {
 public:
  explicit QuietMonitor(InvariantLog& log) : log_(log) {}

  void queue_enabled(std::uint32_t port, std::uint32_t vector, std::uint32_t start, std::uint32_t entries,
                     std::uint64_t time_ps) override;
  void queue_disabled(std::uint32_t port, std::uint32_t vector, std::uint64_t time_ps) override;
  void queue_stopped(std::uint32_t port, std::uint32_t vector, std::uint64_t time_ps) override;
  void device_reset(std::uint32_t port, std::uint64_t time_ps) override;
  void dma(std::uint32_t port, std::uint32_t requester, bool write, std::uint64_t address,
           std::uint32_t bytes, bool allowed, std::uint64_t time_ps) override;
  void descriptors_fetched(std::uint32_t port, std::uint32_t vector, std::uint32_t first_slot,
                           std::uint32_t count, std::uint64_t time_ps) override;
  void completion_written(std::uint32_t port, std::uint32_t vector, std::uint32_t slot, Bytes entry,
                          bool allowed, std::uint64_t time_ps) override;
  void index_published(std::uint32_t port, std::uint32_t vector, std::uint32_t index, bool allowed,
                       std::uint64_t time_ps) override;
  void interrupt_requested(std::uint32_t port, std::uint32_t vector, std::uint64_t time_ps) override;
  void tx_handed_over(std::uint32_t port, std::uint32_t queue, std::uint32_t index) override;

 private:
  // What was asked for before a reset has met memory by then, whatever is late.
  static constexpr std::uint64_t kLateMaxPs = 10'000'000'000;
  enum class State : std::uint8_t { kNeverOn, kOn, kStopped, kReset };
  struct Queue {
    State state = State::kNeverOn;
    bool draining = false;  // told to be off, and the host has not read that it is
    std::uint64_t reset_ps = 0;
    std::uint32_t completed = 0;  // sending: handed over
    std::uint32_t published = 0;
    EventTrail trail;
  };
  Queue& queue(std::uint32_t port, std::uint32_t vector);
  void off(std::uint32_t port, std::uint32_t vector, const char* what, std::uint64_t time_ps);

  InvariantLog& log_;
  std::vector<ByVector<Queue>> ports_;
};

}  // namespace ringproof
