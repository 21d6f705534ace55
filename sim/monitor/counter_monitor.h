// counter_monitor.h: a socket's statistics are what happened.
// Role     INV-22: counters never fall, and equal the events that were told
// Shapes   XSK_STATISTICS; read by the application, and once more by the platform when the socket closes
// Errors   the platform's. A batch is counted a little before its frames are told, so a reader in
//          between may see up to as many lost or cut frames more as are on their way to the socket; with none
//          on its way the numbers are equal. There is no call that resets counters. Frames in several
//          buffers, whose tails an interface may ignore without a count, make RxTruncated an upper bound.
//          While a device works on the rings of a socket it counts as well, and answers for what is missing
//          of that: what had happened when the application asked, or when the rings were taken back. One that
//          was reset or lost, or whose answer was, has told nobody
// Source   invariants-and-faults.md C; afxdp-sockets.md 3.7, 5.3, 5.4, 6.3
#pragma once

#include <cstdint>
#include <map>
#include <utility>
#include <vector>

#include "model/base/tap.h"
#include "model/nic/nic_config.h"
#include "sim/monitor/by_number.h"
#include "sim/monitor/frame_book.h"
#include "sim/monitor/invariant_log.h"

namespace ringproof {

class CounterMonitor final : public Tap {
 public:
  CounterMonitor(InvariantLog& log, const std::vector<nic::NicConfig>& ports);

  void wire_in(std::uint32_t port, std::uint64_t timestamp_ns, Bytes bytes) override;
  void nic_dropped(std::uint32_t port, std::uint64_t timestamp_ns, DropReason reason) override;
  void local_frame_begun(std::uint32_t port, std::uint32_t queue, std::uint64_t number, Bytes bytes) override;
  void nic_accepted(std::uint32_t port, std::uint32_t queue, std::uint64_t timestamp_ns) override;
  void rx_starved(std::uint32_t port, std::uint32_t queue, std::uint64_t timestamp_ns) override;
  void hw_ring_changed(std::uint32_t port, std::uint32_t vector, std::uint32_t index, std::uint32_t entries,
                       std::uint64_t socket) override;
  void frame_judged(const QueuePlace& place, const Judgement& judgement, Bytes bytes) override;
  void frame_passed(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t time_ps) override;
  void frame_forwarded(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t time_ps) override;
  void frame_dropped(std::uint32_t port, std::uint64_t timestamp_ns, DropReason reason) override;
  void frame_delivered(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t socket,
                       std::uint64_t address, Bytes bytes, std::uint64_t time_ps) override;
  void umem_registered(std::uint64_t socket, const UmemShape& umem) override;
  void fill_judged(std::uint64_t socket, std::uint64_t address, bool valid) override;
  void tx_judged(std::uint64_t socket, std::uint64_t base_address, bool valid, Bytes bytes) override;
  void queue_disabled(std::uint32_t port, std::uint32_t vector, std::uint64_t time_ps) override;
  void zero_copy_enabled(std::uint32_t port, std::uint32_t vector, const ZeroCopyTold& told,
                         std::uint64_t time_ps) override;
  void device_reset(std::uint32_t port, std::uint64_t) override { forgotten(port); }
  void device_lost(std::uint32_t port, bool) override { forgotten(port); }
  void fault_struck(FaultId id, const FaultTarget& target, std::uint64_t time_ps) override;
  void call_began(std::uint64_t socket, const SocketCall& call, const SocketView& view,
                  std::uint64_t time_ps) override;
  void call_ended(std::uint64_t socket, const SocketCall& call, std::uint32_t status, const SocketView& view,
                  std::uint64_t time_ps) override;
  void statistics_read(std::uint64_t socket, const SocketStatistics& statistics) override;
  void socket_closed(std::uint64_t socket) override { sockets_.erase(socket); }

 private:
  struct Note {
    std::uint64_t wire_bytes = 0;
    std::uint64_t target = 0;  // socket that it is on its way to
  };
  // What a device has surely counted for a socket.
  struct Counted {
    std::uint64_t starved = 0;
    std::uint64_t truncated = 0;
  };
  struct Socket {
    std::uint64_t room_bytes = ~std::uint64_t{0};  // for a frame in a chunk
    SocketStatistics told;
    SocketStatistics read;
    std::uint64_t coming = 0;    // frames redirected to it that have not ended
    std::uint64_t starved = 0;   // frames that found no chunk while a device worked on its rings
    bool truncated_sure = true;  // no frame in several buffers was delivered
    bool lent = false;
    bool device_on = false;   // and its queue is enabled
    bool device_sure = true;  // nothing that it has counted was lost
    Counted by_device;
    Counted asked;                   // the same when the oldest call that asks for statistics began
    std::uint64_t cut_and_lost = 0;  // frames that a device may have counted as cut, and that were lost then
    std::uint32_t asking = 0;        // such calls
    EventTrail trail;
  };

  // The socket whose rings the device works on for this queue, if any.
  Socket* lender(std::uint32_t port, std::uint32_t queue, std::uint64_t* number);
  // What the devices of this port have counted may never be told.
  void forgotten(std::uint32_t port);
  // Takes the frame off its way.
  Note ended(std::uint32_t port, std::uint64_t timestamp_ns);
  Note lost(std::uint32_t port, std::uint64_t timestamp_ns);
  // Of what there is `least`, a device may have counted `by_device`.
  void check(std::uint64_t number, const Socket& socket, const char* name, std::uint64_t before,
             std::uint64_t now, std::uint64_t least, std::uint64_t most, std::uint64_t by_device = 0);

  InvariantLog& log_;
  std::map<std::pair<std::uint32_t, std::uint32_t>, std::uint64_t> lenders_;  // by port and receive queue
  std::vector<std::uint32_t> fragment_bytes_;                                 // by port
  FrameBook<Note> frames_;
  ByNumber<Socket> sockets_;
  std::uint64_t now_ps_ = 0;  // of the last event that said its time
};

}  // namespace ringproof
