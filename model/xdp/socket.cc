#include "model/xdp/socket.h"

#include <utility>

#include "model/xdp/interface.h"

// Creation, binding, activation, waiting and closing. Options are in socket_options.cc, the movement of
// frames in socket_data_path.cc.

namespace ringproof::xdp {
namespace {

constexpr std::uint32_t kBindFlags =
    XSK_BIND_FLAG_RX | XSK_BIND_FLAG_TX | XSK_BIND_FLAG_GENERIC | XSK_BIND_FLAG_NATIVE;
constexpr std::uint32_t kPokeFlags = XSK_NOTIFY_FLAG_POKE_RX | XSK_NOTIFY_FLAG_POKE_TX;
constexpr std::uint32_t kWaitFlags = XSK_NOTIFY_FLAG_WAIT_RX | XSK_NOTIFY_FLAG_WAIT_TX;
constexpr std::uint32_t kRxFlags = XSK_NOTIFY_FLAG_POKE_RX | XSK_NOTIFY_FLAG_WAIT_RX;
constexpr std::uint32_t kTxFlags = XSK_NOTIFY_FLAG_POKE_TX | XSK_NOTIFY_FLAG_WAIT_TX;
constexpr std::uint64_t kMillisecondPs = 1'000'000'000;
constexpr std::uint32_t kInfinite = 0xFFFFFFFF;

std::uint32_t result_flags(std::uint32_t wait_flags) {
  std::uint32_t result = XSK_NOTIFY_RESULT_FLAG_NONE;
  if ((wait_flags & XSK_NOTIFY_FLAG_WAIT_RX) != 0) result |= XSK_NOTIFY_RESULT_FLAG_RX_AVAILABLE;
  if ((wait_flags & XSK_NOTIFY_FLAG_WAIT_TX) != 0) result |= XSK_NOTIFY_RESULT_FLAG_TX_COMP_AVAILABLE;
  return result;
}

}  // namespace

Socket::Socket(std::uint64_t number, Host& host, const TapList& taps, RingDirectory& directory)
    : number_(number), host_(host), taps_(taps), directory_(directory) {}

Socket::~Socket() = default;

Status Socket::bind(InterfaceLookup& interfaces, std::uint32_t interface_index, std::uint32_t queue,
                    std::uint32_t flags) {
  const Call call(*this);
  const bool both_modes = (flags & XSK_BIND_FLAG_GENERIC) != 0 && (flags & XSK_BIND_FLAG_NATIVE) != 0;
  const bool no_direction = (flags & (XSK_BIND_FLAG_RX | XSK_BIND_FLAG_TX)) == 0;
  if ((flags & ~kBindFlags) != 0 || both_modes || no_direction) return Status::kBadParameter;
  if (state_ != State::kUnbound) return Status::kBadState;
  state_ = State::kBinding;
  const Status status = bind_directions(interfaces, interface_index, queue, flags);
  if (failed(status)) {
    rx_queue_ = nullptr;
    tx_queue_ = nullptr;
  }
  // Somebody who closed the socket meanwhile has the last word.
  if (state_ == State::kBinding) state_ = failed(status) ? State::kUnbound : State::kBound;
  return status;
}

Status Socket::bind_directions(InterfaceLookup& interfaces, std::uint32_t interface_index,
                               std::uint32_t queue, std::uint32_t flags) {
  const bool generic = (flags & XSK_BIND_FLAG_GENERIC) != 0;
  const bool native = (flags & XSK_BIND_FLAG_NATIVE) != 0;
  if ((flags & XSK_BIND_FLAG_RX) != 0) {
    Interface* interface = interfaces.find_interface(interface_index, rx_hook_, generic, native);
    if (interface == nullptr) return Status::kNotFound;
    interface->driver().wait_until_ready();
    if (rx_hook_.SubLayer != XDP_HOOK_INSPECT) return Status::kNotSupported;
    rx_queue_ = &interface->rx_queue(queue);
  }
  if ((flags & XSK_BIND_FLAG_TX) != 0) {
    Interface* interface = interfaces.find_interface(interface_index, tx_hook_, generic, native);
    if (interface == nullptr) return Status::kNotFound;
    interface->driver().wait_until_ready();
    if (tx_hook_.SubLayer != XDP_HOOK_INJECT) return Status::kNotSupported;
    const Status status = interface->tx_queue(queue, &tx_queue_);
    if (failed(status)) return status;
    tx_length_max_ = interface->driver().info().max_frame_bytes;
  }
  return Status::kOk;
}

Status Socket::activate(std::uint32_t flags) {
  const Call call(*this);
  if (flags != XSK_ACTIVATE_FLAG_NONE) return Status::kBadParameter;
  if (!umem_.has_value() || state_ != State::kBound) return Status::kBadState;
  if (rx_queue_ != nullptr && (ring(RingKind::kRx) == nullptr || ring(RingKind::kFill) == nullptr)) {
    return Status::kBadState;
  }
  if (tx_queue_ != nullptr && (ring(RingKind::kTx) == nullptr || ring(RingKind::kCompletion) == nullptr)) {
    return Status::kBadState;
  }
  state_ = State::kActivating;
  if (tx_queue_ != nullptr) {
    tx_umem_address_ = tx_queue_->driver().map_for_tx(tx_queue_->id(), umem_->base, umem_->total_bytes);
    tx_queue_->join(*this);
  }
  if (state_ != State::kActivating) return Status::kDeleting;
  rx_attached_ = rx_queue_ != nullptr;
  state_ = State::kActive;
  return Status::kOk;
}

Status Socket::notify(std::uint32_t flags, std::uint32_t timeout_ms, std::uint32_t* result) {
  const Call call(*this);
  const Status status = notify_at_once(flags, result);
  return status == Status::kPending ? wait_until_ready(flags & kWaitFlags, timeout_ms, result) : status;
}

Status Socket::notify_at_once(std::uint32_t flags, std::uint32_t* result) {
  if (state_ != State::kActive) return Status::kBadState;
  if (flags == 0 || (flags & ~(kPokeFlags | kWaitFlags)) != 0) return Status::kBadParameter;
  if ((flags & kRxFlags) != 0 && rx_queue_ == nullptr) return Status::kBadState;
  if ((flags & kTxFlags) != 0 && tx_queue_ == nullptr) return Status::kBadState;

  if ((flags & XSK_NOTIFY_FLAG_POKE_TX) != 0) {
    ring(RingKind::kTx)->clear_flag(XSK_RING_FLAG_NEED_POKE);
    tx_queue_->kick();
  }
  const std::uint32_t wait_flags = flags & kWaitFlags;
  *result = 0;
  if (wait_flags == 0) return Status::kOk;
  *result = ready(wait_flags);
  return *result != 0 ? Status::kOk : Status::kPending;
}

Status Socket::notify_async(std::uint32_t flags, std::shared_ptr<AsyncNotify> request) {
  const Call call(*this);
  std::uint32_t result = 0;
  const Status status = notify_at_once(flags, &result);
  if (status != Status::kPending) {
    if (status == Status::kOk) request->complete(Status::kOk, result);
    return status;
  }
  if (state_ != State::kActive || wait_slot_used_) return Status::kBadState;
  wait_slot_used_ = true;
  waited_for_ = flags & kWaitFlags;
  async_ = std::move(request);
  // What was published since the first look, before the slot was taken, ends the wait too.
  result = ready(waited_for_);
  if (result != 0) complete_async(Status::kOk, result);
  return Status::kPending;
}

bool Socket::cancel(const AsyncNotify* request) {
  if (async_ == nullptr || (request != nullptr && async_.get() != request)) return false;
  complete_async(Status::kCancelled, 0);
  return true;
}

void Socket::complete_async(Status status, std::uint32_t result) {
  wait_slot_used_ = false;
  std::exchange(async_, nullptr)->complete(status, result);
}

Status Socket::wait_until_ready(std::uint32_t wait_flags, std::uint32_t timeout_ms, std::uint32_t* result) {
  if (state_ != State::kActive || wait_slot_used_) return Status::kBadState;
  if (timeout_ms == 0) return Status::kTimeout;
  wait_slot_used_ = true;
  wait_signalled_ = false;
  waited_for_ = wait_flags;
  const std::uint64_t deadline_ps =
      timeout_ms == kInfinite ? kNever : host_.now_ps() + timeout_ms * kMillisecondPs;
  while (!wait_signalled_ && host_.wait(waiter_, deadline_ps)) {
  }
  wait_slot_used_ = false;
  *result = ready(wait_flags);
  return *result != 0 || wait_signalled_ ? Status::kOk : Status::kTimeout;
}

std::uint32_t Socket::ready(std::uint32_t wait_flags) const {
  std::uint32_t result = XSK_NOTIFY_RESULT_FLAG_NONE;
  const auto& rx = ring(RingKind::kRx);
  const auto& completion = ring(RingKind::kCompletion);
  if ((wait_flags & XSK_NOTIFY_FLAG_WAIT_RX) != 0 && rx != nullptr && rx->readable_by_application()) {
    result |= XSK_NOTIFY_RESULT_FLAG_RX_AVAILABLE;
  }
  if ((wait_flags & XSK_NOTIFY_FLAG_WAIT_TX) != 0 && completion != nullptr &&
      completion->readable_by_application()) {
    result |= XSK_NOTIFY_RESULT_FLAG_TX_COMP_AVAILABLE;
  }
  return result;
}

void Socket::signal_waiter(std::uint32_t condition) {
  if (!wait_slot_used_ || (waited_for_ & condition) == 0) return;
  if (async_ != nullptr) {
    const bool closing = state_ == State::kClosing;
    complete_async(Status::kOk, result_flags(closing ? waited_for_ : condition));
    return;
  }
  wait_signalled_ = true;
  host_.notify(waiter_);
}

void Socket::raise_ring_error(RingKind kind, XSK_ERROR error) {
  XSK_ERROR& stored = ring_errors_[static_cast<std::size_t>(kind)];
  if (stored == XSK_NO_ERROR) stored = error;
  if (ring(kind) != nullptr) ring(kind)->set_flag(XSK_RING_FLAG_ERROR);
}

void Socket::close() {
  if (state_ == State::kClosing) return;
  state_ = State::kClosing;
  signal_waiter(kWaitFlags);
  while (calls_ > 0) host_.wait(calls_ended_, kNever);
  if (tx_queue_ != nullptr && tx_umem_address_ != 0) {
    tx_queue_->gate().wait_until_outside();  // a pass under way may still hand frames to the device
    while (outstanding_ > 0) host_.wait(outstanding_ended_, kNever);
    tx_queue_->leave(*this);
    tx_queue_->driver().unmap(std::exchange(tx_umem_address_, 0));
  }
  if (rx_queue_ != nullptr) {
    rx_attached_ = false;
    rx_queue_->gate().wait_until_outside();
  }
  rx_queue_ = nullptr;
  tx_queue_ = nullptr;
  umem_.reset();
  for (auto& each : rings_) {
    if (each != nullptr) directory_.remove(*each);
    each.reset();
  }
  taps_.tell(&Tap::socket_closed, number_);
}

}  // namespace ringproof::xdp
