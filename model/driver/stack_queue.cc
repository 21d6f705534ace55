#include "model/driver/stack_queue.h"

#include <algorithm>
#include <string>
#include <utility>

#include "model/base/check.h"
#include "model/driver/hardware_queue.h"

namespace ringproof::driver {
namespace {

constexpr std::size_t kBatchFrames = 32;
constexpr std::uint32_t kInjectedMax = 256;  // of a pass

}  // namespace

StackQueue::StackQueue(Driver& driver, Host& host, const TapList& taps, std::uint32_t queue,
                       std::uint32_t cpu)
    : driver_(driver), host_(host), taps_(taps), port_(driver.info().port), queue_(queue), cpu_(cpu) {}

void StackQueue::set_inspector(RxClient* inspector) { inspector_ = inspector; }

void StackQueue::set_injector(TxClient* injector) { injector_ = injector; }

void StackQueue::send(std::vector<unsigned char> frame, std::vector<std::uint32_t> buffers) {
  SIM_CHECK(!frame.empty() && frame.size() <= driver_.info().max_frame_bytes,
            "a frame of the stack that the port cannot send");
  if (inspector_ == nullptr && waiting_.empty() && !in_pass_) {
    driver_.send_from_stack(queue_, std::move(frame));
    return;
  }
  waiting_.push_back({std::move(frame), std::move(buffers)});
  kick();
}

void StackQueue::kick() {
  work_ = true;
  if (!std::exchange(started_, true)) {
    host_.start_service(driver_.info().name + ".stack" + std::to_string(queue_), cpu_, [this] { serve(); });
  }
  host_.notify(work_signal_);
}

void StackQueue::serve() {
  while (true) {
    while (!work_) host_.wait(work_signal_, kNever);
    work_ = false;
    in_pass_ = true;
    pass();
    in_pass_ = false;
  }
}

void StackQueue::pass() {
  host_.fence(MemoryOrder::kSequential);
  work_ |= take_injected();
  inspect();
  work_ |= !waiting_.empty();
}

// Returns whether another pass must follow.
bool StackQueue::take_injected() {
  if (injector_ == nullptr) return false;
  if (!injected_.empty()) injector_->completed(std::exchange(injected_, {}));
  std::vector<TxFrame> frames;
  const bool again = injector_->fill(kInjectedMax, frames);
  for (const TxFrame& frame : frames) {
    host_.spend(kPerFramePs);
    indicate(frame.bytes);
    injected_.push_back({frame.context, 0});
  }
  return again || !injected_.empty();
}

void StackQueue::inspect() {
  std::vector<Waiting> batch;
  while (batch.size() < kBatchFrames && !waiting_.empty()) {
    batch.push_back(std::move(waiting_.front()));
    waiting_.pop_front();
  }
  if (batch.empty()) return;
  std::vector<RxFrame> shown;
  for (Waiting& each : batch) {
    host_.spend(kPerFramePs);
    RxFrame frame;
    frame.bytes = each.bytes;
    frame.fragments = each.buffers;
    shown.push_back(frame);
  }
  // Nobody waits between the look at the inspector and its own pass.
  RxClient* const inspector = inspector_;
  if (inspector != nullptr) {
    for (RxFrame& frame : shown) {
      frame.timestamp_ns = driver_.next_local_frame();
      taps_.tell(&Tap::local_frame_begun, port_, queue_, frame.timestamp_ns, Tap::Bytes(frame.bytes));
    }
    inspector->receive(shown);
  }
  for (std::size_t i = 0; i < batch.size(); ++i) {
    if (inspector != nullptr) {
      finish(shown[i], batch[i].bytes);
    } else {
      driver_.send_from_stack(queue_, std::move(batch[i].bytes));
    }
  }
}

void StackQueue::finish(const RxFrame& shown, std::vector<unsigned char>& frame) {
  if (shown.action == RxAction::kPass) {
    taps_.tell(&Tap::passed_on, port_, shown.timestamp_ns, Tap::Bytes(frame));
    taps_.tell(&Tap::frame_passed, port_, shown.timestamp_ns, host_.now_ps());
    driver_.send_from_stack(queue_, std::move(frame));
  } else if (shown.action == RxAction::kTransmit) {
    taps_.tell(&Tap::frame_forwarded, port_, shown.timestamp_ns, host_.now_ps());
    indicate(frame);
  }
}

void StackQueue::indicate(Tap::Bytes frame) {
  if (paused_) {
    taps_.tell(&Tap::stack_lost, port_, queue_, DropReason::kPaused);
  } else {
    taps_.tell(&Tap::stack_received, port_, queue_, host_.now_ps(), frame);
  }
}

}  // namespace ringproof::driver
