// rx_queue.h: a receive queue of the platform: its programs, and the way of a frame to its target.
// Role     shows every frame of the driver's queue to the attached programs and does what they say
// Shapes   programs in order of attachment; their rules make one list; redirected frames go to a socket in
//          batches of at most kBatchFrames, or in one of any size on the exclusive path
// Errors   a queue id that the device does not have: attach() gives kNotFound
// Source   XDP for Windows: programs on queues, RX data path
#pragma once

#include <cstdint>
#include <memory>
#include <vector>

#include "model/base/host.h"
#include "model/base/tap.h"
#include "model/driver/driver.h"
#include "model/xdp/data_path_gate.h"
#include "model/xdp/program.h"
#include "model/xdp/status.h"

namespace ringproof::xdp {

constexpr std::size_t kBatchFrames = 32;

// A frame on its way to a socket.
struct RedirectedFrame {
  Tap::Bytes bytes;
  std::uint64_t timestamp_ns = 0;
};

class RxQueue final : public driver::RxClient {
 public:
  RxQueue(std::uint32_t id, driver::Driver& driver, Host& host, const TapList& taps);

  std::uint32_t id() const { return id_; }
  std::uint32_t port() const { return driver_.info().port; }

  // Both wait until no pass is under way, so a frame is judged by the old rules or by the new ones.
  Status attach(Program& program);
  void detach(Program& program);
  DataPathGate& gate() { return gate_; }

  void receive(std::span<driver::RxFrame> frames) override;

 private:
  void rebuild();
  void inspect(driver::RxFrame& frame);
  void flush();
  bool is_exclusive_shape() const;

  const std::uint32_t id_;
  driver::Driver& driver_;
  Host& host_;
  const TapList& taps_;
  DataPathGate gate_;
  std::vector<Program*> programs_;
  std::vector<Rule> rules_;
  std::vector<RedirectedFrame> batch_;
  Socket* batch_target_ = nullptr;
  // One rule, match all, to one socket of this queue, as it was when the rules were attached: a whole receive
  // pass is one batch.
  bool exclusive_ = false;
};

}  // namespace ringproof::xdp
