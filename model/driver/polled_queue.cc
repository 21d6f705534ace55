#include "model/driver/polled_queue.h"

#include <algorithm>
#include <utility>

#include "model/base/check.h"

namespace ringproof::driver {
namespace {

// A busy queue that finds nothing polls again after 1 us, then after twice as long each time, at most 1 ms.
constexpr std::uint64_t kFirstPausePs = 1'000'000;
constexpr std::uint64_t kLongestPausePs = 1'000'000'000;
// After so many in a row it sleeps like any other, so that an idle run can end.
constexpr std::uint32_t kEmptyPollsToSleep = 16;
constexpr std::uint64_t kPsPerNs = 1000;

}  // namespace

PolledQueue::PolledQueue(nic::Device& device, Host& host, const TapList& taps, Signal& work,
                         std::uint32_t queue, std::uint32_t vector, std::uint32_t block,
                         std::uint32_t entries, std::uint32_t own_quota)
    : HardwareQueue(device, host, taps, queue, vector, block, entries), work_(work), own_quota_(own_quota) {
  device_.set_interrupt_handler(vector, [this] { wake(); });
}

void PolledQueue::look_again() {
  ring_again();
  wake();
}

void PolledQueue::wake() {
  const FaultTarget here{.port = port_, .queue = vector_};
  if (const FaultStrike moved = host_.fault(FaultId::kIrq04, here)) {
    cpu_ = static_cast<std::uint32_t>(moved.draw % host_.cpu_count());
  }
  pending_ = true;
  // Setting it is an interlocked exchange: whoever takes it sees what led to it.
  host_.fence(MemoryOrder::kSequential);
  tell_poller();
  host_.notify(acquired() ? work_ : wake_signal_);
}

void PolledQueue::serve() {
  while (true) {
    sleep();
    serving_ = true;
    host_.move_to_cpu(cpu_);
    host_.spend(kInterruptPs);
    poll_until_idle();
    serving_ = false;
    tell_poller();
  }
}

// An interrupt exactly between the poll that found nothing and the arming, or shortly after.
void PolledQueue::disturb_before_arming() {
  const FaultStrike strike = host_.fault(FaultId::kIrq03, {.port = port_, .queue = vector_});
  if (!strike) return;
  if (strike.amount == 0) {
    wake();
  } else {
    host_.at(host_.now_ps() + strike.amount * kPsPerNs, {EventSource::Kind::kFault, port_, vector_},
             [this] { wake(); });
  }
}

void PolledQueue::sleep() {
  while (!pending_ || acquired()) host_.wait(wake_signal_, kNever);
}

void PolledQueue::poll_until_idle() {
  std::uint32_t empty_polls = 0;
  while (!acquired()) {
    if (run_pass(own_quota_)) {
      empty_polls = 0;
    } else if (busy_ == 0 || empty_polls == kEmptyPollsToSleep) {
      disturb_before_arming();
      arm();
      return;
    } else {
      const bool woken = pause_before_next_poll(empty_polls);
      empty_polls = woken ? 0 : empty_polls + 1;
    }
  }
}

bool PolledQueue::pause_before_next_poll(std::uint32_t empty_polls) {
  const std::uint64_t pause_ps = std::min(kFirstPausePs << empty_polls, kLongestPausePs);
  const bool woken = host_.wait(wake_signal_, host_.now_ps() + pause_ps);
  host_.move_to_cpu(cpu_);
  return woken;
}

// The poll may be told to yield at once, or go on on another processor.
std::uint32_t PolledQueue::disturbed(std::uint32_t quota) {
  const FaultStrike strike = host_.fault(FaultId::kSch05, {.port = port_, .queue = vector_});
  if (!strike || quota == 0) return quota;
  if (strike.kind == fault_kind::kYield) return 1;
  cpu_ = static_cast<std::uint32_t>(strike.draw % host_.cpu_count());
  return quota;
}

bool PolledQueue::run_pass(std::uint32_t quota) {
  const LockName name = name_of_pass();
  host_.lock_wanted(name);
  while (in_pass_ || barred_ || bars_wanted_ > 0) host_.wait(pass_left_, kNever);
  quota = disturbed(quota);
  in_pass_ = true;
  host_.lock_taken(name);
  pending_ = false;
  host_.fence(MemoryOrder::kSequential);
  const bool more = loan_ == nullptr ? pass(quota) : pass_lent();
  pending_ |= more;
  in_pass_ = false;
  host_.lock_left(name);
  host_.notify(pass_left_);
  return more;
}

// Comes before the next pass: a queue that always has something to do begins that one at once.
void PolledQueue::bar() {
  ++bars_wanted_;
  while (in_pass_ || barred_) host_.wait(pass_left_, kNever);
  --bars_wanted_;
  barred_ = true;
}

// What came meanwhile is looked for, and the interrupt is armed.
void PolledQueue::let_in() {
  barred_ = false;
  host_.notify(pass_left_);
  if (std::exchange(looked_after_, false)) {
    arm();
  } else {
    wake();
  }
}

// No pass runs, and the device has answered that it is at rest: what both have stored is seen.
void PolledQueue::take_back() {
  host_.lock_taken(name_of_pass());
  host_.fence(MemoryOrder::kSequential);
  if (loan_ == nullptr) {
    take_back_all();
  } else {
    end_loan();
  }
  start_afresh();
  host_.lock_left(name_of_pass());
}

void PolledQueue::set_up() {
  if (loan_ == nullptr) return set_up_own();
  enable(*loan_);
  arm();
}

void PolledQueue::lend(LentRings& rings) {
  loan_ = std::make_unique<Loan>(device_, host_, vector_, rings, [this] { return !held(); });
  own_posted_ = posted_;
  posts_ = true;
  posted_ = seen_ = loan_->first().start;
  taps_.tell(&Tap::hw_ring_changed, port_, vector_, posted_, loan_->first().entries, rings.owner());
}

void PolledQueue::begin_loan(const LentCounts& counts) {
  loan_->rings().begin({loan_->first().start, loan_->second().start, loan_->addresses().memory, counts});
}

// An application that has lent its rings does not find more of them taken by itself.
void PolledQueue::look_after_loan() {
  pass_lent();
  looked_after_ = true;
}

bool PolledQueue::pass_lent() {
  if (!held()) loan_->hand_over();
  const bool news = seen_ != loan_->handed_over();
  seen_ = loan_->handed_over();
  if (news) loan_->rings().passed();
  const std::uint32_t posted = posts_ && !paused_ && !gone_ ? loan_->rings().post(posted_) : posted_;
  if (std::exchange(posted_, posted) != posted) write(nic::kDoorbell, posted_);
  return news;
}

// Even what is held: the rings are about to be somebody else's.
void PolledQueue::end_loan() {
  loan_->wait_for_words();
  loan_->hand_over();
  loan_->rings().end(posted_, gone_);
  loan_.reset();
  posted_ = own_posted_;
  taps_.tell(&Tap::hw_ring_changed, port_, vector_, posted_, entries_, std::uint64_t{0});
}

void PolledQueue::tell_poller() {
  Poller now = serving_ || pending_ ? Poller::kAwake : Poller::kAsleep;
  if (acquired() || held()) now = Poller::kElsewhere;
  if (std::exchange(poller_, now) != now) {
    taps_.tell(&Tap::poller_changed, port_, vector_, now, host_.now_ps());
  }
}

// A queue that is off is armed by the pass that follows.
void PolledQueue::arm() {
  if (!barred_) write(nic::kIrqArm, seen_);
}

void PolledQueue::set_busy(bool on) {
  SIM_CHECK(on || busy_ > 0, "busy polling ended that was not begun");
  if (on) {
    ++busy_;
  } else {
    --busy_;
  }
  if (on || busy_ == 0) wake();
}

// What waits shows as a kick that nobody took, or as an interrupt that comes at once.
void PolledQueue::release() {
  SIM_CHECK(acquired_ > 0, "a queue was released that nobody acquired");
  if (--acquired_ > 0) return;
  tell_poller();
  if (pending_ || busy_ > 0) {
    wake();
  } else {
    arm();
  }
  host_.notify(work_);
}

}  // namespace ringproof::driver
