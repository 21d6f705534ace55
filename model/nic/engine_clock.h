// engine_clock.h: clocks the queue engine among its neighbours.
// Role     one cycle at a time while there is something to do, and straight to the next cause while not
// Shapes   edges lie at multiples of the clock period
// Units    [ps]; a frame beat is 64 bytes
// Errors   an engine that decides about a frame that it was not given -> SIM_CHECK; one that does not decide
//          about a frame that it took is never quiet
// Source   docs/design/queue-engine.md, docs/decisions/0001-time-and-tasks.md
#pragma once

#include <cstdint>
#include <memory>
#include <string>
#include <vector>

#include "model/nic/bus_watcher.h"
#include "model/nic/dma_port.h"
#include "model/nic/interrupts.h"
#include "model/nic/nic_config.h"
#include "model/nic/queue_engine.h"
#include "model/nic/receive_mac.h"
#include "model/nic/register_bus.h"
#include "model/nic/transmit_mac.h"

namespace ringproof::nic {

struct EngineNeighbours {
  ReceiveMac& receive;
  TransmitMac& transmit;
  DmaPort& dma;
  Interrupts& interrupts;
  RegisterBus& registers;
};

class EngineClock {
 public:
  // `skip_idle` false clocks every cycle; the run is the same, only slower.
  EngineClock(const NicConfig& config, std::unique_ptr<QueueEngine> engine, bool skip_idle);

  // REQUIRES: called once, before the first advance.
  void connect(const EngineNeighbours& neighbours) {
    neighbours_ = std::make_unique<EngineNeighbours>(neighbours);
  }

  // `port` is what the watcher is told of the place.
  void watch(std::uint32_t port, BusWatcher& watcher) {
    port_ = port;
    watcher_ = &watcher;
    engine_->on_assertion([this](const std::string& module, std::uint32_t line) {
      watcher_->assertion_failed(port_, module, line, next_edge_ps_);
    });
  }

  void finish_wave() { engine_->finish_wave(); }

  // Before the first advance: the clock may be off, or stop for a while.
  void use(FaultPoints& faults, std::uint32_t port);

  // The engine is in reset for so many cycles from now on; what it had is lost, and nothing reaches the host.
  // REQUIRES: cycles > 0.
  void reset(std::uint32_t cycles);
  // Absent, it stays in reset, and what the MAC had received is discarded.
  void set_present(bool present);
  // Accesses that come while it is not reachable reach nobody.
  void set_reachable(bool reachable) { reachable_ = reachable; }

  // Does every edge and wire event before `time_ps`.
  void advance_to(std::uint64_t time_ps);
  std::uint64_t time_ps() const { return time_ps_; }
  // The earliest time at which anything can happen here without new input from the host.
  std::uint64_t next_activity_ps() const;
  // How long whatever happens here takes to reach the host, at least.
  std::uint64_t lookahead_ps() const;
  // How far this port may run ahead of SystemC: another port may make the host act at any time from now on,
  // and a register access takes its latency to come here.
  std::uint64_t safe_run_ps() const;
  // How far the clock may run when the host has nothing due before; kNever when there is nothing to do.
  std::uint64_t next_stop_ps() const;
  // Without new input from the host, nothing reaches it before this time.
  std::uint64_t horizon_ps() const;
  // Nothing is in flight.
  bool quiet() const;

  std::uint64_t cycles() const { return time_ps_ / period_ps_; }
  std::uint64_t cycles_worked() const { return cycles_worked_; }

 private:
  bool must_clock(std::uint64_t edge_ps) const;
  std::uint64_t next_cause_ps() const;
  std::uint64_t edge_at_or_after(std::uint64_t time_ps) const {
    return (time_ps + period_ps_ - 1) / period_ps_ * period_ps_;
  }
  void advance_wire(std::uint64_t now_ps);
  void clock(std::uint64_t edge_ps);
  void drive_receive();
  void settle_receive();
  void decide_received();
  void settle_transmit(std::uint64_t edge_ps);

  std::uint64_t period_ps_;
  const std::uint64_t interrupt_latency_ps_;
  const bool skip_idle_;
  FaultPoints* faults_ = &FaultPoints::none();
  std::uint32_t faulty_port_ = 0;
  std::unique_ptr<QueueEngine> engine_;
  std::unique_ptr<EngineNeighbours> neighbours_;
  EngineInputs in_;
  EngineOutputs out_;
  std::uint64_t time_ps_ = 0;
  std::uint64_t next_edge_ps_ = 0;
  std::uint64_t cycles_worked_ = 0;
  bool present_ = true;
  bool reachable_ = true;
  std::uint32_t reset_cycles_ = 0;  // to come
  bool stirred_ = true;             // the last edge may have left something to do
  std::size_t receive_offset_ = 0;  // bytes of the frame in front that the engine has taken
  bool receive_hashed_ = false;     // when that frame began, the engine hashed
  bool receive_on_pins_ = false;
  bool transmit_begun_ = false;
  std::vector<unsigned char> transmit_bytes_;
  std::uint32_t port_ = 0;
  BusWatcher* watcher_ = nullptr;
};

}  // namespace ringproof::nic
