#include "model/xdp/socket.h"

#include <bit>
#include <utility>

#include "model/xdp/interface.h"
#include "model/xdp/loans.h"
#include "model/xdp/teardown_scope.h"

// Creation, binding, activation, detaching and closing. Options are in socket_options.cc, socket_rings.cc and
// socket_offloads.cc, waiting in socket_notify.cc and socket_poll.cc, the movement of frames in
// socket_receive.cc and socket_transmit.cc.

namespace ringproof::xdp {
namespace {

constexpr std::uint32_t kBindFlags =
    XSK_BIND_FLAG_RX | XSK_BIND_FLAG_TX | XSK_BIND_FLAG_GENERIC | XSK_BIND_FLAG_NATIVE;

}  // namespace

Socket::Socket(std::uint64_t number, Host& host, const TapList& taps, RingDirectory& directory,
               const SocketSettings& settings, bool affinity)
    : number_(number),
      host_(host),
      taps_(taps),
      directory_(directory),
      settings_(settings),
      control_(host, {"control lock of a socket", number}),
      poking_(host, {"poke lock of a socket", number}),
      rx_affinity_{affinity, std::nullopt},
      tx_affinity_{affinity, std::nullopt} {
  taps_.tell(&Tap::socket_created, number_, settings_.strict);
}

Socket::~Socket() { taps_.tell(&Tap::socket_destroyed, number_); }

void Socket::set_state(State state) {
  const State from = std::exchange(state_, state);
  if (from != state) taps_.tell(&Tap::state_changed, number_, from, state, host_.now_ps());
}

SocketView Socket::view() const {
  const auto hook = [](const XDP_HOOK_ID& id) {
    return std::uint64_t{id.Layer} << 32 | std::uint64_t{id.Direction} << 16 | std::uint64_t{id.SubLayer};
  };
  std::uint64_t sizes = 0;
  std::uint64_t extended = 0;
  for (std::size_t i = 0; i < kRings; ++i) {
    const std::uint32_t log2 = rings_[i] == nullptr ? 0u : std::bit_width(rings_[i]->size());
    sizes = sizes << 8 | log2;
    extended = extended << 8 | extensions_[i].bits();
  }
  SocketView view;
  view.state = state_;
  view.fields = {rx_queue_ == nullptr ? 0 : 1 + std::uint64_t{rx_queue_->id()},
                 tx_queue_ == nullptr ? 0 : 1 + std::uint64_t{tx_queue_->id()},
                 umem_.has_value() ? umem_->total_bytes : 0,
                 sizes,
                 extended,
                 hook(rx_hook_),
                 hook(tx_hook_),
                 std::uint64_t{rx_affinity_.on} << 1 | std::uint64_t{tx_affinity_.on},
                 static_cast<std::uint64_t>(poll_mode_)};
  return view;
}

void Socket::tell_statistics(const XSK_STATISTICS& statistics) const {
  taps_.tell(&Tap::statistics_read, number_,
             SocketStatistics{statistics.RxDropped, statistics.RxTruncated, statistics.RxInvalidDescriptors,
                              statistics.TxInvalidDescriptors});
}

Status Socket::bind(InterfaceLookup& interfaces, std::uint32_t interface_index, std::uint32_t queue,
                    std::uint32_t flags) {
  const Call call(*this);
  return told({SocketCall::Kind::kBind, flags},
              [&] { return bind_now(interfaces, interface_index, queue, flags); });
}

Status Socket::bind_now(InterfaceLookup& interfaces, std::uint32_t interface_index, std::uint32_t queue,
                        std::uint32_t flags) {
  const bool both_modes = (flags & XSK_BIND_FLAG_GENERIC) != 0 && (flags & XSK_BIND_FLAG_NATIVE) != 0;
  const bool no_direction = (flags & (XSK_BIND_FLAG_RX | XSK_BIND_FLAG_TX)) == 0;
  if ((flags & ~kBindFlags) != 0 || both_modes || no_direction) return Status::kBadParameter;
  if (state_ != State::kUnbound) return Status::kBadState;
  set_state(State::kBinding);
  const TaskLock::Held held(control_);
  const Status status = bind_directions(interfaces, interface_index, queue, flags);
  if (failed(status)) {
    release_tx();
    release_rx();
  }
  // Somebody who closed or detached the socket meanwhile has the last word.
  if (state_ == State::kBinding) set_state(failed(status) ? State::kUnbound : State::kBound);
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
    RxQueue* found = nullptr;
    const Status status = interface->rx_queue(rx_hook_, queue, &found);
    if (failed(status)) return status;
    if (host_.fault(FaultId::kAlc03, {.socket = number_, .kinds = 1U << fault_kind::kQueues})) {
      return Status::kNoResources;
    }
    rx_queue_ = found;
    rx_queue_->bind(*this);
  }
  if ((flags & XSK_BIND_FLAG_TX) != 0) {
    Interface* interface = interfaces.find_interface(interface_index, tx_hook_, generic, native);
    if (interface == nullptr) return Status::kNotFound;
    interface->driver().wait_until_ready();
    TxQueue* found = nullptr;
    const Status status = interface->tx_queue(tx_hook_, queue, &found);
    if (failed(status)) return status;
    tx_queue_ = found;
    tx_queue_->bind(*this);
    tx_length_max_ = interface->tx_length_max();
  }
  return Status::kOk;
}

Status Socket::activate(std::uint32_t flags) {
  const Call call(*this);
  return told({SocketCall::Kind::kActivate, flags}, [&] { return activate_now(flags); });
}

Status Socket::activate_now(std::uint32_t flags) {
  if (flags != XSK_ACTIVATE_FLAG_NONE) return Status::kBadParameter;
  if (state_ == State::kBinding) return Status::kBadState;  // and not what the bind will have made of it
  const TaskLock::Held held(control_);
  if (!umem_.has_value() || state_ != State::kBound) return Status::kBadState;
  if (rx_queue_ != nullptr && (ring(RingKind::kRx) == nullptr || ring(RingKind::kFill) == nullptr)) {
    return Status::kBadState;
  }
  if (tx_queue_ != nullptr && (ring(RingKind::kTx) == nullptr || ring(RingKind::kCompletion) == nullptr)) {
    return Status::kBadState;
  }
  set_state(State::kActivating);
  if (tx_queue_ != nullptr) {
    const Status started = start_tx();
    if (failed(started)) {
      if (state_ == State::kActivating) set_state(State::kBound);
      return started;
    }
  }
  // Whoever detached or closed meanwhile undoes the rest.
  if (state_ != State::kActivating) return Status::kDeleting;
  rx_attached_ = rx_queue_ != nullptr;
  set_state(State::kActive);
  if (rx_queue_ != nullptr) rx_queue_->lend_if_possible();
  if (tx_queue_ != nullptr) tx_queue_->lend_if_possible();
  return Status::kOk;
}

driver::LentRings& Socket::loan(driver::Direction direction) {
  if (direction == driver::Direction::kRx) {
    if (receive_loan_ == nullptr) receive_loan_ = std::make_unique<ReceiveLoan>(*this);
    return *receive_loan_;
  }
  if (transmit_loan_ == nullptr) transmit_loan_ = std::make_unique<TransmitLoan>(*this);
  return *transmit_loan_;
}

// Of the base format, and as long as the device knows them.
bool Socket::can_lend(RingKind kind, const driver::Driver& device) const {
  const std::uint32_t size = ring(kind)->size();
  return extensions(kind).empty() && size >= driver::kLentEntriesMin && size <= device.lent_entries_max();
}

bool Socket::can_lend_rx() const {
  if (!rx_attached_ || state_ != State::kActive || polls()) return false;
  const driver::Driver& device = rx_queue_->interface().driver();
  return can_lend(RingKind::kFill, device) && can_lend(RingKind::kRx, device);
}

bool Socket::can_lend_tx() const {
  if (!tx_joined_ || state_ != State::kActive || polls() || bounce_ != nullptr) return false;
  const driver::Driver& device = tx_queue_->interface().driver();
  return can_lend(RingKind::kTx, device) && can_lend(RingKind::kCompletion, device);
}

void Socket::end_loans() {
  if (rx_queue_ != nullptr) rx_queue_->lender().take_back(this);
  if (tx_queue_ != nullptr) tx_queue_->lender().take_back(this);
}

Status Socket::start_tx() {
  if (host_.fault(FaultId::kAlc01, {.socket = number_, .kinds = 1U << fault_kind::kMapping})) {
    return Status::kNoMemory;
  }
  unsigned char* memory = umem_->base;
  if (tx_queue_->interface().generic()) {
    bounce_ = std::make_unique<BounceBuffer>(*umem_);
    if (!bounce_->ok()) {
      bounce_.reset();
      return Status::kNoMemory;
    }
    memory = bounce_->memory();
  }
  tx_memory_address_ = tx_queue_->driver().map_for_tx(tx_queue_->id(), memory, umem_->total_bytes);
  taps_.tell(&Tap::tx_memory_mapped, number_,
             TxMemory{tx_queue_->interface().port(), tx_memory_address_, umem_->total_bytes, memory,
                      bounce_ != nullptr, tx_length_max_});
  tx_joined_ = true;
  tx_queue_->join(*this);
  taps_.tell(&Tap::tx_joined, number_, tx_queue_->driver().info().port, tx_queue_->id(),
             tx_queue_->interface().generic(), tx_queue_->to_wire());
  return Status::kOk;
}

void Socket::release_rx() {
  if (rx_queue_ == nullptr) return;
  rx_queue_->lender().take_back(this);
  rx_queue_->gate().wait_until_outside();
  rx_attached_ = false;
  std::exchange(rx_queue_, nullptr)->unbind(*this);
}

void Socket::release_tx() {
  if (tx_queue_ == nullptr) return;
  if (std::exchange(tx_joined_, false)) {
    tx_queue_->gate().wait_until_outside();  // a pass under way may still hand frames to the device
    tx_queue_->lender().post_no_more(*this);
    while (outstanding_ > 0) host_.wait(outstanding_ended_, kNever);
    tx_queue_->lender().take_back(this);
    tx_queue_->leave(*this);
    taps_.tell(&Tap::tx_left, number_);
    tx_queue_->driver().unmap(tx_memory_address_);
    taps_.tell(&Tap::tx_memory_unmapped, number_, tx_memory_address_);
    bounce_.reset();
  }
  std::exchange(tx_queue_, nullptr)->unbind(*this);
}

void Socket::detach_rx() {
  const Call call(*this);
  if (state_ != State::kClosing) set_state(State::kDetached);
  const TeardownScope teardown(taps_, host_, Teardown::kDetach, number_);
  const TaskLock::Held held(control_);
  detach_rx_now();
}

void Socket::detach_rx_now() {
  if (rx_queue_ == nullptr) return;
  leave_poll_mode();
  release_rx();
  raise_ring_error(RingKind::kRx, XSK_ERROR_INTERFACE_DETACH);
  raise_ring_error(RingKind::kFill, XSK_ERROR_INTERFACE_DETACH);
}

void Socket::detach_tx() {
  const Call call(*this);
  if (state_ != State::kClosing) set_state(State::kDetached);
  const TeardownScope teardown(taps_, host_, Teardown::kDetach, number_);
  const TaskLock::Held held(control_);
  detach_tx_now();
}

void Socket::detach_tx_now() {
  if (tx_queue_ == nullptr) return;
  leave_poll_mode();
  release_tx();
  raise_ring_error(RingKind::kTx, XSK_ERROR_INTERFACE_DETACH);
  raise_ring_error(RingKind::kCompletion, XSK_ERROR_INTERFACE_DETACH);
}

void Socket::raise_ring_error(RingKind kind, XSK_ERROR error) {
  XSK_ERROR& stored = ring_errors_[static_cast<std::size_t>(kind)];
  if (stored == XSK_NO_ERROR) {
    stored = error;
    // The end of a socket is no failure of its rings: what they owe is still to be judged.
    if (state_ != State::kClosing) {
      taps_.tell(&Tap::ring_failed, number_, kind, static_cast<std::uint32_t>(error), host_.now_ps());
    }
  }
  if (ring(kind) != nullptr) ring(kind)->set_flag(XSK_RING_FLAG_ERROR);
}

void Socket::close() {
  if (state_ == State::kClosing) return;
  const TeardownScope teardown(taps_, host_, Teardown::kClose, number_);
  set_state(State::kClosing);
  leave_poll_mode();
  abandon_wait();
  while (calls_ > 0) host_.wait(calls_ended_, kNever);
  const TaskLock::Held held(control_);
  detach_tx_now();
  detach_rx_now();
  tell_statistics(statistics_);
  umem_.reset();
  for (auto& each : rings_) {
    if (each != nullptr) directory_.remove(*each);
    each.reset();
  }
  taps_.tell(&Tap::socket_closed, number_);
}

}  // namespace ringproof::xdp
