// nic_bench.h: what surrounds the NIC in its tests.
// Role     a host whose time moves only when told, a source of frames, and a tap that writes everything down
// Units    simulated time [ps]
// Source   model/base/host.h, model/base/tap.h
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "model/base/hash.h"
#include "model/base/host.h"
#include "model/base/tap.h"
#include "model/nic/frame_source.h"

namespace ringproof::nic {

using FrameBytes = std::vector<unsigned char>;

// Events only; there are no tasks.
class BenchHost final : public Host {
 public:
  std::uint64_t now_ps() const override { return now; }
  void spend(std::uint64_t) override {}
  void hardware_went_on() override { ++stretches; }
  void meet_hardware() override {}
  bool wait(Signal&, std::uint64_t) override { return false; }
  void notify(Signal&) override {}
  void start_service(const std::string&, std::uint32_t, std::function<void()>) override {}
  using Host::at;
  void at(std::uint64_t time_ps, const EventSource&, std::function<void()> action) override {
    EXPECT_GE(time_ps, now) << "an event in the host's past";
    events.emplace(time_ps, std::move(action));
    if (on_posted) on_posted();
  }
  std::uint64_t next_due_ps() const override { return events.empty() ? kNever : events.begin()->first; }
  void shared_word_changed(const volatile void*) override {}
  std::uint32_t cpu_count() const override { return 1; }
  std::uint32_t current_cpu() const override { return 0; }
  void move_to_cpu(std::uint32_t) override {}

  void run_next() {
    auto event = events.extract(events.begin());
    now = event.key();
    event.mapped()();
  }
  void run_until(std::uint64_t time_ps) {
    while (next_due_ps() <= time_ps) run_next();
    now = time_ps;
  }

  std::uint64_t now = 0;
  std::uint64_t stretches = 0;                                 // in which the hardware ran by itself
  std::multimap<std::uint64_t, std::function<void()>> events;  // equal times in order of posting
  std::function<void()> on_posted;
};

class FrameList final : public FrameSource {
 public:
  void add(std::uint64_t offset_ps, FrameBytes bytes) { frames_.push_back({offset_ps, std::move(bytes)}); }
  bool next(SourceFrame& frame) override {
    if (next_ == frames_.size()) return false;
    frame.offset_ps = frames_[next_].first;
    frame.bytes = frames_[next_].second;
    ++next_;
    return true;
  }
  std::size_t size() const { return frames_.size(); }
  const FrameBytes& bytes(std::size_t i) const { return frames_[i].second; }
  std::uint64_t offset_ps(std::size_t i) const { return frames_[i].first; }

 private:
  std::vector<std::pair<std::uint64_t, FrameBytes>> frames_;
  std::size_t next_ = 0;
};

// An Ethernet frame with UDP over IPv4 inside, of `size` bytes; the source port tells flows apart.
inline FrameBytes udp_frame(std::size_t size, std::uint16_t source_port) {
  FrameBytes frame(size);
  for (std::size_t i = 0; i < size; ++i) frame[i] = static_cast<unsigned char>(i * 7 + source_port);
  const unsigned char head[] = {0x08, 0x00, 0x45, 0,  0, 46, 0, 0,  0, 0, 64,
                                17,   0,    0,    10, 0, 0,  1, 10, 0, 0, 2};
  std::copy(std::begin(head), std::end(head), frame.begin() + 12);
  frame[34] = static_cast<unsigned char>(source_port >> 8);
  frame[35] = static_cast<unsigned char>(source_port);
  return frame;
}

// Writes down every event of the NIC; `hash` depends on their order too.
class TapRecord final : public Tap {
 public:
  struct Received {
    std::uint64_t timestamp_ns;
    std::size_t bytes;
  };
  struct Dropped {
    std::uint64_t timestamp_ns;
    DropReason reason;
  };
  struct Sent {
    std::uint32_t queue;
    std::uint64_t end_ps;
    FrameBytes bytes;
  };
  struct Burst {
    std::uint32_t requester;
    bool write;
    std::uint64_t address;
    std::uint32_t bytes;
    bool allowed;
    std::uint64_t time_ps;
  };

  void wire_in(std::uint32_t, std::uint64_t timestamp_ns, Tap::Bytes bytes) override {
    in.push_back({timestamp_ns, bytes.size()});
    note(1, timestamp_ns, bytes.size());
    event_ps.push_back(timestamp_ns * 1000);
  }
  void nic_dropped(std::uint32_t, std::uint64_t timestamp_ns, DropReason reason) override {
    dropped.push_back({timestamp_ns, reason});
    note(2, timestamp_ns, static_cast<std::uint64_t>(reason));
  }
  void nic_accepted(std::uint32_t, std::uint32_t queue, std::uint64_t timestamp_ns) override {
    accepted.push_back(timestamp_ns);
    note(3, timestamp_ns, queue);
  }
  void rx_starved(std::uint32_t, std::uint32_t, std::uint64_t timestamp_ns) override {
    starved.push_back(timestamp_ns);
  }
  void wire_out(std::uint32_t, std::uint32_t queue, std::uint64_t end_ps, Tap::Bytes bytes) override {
    out.push_back({queue, end_ps, {bytes.begin(), bytes.end()}});
    note(4, end_ps, hash_bytes(bytes.data(), bytes.size()));
    event_ps.push_back(end_ps / 1000 * 1000);
  }
  void wire_out_dropped(std::uint32_t, std::uint32_t queue, DropReason reason) override {
    out_dropped.push_back(reason);
    note(5, queue, static_cast<std::uint64_t>(reason));
  }
  void tx_checksum_inserted(std::uint32_t, std::uint32_t queue, std::uint32_t at) override {
    inserted_at.push_back(at);
    note(7, queue, at);
  }
  void tx_bad_offload(std::uint32_t, std::uint32_t queue) override {
    ++bad_offloads;
    note(8, queue, 0);
  }
  void dma(std::uint32_t, std::uint32_t requester, bool write, std::uint64_t address, std::uint32_t bytes,
           bool allowed, std::uint64_t time_ps) override {
    bursts.push_back({requester, write, address, bytes, allowed, time_ps});
    note(6, address + write, time_ps + allowed);
  }

  std::vector<Received> in;
  std::vector<Dropped> dropped;
  std::vector<std::uint64_t> accepted;
  std::vector<std::uint64_t> starved;
  std::vector<Sent> out;
  std::vector<DropReason> out_dropped;
  std::vector<std::uint32_t> inserted_at;
  std::uint64_t bad_offloads = 0;
  std::vector<Burst> bursts;
  std::vector<std::uint64_t> event_ps;  // of both wires, whole ns, in the order in which they were told
  std::uint64_t hash() const { return hash_.value(); }
  std::uint64_t notes = 0;

 private:
  void note(std::uint64_t kind, std::uint64_t a, std::uint64_t b) {
    ++notes;
    hash_.add_u64(kind);
    hash_.add_u64(a);
    hash_.add_u64(b);
  }
  Hash64 hash_;
};

}  // namespace ringproof::nic
