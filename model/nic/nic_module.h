// nic_module.h: one NIC port as a tree of SystemC modules.
// Role     the shells around the MAC, receive-side scaling, DMA, registers, interrupts and the queue engine,
//          bound by ports; to the driver a Device, to the host kernel Hardware
// Shapes   calls between modules carry the time, because a port may run ahead of SystemC's own time stamp;
//          one process clocks the engine in stretches
// Units    [ps]
// Source   docs/decisions/0001-time-and-tasks.md
#pragma once

#include <functional>
#include <memory>
#include <utility>
#include <vector>

#include "model/base/host.h"
#include "model/base/tap.h"
#include "model/nic/engine_clock.h"
#include "model/nic/kept_exception.h"
#include "model/nic/nic_config.h"
#include "model/nic/port.h"
#include "model/nic/systemc.h"

namespace ringproof::nic {

// What one module offers to the others: its core.
template <typename Core>
class CoreInterface : public virtual sc_core::sc_interface {
 public:
  virtual Core& core() = 0;
};

// The shell of a core that needs no process of its own.
template <typename Core>
class CoreModule : public sc_core::sc_module, public CoreInterface<Core> {
 public:
  sc_core::sc_export<CoreInterface<Core>> out{"out"};

  template <typename... Arguments>
  explicit CoreModule(sc_core::sc_module_name name, Arguments&&... arguments)
      : sc_module(name), core_(std::forward<Arguments>(arguments)...) {
    out.bind(*this);
  }
  Core& core() override { return core_; }
  const Core& core() const { return core_; }

 private:
  Core core_;
};

using RssModule = CoreModule<ReceiveSideScaling>;
using ReceiveMacModule = CoreModule<ReceiveMac>;
using TransmitMacModule = CoreModule<TransmitMac>;
using DmaModule = CoreModule<DmaPort>;
using InterruptModule = CoreModule<Interrupts>;
using RegisterModule = CoreModule<RegisterBus>;

// Clocks the engine whenever it has something to do, never past the host's next event.
class EngineModule : public sc_core::sc_module {
 public:
  sc_core::sc_port<CoreInterface<ReceiveMac>> receive{"receive"};
  sc_core::sc_port<CoreInterface<TransmitMac>> transmit{"transmit"};
  sc_core::sc_port<CoreInterface<DmaPort>> dma{"dma"};
  sc_core::sc_port<CoreInterface<Interrupts>> interrupts{"interrupts"};
  sc_core::sc_port<CoreInterface<RegisterBus>> registers{"registers"};

  EngineModule(sc_core::sc_module_name name, const NicConfig& config, Host& host,
               std::unique_ptr<QueueEngine> engine, bool skip_idle);

  EngineClock& clock() { return clock_; }
  const EngineClock& clock() const { return clock_; }
  void wake() { wake_.notify(sc_core::SC_ZERO_TIME); }
  void rethrow() { exception_.rethrow(); }

 private:
  void end_of_elaboration() override;
  void process() {
    exception_.keep([this] { run(); });
  }
  void run();

  Host& host_;
  EngineClock clock_;
  KeptException exception_;
  sc_core::sc_event wake_;
};

class NicModule : public sc_core::sc_module, public Port {
 public:
  NicModule(sc_core::sc_module_name name, const NicConfig& config, std::uint32_t port, Host& host,
            const TapList& taps, std::unique_ptr<QueueEngine> engine, std::uint64_t seed,
            bool skip_idle = true);

  // The host has run, or acted on this port.
  void wake() { engine_.wake(); }
  std::uint64_t next_stop_ps() const override { return engine_.clock().next_stop_ps(); }
  void watch_bus(BusWatcher& watcher) override { engine_.clock().watch(info_.port, watcher); }
  void finish_wave() override { engine_.clock().finish_wave(); }
  // Behind sc_start(): throws what ended the simulation from within this port.
  void rethrow() { engine_.rethrow(); }

  // Device
  const DeviceInfo& info() const override { return info_; }
  HostMemory& memory() override { return memory_; }
  void write32(std::uint32_t offset, std::uint32_t value) override;
  void read32(std::uint32_t offset, std::function<void(std::uint32_t)> done) override;
  std::uint64_t tx_timestamp_ns(std::uint32_t queue, std::uint32_t index) override {
    return transmit_.core().timestamp_ns(queue, index);
  }
  std::vector<std::uint32_t> take_rx_buffers(std::uint64_t timestamp_ns) override {
    return receive_.core().take_buffers(timestamp_ns);
  }
  std::uint64_t take_zero_copy_frame(std::uint32_t queue) override { return decoder_.take_published(queue); }
  RssSettings rss() const override { return rss_.core().settings(); }
  void set_rss(const RssSettings& settings) override { rss_.core().set(settings); }
  void set_interrupt_handler(std::uint32_t vector, std::function<void()> handler) override;
  void reset(std::uint32_t cycles) override;
  void set_present(bool present) override;
  void set_reachable(bool reachable) override;

  // Hardware
  std::uint64_t time_ps() const override { return engine_.clock().time_ps(); }
  std::uint64_t horizon_ps() const override { return engine_.clock().horizon_ps(); }
  void advance_to(std::uint64_t time_ps) override { engine_.clock().advance_to(time_ps); }
  bool quiet() const override { return engine_.clock().quiet(); }
  void start_traffic(FrameSource& source, std::uint64_t at_ps) override;
  void stop_traffic() override { receive_.core().stop(time_ps()); }
  bool traffic_over() const override;
  std::uint64_t frames_begun() const override;
  void set_link(bool up) override {
    receive_.core().set_link(up);
    transmit_.core().set_link(up);
  }
  std::uint64_t cycles() const override { return engine_.clock().cycles(); }
  std::uint64_t cycles_worked() const override { return engine_.clock().cycles_worked(); }

 private:
  const NicConfig config_;
  DeviceInfo info_;
  HostMemory memory_;
  RssModule rss_;
  ReceiveMacModule receive_;
  TransmitMacModule transmit_;
  TransactionDecoder decoder_;
  DmaModule dma_;
  InterruptModule interrupts_;
  RegisterModule registers_;
  EngineModule engine_;
};

}  // namespace ringproof::nic
