// transaction_decoder.h: what a device's accesses mean.
// Role     knows the rings of each queue from its registers, and tells descriptors, payload, completion
//          entries and published indices apart by their addresses; knows what receive-side scaling is told
// Shapes   `vector` names a queue as DMA requests and interrupts do: RX queue q: q, TX queue q: 64 + q
// Units    [ps]
// Threads  simulation thread; called at the device's time
// Errors   an access that fits nothing is payload
// Source   docs/design/queue-engine.md
#pragma once

#include <array>
#include <cstdint>

#include "model/base/fifo.h"
#include "model/base/tap.h"
#include "model/nic/engine_layout.h"

namespace ringproof::nic {

class TransactionDecoder {
 public:
  TransactionDecoder(std::uint32_t port, const TapList& taps) : port_(port), taps_(taps) {}

  // The device has taken the write; for an enable, has done it.
  void register_written(std::uint32_t offset, std::uint32_t value, std::uint64_t now_ps);
  void register_read(std::uint32_t offset, std::uint32_t value, std::uint64_t now_ps) const;
  // The device asks for these bytes.
  void read_issued(std::uint32_t vector, std::uint64_t address, std::uint32_t bytes,
                   std::uint64_t now_ps) const;
  // The bytes are in memory, or were refused.
  void written(std::uint32_t vector, std::uint64_t address, Tap::Bytes bytes, bool allowed,
               std::uint64_t now_ps);
  // The device took a received frame.
  void accepted(std::uint32_t queue, std::uint64_t timestamp_ns) { queues_[queue].taken.push(timestamp_ns); }
  // Since the last reset, RSS_CONTROL was written with ENABLE.
  bool engine_hashes() const { return rss_.enabled; }
  void interrupt_requested(std::uint32_t vector, std::uint64_t now_ps) const {
    taps_.tell(&Tap::interrupt_requested, port_, vector, now_ps);
  }
  void interrupt_delivered(std::uint32_t vector, std::uint64_t now_ps) const {
    taps_.tell(&Tap::interrupt_delivered, port_, vector, now_ps);
  }
  // Frames that a zero-copy queue has used up descriptors for, in order; each told once. None: 0.
  std::uint64_t take_published(std::uint32_t queue) {
    Fifo<std::uint64_t>& frames = published_frames_[queue];
    if (frames.empty()) return 0;
    const std::uint64_t timestamp_ns = frames.front();
    frames.pop();
    return timestamp_ns;
  }
  // Every register is as after power-on. Frames that the device took and did not publish are dropped.
  void reset(std::uint64_t now_ps);

 private:
  struct Queue {
    bool enabled = false;
    std::uint32_t log2 = 1;
    std::uint32_t start_index = 0;
    std::uint64_t posts = 0;
    std::uint64_t completions = 0;
    std::uint64_t index = 0;
    std::uint32_t published = 0;
    Fifo<std::uint64_t> taken;  // received frames that are not published: timestamps
    bool zero_copy = false;
    std::uint32_t second_log2 = 1;  // of the ring for entries of a zero-copy queue
    std::uint32_t second_start = 0;
    std::uint64_t second_index = 0;
    std::uint64_t memory = 0;
    std::uint32_t entries() const { return std::uint32_t{1} << log2; }
    std::uint32_t second_entries() const { return std::uint32_t{1} << second_log2; }
  };

  struct Rss {
    bool enabled = false;
    std::array<std::uint8_t, 4 * kRssKeyWords> key{};
    std::array<std::uint8_t, 4 * kRssTableWords> table{};
  };

  void rss_written(std::uint32_t offset, std::uint32_t value);
  static void zero_copy_written(Queue& queue, std::uint32_t name, std::uint32_t value);
  void published(std::uint32_t vector, std::uint32_t index);
  // Of a completion entry of the queue; 0: it has none.
  static std::uint32_t entry_bytes(const Queue& queue, bool receives);
  void control(std::uint32_t vector, Queue& queue, bool enable, std::uint64_t now_ps);

  const std::uint32_t port_;
  const TapList& taps_;
  std::array<Queue, 2 * kTxVectorBase> queues_{};
  std::array<Fifo<std::uint64_t>, kTxVectorBase> published_frames_;  // of zero-copy queues, not asked for yet
  Rss rss_;
};

}  // namespace ringproof::nic
