// Handles of the published testbench.

#include <utility>

#include "sim/testbench/testbench_impl.h"

namespace ringproof::testbench {

Handle::Handle() = default;
Handle::Handle(std::shared_ptr<State> state) : state_(std::move(state)) {}
Handle::~Handle() { undo(); }
Handle::Handle(Handle&& other) noexcept = default;

Handle& Handle::operator=(Handle&& other) noexcept {
  if (this == &other) return *this;
  undo();
  state_ = std::move(other.state_);
  return *this;
}

bool Handle::done() const { return state_ != nullptr && state_->done; }

void Handle::undo() {
  if (state_ == nullptr) return;
  if (const std::function<void()> action = std::exchange(state_->undo, nullptr)) action();
}

void Handle::keep() {
  if (state_ != nullptr) state_->undo = nullptr;
}

bool Thread::ended() const { return state_->bench == nullptr || state_->bench->thread_ended(state_->number); }

}  // namespace ringproof::testbench
