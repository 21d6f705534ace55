// program_monitor.h: one version of the rules judges a frame, and no program acts after it was detached.
// Role     INV-45
// Shapes   the version of a queue grows by one with every change of its programs; a redirected frame is in
//          the platform's hands until it is delivered or dropped, and the rules may not change under it
// Errors   all of them the platform's
// Source   invariants-and-faults.md G; xdp-programs.md 1.6, P-029, P-038
#pragma once

#include <cstdint>
#include <vector>

#include "model/base/tap.h"
#include "sim/monitor/frame_book.h"
#include "sim/monitor/invariant_log.h"

namespace ringproof {

class ProgramMonitor final : public Tap {
 public:
  explicit ProgramMonitor(InvariantLog& log) : log_(log) {}

  void wire_in(std::uint32_t port, std::uint64_t timestamp_ns, Bytes bytes) override;
  void nic_dropped(std::uint32_t port, std::uint64_t timestamp_ns, DropReason reason) override;
  void rules_changed(const QueuePlace& place, std::uint64_t version,
                     std::span<const RuleTold> rules) override;
  void local_frame_begun(std::uint32_t port, std::uint32_t queue, std::uint64_t number, Bytes bytes) override;
  void frame_judged(const QueuePlace& place, const Judgement& judgement, Bytes bytes) override;
  void frame_passed(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t time_ps) override;
  void frame_forwarded(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t time_ps) override;
  void frame_dropped(std::uint32_t port, std::uint64_t timestamp_ns, DropReason reason) override;
  void frame_delivered(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t socket,
                       std::uint64_t address, Bytes bytes, std::uint64_t time_ps) override;

 private:
  struct Queue {
    QueuePlace place;
    std::uint64_t version = 0;
    std::vector<std::uint64_t> programs;  // of its rules
    EventTrail trail;
  };
  struct Note {
    static constexpr std::uint32_t kNowhere = 0xFFFFFFFF;
    std::uint32_t taken_by = kNowhere;   // queue whose rule decided
    std::uint32_t judged_by = kNowhere;  // the last queue that looked
    std::uint64_t version = 0;
    std::uint64_t program = 0;
  };

  std::uint32_t index_of(const QueuePlace& place);
  void ended(std::uint32_t port, std::uint64_t timestamp_ns, bool by_program);
  template <typename Describe>
  void violated(const Queue& queue, Describe describe) {
    log_.violated(Invariant::k45, Party::kPlatform, Place::rx_queue(queue.place.port, queue.place.queue),
                  queue.trail, now_ps_, describe);
  }

  InvariantLog& log_;
  std::vector<Queue> queues_;  // few; searched
  FrameBook<Note> frames_;
  std::uint64_t now_ps_ = 0;  // of the last event that said its time
};

}  // namespace ringproof
