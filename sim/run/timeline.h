// timeline.h: what every task, queue and wire did when, for a trace viewer.
// Role     listens to a run and writes it in the trace event format that Perfetto and Chrome open
// Shapes   a track for each task and for each port's wire; counters for the entries in each socket's rings
// Units    microseconds in the file, with picoseconds behind the point
// Errors   a file that cannot be written -> InputError
// Source   Trace Event Format; docs/explore.md
#pragma once

#include <cstdint>
#include <map>
#include <string>
#include <utility>

#include "model/base/tap.h"
#include "sim/host/host_kernel.h"

namespace ringproof {

class Timeline final : public Tap, public TaskObserver {
 public:
  // TaskObserver
  void task_ran(const Task& task, std::uint64_t begin_ps, std::uint64_t end_ps) override;

  void wire_in(std::uint32_t port, std::uint64_t timestamp_ns, Bytes bytes) override;
  void nic_dropped(std::uint32_t port, std::uint64_t timestamp_ns, DropReason reason) override;
  void wire_out(std::uint32_t port, std::uint32_t queue, std::uint64_t time_ps, Bytes bytes) override;
  void ring_moved(std::uint64_t socket, RingKind kind, Actor actor, std::uint32_t old, std::uint32_t now,
                  std::uint64_t time_ps) override;

  void write(const std::string& path) const;

 private:
  void add(const std::string& event);
  void name_track(std::uint32_t track, const std::string& name);

  std::string events_;
  std::map<std::uint32_t, bool> named_;
  std::map<std::pair<std::uint64_t, RingKind>, std::int64_t> used_;
};

}  // namespace ringproof
