// rx_queue.h: a receive queue of the platform: its programs, its sockets, and the way of a frame to them.
// Role     shows every frame of the driver's queue to the attached programs and does what they say
// Shapes   programs in order of attachment; their rules make one list; redirected frames go to a socket in
//          batches of at most kBatchFrames, or in one of any size on the exclusive path. Active from the
//          first program with rules until the last program leaves
// Errors   a queue id that the device does not have: attach() gives kNotFound (generic: kBadParameter); rules
//          that send frames out where the device cannot (kNotSupported)
// Source   XDP for Windows: programs on queues, RX data path, RX queue life cycle
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "model/base/host.h"
#include "model/base/tap.h"
#include "model/driver/driver.h"
#include "model/xdp/data_path_gate.h"
#include "model/xdp/program.h"
#include "model/xdp/queue_counters.h"
#include "model/xdp/ring_lender.h"
#include "model/xdp/status.h"
#include "model/xdp/xsk_map.h"

namespace ringproof::xdp {

class Interface;

constexpr std::size_t kBatchFrames = 32;

class RxQueue final : public driver::RxClient {
 public:
  // `from_wire` false: the queue of frames that the host's own stack sends.
  RxQueue(std::uint32_t id, bool from_wire, Interface& interface, Host& host, const TapList& taps,
          MapLock& maps);

  std::uint32_t id() const { return id_; }
  bool from_wire() const { return from_wire_; }
  std::uint32_t port() const;
  Interface& interface() { return interface_; }
  const Interface& interface() const { return interface_; }

  // A socket that is bound here; of those, only redirect targets receive.
  void bind(Socket& socket) { sockets_.push_back(&socket); }
  void unbind(Socket& socket);

  // All three wait until no pass is under way, so a frame is judged by the old rules or by the new ones.
  Status attach(Program& program);
  void detach(Program& program);
  // The interface went away: programs lose the queue, sockets are detached.
  void remove();
  DataPathGate& gate() { return gate_; }

  // Since somebody uses the queue; they begin again when nobody does.
  const RxQueueCounters& counters() const { return counters_; }
  bool used() const { return !sockets_.empty() || !programs_.empty(); }

  // Asked for by a socket. Once a program is attached, only what is on already can be had.
  Status enable_checksum();
  Status enable_timestamp();
  void offload_changed();

  void receive(std::span<driver::RxFrame> frames) override;

  // ---- While the device works on the rings of the only receiver ----

  // Blocks until it is done.
  void lend_if_possible();
  RingLender& lender() { return lender_; }
  // The device gave the frame to the socket, or lost it at an entry that it could not use.
  void device_delivered(const driver::RxFrame& frame, const Socket& socket, bool delivered, bool valid_entry);
  void device_counted(std::uint32_t starved, std::uint32_t truncated);

 private:
  Status enable(bool capable, bool& enabled);
  QueuePlace place() const;
  Status may_activate(const Program& program) const;
  void rebuild();
  void tell_rules() const;
  void forget_if_unused();
  void inspect(driver::RxFrame& frame);
  Socket* target_of(const Rule& rule) const;
  void tell_judged(const driver::RxFrame& frame, const Rule* rule, const Socket* target) const;
  void drop(driver::RxFrame& frame, DropReason reason);
  void forward(driver::RxFrame& frame);
  void redirect(driver::RxFrame& frame, Socket& target);
  void flush();
  bool is_exclusive_shape() const;

  const std::uint32_t id_;
  const bool from_wire_;
  Interface& interface_;
  Host& host_;
  const TapList& taps_;
  DataPathGate gate_;
  MapLock& maps_;
  std::vector<Socket*> sockets_;
  std::vector<Program*> programs_;
  std::vector<Rule> rules_;
  bool active_ = false;
  bool looks_into_maps_ = false;  // one of the rules does
  RxQueueCounters counters_;
  std::uint64_t version_ = 0;  // of rules_
  std::vector<driver::RxFrame> batch_;
  Socket* batch_target_ = nullptr;
  bool checksum_ = false;
  bool timestamp_ = false;
  // One rule, match all, to one socket of this queue, as it was when the rules were attached: a whole receive
  // pass is one batch.
  bool exclusive_ = false;
  RingLender lender_;
};

}  // namespace ringproof::xdp
