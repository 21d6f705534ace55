#include <algorithm>
#include <utility>

#include "model/xdp/interface.h"
#include "model/xdp/option_value.h"
#include "model/xdp/socket.h"

// Poll modes: who makes the interface look at its queues.

namespace ringproof::xdp {
namespace {

constexpr std::uint32_t kQuota = 256;  // frames of one round, per direction
constexpr std::uint64_t kLookAgainPs = 1'000'000'000;

}  // namespace

Status Socket::set_poll_mode(const void* value, std::uint32_t length) {
  std::uint32_t mode = 0;
  const Status read = read_option(value, length, Status::kBadParameter, &mode);
  if (failed(read)) return read;
  if (state_ != State::kActive && mode != XSK_POLL_MODE_DEFAULT) return Status::kBadState;
  const TaskLock::Held held(poking_);
  leave_poll_mode();
  // A value that there is not has already cost the old mode.
  if (mode > XSK_POLL_MODE_SOCKET) return Status::kBadParameter;
  if (mode == XSK_POLL_MODE_DEFAULT) return Status::kOk;
  if (state_ != State::kActive) return Status::kBadState;  // closed or detached meanwhile
  enter_poll_mode(mode == XSK_POLL_MODE_BUSY ? PollMode::kBusy : PollMode::kSocket);
  return Status::kOk;
}

void Socket::enter_poll_mode(PollMode mode) {
  polled_rx_ = rx_queue_ != nullptr && rx_queue_->interface().polling() ? rx_queue_ : nullptr;
  polled_tx_ = tx_queue_ != nullptr && tx_queue_->interface().polling() ? tx_queue_ : nullptr;
  if (polled_rx_ == nullptr && polled_tx_ == nullptr) return;  // a hint that nobody can take
  end_loans();
  // The mode and what the driver knows of it change together; the flags, which let others run, follow.
  taps_.tell(&Tap::poll_mode_changing, number_, true, true);
  poll_mode_ = mode;
  const bool rx = polled_rx_ != nullptr;
  const bool tx = polled_tx_ != nullptr;
  if (rx) tell_driver(mode, true, polled_rx_->interface().driver(), polled_rx_->id(), driver::Direction::kRx);
  if (tx) tell_driver(mode, true, polled_tx_->interface().driver(), polled_tx_->id(), driver::Direction::kTx);
  if (mode == PollMode::kBusy) {
    if (rx) ring(RingKind::kFill)->clear_flag(XSK_RING_FLAG_NEED_POKE);
    if (tx) ring(RingKind::kTx)->clear_flag(XSK_RING_FLAG_NEED_POKE);
    taps_.tell(&Tap::poll_mode_changing, number_, false, true);
    return;
  }
  // The application must look at the flags again.
  ++socket_modes_;
  if (rx) ring(RingKind::kFill)->set_flag(XSK_RING_FLAG_NEED_POKE);
  if (tx) ring(RingKind::kTx)->set_flag(XSK_RING_FLAG_NEED_POKE);
  taps_.tell(&Tap::poll_mode_changing, number_, false, true);
  if ((waited_for_ & polled_directions()) != 0) abandon_wait();
}

std::uint32_t Socket::polled_directions() const {
  return (polled_rx_ != nullptr ? std::uint32_t{XSK_NOTIFY_FLAG_WAIT_RX} : 0) |
         (polled_tx_ != nullptr ? std::uint32_t{XSK_NOTIFY_FLAG_WAIT_TX} : 0);
}

void Socket::leave_poll_mode() {
  const PollMode left = std::exchange(poll_mode_, PollMode::kDefault);
  if (left == PollMode::kDefault) return;
  taps_.tell(&Tap::poll_mode_changing, number_, true, false);
  RxQueue* const rx = polled_rx_;
  TxQueue* const tx = polled_tx_;
  if (rx != nullptr) tell_driver(left, false, rx->interface().driver(), rx->id(), driver::Direction::kRx);
  if (tx != nullptr) tell_driver(left, false, tx->interface().driver(), tx->id(), driver::Direction::kTx);
  if (rx != nullptr && left == PollMode::kSocket) ring(RingKind::kFill)->clear_flag(XSK_RING_FLAG_NEED_POKE);
  taps_.tell(&Tap::poll_mode_changing, number_, false, false);
}

void Socket::tell_driver(PollMode mode, bool entered, driver::Driver& driver, std::uint32_t queue,
                         driver::Direction direction) {
  if (mode == PollMode::kBusy) {
    driver.set_busy(queue, direction, entered);
  } else if (entered) {
    driver.acquire(queue, direction);
  } else {
    driver.release(queue, direction);
  }
}

// A busy queue that found nothing for long sleeps; there are no pokes to wake it.
// Nor are there any for chunks that a device is to have.
void Socket::application_stored(RingKind kind) {
  const bool for_tx = kind == RingKind::kTx || kind == RingKind::kCompletion;
  if (!for_tx) look_at_loan(driver::Direction::kRx);
  if (poll_mode_ == PollMode::kBusy && polled_tx_ != nullptr && for_tx) polled_tx_->kick();
}

std::uint32_t Socket::rx_quota() {
  std::uint32_t index = 0;
  const std::uint32_t entries = ring(RingKind::kFill)->consumer_available(kQuota, &index);
  return ring(RingKind::kRx)->producer_room(entries, &index);
}

std::uint32_t Socket::tx_quota() {
  std::uint32_t index = 0;
  const std::uint32_t entries = ring(RingKind::kTx)->consumer_available(kQuota, &index);
  return ring(RingKind::kCompletion)->producer_room(entries, &index);
}

bool Socket::poll_once(bool after_arming) {
  const TaskLock::Held held(poking_);
  bool more = false;
  if (poll_mode_ == PollMode::kSocket && polled_rx_ != nullptr) {
    driver::Driver& driver = polled_rx_->interface().driver();
    const std::uint32_t quota = rx_quota();
    // Without room for a frame the interrupt would come at once, and again and again.
    if (after_arming && quota > 0) driver.arm_rx(polled_rx_->id());
    if (quota > 0) more |= driver.poll_rx(polled_rx_->id(), quota).more;
  }
  if (poll_mode_ == PollMode::kSocket && polled_tx_ != nullptr) {
    driver::Driver& driver = polled_tx_->interface().driver();
    if (after_arming) driver.arm_tx(polled_tx_->id());
    more |= driver.poll_tx(polled_tx_->id(), tx_quota()).more;
  }
  return more;
}

Status Socket::poll_until_ready(std::uint32_t wait_flags, std::uint32_t timeout_ms) {
  const std::uint64_t deadline_ps = deadline_after(timeout_ms);
  while (true) {
    const bool more = poll_once(false);
    if (wait_flags == 0 || ready(wait_flags) != 0) return Status::kOk;
    if (host_.now_ps() >= deadline_ps) return Status::kTimeout;
    if (more || poll_once(true)) continue;
    if (ready(wait_flags) != 0) return Status::kOk;
    // Left meanwhile: the ordinary wait follows.
    if (poll_mode_ != PollMode::kSocket) return Status::kOk;
    Interface& interface = polled_rx_ != nullptr ? polled_rx_->interface() : polled_tx_->interface();
    const bool has_room = polled_rx_ != nullptr && rx_quota() > 0;
    const std::uint32_t rx = has_room ? polled_rx_->id() : driver::kNoQueue;
    const std::uint32_t tx = polled_tx_ != nullptr ? polled_tx_->id() : driver::kNoQueue;
    // Frames that wait cannot be taken until another thread makes room, which nothing tells; nor does
    // anything tell of a queue that is not polled.
    const bool looks_again = (polled_rx_ != nullptr && !has_room) || (wait_flags & ~polled_directions()) != 0;
    const std::uint64_t look_again_ps = host_.now_ps() + kLookAgainPs;
    interface.driver().wait_for_work(rx, tx,
                                     looks_again ? std::min(deadline_ps, look_again_ps) : deadline_ps);
  }
}

}  // namespace ringproof::xdp
