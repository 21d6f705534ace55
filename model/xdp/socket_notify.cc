#include <utility>

#include "model/xdp/socket.h"

// Poking and waiting. At most one wait at a time, synchronous or not, holds the wait slot.

namespace ringproof::xdp {
namespace {

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

std::uint64_t Socket::deadline_after(std::uint32_t timeout_ms) const {
  return timeout_ms == kInfinite ? kNever : host_.now_ps() + timeout_ms * kMillisecondPs;
}

Status Socket::notify(std::uint32_t flags, std::uint32_t timeout_ms, std::uint32_t* result) {
  const Call call(*this);
  return told({SocketCall::Kind::kNotify, flags}, [&] {
    const Wait wait = begin_wait(flags & kWaitFlags, timeout_ms);
    Status status = notify_at_once(flags, timeout_ms, result);
    if (status == Status::kPending) status = wait_until_ready(wait, timeout_ms, result);
    end_wait(wait, status, *result);
    return status;
  });
}

Socket::Wait Socket::begin_wait(std::uint32_t wait_flags, std::uint32_t timeout_ms) {
  if (wait_flags == 0) return {};
  taps_.tell(&Tap::wait_began, number_, ++waits_, wait_flags, timeout_ms, host_.now_ps());
  return {waits_, wait_flags, socket_modes_};
}

void Socket::end_wait(const Wait& wait, Status status, std::uint32_t result) {
  if (wait.number == 0) return;
  taps_.tell(&Tap::wait_ended, number_, wait.number, static_cast<std::uint32_t>(status), result,
             host_.now_ps());
}

bool Socket::overtaken(const Wait& wait) const {
  return wait.socket_modes != socket_modes_ && (wait.flags & polled_directions()) != 0;
}

Status Socket::notify_at_once(std::uint32_t flags, std::uint32_t timeout_ms, std::uint32_t* result) {
  if (state_ != State::kActive) return Status::kBadState;
  if (flags == 0 || (flags & ~(kPokeFlags | kWaitFlags)) != 0) return Status::kBadParameter;
  if ((flags & kRxFlags) != 0 && rx_queue_ == nullptr) return Status::kBadState;
  if ((flags & kTxFlags) != 0 && tx_queue_ == nullptr) return Status::kBadState;
  // What it stored and nobody told of.
  if ((flags & kRxFlags) != 0) look_at_loan(driver::Direction::kRx);
  // An application that never pokes, if the plan wants one.
  const bool forgets =
      (flags & kPokeFlags) != 0 &&
      host_.fault(FaultId::kApp04, {.socket = number_, .kinds = 1U << fault_kind::kNever}).struck;
  if ((flags & kPokeFlags) != 0 && !forgets) {
    const Status poked = poke(flags, timeout_ms);
    if (failed(poked)) return poked;
  }
  const std::uint32_t wait_flags = flags & kWaitFlags;
  *result = wait_flags == 0 ? 0 : ready(wait_flags);
  return wait_flags == 0 || *result != 0 ? Status::kOk : Status::kPending;
}

Status Socket::poke(std::uint32_t flags, std::uint32_t timeout_ms) {
  const bool tx = (flags & XSK_NOTIFY_FLAG_POKE_TX) != 0;
  if (poll_mode_ != PollMode::kSocket) return tx ? poke_tx() : Status::kOk;
  // A queue whose interface cannot be polled is poked as ever.
  if (tx && !polls_tx()) {
    const Status poked = poke_tx();
    if (failed(poked)) return poked;
  }
  return poll_until_ready(flags & kWaitFlags, timeout_ms);
}

Status Socket::poke_tx() {
  const TaskLock::Held held(poking_);
  // The mode came first: its flag stays set, and the application looks at it again.
  if (poll_mode_ == PollMode::kSocket && polls_tx()) return Status::kOk;
  taps_.tell(&Tap::tx_poked, number_, true, host_.now_ps());
  ring(RingKind::kTx)->clear_flag(XSK_RING_FLAG_NEED_POKE);
  const bool attached = tx_queue_ != nullptr;
  if (attached) tx_queue_->kick();
  taps_.tell(&Tap::tx_poked, number_, false, host_.now_ps());
  return attached ? Status::kOk : Status::kRemoved;
}

Status Socket::notify_async(std::uint32_t flags, std::shared_ptr<AsyncNotify> request) {
  const Call call(*this);
  return told({SocketCall::Kind::kNotifyAsync, flags}, [&] { return wait_async(flags, std::move(request)); });
}

Status Socket::wait_async(std::uint32_t flags, std::shared_ptr<AsyncNotify> request) {
  std::uint32_t result = 0;
  const Wait wait = begin_wait(flags & kWaitFlags, kInfinite);
  const Status status = notify_at_once(flags, kInfinite, &result);
  if (status != Status::kPending) {
    end_wait(wait, status, result);
    if (status == Status::kOk) request->complete(Status::kOk, result);
    return status;
  }
  if (state_ != State::kActive || wait_slot_used_) {
    end_wait(wait, Status::kBadState, 0);
    return Status::kBadState;
  }
  wait_slot_used_ = true;
  async_wait_ = wait;
  taps_.tell(&Tap::wait_blocked, number_, wait.number, host_.now_ps());
  waited_for_ = wait.flags;
  async_ = std::move(request);
  if (overtaken(wait)) {
    abandon_wait();
    return Status::kPending;
  }
  // What was published since the first look, before the slot was taken, ends the wait too.
  host_.fence(MemoryOrder::kSequential);
  result = ready(waited_for_);
  if (result != 0) {
    complete_async(Status::kOk, result);
  } else if (host_.fault(FaultId::kIrq06, {.socket = number_, .kinds = 1U << fault_kind::kCancel})) {
    complete_async(Status::kCancelled, 0);
  }
  return Status::kPending;
}

bool Socket::cancel(const AsyncNotify* request) {
  if (async_ == nullptr || (request != nullptr && async_.get() != request)) return false;
  complete_async(Status::kCancelled, 0);
  return true;
}

void Socket::complete_async(Status status, std::uint32_t result) {
  wait_slot_used_ = false;
  end_wait(async_wait_, status, result);
  std::exchange(async_, nullptr)->complete(status, result);
}

// A wait with a timeout may get another one: none at all, or 1 ms.
std::uint32_t Socket::disturbed(std::uint32_t timeout_ms) const {
  constexpr std::uint32_t kHere = 1U << fault_kind::kNoTime | 1U << fault_kind::kShortTime;
  const FaultStrike strike = host_.fault(FaultId::kIrq06, {.socket = number_, .kinds = kHere});
  if (!strike) return timeout_ms;
  return strike.kind == fault_kind::kNoTime ? 0 : 1;
}

Status Socket::wait_until_ready(const Wait& wait, std::uint32_t timeout_ms, std::uint32_t* result) {
  if (state_ != State::kActive || wait_slot_used_) return Status::kBadState;
  if (timeout_ms != kInfinite) timeout_ms = disturbed(timeout_ms);
  if (timeout_ms == 0) return Status::kTimeout;
  wait_slot_used_ = true;
  wait_signalled_ = false;
  waited_for_ = wait.flags;
  taps_.tell(&Tap::wait_blocked, number_, wait.number, host_.now_ps());
  if (overtaken(wait)) abandon_wait();
  // The slot is taken before the last look, and the other side publishes before it looks for a waiter.
  host_.fence(MemoryOrder::kSequential);
  *result = ready(wait.flags);
  if (*result != 0) {
    wait_slot_used_ = false;
    return Status::kOk;
  }
  const std::uint64_t deadline_ps = deadline_after(timeout_ms);
  while (!wait_signalled_ && host_.wait(waiter_, deadline_ps)) {
  }
  wait_slot_used_ = false;
  const std::uint32_t found = ready(wait.flags);
  if (found == 0 && !wait_signalled_) return Status::kTimeout;
  *result = found;
  return Status::kOk;
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

void Socket::abandon_wait() { signal_waiter(waited_for_); }

// An asynchronous wait is told the condition alone that ends it, whatever else it waited for.
void Socket::signal_waiter(std::uint32_t condition) {
  if (!wait_slot_used_ || (waited_for_ & condition) == 0) return;
  taps_.tell(&Tap::waiter_told, number_, host_.now_ps());
  if (async_ != nullptr) {
    complete_async(Status::kOk, result_flags(condition));
    return;
  }
  wait_signalled_ = true;
  host_.notify(waiter_);
}

}  // namespace ringproof::xdp
