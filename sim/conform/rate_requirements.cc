#include <algorithm>

#include "sim/conform/trial.h"

namespace ringproof::conform {
namespace {

// 148.8 million frames of 64 bytes a second, at 250 MHz.
constexpr double kLineRateCycles = 250.0 / 148.8;
constexpr std::uint32_t kFramesPerQueue = 1000;
constexpr std::uint32_t kBuffers = 64;
constexpr std::uint32_t kQueues = 4;

class Rate {
 public:
  explicit Rate(Trial& trial)
      : trial_(trial),
        bench_(trial.bench({.check_payload = false})),
        buffers_(bench_.allocate(kBuffers * 2048)),
        rx_queues_(std::min(trial.queues(false), kQueues)),
        tx_queues_(std::min(trial.queues(true), kQueues)) {}

  void post_buffers() {
    for (std::uint32_t queue = 0; queue < rx_queues_; ++queue) {
      Ring& ring = bench_.open_rx(trial_.rx(queue), trial_.log2(10));
      for (std::uint32_t i = 0; i < frames(); ++i) bench_.post(ring, buffer(i), 1024, i);
      bench_.ring_doorbell(ring);
    }
    bench_.run_until_drained();
  }
  void post_frames() {
    for (std::uint32_t queue = 0; queue < tx_queues_; ++queue) {
      Ring& ring = bench_.open_tx(trial_.tx(queue), trial_.log2(10));
      for (std::uint32_t i = 0; i < frames(); ++i) bench_.post(ring, buffer(i), 64);
      bench_.post_write32(Bench::address_of(true, ring.queue, nic::kDoorbell), ring.posted);
    }
    bench_.wait([&] { return bench_.sent().size() >= tx_due() / 4; });
  }
  void wire_frames() {
    for (std::uint32_t i = 0; i < frames(); ++i) {
      for (std::uint32_t queue = 0; queue < rx_queues_; ++queue)
        bench_.wire_sends(bench_.frame_for(trial_.rx(queue), 64));
    }
  }
  // Until everything is received and sent; the slower direction counts.
  void measure() {
    const std::uint64_t begin = bench_.now();
    const std::size_t sent_before = bench_.sent().size();
    const std::size_t rx_due = bench_.wire_backlog();
    double received = rx_due == 0 ? 0 : -1, sent = tx_due() == sent_before ? 0 : -1;
    bench_.wait([&] {
      const auto cycles = static_cast<double>(bench_.now() - begin);
      if (received < 0 && bench_.wire_backlog() == 0) received = cycles / static_cast<double>(rx_due);
      if (sent < 0 && bench_.sent().size() == tx_due())
        sent = cycles / static_cast<double>(tx_due() - sent_before);
      // An engine that is far too slow need not finish.
      const bool hopeless = cycles > 4 * kLineRateCycles * static_cast<double>(rx_due + tx_due());
      if (hopeless && received < 0)
        received = cycles / static_cast<double>(rx_due - bench_.wire_backlog() + 1);
      if (hopeless && sent < 0) sent = cycles / static_cast<double>(bench_.sent().size() - sent_before + 1);
      return received >= 0 && sent >= 0;
    });
    const double slower = std::max(received, sent);
    bench_.require(slower <= kLineRateCycles, fmt::format("{:.2f} cycles a frame or less", kLineRateCycles),
                   fmt::format("{:.2f}", slower));
    equal(bench_, "frames discarded", 0u, bench_.drops());
    bench_.run_until_drained();
  }
  std::size_t tx_due() const { return posted_tx_ ? std::size_t{frames()} * tx_queues_ : 0; }
  void sends() { posted_tx_ = true; }

 private:
  std::uint32_t frames() const { return std::min(kFramesPerQueue, 1u << trial_.log2(10)); }
  std::uint64_t buffer(std::uint32_t i) const { return buffers_ + i % kBuffers * 2048; }

  Trial& trial_;
  Bench& bench_;
  std::uint64_t buffers_;
  std::uint32_t rx_queues_, tx_queues_;
  bool posted_tx_ = false;
};

void rx_rate(Trial& trial) {
  Rate rate(trial);
  rate.post_buffers();
  rate.wire_frames();
  rate.measure();
}

void tx_rate(Trial& trial) {
  Rate rate(trial);
  rate.sends();
  rate.post_frames();
  rate.measure();
}

void both_rates(Trial& trial) {
  Rate rate(trial);
  rate.post_buffers();
  rate.sends();
  rate.post_frames();
  rate.wire_frames();
  rate.measure();
}

}  // namespace

std::vector<Requirement> rate_requirements() {
  constexpr const char* kSource = "How it is verified";
  return {
      {"rate.rx", "64-byte frames on up to 4 queues, memory 300 ns away, are received at 100 Gb/s", kSource,
       rx_rate},
      {"rate.tx", "they are sent at 100 Gb/s", kSource, tx_rate},
      {"rate.both", "both at once", kSource, both_rates},
  };
}

}  // namespace ringproof::conform
