// metadata_monitor.h: what an RX element says belongs to the frame whose bytes it names.
// Role     INV-20: length, timestamp, checksum verdicts, layout and original length of each RX element,
//          against the frame as it came off the wire
// Shapes   an element is looked at when its frame is told as delivered: nothing else has run since it was
//          written. Verdicts are worked out of the frames that arrive after some socket has asked for them,
//          and of one in kSampled before that: a device that says something wrong says it to nobody then
// Errors   all of them the platform's and driver's. An element that cannot be found, because the application
//          moved the platform's index, is not judged. Original length: of the frame, or, where frames come in
//          several buffers, also that of one buffer, which is upstream's way and a setting here
// Source   invariants-and-faults.md C; afxdp-sockets.md 5.5, 5.6
#pragma once

#include <cstdint>
#include <vector>

#include "model/base/tap.h"
#include "model/nic/nic_config.h"
#include "sim/monitor/by_number.h"
#include "sim/monitor/frame_book.h"
#include "sim/monitor/invariant_log.h"
#include "sim/monitor/reference_metadata.h"

namespace ringproof {

class MetadataMonitor final : public Tap {
 public:
  MetadataMonitor(InvariantLog& log, const std::vector<nic::NicConfig>& ports);

  // The test that feeds the port chose the verdicts of this frame, which has just arrived: not judged.
  void given(std::uint32_t port, std::uint64_t timestamp_ns);

  void wire_in(std::uint32_t port, std::uint64_t timestamp_ns, Bytes bytes) override;
  void nic_dropped(std::uint32_t port, std::uint64_t timestamp_ns, DropReason reason) override;
  void local_frame_begun(std::uint32_t port, std::uint32_t queue, std::uint64_t number, Bytes bytes) override;
  void completion_written(std::uint32_t port, std::uint32_t vector, std::uint32_t slot, Bytes entry,
                          bool allowed, std::uint64_t time_ps) override;
  void frame_judged(const QueuePlace& place, const Judgement& judgement, Bytes bytes) override;
  void frame_passed(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t time_ps) override;
  void frame_forwarded(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t time_ps) override;
  void frame_dropped(std::uint32_t port, std::uint64_t timestamp_ns, DropReason reason) override;
  void frame_delivered(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t socket,
                       std::uint64_t address, Bytes bytes, std::uint64_t time_ps) override;
  void umem_registered(std::uint64_t socket, const UmemShape& umem) override;
  void ring_created(std::uint64_t socket, RingKind kind, const RingShape& shape) override;
  void ring_moved(std::uint64_t socket, RingKind kind, Actor actor, std::uint32_t old, std::uint32_t now,
                  std::uint64_t time_ps) override;
  void socket_closed(std::uint64_t socket) override { sockets_.erase(socket); }

 private:
  static constexpr std::uint64_t kSampled = 16;
  struct PortFacts {
    nic::Offloads offloads;
    std::uint32_t fragment_bytes = 0;
  };
  struct Note {
    std::uint64_t wire_bytes = 0;
    bool known = false;  // whether `native` was worked out
    bool generic = false;
    reference::Metadata native;
  };
  struct Socket {
    RingShape rx{};
    bool made = false;
    std::uint32_t producer = 0;
    std::uint32_t announced = 0;  // elements written and not published
    std::uint32_t headroom_bytes = 0;
    EventTrail trail;
  };

  void check(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t number, const Socket& socket,
             const Note& note, const unsigned char* element);
  template <typename Describe>
  void violated(std::uint64_t number, const Socket& socket, Describe describe) {
    log_.violated(Invariant::k20, Party::kPlatform, Place::ring(number, RingKind::kRx), socket.trail, now_ps_,
                  describe);
  }

  InvariantLog& log_;
  std::vector<PortFacts> ports_;
  bool wanted_ = false;  // a socket has asked for verdicts
  std::uint64_t arrived_ = 0;
  FrameBook<Note> frames_;
  ByNumber<Socket> sockets_;
  std::uint64_t now_ps_ = 0;  // of the last event that said its time
};

}  // namespace ringproof
