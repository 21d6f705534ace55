// forward_monitor.h: what a rule sends back is the frame that came, with its addresses exchanged.
// Role     INV-17 and INV-18 between a forwarded frame's end and the hardware ring
// Shapes   per transmit queue and kind of interface, in the order in which frames were told as forwarded; known by
//          their bytes
// Errors   the platform's and driver's. A frame that came before the first rule which sends back is not looked at.
//          What the host's own stack sends is posted by the same way and is in no list; a driver that gives frames back
//          does not say which, so as many may be missing. What a test holds leaves the list
// Source   xdp-programs.md, L2FWD; model/driver/copied_frames.h
#pragma once

#include <cstdint>
#include <map>
#include <span>
#include <tuple>
#include <vector>

#include "model/base/fifo.h"
#include "model/base/tap.h"
#include "model/nic/nic_config.h"
#include "model/xdp/public_api.h"
#include "sim/monitor/frame_book.h"
#include "sim/monitor/invariant_log.h"

namespace ringproof {

class ForwardMonitor final : public Tap {
 public:
  ForwardMonitor(InvariantLog& log, const std::vector<nic::NicConfig>& ports);
  void finish(std::uint64_t end_ps, bool drained);

  void rules_changed(const QueuePlace& place, std::uint64_t version,
                     std::span<const RuleTold> rules) override;
  void wire_in(std::uint32_t port, std::uint64_t timestamp_ns, Bytes bytes) override;
  void nic_dropped(std::uint32_t port, std::uint64_t timestamp_ns, DropReason reason) override;
  void frame_judged(const QueuePlace& place, const Judgement& judgement, Bytes bytes) override;
  void frame_passed(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t time_ps) override;
  void frame_dropped(std::uint32_t port, std::uint64_t timestamp_ns, DropReason reason) override;
  void frame_delivered(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t socket,
                       std::uint64_t address, Bytes bytes, std::uint64_t time_ps) override;
  void frame_forwarded(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t time_ps) override;
  void hw_tx_posted(std::uint32_t port, std::uint32_t queue, std::uint32_t index, Bytes bytes) override;
  void tx_held(std::uint32_t port, std::uint32_t queue, Bytes bytes) override;
  void wire_out_dropped(std::uint32_t port, std::uint32_t queue, DropReason reason) override;
  void tx_memory_mapped(std::uint64_t socket, const TxMemory& memory) override { memories_[socket] = memory; }
  void tx_memory_unmapped(std::uint64_t socket, std::uint64_t) override { memories_.erase(socket); }

 private:
  struct Note {
    std::vector<unsigned char> bytes;
    std::uint32_t queue = 0;
    bool generic = false;
  };
  struct List {
    Fifo<std::vector<unsigned char>> frames;
    std::uint64_t may_miss = 0;  // given back
  };

  InvariantLog& log_;
  std::vector<std::uint32_t> tx_queues_;
  std::vector<bool> forwards_;  // by port: a rule of it did. Without one its frames are not noted
  FrameBook<Note> frames_;
  std::map<std::tuple<std::uint32_t, std::uint32_t, bool>, List> lists_;  // by port, transmit queue, generic
  std::map<std::uint64_t, TxMemory> memories_;
  std::uint64_t now_ps_ = 0;
};

}  // namespace ringproof
