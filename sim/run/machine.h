// machine.h: a whole simulated machine: host, ports, drivers, platform, and those who watch.
// Role     puts the layers together in the order in which they need each other, whatever stands behind the
//          ports
// Shapes   ports as in the NIC file; 16 virtual CPUs; at most one machine is entered at a time
// Units    [ps]
// Threads  one; calls of an application mean the machine that was entered last
// Errors   none
// Source   docs/code-map.md
#pragma once

#include <algorithm>
#include <functional>
#include <memory>
#include <vector>

#include "model/base/tap.h"
#include "model/driver/driver.h"
#include "model/nic/port.h"
#include "model/xdp/platform.h"
#include "sim/app/world.h"
#include "sim/fault/injector.h"
#include "sim/host/host_kernel.h"
#include "sim/replay/nic_file.h"
#include "sim/run/joined_hardware.h"

namespace ringproof {

// Makes the port of this number.
using PortMaker = std::function<std::unique_ptr<nic::Port>(const nic::NicConfig& config, std::uint32_t port,
                                                           Host& host, const TapList& taps)>;

struct MachineParts {
  const NicFile& nic_file;
  PortMaker make_port;
  std::vector<Tap*> taps;  // who watches, in the order in which they are told
  Progress* progress = nullptr;
  std::function<void(const char*)> uncaught;  // see World
  FaultInjector* faults = nullptr;            // null: nothing goes wrong
  std::uint64_t seed = 1;                     // of what the application draws
  Wires* wires = nullptr;                     // null: no port sends to another
  bool free = false;                          // applications are threads of the host
};

class Machine {
 public:
  explicit Machine(const MachineParts& parts);
  ~Machine();
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  // From now on the published calls and the ring helpers act on this machine; until leave().
  void enter();
  void leave();

  HostKernel& kernel() { return kernel_; }
  const HostKernel& kernel() const { return kernel_; }
  TapList& taps() { return taps_; }
  std::size_t port_count() const { return ports_.size(); }
  nic::Port& port(std::size_t i) { return *ports_[i]; }
  const nic::Port& port(std::size_t i) const { return *ports_[i]; }
  driver::Driver& driver(std::size_t i) { return *drivers_[i]; }
  xdp::Platform& platform() { return *platform_; }
  World& world() { return *world_; }
  HandleOwners& handle_owners() { return handle_owners_; }

  // Ports and drivers have nothing in flight.
  bool hardware_idle() const;
  // Nor will anything happen on the host by itself.
  bool idle() const { return hardware_idle() && kernel_.quiet(); }
  // How far everything has come.
  std::uint64_t now_ps() const { return std::max(kernel_.now_ps(), reached_ps_); }

  // How far anybody has come, a port that runs ahead included.
  std::uint64_t furthest_ps() const;
  // Frames that all ports have taken from their traffic.
  std::uint64_t frames_begun() const;

  // Lets host and ports take turns: `after_step` is asked after each for the time beyond which the host must
  // not go, and ends it with 0. For ports that no other kernel drives. False: nothing is left to happen.
  bool run(const std::function<std::uint64_t()>& after_step);
  // Between runs, host and hardware come to one time, so that whoever acts from outside finds all that
  // happened before, and acts after it.
  void come_together();
  // The same in free-running mode, as far as the wall clock has come; everybody else comes in between.
  bool run_freely(const std::function<std::uint64_t()>& after_step);

 private:
  static constexpr std::uint32_t kCpus = 16;
  std::uint64_t next_due_ps() const;
  void pause_freely();

  SharedRanges ranges_;
  TapList taps_;
  JoinedHardware hardware_;
  HostKernel kernel_;
  HandleOwners handle_owners_{kernel_};
  std::vector<std::unique_ptr<nic::Port>> ports_;
  std::vector<std::unique_ptr<driver::Driver>> drivers_;
  std::unique_ptr<xdp::Platform> platform_;
  std::unique_ptr<World> world_;
  std::uint64_t reached_ps_ = 0;  // by run()
};

}  // namespace ringproof
