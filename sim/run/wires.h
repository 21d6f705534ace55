// wires.h: ports of a machine that send to each other.
// Role     takes what leaves a port, and puts it on the wire of others at its time
// Shapes   a port with a wire gets no other traffic
// Units    [ps]
// Threads  simulation thread
// Errors   a frame that would come too late is a bug of ours: SIM_CHECK
// Source   docs/scenario-file.md, "Wires"; docs/decisions/0010-wires-between-ports.md
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "model/base/tap.h"
#include "model/nic/port.h"
#include "sim/run/switchboard.h"
#include "sim/run/wire_feed.h"

namespace ringproof {

class Wires final : public Tap {
 public:
  // REQUIRES: one wire at least.
  explicit Wires(const std::vector<WirePlan>& plans);

  void connect(const std::vector<std::unique_ptr<nic::Port>>& ports);
  bool connects(std::uint32_t port) const { return board_.connects(port); }

  // How far the hardware may go together: a frame that leaves before this time reaches nobody before. kNever
  // when nothing is under way.
  std::uint64_t safe_ps() const;
  bool empty() const { return under_way_.empty(); }
  // Every port has come to the same time, and has told what it sent before.
  void hand_over();
  // From now on what is sent gets lost.
  void cut() { cut_ = true; }

  // Tap
  void wire_out(std::uint32_t port, std::uint32_t queue, std::uint64_t end_ps, Bytes frame) override;

 private:
  struct UnderWay {
    std::uint64_t due_ps;
    std::uint32_t to;
    std::vector<unsigned char> bytes;
  };

  Switchboard board_;
  const std::uint64_t shortest_ps_;
  std::vector<nic::Port*> ports_;
  std::vector<std::unique_ptr<WireFeed>> feeds_;
  std::vector<UnderWay> under_way_;
  bool cut_ = false;
};

}  // namespace ringproof
