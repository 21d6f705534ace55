#include "model/driver/control_requests.h"

#include <utility>

namespace ringproof::driver {

std::uint32_t ControlRequests::ask(ControlRequest request) {
  if (holds_[request.index()] == 0) return 0;
  const auto place = waiting_.insert(waiting_.end(), {std::move(request)});
  while (!place->answered) host_.wait(answered_, kNever);
  const std::uint32_t status = place->status;
  waiting_.erase(place);
  return status;
}

void ControlRequests::hold(std::size_t kind) { ++holds_[kind]; }

void ControlRequests::let_go(std::size_t kind) {
  if (--holds_[kind] > 0) return;
  for (Waiting* each : waiting(kind)) answer(*each, 0);
}

std::vector<ControlRequests::Waiting*> ControlRequests::waiting(std::size_t kind) {
  std::vector<Waiting*> found;
  for (Waiting& each : waiting_) {
    if (!each.answered && each.request.index() == kind) found.push_back(&each);
  }
  return found;
}

void ControlRequests::answer(Waiting& waiting, std::uint32_t status) {
  waiting.status = status;
  waiting.answered = true;
  host_.notify(answered_);
}

}  // namespace ringproof::driver
