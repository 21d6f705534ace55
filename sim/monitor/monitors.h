// monitors.h: everything that watches a run.
// Role     makes the monitors, names them as taps, and collects what they found
// Source   docs/code-map.md
#pragma once

#include <fmt/format.h>

#include <cstdint>
#include <memory>
#include <optional>
#include <vector>

#include "model/base/tap.h"
#include "model/nic/nic_config.h"
#include "model/nic/port.h"
#include "sim/host/host_kernel.h"
#include "sim/monitor/accounts.h"
#include "sim/monitor/balance_monitor.h"
#include "sim/monitor/containment_monitor.h"
#include "sim/monitor/counter_monitor.h"
#include "sim/monitor/descriptor_monitor.h"
#include "sim/monitor/device_monitors.h"
#include "sim/monitor/drop_monitor.h"
#include "sim/monitor/fault_excuses.h"
#include "sim/monitor/fetch_monitor.h"
#include "sim/monitor/forward_monitor.h"
#include "sim/monitor/frame_monitor.h"
#include "sim/monitor/frame_order_monitor.h"
#include "sim/monitor/invariant_log.h"
#include "sim/monitor/mapping_monitor.h"
#include "sim/monitor/metadata_monitor.h"
#include "sim/monitor/order_monitor.h"
#include "sim/monitor/ownership_monitor.h"
#include "sim/monitor/poke_monitor.h"
#include "sim/monitor/program_monitor.h"
#include "sim/monitor/replay_monitor.h"
#include "sim/monitor/result_hash.h"
#include "sim/monitor/ring_monitor.h"
#include "sim/monitor/run_end.h"
#include "sim/monitor/sent_time_monitor.h"
#include "sim/monitor/state_monitor.h"
#include "sim/monitor/steering_monitor.h"
#include "sim/monitor/tx_path_monitor.h"
#include "sim/monitor/wait_monitor.h"
#include "sim/replay/run_result.h"

namespace ringproof {

class Monitors {
 public:
  explicit Monitors(const std::vector<nic::NicConfig>& ports)
      : accounts_(Accounts::infos_of(ports)),
        rings_(log_),
        ownership_(log_),
        frames_(log_),
        drops_(log_, ports),
        forwards_(log_, ports),
        tx_path_(log_),
        orders_(log_),
        pokes_(log_),
        containment_(log_),
        descriptors_(log_),
        frame_order_(log_),
        steering_(log_, ports),
        metadata_(log_, ports),
        sent_times_(log_, ports),
        counters_(log_, ports),
        waits_(log_),
        states_(log_),
        balance_(log_),
        mappings_(log_),
        programs_(log_),
        fetches_(log_),
        device_(log_, ports),
        excuses_(log_) {}

  std::vector<Tap*> taps() {
    std::vector<Tap*> taps{&excuses_,     &accounts_,    &hash_,     &rings_,    &ownership_,
                           &frames_,      &drops_,       &forwards_, &tx_path_,  &containment_,
                           &descriptors_, &frame_order_, &steering_, &metadata_, &counters_,
                           &waits_,       &states_,      &balance_,  &programs_, &fetches_,
                           &orders_,      &pokes_,       &device_,   &mappings_, &sent_times_};
    if (replay_ != nullptr) taps.push_back(replay_.get());
    return taps;
  }
  // The first port gets this capture, and nothing else. To be said before taps() is asked.
  void expect_replay(const Capture& capture, const ReplayOptions& options, double gbps) {
    replay_ = std::make_unique<ReplayMonitor>(log_, capture, options, gbps);
  }
  // Everything that is seen in other ways than by taps. REQUIRES: no task has run yet.
  void watch(HostKernel& kernel) {
    kernel.observe(device_.tasks());
    kernel.observe(device_.blocking());
  }
  void watch(nic::Port& port) { port.watch_bus(device_); }

  // For programs whose accesses to shared memory are told one by one.
  OwnershipMonitor& ownership() { return ownership_; }
  const OwnershipMonitor& ownership() const { return ownership_; }
  const Accounts& accounts() const { return accounts_; }
  // Some invariant does not hold.
  bool broken() const { return log_.broken(); }
  void tell_first(std::function<void(const std::string& line)> told) { log_.tell_first(std::move(told)); }
  // For what a test puts in place of what the device would do.
  SteeringMonitor& steering() { return steering_; }
  MetadataMonitor& metadata() { return metadata_; }

  // A schedule may keep whoever could go on waiting for so long, so what has to come within a time may come
  // so much later: INV-33, 34, 35, 37 and 39. REQUIRES: the run has not begun.
  void expect_delays(std::uint64_t late_ps_max) {
    waits_.expect_delays(late_ps_max);
    pokes_.expect_delays(late_ps_max);
    device_.expect_delays(late_ps_max);
  }

  // The run is over. `begun`: frames that the first port has taken from its traffic.
  void finish(const RunEnd& end, std::uint64_t begun = 0) {
    frames_.finish(end.time_ps, end.drained);
    forwards_.finish(end.time_ps, end.drained);
    ownership_.finish(end.time_ps, end.drained);
    waits_.finish(end.time_ps);
    device_.finish(end);
    balance_.finish(end.time_ps, end.drained);  // after INV-39: what never ended leaves things open
    mappings_.finish(end.time_ps, end.drained);
    if (replay_ != nullptr) replay_->finish(end.time_ps, begun, end.drained);
  }
  // REQUIRES: everything else in the result is there already. `earlier_hash` is that of a run with the same
  // inputs, if there was one: INV-48.
  void fill(RunResult& result, std::optional<std::uint64_t> earlier_hash) {
    accounts_.fill(result);
    result.result_hash = hash_.value(result);
    if (earlier_hash.has_value()) {
      log_.checked(Invariant::k48);
      if (*earlier_hash != result.result_hash) {
        log_.violated(Invariant::k48, Party::kPlatform, Place::port(0), EventTrail(), result.sim_ns * 1000,
                      [&] {
                        return fmt::format(
                            "an equal run before this one gave {:016x}; does the application read "
                            "something outside the simulation?",
                            *earlier_hash);
                      });
      }
    }
    log_.fill(result);
  }

 private:
  InvariantLog log_;
  Accounts accounts_;
  ResultHash hash_;
  RingMonitor rings_;
  OwnershipMonitor ownership_;
  FrameMonitor frames_;
  DropMonitor drops_;
  ForwardMonitor forwards_;
  TxPathMonitor tx_path_;
  OrderMonitor orders_;
  PokeMonitor pokes_;
  ContainmentMonitor containment_;
  DescriptorMonitor descriptors_;
  FrameOrderMonitor frame_order_;
  SteeringMonitor steering_;
  MetadataMonitor metadata_;
  SentTimeMonitor sent_times_;
  CounterMonitor counters_;
  WaitMonitor waits_;
  StateMonitor states_;
  BalanceMonitor balance_;
  MappingMonitor mappings_;
  ProgramMonitor programs_;
  FetchMonitor fetches_;
  DeviceMonitors device_;
  FaultExcuses excuses_;
  std::unique_ptr<ReplayMonitor> replay_;
};

}  // namespace ringproof
