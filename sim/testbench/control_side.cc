// The published testbench: what programs ask of an adapter, held until the test answers.

#include <fmt/format.h>

#include "sim/testbench/testbench_impl.h"

namespace ringproof::testbench {
namespace {

// Alternatives of driver::ControlRequest, in the order of the published kinds.
std::size_t index_of(ControlRequest kind) { return static_cast<std::size_t>(kind); }

const char* name_of(ControlRequest kind) {
  return kind == ControlRequest::kRssSet ? "RSS set" : "connection offload";
}

driver::ControlRequests& requests_of(const ControlHold::State& hold) {
  return hold.impl->bench().driver(hold.port).control();
}

std::vector<driver::ControlRequests::Waiting*> waiting_at(const ControlHold::State& hold) {
  if (hold.impl == nullptr) return {};
  return requests_of(hold).waiting(index_of(hold.kind));
}

driver::ControlRequests::Waiting& held_request(const ControlHold::State& hold, std::size_t i) {
  const auto waiting = waiting_at(hold);
  if (i >= waiting.size()) {
    throw std::invalid_argument(
        fmt::format("held request: expected a number below {}, got {}", waiting.size(), i));
  }
  return *waiting[i];
}

HeldRequest shown(const nic::RssSettings& rss) {
  HeldRequest request;
  request.rss.key = Bytes(rss.key.begin(), rss.key.end());
  request.rss.table = std::vector<std::uint32_t>(rss.table.begin(), rss.table.end());
  request.rss.hash_types = rss.hash_types;
  return request;
}

HeldRequest shown(const std::vector<driver::QuicRequest>& batch) {
  HeldRequest request;
  for (const driver::QuicRequest& each : batch) {
    (each.add ? request.added : request.removed).push_back(testbench::shown(each.connection));
  }
  return request;
}

}  // namespace

std::shared_ptr<ControlHold::State> Testbench::Impl::hold_control(ControlRequest kind, std::size_t port) {
  auto state = std::make_shared<ControlHold::State>();
  *state = {this, kind, port};
  control_holds_.push_back(state);
  requests_of(*state).hold(index_of(kind));
  return state;
}

void Testbench::Impl::release_control(ControlHold::State& hold) {
  if (hold.impl == nullptr) return;
  log_.add("operation", fmt::format("release {} requests", name_of(hold.kind)));
  requests_of(hold).let_go(index_of(hold.kind));
  hold.impl = nullptr;
  std::erase_if(control_holds_, [&hold](const auto& each) { return each.get() == &hold; });
}

ControlHold Testbench::hold_control_requests(ControlRequest kind, std::uint32_t interface) {
  const std::size_t port = impl_->port_of(interface);
  impl_->log().add("operation", fmt::format("hold {} requests at interface {}", name_of(kind), interface));
  return ControlHold(impl_->hold_control(kind, port));
}

ControlHold::ControlHold(std::shared_ptr<State> state) : state_(std::move(state)) {}
ControlHold::~ControlHold() {
  if (state_ != nullptr) release();
}

std::size_t ControlHold::size() const { return waiting_at(*state_).size(); }

HeldRequest ControlHold::peek(std::size_t i) const {
  return std::visit([](const auto& request) { return shown(request); }, held_request(*state_, i).request);
}

void ControlHold::complete(std::size_t i, std::uint32_t status) {
  constexpr std::uint32_t kFailure = 0x80000000;
  driver::ControlRequests::Waiting& waiting = held_request(*state_, i);
  if (status != 0 && (status & kFailure) == 0) {
    throw std::invalid_argument(
        fmt::format("complete: expected 0 or an HRESULT of a failure, got {:#x}", status));
  }
  state_->impl->log().add("operation",
                          fmt::format("answer an {} request with {:#x}", name_of(state_->kind), status));
  requests_of(*state_).answer(waiting, status);
}

void ControlHold::release() {
  if (state_->impl != nullptr) state_->impl->release_control(*state_);
}

}  // namespace ringproof::testbench
