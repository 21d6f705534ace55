#include "model/base/check.h"
#include "model/driver/driver.h"
#include "model/driver/lent_rings.h"
#include "model/driver/rx_queue.h"
#include "model/driver/tx_queue.h"

// How a driver gives up what a device has, and starts it anew.

namespace ringproof::driver {
namespace {

constexpr std::uint64_t kPollPs = 1'000'000;

}  // namespace

std::vector<PolledQueue*> Driver::all_queues() const {
  std::vector<PolledQueue*> all;
  for (const auto& queue : rx_queues_) all.push_back(queue.get());
  for (const auto& queue : tx_queues_) all.push_back(queue.get());
  return all;
}

void Driver::reset_queue(std::uint32_t queue, Direction direction) { reset({&polled(queue, direction)}); }

void Driver::reset_function() { reset(all_queues()); }

void Driver::with_barred(const std::vector<PolledQueue*>& queues, const std::function<void()>& body) {
  wait_until_ready();
  taps_.tell(&Tap::teardown_begun, Teardown::kQueueReset, std::uint64_t{info().port}, host_.now_ps());
  while (resetting_) host_.wait(reset_over_, kNever);
  resetting_ = true;
  for (PolledQueue* queue : queues) queue->bar();
  body();
  for (PolledQueue* queue : queues) queue->let_in();
  resetting_ = false;
  host_.notify(reset_over_);
  taps_.tell(&Tap::teardown_ended, Teardown::kQueueReset, std::uint64_t{info().port}, host_.now_ps());
}

void Driver::reset(const std::vector<PolledQueue*>& queues) {
  with_barred(queues, [&] {
    for (PolledQueue* queue : queues) queue->disable();
    for (PolledQueue* queue : queues) {
      const bool answered = wait_until_at_rest(*queue);
      // One that is lost meanwhile may have done more than it has told; device_lost() comes after this.
      if (!answered && lost_) queue->set_gone(true);
      tell_last_counts(*queue, answered);
      queue->take_back();
    }
    restart(queues);
  });
}

void Driver::tell_last_counts(const PolledQueue& queue, bool answers) {
  LentRings* const rings = queue.lent();
  const auto counts = rings != nullptr && answers ? counts_at_rest(queue) : std::nullopt;
  if (counts.has_value()) rings->counted(*counts);
}

// What the device has taken it finishes: nothing else can be waited for. One that is gone has nothing, and
// does not answer: false.
bool Driver::wait_until_at_rest(const PolledQueue& queue) {
  while (true) {
    const std::uint32_t state = read_register(queue.register_offset(nic::kState));
    if (state == nic::kNoAnswer) return false;
    if ((state & nic::kStateInFlight) == 0) return true;
    Signal never_notified;
    host_.wait(never_notified, host_.now_ps() + kPollPs);
  }
}

// Queues of a device that is lost are set up once it is back, all of them.
void Driver::restart(const std::vector<PolledQueue*>& queues) {
  if (lost_) return;
  for (PolledQueue* queue : queues) queue->set_up();
  // Register writes are posted; the answer to a read tells that all of them have arrived.
  read_register(nic::kRegisterId);
}

void Driver::device_lost() {
  taps_.tell(&Tap::device_lost, info().port, true);
  lost_ = true;  // whoever waits for an answer has none to expect
  device_.set_reachable(false);
  with_barred(all_queues(), [this] {
    for (PolledQueue* queue : all_queues()) {
      queue->set_gone(true);
      queue->take_back();
    }
  });
}

// Until now it has answered nobody: what others wrote to a device that they had seen, and that is another
// now, would have set up a part of a queue.
void Driver::device_returned() {
  with_barred(all_queues(), [this] {
    device_.set_reachable(true);
    lost_ = false;
    SIM_CHECK(read_register(nic::kRegisterId) == nic::kIdValue, "the device is not back");
    for (PolledQueue* queue : all_queues()) queue->set_gone(false);
    taps_.tell(&Tap::device_lost, info().port, false);
    programmed_ = {};  // as after power-on
    if (engine_hashes_) program_rss();
    restart(all_queues());
  });
}

}  // namespace ringproof::driver
