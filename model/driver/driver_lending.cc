#include <algorithm>
#include <optional>

#include "model/driver/driver.h"
#include "model/driver/lent_rings.h"
#include "model/driver/rx_queue.h"
#include "model/driver/tx_hold.h"
#include "model/driver/tx_queue.h"

// How queues come to work on rings of the platform, and give them back.

namespace ringproof::driver {

bool Driver::can_lend(std::uint32_t queue, Direction direction) const {
  if (!lends_ || !ready_) return false;
  const PolledQueue& it = polled(queue, direction);
  if (it.lent() != nullptr || !it.usable() || it.polled_by_others()) return false;
  // A frame that comes in several buffers has to be put together.
  if (direction == Direction::kRx) return info().rx_fragment_bytes == 0;
  return !tx_hold_->wants_any() && tx_queues_[queue]->serves_only(Layer::kNative);
}

bool Driver::lend(std::uint32_t queue, Direction direction, LentRings& rings) {
  PolledQueue& it = polled(queue, direction);
  with_barred({&it}, [&] {
    it.disable();
    wait_until_at_rest(it);
    it.take_back();
    // What is counted from now on is the socket's; a device that does not say from where gets no rings.
    const std::optional<LentCounts> counts = counts_at_rest(it);
    if (!counts.has_value() || !rings.wanted() || !can_lend(queue, direction)) return restart({&it});
    it.lend(rings);
    it.begin_loan(*counts);
    restart({&it});
    it.look_after_loan();
  });
  return it.lent() == &rings;
}

void Driver::take_back(std::uint32_t queue, Direction direction, const LentRings& rings) {
  take_back(polled(queue, direction), rings);
}

// Somebody else may be about to do the same, or may just have done it.
void Driver::take_back(PolledQueue& queue, const LentRings& rings) {
  while (resetting_) host_.wait(reset_over_, kNever);
  if (queue.lent() == &rings) reset({&queue});
}

void Driver::post_no_more(std::uint32_t queue, Direction direction, const LentRings& rings) {
  PolledQueue& it = polled(queue, direction);
  if (it.lent() == &rings) it.post_no_more();
}

void Driver::look_at_lent(std::uint32_t queue, Direction direction) {
  PolledQueue& it = polled(queue, direction);
  if (it.lent() != nullptr) it.wake();
}

void Driver::count_lent(std::uint32_t queue, Direction direction, const LentRings& rings) {
  PolledQueue& it = polled(queue, direction);
  if (it.lent() != &rings) return;
  const LentCounts counts = read_counts(it);
  if (it.lent() == &rings) it.lent()->counted(counts);
}

std::optional<LentCounts> Driver::counts_at_rest(const PolledQueue& queue) {
  const std::uint32_t drops = read_register(queue.register_offset(nic::kDrops));
  const std::uint32_t truncated = read_register(queue.register_offset(nic::kTruncated));
  if (drops == nic::kNoAnswer || truncated == nic::kNoAnswer) return std::nullopt;
  return LentCounts{drops, truncated};
}

// While the device goes on; what it does not answer counts as nothing yet.
LentCounts Driver::read_counts(const PolledQueue& queue) {
  const auto read = [&](nic::QueueRegister name) {
    const std::uint32_t value = read_once(queue.register_offset(name));
    return value == nic::kNoAnswer ? 0 : value;
  };
  return {read(nic::kDrops), read(nic::kTruncated)};
}

void Driver::want_back_all(Direction direction) {
  if (direction == Direction::kRx) {
    for (const auto& queue : rx_queues_) want_back(*queue);
  } else {
    for (const auto& queue : tx_queues_) want_back(*queue);
  }
}

void Driver::want_back(PolledQueue& queue) {
  if (queue.lent() == nullptr) return;
  queue.post_no_more();
  wanted_back_.push_back(&queue);
  host_.notify(lending_signal_);
}

void Driver::serve_lending() {
  while (true) {
    while (wanted_back_.empty()) host_.wait(lending_signal_, kNever);
    PolledQueue* const queue = wanted_back_.back();
    wanted_back_.pop_back();
    if (const LentRings* const rings = queue->lent()) take_back(*queue, *rings);
  }
}

}  // namespace ringproof::driver
