// fake_device.h: a NIC that receives and finishes exactly what a test tells it to.
// Role     registers, rings and interrupts of one receive and two transmit queues, without latency
// Errors   a frame without a posted buffer fails the test
// Source   docs/design/queue-engine.md
#pragma once

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "model/base/host.h"
#include "model/nic/device.h"
#include "model/nic/engine_layout.h"

namespace ringproof::driver {

class FakeDevice final : public nic::Device {
 public:
  explicit FakeDevice(Host& host) : host_(host) {
    info_.name = "fake";
    info_.rx_queues = 1;
    info_.tx_queues = 2;
    info_.max_frame_bytes = 1518;
  }

  nic::RssSettings rss() const override { return rss_; }
  void set_rss(const nic::RssSettings& settings) override { rss_ = settings; }

  nic::DeviceInfo& info_to_change() { return info_; }
  // What arrives becomes one completion; the timestamp is its number.
  void receive(std::size_t bytes, std::uint32_t flags = 0) {
    Queue& queue = queues_[nic::rx_block(0)];
    ASSERT_NE(queue.done, queue.registers[nic::kDoorbell]) << "no buffer is posted";
    const nic::PostEntry post = entry<nic::PostEntry>(queue, nic::kDescBaseLow, queue.done);
    std::memset(memory_.at(post.address, bytes), static_cast<int>(queue.done), bytes);
    const nic::RxCompletionEntry completion = {
        post.cookie, static_cast<std::uint32_t>(bytes), 0, flags, queue.done, queue.done, 0};
    std::memcpy(entry_at(queue, nic::kCompBaseLow, queue.done, sizeof completion), &completion,
                sizeof completion);
    finish_one(nic::rx_block(0), 0);
  }
  // Frames that the driver has posted and the device has not finished: their DMA addresses.
  std::vector<std::uint64_t> to_send(std::uint32_t number = 0) {
    Queue& queue = queues_[nic::tx_block(number)];
    std::vector<std::uint64_t> addresses;
    for (std::uint32_t i = queue.done; i != queue.registers[nic::kDoorbell]; ++i) {
      addresses.push_back(entry<nic::PostEntry>(queue, nic::kDescBaseLow, i).address);
    }
    return addresses;
  }
  void finish_sending(std::uint32_t frames) {
    for (std::uint32_t i = 0; i < frames; ++i) {
      ASSERT_FALSE(to_send().empty()) << "nothing to send";
      finish_one(nic::tx_block(0), nic::kTxVectorBase);
    }
  }
  // The index word says that so many more descriptors are used up than are.
  void claim(std::uint32_t block, std::uint32_t more) {
    Queue& queue = queues_[block];
    const std::uint32_t index = queue.done + more;
    std::memcpy(memory_.at(address(queue, nic::kIndexAddrLow), sizeof index), &index, sizeof index);
  }
  // Queues say so often that they have something in flight.
  void stay_busy(std::uint32_t reads) { busy_reads_ = reads; }
  std::uint32_t interrupts(std::uint32_t vector) const {
    const auto found = interrupts_.find(vector);
    return found == interrupts_.end() ? 0 : found->second;
  }

  const nic::DeviceInfo& info() const override { return info_; }
  nic::HostMemory& memory() override { return memory_; }
  void write32(std::uint32_t offset, std::uint32_t value) override {
    if (!answers()) return;
    if (offset < nic::rx_block(0)) {
      globals[offset] = value;
      ++global_writes;
      return;
    }
    const std::uint32_t block = offset - offset % nic::kBlockBytes;
    Queue& queue = queues_[block];
    if (offset - block == nic::kControl && value > queue.registers[nic::kControl]) {
      queue.done = queue.registers[nic::kStartIndex];
    }
    queue.registers[offset - block] = value;
    if (offset - block != nic::kIrqArm) return;
    queues_[block].armed = true;
    const bool sends = block >= nic::tx_block(0);
    raise_if_due(block, sends ? nic::kTxVectorBase + (block - nic::tx_block(0)) / nic::kBlockBytes : 0);
  }
  void read32(std::uint32_t offset, std::function<void(std::uint32_t)> done) override {
    if (!answers()) return done(nic::kNoAnswer);
    if (offset % nic::kBlockBytes == nic::kState) {
      if (busy_reads_ == 0) return done(0);
      --busy_reads_;
      return done(nic::kStateInFlight);
    }
    if (offset == nic::kRegisterFeatures) return done(features);
    done(offset == nic::kRegisterId ? nic::kIdValue : 0x0002'0001);
  }
  std::uint64_t tx_timestamp_ns(std::uint32_t, std::uint32_t) override { return 0; }
  void set_interrupt_handler(std::uint32_t vector, std::function<void()> handler) override {
    handlers_[vector] = std::move(handler);
  }
  void reset(std::uint32_t) override {
    queues_.clear();
    globals.clear();
  }
  void set_present(bool present) override {
    present_ = present;
    reset(1);
  }
  void set_reachable(bool reachable) override { reachable_ = reachable; }

  std::uint32_t features = 0;
  std::map<std::uint32_t, std::uint32_t> globals;  // registers of no queue, as written
  std::uint32_t global_writes = 0;

 private:
  struct Queue {
    std::map<std::uint32_t, std::uint32_t> registers;
    std::uint32_t done = 0;
    bool armed = false;
  };

  bool answers() const { return present_ && reachable_; }
  std::uint64_t address(Queue& queue, std::uint32_t low) {
    return queue.registers[low] | std::uint64_t{queue.registers[low + 4]} << 32;
  }
  unsigned char* entry_at(Queue& queue, std::uint32_t base, std::uint32_t index, std::size_t size) {
    const std::uint32_t slot = index & ((1u << queue.registers[nic::kRingLog2]) - 1);
    return memory_.at(address(queue, base) + slot * size, size);
  }
  template <typename Entry>
  Entry entry(Queue& queue, std::uint32_t base, std::uint32_t index) {
    Entry copy;
    std::memcpy(&copy, entry_at(queue, base, index, sizeof copy), sizeof copy);
    return copy;
  }
  void finish_one(std::uint32_t block, std::uint32_t vector) {
    Queue& queue = queues_[block];
    ++queue.done;
    std::memcpy(memory_.at(address(queue, nic::kIndexAddrLow), sizeof queue.done), &queue.done,
                sizeof queue.done);
    raise_if_due(block, vector);
  }
  void raise_if_due(std::uint32_t block, std::uint32_t vector) {
    Queue& queue = queues_[block];
    if (!queue.armed || queue.done == queue.registers[nic::kIrqArm]) return;
    queue.armed = false;
    ++interrupts_[vector];
    host_.at(host_.now_ps(), handlers_[vector]);
  }

  Host& host_;
  nic::DeviceInfo info_;
  nic::HostMemory memory_;
  nic::RssSettings rss_;
  bool present_ = true;
  bool reachable_ = true;
  std::uint32_t busy_reads_ = 0;
  std::map<std::uint32_t, Queue> queues_;  // by register block
  std::map<std::uint32_t, std::function<void()>> handlers_;
  std::map<std::uint32_t, std::uint32_t> interrupts_;
};

}  // namespace ringproof::driver
