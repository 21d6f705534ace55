// driver_bench.h: the driver on a device that does what the test says.
// Role     the situation of the driver's tests: clients that keep what they see, and a host
// Shapes   one receive and two transmit queues; the clients are those of queue 0
// Errors   two passes of one queue at once fail the test
// Source   model/driver/driver.h
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <deque>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "model/driver/driver.h"
#include "sim/host/host_kernel.h"
#include "testbench/model/driver/fake_device.h"
#include "testbench/sim/still_hardware.h"

namespace ringproof::driver {

constexpr std::uint64_t kMicrosecondPs = 1'000'000;
constexpr std::uint64_t kMillisecondPs = 1'000'000'000;
constexpr std::uint32_t kTxEntries = 8;
using Sizes = std::vector<std::size_t>;
using Numbers = std::vector<std::uint64_t>;

class Receiver final : public RxClient {
 public:
  explicit Receiver(HostKernel& kernel) : kernel_(kernel) {}
  void receive(std::span<RxFrame> frames) override {
    EXPECT_FALSE(inside) << "two passes of one queue at once";
    inside = true;
    batches.push_back(frames.size());
    cpus.push_back(kernel_.current_cpu());
    for (const RxFrame& frame : frames) {
      Sizes& lengths = fragments.emplace_back();
      lengths.assign(frame.fragments.begin(), frame.fragments.end());
    }
    kernel_.spend(work_ps);
    inside = false;
  }
  Sizes batches;
  Numbers cpus;
  std::vector<Sizes> fragments;
  std::uint64_t work_ps = 0;
  bool inside = false;

 private:
  HostKernel& kernel_;
};

// Sends frames of one byte; the byte, the context and the DMA address are the number of the frame.
class Sender final : public TxClient {
 public:
  explicit Sender(HostKernel& kernel) : kernel_(kernel) {}
  void completed(std::span<const TxCompletion> frames) override {
    for (const TxCompletion& frame : frames) {
      done.push_back(frame.context);
      timestamps.push_back(frame.timestamp_ns);
    }
  }
  bool fill(std::uint32_t room, std::vector<TxFrame>& frames) override {
    rooms.push_back(room);
    cpus.push_back(kernel_.current_cpu());
    const bool any = !waiting.empty();
    for (; room > 0 && !waiting.empty(); --room) {
      TxFrame& frame = frames.emplace_back();
      frame.context = frame.dma_address = waiting.front();
      frame.length = 1;
      frame.bytes = {&bytes[waiting.front()], 1};
      waiting.pop_front();
    }
    return any;
  }
  std::deque<unsigned char> waiting;
  Numbers done;
  Numbers timestamps;
  Numbers rooms;
  Numbers cpus;

 private:
  HostKernel& kernel_;
  const std::vector<unsigned char> bytes = [] {
    std::vector<unsigned char> all(256);
    for (std::size_t i = 0; i < all.size(); ++i) all[i] = static_cast<unsigned char>(i);
    return all;
  }();
};

class Dropped final : public Tap {
 public:
  void wire_out_dropped(std::uint32_t, std::uint32_t, DropReason reason) override { note("tx", reason); }
  void frame_dropped(std::uint32_t, std::uint64_t, DropReason reason) override { note("rx", reason); }
  std::string story;

 private:
  void note(const char* way, DropReason reason) {
    story += std::string(way) + " " + drop_reason_name(reason) + "; ";
  }
};

inline bool is_even(Tap::Bytes bytes) { return bytes[0] % 2 == 0; }

class DriverBench : public testing::Test {
 protected:
  DriverBench() {
    taps.add(&dropped);
    driver = std::make_unique<Driver>(
        device, kernel, taps,
        DriverSettings{.rx_ring_entries = 64, .tx_ring_entries = kTxEntries, .polling = true});
    driver->set_rx_client(0, Layer::kNative, &receiver);
    driver->set_tx_client(0, Layer::kNative, &sender);
    run_for(10 * kMicrosecondPs);
  }
  void run_for(std::uint64_t span_ps) {
    const std::uint64_t end_ps = end_ps_ += span_ps;
    kernel.at(end_ps, [] {});
    while (kernel.next_due_ps() <= end_ps) kernel.run_due(end_ps);
  }
  void run() { run_for(100 * kMicrosecondPs); }
  void receive(std::size_t frames, std::size_t bytes = 60) {
    for (std::size_t i = 0; i < frames; ++i) device.receive(bytes);
  }
  void send(std::initializer_list<unsigned char> frames) {
    sender.waiting.insert(sender.waiting.end(), frames);
    driver->kick_tx(0);
    run();
  }
  // Runs in a task of an application, on CPU 0; the driver's own tasks are on CPU 2.
  void in_task(std::function<void()> body) {
    kernel.start_service("task", 0, std::move(body));
    run();
  }

  StillHardware hardware;
  HostKernel kernel{4, hardware, nullptr};
  FakeDevice device{kernel};
  TapList taps;
  Dropped dropped;
  Receiver receiver{kernel};
  Sender sender{kernel};
  std::unique_ptr<Driver> driver;

 private:
  std::uint64_t end_ps_ = 0;
};

}  // namespace ringproof::driver
