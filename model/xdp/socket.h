// socket.h: one AF_XDP socket: its state, options, rings and data paths.
// Role     everything between an application's calls and the platform's queues
// Shapes   states Unbound < Binding < Bound < Activating < Active < Detached < Closing
// Threads  simulation thread; calls may let other tasks run, so a state read before a schedule point is old
//          after it. Bind, activate, ring and offload options, detach and close exclude each other
//          (control_); pokes and changes of the poll mode exclude each other (poking_)
// Errors   each operation answers with the Status of the first check that fails and then changes nothing
// Source   XDP for Windows: AF_XDP sockets; docs/sockets.md
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
#include "model/xdp/bounce_buffer.h"
#include "model/xdp/element_layout.h"
#include "model/xdp/handle_table.h"
#include "model/xdp/public_api.h"
#include "model/xdp/ring_directory.h"
#include "model/xdp/rx_queue.h"
#include "model/xdp/shared_ring.h"
#include "model/xdp/status.h"
#include "model/xdp/task_lock.h"
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

// What is the same for every socket of a platform.
struct SocketSettings {
  bool strict = false;                     // broken indices of the application raise a ring error: INV-10
  bool original_length_of_buffer = false;  // as upstream: the length of the last buffer looked at
  // What both indices of a ring begin with: 0 as upstream, or close to the wrap of 32 bits (INV-07,
  // F-DSC-02).
  std::uint32_t ring_start_index = 0;
  // What fresh ring elements hold: zeros as upstream, or anything that nobody may look at (INV-47).
  unsigned char ring_fill = 0;
  // Larger rings are refused for want of memory.
  std::uint64_t ring_bytes_max = std::uint64_t{256} << 20;
};

class ReceiveLoan;
class TransmitLoan;

class Socket final : public KernelObject, public std::enable_shared_from_this<Socket> {
 public:
  using State = SocketState;

  // `affinity`: whether the processor of the data path is told from the start (API version 1).
  Socket(std::uint64_t number, Host& host, const TapList& taps, RingDirectory& directory,
         const SocketSettings& settings, bool affinity);
  ~Socket() override;
  Socket(const Socket&) = delete;
  Socket& operator=(const Socket&) = delete;

  std::uint64_t number() const { return number_; }
  State state() const { return state_; }
  bool is_bound_to(const RxQueue& queue) const { return rx_queue_ == &queue; }
  // The receive data path of the queue may deliver here.
  bool is_attached_to(const RxQueue& queue) const { return rx_attached_ && rx_queue_ == &queue; }
  // Nothing but a copy stands between the device and the rings of this direction.
  bool can_lend_rx() const;
  bool can_lend_tx() const;
  driver::LentRings& loan(driver::Direction direction);
  bool has_rx() const { return rx_queue_ != nullptr; }
  const std::optional<UmemShape>& umem() const { return umem_; }

  // Operations of the API
  Status bind(InterfaceLookup& interfaces, std::uint32_t interface_index, std::uint32_t queue,
              std::uint32_t flags);
  Status activate(std::uint32_t flags);
  Status set_option(std::uint32_t option, const void* value, std::uint32_t length);
  // `length`: in, the room at `value`; out, the bytes written, or the bytes needed with kMoreData, or 0.
  Status get_option(std::uint32_t option, void* value, std::uint32_t* length);
  Status notify(std::uint32_t flags, std::uint32_t timeout_ms, std::uint32_t* result);
  // kOk: `request` has been completed already; kPending: it will be; anything else: it never will.
  Status notify_async(std::uint32_t flags, std::shared_ptr<AsyncNotify> request);
  // Completes the pending request as cancelled; null names whichever is pending. False: there is none such.
  bool cancel(const AsyncNotify* request);
  // Blocks until every call on this socket has returned and the device has given back every frame.
  void close() override;

  // Called by the queues: the interface left, or switched an offload.
  void detach_rx();
  void detach_tx();
  void rx_offload_changed();
  void tx_offload_changed();

  // The application stored into a word of one of the rings.
  void application_stored(RingKind kind);

  // Data path, called from the passes of the queues
  void receive(const RxQueue& from, std::span<const driver::RxFrame> frames, bool exclusive,
               RxQueueCounters& counters);
  // Consumes TX entries and appends frames. Returns whether any entry was consumed.
  bool transmit(TxQueue& queue, std::uint32_t room, std::vector<driver::TxFrame>& frames);
  void transmit_completed(std::span<const FinishedFrame> frames);

 private:
  friend class ReceiveLoan;
  friend class RingLoan;
  friend class TransmitLoan;
  static constexpr std::size_t kRings = 4;
  enum class PollMode : std::uint8_t { kDefault, kBusy, kSocket };

  // The processor of one direction's data path, as an application may ask for it.
  struct Affinity {
    bool on = false;
    std::optional<std::uint32_t> cpu;
  };

  // A call with flags to wait, from its beginning.
  struct Wait {
    std::uint64_t number = 0;  // 0 is no wait
    std::uint32_t flags = 0;
    std::uint64_t socket_modes = 0;  // begun before it
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

  // Does what an application asks for, and tells of it.
  template <typename Operation>
  Status told(const SocketCall& call, Operation operation) {
    if (taps_.empty()) return operation();
    taps_.tell(&Tap::call_began, number_, call, view(), host_.now_ps());
    const Status status = operation();
    taps_.tell(&Tap::call_ended, number_, call, static_cast<std::uint32_t>(status), view(), host_.now_ps());
    return status;
  }

  // Life (socket.cc)
  void set_state(State state);
  SocketView view() const;
  void tell_statistics(const XSK_STATISTICS& statistics) const;
  Status bind_now(InterfaceLookup& interfaces, std::uint32_t interface_index, std::uint32_t queue,
                  std::uint32_t flags);
  Status activate_now(std::uint32_t flags);
  Status bind_directions(InterfaceLookup& interfaces, std::uint32_t interface_index, std::uint32_t queue,
                         std::uint32_t flags);
  Status start_tx();
  bool can_lend(RingKind kind, const driver::Driver& device) const;
  void end_loans();
  void release_rx();
  void release_tx();
  // Of a socket that is Detached or Closing: the rings of the direction say why nothing moves any more.
  void detach_rx_now();
  void detach_tx_now();
  void raise_ring_error(RingKind kind, XSK_ERROR error);

  // Options (socket_options.cc, socket_rings.cc, socket_offloads.cc)
  Status set_value(std::uint32_t option, const void* value, std::uint32_t length);
  Status get_value(std::uint32_t option, void* value, std::uint32_t* room);
  Status get_statistics(void* value, std::uint32_t* room);
  Status register_umem(const void* value, std::uint32_t length);
  Status size_ring(RingKind kind, const void* value, std::uint32_t length);
  XSK_RING_INFO ring_info(RingKind kind) const;
  Status set_hook(XDP_HOOK_ID& hook, const void* value, std::uint32_t length);
  Status set_affinity(Affinity& affinity, const void* value, std::uint32_t length) const;
  Status get_affinity(RingKind kind, Affinity& affinity, void* value, std::uint32_t* room);
  Status enable_offload(std::uint32_t option, const void* value, std::uint32_t length);
  Status ask_queue(std::uint32_t option);
  Status get_extension(RingKind kind, Extension extension, void* value, std::uint32_t* room) const;
  void tell_offload_changed(RingKind kind);
  Status get_current_config(RingKind kind, void* value, std::uint32_t* room);
  ExtensionSet& extensions(RingKind kind) { return extensions_[static_cast<std::size_t>(kind)]; }
  const ExtensionSet& extensions(RingKind kind) const { return extensions_[static_cast<std::size_t>(kind)]; }
  const ElementLayout& layout(RingKind kind) const { return layouts_[static_cast<std::size_t>(kind)]; }

  // Notification (socket_notify.cc)
  Wait begin_wait(std::uint32_t wait_flags, std::uint32_t timeout_ms);
  void end_wait(const Wait& wait, Status status, std::uint32_t result);
  Status wait_async(std::uint32_t flags, std::shared_ptr<AsyncNotify> request);
  // Checks, pokes and looks: kPending when there is something to wait for.
  Status notify_at_once(std::uint32_t flags, std::uint32_t timeout_ms, std::uint32_t* result);
  Status poke(std::uint32_t flags, std::uint32_t timeout_ms);
  Status poke_tx();
  Status wait_until_ready(const Wait& wait, std::uint32_t timeout_ms, std::uint32_t* result);
  // The poll mode that ends waits has begun since this one did.
  bool overtaken(const Wait& wait) const;
  std::uint32_t ready(std::uint32_t wait_flags) const;
  std::uint64_t deadline_after(std::uint32_t timeout_ms) const;
  std::uint32_t disturbed(std::uint32_t timeout_ms) const;
  void signal_waiter(std::uint32_t condition);
  // Ends the wait as if all that it waits for were there.
  void abandon_wait();
  void complete_async(Status status, std::uint32_t result);

  // Poll modes (socket_poll.cc)
  Status set_poll_mode(const void* value, std::uint32_t length);
  void enter_poll_mode(PollMode mode);
  void leave_poll_mode();
  static void tell_driver(PollMode mode, bool entered, driver::Driver& driver, std::uint32_t queue,
                          driver::Direction direction);
  bool polls() const { return poll_mode_ != PollMode::kDefault; }
  bool polls_tx() const { return polls() && polled_tx_ != nullptr; }
  // The directions that the mode concerns, as flags to wait.
  std::uint32_t polled_directions() const;
  // One round of the interface's polling in the calling task: whether there is more to do.
  bool poll_once(bool after_arming);
  std::uint32_t rx_quota();
  std::uint32_t tx_quota();
  Status poll_until_ready(std::uint32_t wait_flags, std::uint32_t timeout_ms);

  // Receive (socket_receive.cc)
  std::uint32_t copy_fragments(unsigned char* data, const driver::RxFrame& frame, bool* truncated,
                               std::uint32_t* original_length) const;
  bool deliver(std::uint64_t address, const driver::RxFrame& frame, unsigned char* element,
               RxQueueCounters& counters);
  void write_extensions(const driver::RxFrame& frame, std::uint32_t original_length, unsigned char* element);
  void update_affinity(RingKind kind, Affinity& affinity);
  // A fault plan keeps the ring empty or full: nothing is taken from it or put into it for now.
  bool starved(RingKind kind, std::uint64_t* until_ps) const;
  // Under `strict`: whether the ring may still be worked on. Raises the error.
  bool sound(RingKind kind);

  // The queue of a loan looks at its rings again: now, or then.
  void look_at_loan(driver::Direction direction);
  void look_later(std::uint64_t time_ps, driver::Direction direction);

  // Transmit (socket_transmit.cc)
  bool transmit_some(TxQueue& queue, std::uint32_t room, std::vector<driver::TxFrame>& frames);
  std::optional<driver::TxFrame> judge_transmit(TxQueue& queue, std::uint32_t index);
  bool valid_transmit(const XSK_BUFFER_DESCRIPTOR& buffer) const;
  void evaluate_need_poke();

  const std::uint64_t number_;
  Host& host_;
  const TapList& taps_;
  RingDirectory& directory_;
  const SocketSettings& settings_;
  State state_ = State::kUnbound;
  TaskLock control_;
  TaskLock poking_;
  XDP_HOOK_ID rx_hook_{XDP_HOOK_L2, XDP_HOOK_RX, XDP_HOOK_INSPECT};
  XDP_HOOK_ID tx_hook_{XDP_HOOK_L2, XDP_HOOK_TX, XDP_HOOK_INJECT};
  std::optional<UmemShape> umem_;
  std::array<std::unique_ptr<SharedRing>, kRings> rings_;
  std::array<XSK_ERROR, kRings> ring_errors_{};
  std::array<ExtensionSet, kRings> extensions_;
  std::array<ElementLayout, kRings> layouts_;  // of sized rings
  bool rx_checksum_ = false;                   // enabled on this socket
  bool tx_checksum_ = false;
  XSK_STATISTICS statistics_{};
  Affinity rx_affinity_;
  Affinity tx_affinity_;

  RxQueue* rx_queue_ = nullptr;  // while bound and attached
  TxQueue* tx_queue_ = nullptr;
  bool rx_attached_ = false;  // the receive data path may deliver here
  bool tx_joined_ = false;    // the queue asks for frames
  std::unique_ptr<BounceBuffer> bounce_;
  std::unique_ptr<ReceiveLoan> receive_loan_;    // of the queue it is bound to, once lending was thought of
  std::unique_ptr<TransmitLoan> transmit_loan_;  // the same
  std::uint64_t tx_memory_address_ = 0;          // of UMEM or bounce buffer, for the device
  std::uint32_t tx_length_max_ = 0;
  std::uint32_t outstanding_ = 0;  // frames with the device
  Signal outstanding_ended_;

  std::uint32_t calls_ = 0;
  Signal calls_ended_;

  PollMode poll_mode_ = PollMode::kDefault;
  RxQueue* polled_rx_ = nullptr;  // those whose interface can be polled, since the mode was entered
  TxQueue* polled_tx_ = nullptr;
  std::uint64_t socket_modes_ = 0;  // begun so far
  bool wait_slot_used_ = false;
  std::uint32_t waited_for_ = 0;
  bool wait_signalled_ = false;
  std::uint64_t waits_ = 0;  // begun so far
  Wait async_wait_;          // that async_ belongs to
  Signal waiter_;
  std::shared_ptr<AsyncNotify> async_;  // occupies the wait slot as well
};

// The sockets of a list that may change while something is done to each of them.
inline std::vector<std::shared_ptr<Socket>> kept_alive(const std::vector<Socket*>& sockets) {
  std::vector<std::shared_ptr<Socket>> result;
  result.reserve(sockets.size());
  for (Socket* socket : sockets) result.push_back(socket->shared_from_this());
  return result;
}

}  // namespace ringproof::xdp
