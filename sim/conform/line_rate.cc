#include "sim/conform/line_rate.h"

#include <algorithm>

namespace ringproof::conform {
namespace {

constexpr std::uint32_t kFramesPerQueue = 1000;
constexpr std::uint32_t kRingLog2 = 10;
constexpr std::uint32_t kBuffers = 64;
constexpr std::uint32_t kBufferBytes = 2048;
constexpr std::uint32_t kTooSlow = 4;

class Measurement {
 public:
  Measurement(Bench& bench, const EngineShape& shape, const RateLoad& load)
      : bench_(bench),
        load_(load),
        log2_(std::min(kRingLog2, shape.ring_log2_max)),
        frames_(std::min(kFramesPerQueue, 1u << log2_)),
        rx_queues_(load.receive ? std::min(shape.rx_queues, load.queues) : 0),
        tx_queues_(load.transmit ? std::min(shape.tx_queues, load.queues) : 0),
        rx_due_(std::size_t{frames_} * rx_queues_),
        tx_due_(std::size_t{frames_} * tx_queues_) {}

  RateFigures run() {
    post_buffers();
    post_frames();
    for (std::uint32_t i = 0; i < frames_; ++i) {
      for (std::uint32_t queue = 0; queue < rx_queues_; ++queue) {
        bench_.wire_sends(bench_.frame_for(static_cast<std::uint8_t>(queue), load_.bytes));
      }
    }
    begin_ = bench_.now();
    sent_before_ = bench_.sent().size();
    bench_.wait([&] { return step(); });
    figures_.lost = bench_.drops();
    if (!gave_up_) bench_.run_until_drained();
    return figures_;
  }

 private:
  std::uint64_t buffer(std::uint64_t buffers, std::uint32_t i) const {
    return buffers + std::uint64_t{i % kBuffers} * kBufferBytes + load_.offset;
  }

  void post_buffers() {
    const std::uint64_t buffers = bench_.allocate(kBuffers * kBufferBytes);
    for (std::uint32_t queue = 0; queue < rx_queues_; ++queue) {
      auto& ring = bench_.open_rx(static_cast<std::uint8_t>(queue), log2_);
      for (std::uint32_t i = 0; i < frames_; ++i) bench_.post(ring, buffer(buffers, i), 1024, i);
      bench_.ring_doorbell(ring);
    }
    if (rx_queues_ != 0) bench_.run_until_drained();
  }

  // What is measured begins when all doorbells are rung and the engine is at work.
  void post_frames() {
    const std::uint64_t buffers = bench_.allocate(kBuffers * kBufferBytes);
    for (std::uint32_t queue = 0; queue < tx_queues_; ++queue) {
      auto& ring = bench_.open_tx(static_cast<std::uint8_t>(queue), log2_);
      for (std::uint32_t i = 0; i < frames_; ++i) {
        bench_.post(ring, buffer(buffers, i), static_cast<std::uint32_t>(load_.bytes));
      }
      bench_.post_write32(Bench::address_of(true, ring.queue, nic::kDoorbell), ring.posted);
    }
    if (tx_queues_ == 0) return;
    begin_ = bench_.now();
    bench_.wait([&] { return bench_.sent().size() >= tx_due_ / 4 || too_slow(); });
  }

  double cycles() const { return static_cast<double>(bench_.now() - begin_); }
  bool too_slow() const {
    return cycles() > kTooSlow * kLineRateCycles * static_cast<double>(rx_due_ + tx_due_);
  }

  bool step() {
    const std::size_t received = rx_due_ - bench_.wire_backlog();
    const std::size_t sent = bench_.sent().size();
    const std::size_t to_send = tx_due_ - sent_before_;
    gave_up_ = too_slow();
    if (figures_.rx_cycles == 0 && (received == rx_due_ || gave_up_) && rx_due_ != 0) {
      figures_.rx_cycles = cycles() / static_cast<double>(std::max<std::size_t>(received, 1));
    }
    if (figures_.tx_cycles == 0 && (sent == tx_due_ || gave_up_) && to_send != 0) {
      figures_.tx_cycles = cycles() / static_cast<double>(std::max<std::size_t>(sent - sent_before_, 1));
    }
    return (rx_due_ == 0 || figures_.rx_cycles != 0) && (to_send == 0 || figures_.tx_cycles != 0);
  }

  Bench& bench_;
  const RateLoad load_;
  const std::uint32_t log2_;
  const std::uint32_t frames_;  // of each queue
  const std::uint32_t rx_queues_, tx_queues_;
  const std::size_t rx_due_, tx_due_;
  std::uint64_t begin_ = 0;
  std::size_t sent_before_ = 0;
  bool gave_up_ = false;
  RateFigures figures_;
};

}  // namespace

RateFigures measure_rate(Bench& bench, const EngineShape& shape, const RateLoad& load) {
  return Measurement(bench, shape, load).run();
}

}  // namespace ringproof::conform
