// socket.h: one AF_XDP socket: its state, options, rings and data paths.
// Role     everything between an application's calls and the platform's queues
// Shapes   states Unbound < Binding < Bound < Activating < Active < Detached < Closing
// Threads  simulation thread; calls may let other tasks run, so a state read before a schedule point is old
//          after it
// Errors   each operation answers with the Status of the first check that fails and then changes nothing
// Source   XDP for Windows: AF_XDP sockets
#pragma once

#include <array>
#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <vector>

#include "model/base/host.h"
#include "model/base/tap.h"
#include "model/driver/driver.h"
#include "model/xdp/handle_table.h"
#include "model/xdp/public_api.h"
#include "model/xdp/ring_directory.h"
#include "model/xdp/rx_queue.h"
#include "model/xdp/shared_ring.h"
#include "model/xdp/status.h"
#include "model/xdp/tx_queue.h"

namespace ringproof::xdp {

class Interface;

// Finds the interface for an index, a hook and the mode flags of a bind; null if there is none.
class InterfaceLookup {
 public:
  virtual ~InterfaceLookup() = default;
  virtual Interface* find_interface(std::uint32_t index, const XDP_HOOK_ID& hook, bool generic,
                                    bool native) = 0;
};

// A transmitted frame that the device is done with.
struct FinishedFrame {
  std::uint64_t base_address = 0;
  std::uint64_t timestamp_ns = 0;
  Tap::Bytes bytes;
};

// An asynchronous notification on its way.
class AsyncNotify {
 public:
  virtual ~AsyncNotify() = default;
  // Called once, from any task or service: kOk with the result flags, or kCancelled.
  virtual void complete(Status status, std::uint32_t result) = 0;
};

class Socket final : public KernelObject {
 public:
  enum class State : std::uint8_t { kUnbound, kBinding, kBound, kActivating, kActive, kDetached, kClosing };

  Socket(std::uint64_t number, Host& host, const TapList& taps, RingDirectory& directory);
  ~Socket() override;
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  State state() const { return state_; }
  bool is_bound_to(const RxQueue& queue) const { return rx_queue_ == &queue; }
  bool has_rx() const { return rx_queue_ != nullptr; }

  // Operations of the API
  Status bind(InterfaceLookup& interfaces, std::uint32_t interface_index, std::uint32_t queue,
              std::uint32_t flags);
  Status activate(std::uint32_t flags);
  Status set_option(std::uint32_t option, const void* value, std::uint32_t length);
  // `length`: in, the room at `value`; out, the bytes written (0 when it fails).
  Status get_option(std::uint32_t option, void* value, std::uint32_t* length);
  Status notify(std::uint32_t flags, std::uint32_t timeout_ms, std::uint32_t* result);
  // kOk: `request` has been completed already; kPending: it will be; anything else: it never will.
  Status notify_async(std::uint32_t flags, std::shared_ptr<AsyncNotify> request);
  // Completes the pending request as cancelled; null names whichever is pending. False: there is none such.
  bool cancel(const AsyncNotify* request);
  // Blocks until every call on this socket has returned and the device has given back every frame.
  void close() override;
  // Calls that were under way belong to tasks that will never run again.
  void abandon_calls() { calls_ = 0; }

  // Data path, called from the passes of the queues
  void receive(const RxQueue& from, std::span<const RedirectedFrame> frames, bool exclusive);
  // Consumes TX entries and appends frames. Returns whether any entry was consumed.
  bool transmit(TxQueue& queue, std::uint32_t room, std::vector<driver::TxFrame>& frames);
  void transmit_completed(std::span<const FinishedFrame> frames);

 private:
  static constexpr std::size_t kRings = 4;
  struct Umem {
    unsigned char* base = nullptr;
    std::uint64_t total_bytes = 0;  // rounded down to whole chunks
    std::uint32_t chunk_bytes = 0;
    std::uint32_t headroom_bytes = 0;
  };

  // Held by each operation: rings and queues stay as long as one is under way.
  class Call {
   public:
    explicit Call(Socket& socket) : socket_(socket) { ++socket_.calls_; }
    ~Call() {
      if (--socket_.calls_ == 0) socket_.host_.notify(socket_.calls_ended_);
    }
    Call(const Call&) = delete;
    Call& operator=(const Call&) = delete;

   private:
    Socket& socket_;
  };

  std::unique_ptr<SharedRing>& ring(RingKind kind) { return rings_[static_cast<std::size_t>(kind)]; }
  const std::unique_ptr<SharedRing>& ring(RingKind kind) const {
    return rings_[static_cast<std::size_t>(kind)];
  }

  Status bind_directions(InterfaceLookup& interfaces, std::uint32_t interface_index, std::uint32_t queue,
                         std::uint32_t flags);
  Status register_umem(const void* value, std::uint32_t length);
  Status size_ring(RingKind kind, const void* value, std::uint32_t length);
  Status set_hook(XDP_HOOK_ID& hook, const void* value, std::uint32_t length);
  Status get_value(std::uint32_t option, std::vector<unsigned char>& value) const;
  XSK_RING_INFO ring_info(RingKind kind) const;
  std::uint32_t ready(std::uint32_t wait_flags) const;
  // Checks, pokes and looks: kPending when there is something to wait for.
  Status notify_at_once(std::uint32_t flags, std::uint32_t* result);
  void complete_async(Status status, std::uint32_t result);
  Status wait_until_ready(std::uint32_t wait_flags, std::uint32_t timeout_ms, std::uint32_t* result);
  void signal_waiter(std::uint32_t condition);
  void raise_ring_error(RingKind kind, XSK_ERROR error);

  bool copy_in(std::uint64_t address, const RedirectedFrame& frame, unsigned char* descriptor);
  std::optional<driver::TxFrame> judge_transmit(TxQueue& queue, const XSK_FRAME_DESCRIPTOR& descriptor);
  void evaluate_need_poke();

  const std::uint64_t number_;
  Host& host_;
  const TapList& taps_;
  RingDirectory& directory_;
  State state_ = State::kUnbound;
  XDP_HOOK_ID rx_hook_{XDP_HOOK_L2, XDP_HOOK_RX, XDP_HOOK_INSPECT};
  XDP_HOOK_ID tx_hook_{XDP_HOOK_L2, XDP_HOOK_TX, XDP_HOOK_INJECT};
  std::optional<Umem> umem_;
  std::array<std::unique_ptr<SharedRing>, kRings> rings_;
  std::array<XSK_ERROR, kRings> ring_errors_{};
  XSK_STATISTICS statistics_{};

  RxQueue* rx_queue_ = nullptr;
  TxQueue* tx_queue_ = nullptr;
  bool rx_attached_ = false;           // the receive data path may deliver here
  std::uint64_t tx_umem_address_ = 0;  // of the UMEM for the device; 0 while not mapped
  std::uint32_t tx_length_max_ = 0;
  std::uint32_t outstanding_ = 0;  // frames with the device
  Signal outstanding_ended_;

  std::uint32_t calls_ = 0;
  Signal calls_ended_;

  bool wait_slot_used_ = false;
  std::uint32_t waited_for_ = 0;
  bool wait_signalled_ = false;
  Signal waiter_;
  std::shared_ptr<AsyncNotify> async_;  // occupies the wait slot as well
};

}  // namespace ringproof::xdp
