// rss.h: nic_rss and its parts, in C++.
// Role     gives each received frame its hash and its queue, between the MAC and RxWrite. What a header says
//          is asked of ReceiveSideScaling: that the RTL chooses alike is what lockstep shows
// Shapes   keeps 8 beats; of a frame the first 128 bytes are enough, as no port lies behind them
// Timing   one beat per cycle, each three cycles late. A write to RSS_CONTROL puts all that was written in
//          force in the next cycle
// Errors   switched off, hash and queue are those that came with the frame
// Source   rtl/nic_rss.sv, rtl/nic_rss_parse.sv, rtl/nic_rss_config.sv
#pragma once

#include <algorithm>
#include <array>
#include <cstdint>
#include <cstring>

#include "model/nic/cycle/bus_beat.h"
#include "model/nic/cycle/fifo.h"
#include "model/nic/cycle/rules.h"
#include "model/nic/queue_engine.h"
#include "model/nic/toeplitz.h"

namespace ringproof::nic::cycle {

// A beat with the hash and the queue of its frame.
struct RxBeat {
  const BeatData* data = nullptr;  // none: there is no beat
  std::uint64_t timestamp_ns = 0;
  std::uint32_t meta = 0;
  std::uint32_t hash = 0;
  std::uint16_t length = 0;
  std::uint8_t queue = 0;
  bool last = false;
};

class Rss {
 public:
  Rss() { rss_.set(next_); }

  bool ready() const { return beats_.ready(); }
  bool active() const { return beats_.valid(); }

  // What RxWrite is offered in this cycle.
  RxBeat beat() const {
    if (!beats_.valid() || !results_.valid()) return {};
    const Beat& beat = beats_.front();
    const Side& side = sides_.front();
    const Result& result = results_.front();
    return {&beat.data, side.timestamp_ns, side.meta, result.hash, side.length, result.queue, beat.last};
  }

  std::uint32_t read(std::uint32_t address) const {
    const std::uint32_t key_word = (address - kRegisterRssKey) / 4;
    const std::uint32_t table_word = (address - kRegisterRssTable) / 4;
    if (address == kRegisterRssControl) {
      return (enabled_ ? kRssControlEnable : 0) | rss_.settings().hash_types << kTypesAt;
    }
    if (table_word < kRssTableWords) return next_.table_word(table_word);
    return key_word < kRssKeyWords ? next_.key_word(key_word) : 0;
  }

  // Of a beat that is taken.
  void check(const EngineInputs& in, Rules& rules) const {
    const bool full = in.rx_tlast || in.rx_tkeep == ~std::uint64_t{0};
    rules.require(within_ || full, "nic_rss", "first_beat_is_full");
  }

  // `given`: the beat that is offered is taken. After it, what comes from the MAC.
  void clock(const EngineInputs& in, bool taken, bool given) {
    if (given) {
      if (beats_.front().last) {
        sides_.pop();
        results_.pop();
      }
      beats_.pop();
    }
    if (hashed_) results_.push(result_);
    hashed_ = parsed_;
    if (parsed_) hash();
    parsed_ = taken && parse(in);
    if (!taken) return;
    Beat& beat = beats_.push();
    beat.data = in.rx_tdata;
    beat.last = in.rx_tlast;
    if (!within_) sides_.push({in.rx_timestamp_ns, in.rx_meta, in.rx_length});
    within_ = !in.rx_tlast;
  }

  // At the edge, after clock().
  void clock_write(std::uint32_t address, std::uint32_t value) {
    const std::uint32_t key_word = (address - kRegisterRssKey) / 4;
    const std::uint32_t table_word = (address - kRegisterRssTable) / 4;
    if (address == kRegisterRssControl) {
      enabled_ = (value & kRssControlEnable) != 0;
      next_.hash_types = (value & kRssControlTypes) >> kTypesAt;
      rss_.set(next_);
    } else if (table_word < kRssTableWords) {
      for (std::uint32_t i = 0; i < 4; ++i) {
        next_.table[4 * table_word + i] = static_cast<std::uint8_t>(value >> 8 * i & kQueueMask);
      }
    } else if (key_word < kRssKeyWords) {
      for (std::uint32_t i = 0; i < 4; ++i) {
        next_.key[4 * key_word + i] = static_cast<std::uint8_t>(value >> (24 - 8 * i));
      }
    }
  }

  void reset() {
    beats_.clear();
    sides_.clear();
    results_.clear();
    within_ = parsed_ = hashed_ = waiting_ = enabled_ = false;
    next_ = kNothing;
    rss_.set(next_);
  }

 private:
  static constexpr std::uint32_t kDepth = 8;
  static constexpr std::uint32_t kTypesAt = 8;
  static constexpr std::uint32_t kQueueMask = 0x3F;
  static constexpr RssSettings kNothing{.hash_types = 0};

  struct Beat {
    BeatData data{};
    bool last = false;
  };
  struct Side {
    std::uint64_t timestamp_ns = 0;
    std::uint32_t meta = 0;
    std::uint16_t length = 0;
  };
  struct Result {
    std::uint32_t hash = 0;
    std::uint8_t queue = 0;
  };

  // Whether the beat that is taken ends the header.
  bool parse(const EngineInputs& in) {
    if (within_) {
      if (!waiting_) return false;
      std::memcpy(header_.data() + kBeatBytes, bytes_of(in.rx_tdata), kBeatBytes);
      waiting_ = false;
      return true;
    }
    std::memcpy(header_.data(), bytes_of(in.rx_tdata), kBeatBytes);
    header_bytes_ = std::min<std::size_t>(in.rx_length, header_.size());
    mac_ = {in.rx_hash, in.rx_tdest};
    steered_ = in.rx_steered;
    waiting_ = hashed_bytes({header_.data(), header_bytes_}) > kBeatBytes;
    return !waiting_;
  }

  void hash() {
    result_ = mac_;
    if (!enabled_) return;
    const RssChoice choice = rss_.choose({header_.data(), header_bytes_});
    result_.hash = choice.hash;
    if (!steered_) result_.queue = static_cast<std::uint8_t>(choice.queue);
  }

  Fifo<Beat, kDepth> beats_;
  Fifo<Side, kDepth> sides_;
  Fifo<Result, kDepth> results_;
  bool within_ = false;  // the next beat goes on with a frame

  bool waiting_ = false;  // for the ports in the second beat
  bool parsed_ = false;
  bool hashed_ = false;
  bool steered_ = false;
  std::array<unsigned char, 2 * kBeatBytes> header_{};
  std::size_t header_bytes_ = 0;
  Result mac_;  // what the MAC says
  Result result_;

  bool enabled_ = false;
  RssSettings next_ = kNothing;  // written, and in force with the next write to RSS_CONTROL
  ReceiveSideScaling rss_{RssKey{}, 1};
};

}  // namespace ringproof::nic::cycle
