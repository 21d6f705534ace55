// trial.h: a requirement at work.
// Role     makes benches around the engine that is on trial, and keeps the first broken rule
// Errors   a broken rule ends the requirement by an exception, which judge() catches
// Source   sim/conform/requirement.h
#pragma once

#include <fmt/format.h>

#include <algorithm>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <type_traits>
#include <vector>

#include "sim/conform/bench.h"
#include "sim/conform/requirement.h"

namespace ringproof::conform {

using Ring = Bench::Ring;

class Trial {
 public:
  Trial(const EngineMaker& maker, const EngineShape& shape, std::uint64_t seed,
        const std::optional<WaveRequest>& wave)
      : maker_(maker), shape_(shape), seed_(seed), wave_(wave) {}

  // A new engine with its neighbours; the last one is gone.
  Bench& bench(BenchOptions options = {}, std::uint64_t x_seed = 1);

  // The n-th queue, if there are so many.
  std::uint8_t rx(std::uint32_t n) const { return static_cast<std::uint8_t>(n % shape_.rx_queues); }
  std::uint8_t tx(std::uint32_t n) const { return static_cast<std::uint8_t>(n % shape_.tx_queues); }
  std::uint8_t queue(bool tx_side, std::uint32_t n) const { return tx_side ? tx(n) : rx(n); }
  std::uint32_t queues(bool tx_side) const { return tx_side ? shape_.tx_queues : shape_.rx_queues; }
  // Of this size, or the largest.
  std::uint32_t log2(std::uint32_t wanted) const { return std::min(wanted, shape_.ring_log2_max); }
  const EngineShape& shape() const { return shape_; }
  std::uint64_t seed() const { return seed_; }

  // Whether FEATURES names one of them: if not, there is nothing to judge, and the verdict says so. Takes a
  // bench.
  bool has(std::uint32_t feature);

  Verdict verdict() const;
  void ended_by(const char* what);
  // As QueueEngine::finish_wave().
  void finish_wave();

 private:
  const EngineMaker& maker_;
  const EngineShape shape_;
  const std::uint64_t seed_;
  const std::optional<WaveRequest> wave_;
  std::unique_ptr<Bench> bench_;
  std::uint32_t benches_ = 0;
  bool absent_ = false;
  std::optional<Verdict> broken_;
};

// Numbers that count nothing are read more easily in hex.
template <class T>
std::string in_digits(const T& value) {
  if constexpr (std::is_unsigned_v<T> && !std::is_same_v<T, bool>) {
    if (value > 9999) return fmt::format("{:#x}", value);
  }
  return fmt::format("{}", value);
}

// `what` to be `expected`, or the requirement is broken.
template <class T, class U>
void equal(Bench& bench, std::string_view what, const T& expected, const U& seen) {
  if (seen == static_cast<U>(expected)) return;
  bench.require(false, fmt::format("{} = {}", what, in_digits(expected)), in_digits(seen));
}

// Short latencies, for what is about something else: a slow engine need not take long.
inline BenchOptions brisk() { return {.read_latency = 4, .write_latency = 3}; }

// Receives frames of these lengths, one buffer for each, and waits for the end.
void receive(Bench& bench, Ring& ring, const std::vector<std::size_t>& lengths, std::uint32_t offset = 0);
// Sends as many frames, and expects what was posted on the link.
void transmit(Bench& bench, Ring& ring, const std::vector<std::size_t>& lengths, std::uint32_t offset = 0);
// What the link has taken since `first`, queue by queue, is this.
void expect_sent(Bench& bench, const std::vector<TxFrame>& expected, std::size_t first = 0);
// The same of any frames that were sent.
void expect_frames(Bench& bench, const std::vector<TxFrame>& expected, const std::vector<TxFrame>& seen,
                   std::size_t first = 0);

// Both directions on some queues, with a host that posts, rings and arms at random.
struct Traffic {
  std::uint32_t queues = 6;
  int frames = 150;
  std::size_t bytes_max = 600;
};
// Returns what was posted for sending.
std::vector<TxFrame> run_traffic(Trial& trial, Bench& bench, const Traffic& traffic);

// The groups, in the files of their names.
std::vector<Requirement> register_requirements();
std::vector<Requirement> ring_requirements();
std::vector<Requirement> receive_requirements();
std::vector<Requirement> transmit_requirements();
std::vector<Requirement> interrupt_requirements();
std::vector<Requirement> refusal_requirements();
std::vector<Requirement> bus_requirements();
std::vector<Requirement> life_requirements();
std::vector<Requirement> feature_requirements();
std::vector<Requirement> rss_requirements();
std::vector<Requirement> rate_requirements();
std::vector<Requirement> zero_copy_requirements();

}  // namespace ringproof::conform
