// port.h: one NIC port, whatever is behind it.
// Role     what a driver and a host kernel need of a port, together
// Units    [ps]
// Source   docs/decisions/0001-time-and-tasks.md
#pragma once

#include "model/nic/bus_watcher.h"
#include "model/nic/device.h"
#include "model/nic/hardware.h"

namespace ringproof::nic {

class Port : public Device, public Hardware {
 public:
  // How far the port may go when the host has nothing due before; kNever when it has nothing to do.
  virtual std::uint64_t next_stop_ps() const = 0;
  // The watcher hears of every cycle from now on. A port without pins has nothing to tell it.
  virtual void watch_bus(BusWatcher& /*watcher*/) {}
  // Closes the waveform of its engine, if it has one: QueueEngine::finish_wave().
  virtual void finish_wave() {}
};

}  // namespace ringproof::nic
