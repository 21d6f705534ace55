// bare_port.h: one NIC port without SystemC.
// Role     the same cores as NicModule, for worlds that are made and thrown away many times in one process
// Shapes   the owner lets host and hardware take turns: see Hardware
// Units    [ps]
// Source   docs/decisions/0001-time-and-tasks.md
#pragma once

#include <functional>
#include <memory>
#include <vector>

#include "model/base/host.h"
#include "model/base/tap.h"
#include "model/nic/engine_clock.h"
#include "model/nic/nic_config.h"
#include "model/nic/port.h"

namespace ringproof::nic {

class BarePort final : public Port {
 public:
  BarePort(const NicConfig& config, std::uint32_t port, Host& host, const TapList& taps,
           std::unique_ptr<QueueEngine> engine, std::uint64_t seed);

  std::uint64_t next_stop_ps() const override { return clock_.next_stop_ps(); }
  void watch_bus(BusWatcher& watcher) override { clock_.watch(info_.port, watcher); }
  void finish_wave() override { clock_.finish_wave(); }

  // Device
  const DeviceInfo& info() const override { return info_; }
  HostMemory& memory() override { return memory_; }
  void write32(std::uint32_t offset, std::uint32_t value) override {
    registers_.write(offset, value, time_ps());
  }
  void read32(std::uint32_t offset, std::function<void(std::uint32_t)> done) override {
    registers_.read(offset, std::move(done), time_ps());
  }
  std::uint64_t tx_timestamp_ns(std::uint32_t queue, std::uint32_t index) override {
    return transmit_.timestamp_ns(queue, index);
  }
  std::vector<std::uint32_t> take_rx_buffers(std::uint64_t timestamp_ns) override {
    return receive_.take_buffers(timestamp_ns);
  }
  std::uint64_t take_zero_copy_frame(std::uint32_t queue) override { return decoder_.take_published(queue); }
  RssSettings rss() const override { return rss_.settings(); }
  void set_rss(const RssSettings& settings) override { rss_.set(settings); }
  void set_interrupt_handler(std::uint32_t vector, std::function<void()> handler) override {
    interrupts_.set_handler(vector, std::move(handler));
  }
  void reset(std::uint32_t cycles) override;
  void set_present(bool present) override;
  void set_reachable(bool reachable) override { clock_.set_reachable(reachable); }

  // Hardware
  std::uint64_t time_ps() const override { return clock_.time_ps(); }
  std::uint64_t horizon_ps() const override { return clock_.horizon_ps(); }
  void advance_to(std::uint64_t time_ps) override { clock_.advance_to(time_ps); }
  bool quiet() const override { return clock_.quiet(); }
  void start_traffic(FrameSource& source, std::uint64_t at_ps) override { receive_.start(source, at_ps); }
  void stop_traffic() override { receive_.stop(time_ps()); }
  bool traffic_over() const override { return receive_.over(); }
  std::uint64_t frames_begun() const override { return receive_.frames_begun(); }
  void set_link(bool up) override {
    receive_.set_link(up);
    transmit_.set_link(up);
  }
  std::uint64_t cycles() const override { return clock_.cycles(); }
  std::uint64_t cycles_worked() const override { return clock_.cycles_worked(); }

 private:
  const NicConfig config_;
  DeviceInfo info_;
  HostMemory memory_;
  ReceiveSideScaling rss_;
  ReceiveMac receive_;
  TransmitMac transmit_;
  TransactionDecoder decoder_;
  DmaPort dma_;
  Interrupts interrupts_;
  RegisterBus registers_;
  EngineClock clock_;
};

}  // namespace ringproof::nic
