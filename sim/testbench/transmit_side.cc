// The published testbench: what leaves the machine, and what is held on its way.

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

#include "model/driver/stack_queue.h"
#include "sim/testbench/testbench_impl.h"

namespace ringproof::testbench {

// ---- frames that left ----

const std::vector<SentFrame>& Testbench::Impl::sent() {
  const std::vector<LeftFrame>& left = bench_->frames().left();
  while (sent_.size() < left.size()) {
    const LeftFrame& frame = left[sent_.size()];
    sent_.push_back({frame.port + 1, frame.queue, Time(static_cast<std::int64_t>(frame.end_ps)),
                     bench_->frames().bytes()[sent_.size()]});
  }
  return sent_;
}

std::optional<std::size_t> Testbench::Impl::unexpected(const Pattern& match) {
  const std::vector<SentFrame>& frames = sent();
  for (std::size_t i = 0; i < frames.size(); ++i) {
    if (!expected_.contains(i) && match.matches(frames[i].bytes)) return i;
  }
  return std::nullopt;
}

const std::vector<SentFrame>& Testbench::sent() const { return impl_->sent(); }

std::optional<SentFrame> Testbench::expect_frame(const Pattern& match, Time bound) {
  const auto there = [&] { return impl_->unexpected(match).has_value(); };
  if (!impl_->wait_for(there, "one more frame that leaves", bound)) return std::nullopt;
  const std::size_t i = *impl_->unexpected(match);
  impl_->expected(i);
  return impl_->sent()[i];
}

bool Testbench::expect_no_frame(const Pattern& match, Time bound) {
  const bool at_rest = impl_->at_rest_by(bound);
  const std::optional<std::size_t> frame = impl_->unexpected(match);
  if (!frame.has_value()) return at_rest;
  const SentFrame& sent = impl_->sent()[*frame];
  impl_->fail(fmt::format("expected no frame to leave, got one of {} bytes on interface {} at {} ps",
                          sent.bytes.size(), sent.interface, sent.time.count()));
  return false;
}

void Testbench::host_send(const Bytes& frame, std::uint32_t queue, std::uint32_t interface,
                          const std::vector<std::uint32_t>& buffers) {
  driver::Driver& driver = impl_->bench().driver(impl_->port_of(interface));
  const nic::DeviceInfo& info = driver.info();
  if (queue >= driver.stack_queues() || frame.empty() || frame.size() > info.max_frame_bytes) {
    throw std::invalid_argument(
        fmt::format("host_send: expected a queue below {} and 1 to {} bytes, got queue {} and {} bytes",
                    driver.stack_queues(), info.max_frame_bytes, queue, frame.size()));
  }
  const std::uint64_t in_buffers = std::accumulate(buffers.begin(), buffers.end(), std::uint64_t{0});
  if (!buffers.empty() && in_buffers != frame.size()) {
    throw std::invalid_argument(
        fmt::format("host_send: expected buffers of {} bytes together, got {}", frame.size(), in_buffers));
  }
  impl_->log().add("operation", fmt::format("the host sends {} bytes", frame.size()));
  driver.stack(queue).send(frame, buffers);
}

// ---- held frames ----

std::vector<std::size_t> TxHold::State::places() const {
  std::vector<std::size_t> places;
  if (impl == nullptr) return places;
  const std::vector<driver::HeldFrame>& held = impl->bench().driver(port).held_tx();
  for (std::size_t i = 0; i < held.size(); ++i) {
    // The first hold that matches has the frame.
    const auto owner = std::find_if(impl->holds().begin(), impl->holds().end(), [&](const auto& hold) {
      return hold->port == port && hold->match.matches(held[i].frame.bytes);
    });
    if (owner != impl->holds().end() && owner->get() == this) places.push_back(i);
  }
  return places;
}

driver::TxRelease TxHold::State::ending_of(const driver::HeldFrame& frame) const {
  for (const Ending& each : endings) {
    const bool same =
        each.queue == frame.queue && each.layer == frame.layer && each.context == frame.frame.context;
    if (same) return each.how;
  }
  return {};
}

std::shared_ptr<TxHold::State> Testbench::Impl::hold_tx(const Pattern& match, std::size_t port) {
  auto state = std::make_shared<TxHold::State>();
  state->impl = this;
  state->match = match;
  state->port = port;
  holds_.push_back(state);
  set_wanted(port);
  return state;
}

void Testbench::Impl::set_wanted(std::size_t port) {
  std::vector<Pattern> wanted;
  for (const auto& hold : holds_) {
    if (hold->port == port) wanted.push_back(hold->match);
  }
  if (wanted.empty()) return bench_->driver(port).hold_tx(nullptr);
  bench_->driver(port).hold_tx([wanted](Tap::Bytes bytes) {
    return std::any_of(wanted.begin(), wanted.end(),
                       [bytes](const Pattern& pattern) { return pattern.matches(bytes); });
  });
}

void Testbench::Impl::release_tx(TxHold::State& hold) {
  if (hold.impl == nullptr) return;
  log_.add("operation", "release what is held");
  driver::Driver& driver = bench_->driver(hold.port);
  for (std::vector<std::size_t> places = hold.places(); !places.empty(); places = hold.places()) {
    const driver::TxRelease how = hold.ending_of(driver.held_tx()[places.front()]);
    driver.release_tx(places.front(), how);
  }
  hold.impl = nullptr;
  const std::size_t port = hold.port;
  std::erase_if(holds_, [&hold](const auto& each) { return each.get() == &hold; });
  set_wanted(port);
}

TxHold Testbench::hold_tx(const Pattern& match, std::uint32_t interface) {
  const std::size_t port = impl_->port_of(interface);
  impl_->log().add("operation", fmt::format("hold frames to send at interface {}", interface));
  return TxHold(impl_->hold_tx(match, port));
}

TxHold::TxHold(std::shared_ptr<State> state) : state_(std::move(state)) {}
TxHold::~TxHold() {
  if (state_ != nullptr) release();
}
std::size_t TxHold::size() const { return state_->places().size(); }

namespace {

const driver::HeldFrame& held_frame(const TxHold::State& state, std::size_t i) {
  const std::vector<std::size_t> places = state.places();
  if (i >= places.size()) {
    throw std::invalid_argument(
        fmt::format("held frame: expected a number below {}, got {}", places.size(), i));
  }
  return state.impl->bench().driver(state.port).held_tx()[places[i]];
}

}  // namespace

HeldFrame TxHold::peek(std::size_t i) const {
  const driver::HeldFrame& held = held_frame(*state_, i);
  HeldFrame frame;
  frame.bytes.assign(held.frame.bytes.begin(), held.frame.bytes.end());
  frame.queue = held.queue;
  frame.since = Time(static_cast<std::int64_t>(held.since_ps));
  frame.layer3_checksum_wanted = held.frame.checksum.Layer3 == XdpFrameTxChecksumActionRequired;
  frame.layer4_checksum_wanted = held.frame.checksum.Layer4 == XdpFrameTxChecksumActionRequired;
  const XDP_FRAME_LAYOUT& layout = held.frame.layout;
  frame.layer2_header_bytes = layout.Layer2HeaderLength;
  frame.layer3_header_bytes = layout.Layer3HeaderLength;
  frame.layer4_header_bytes = layout.Layer4HeaderLength;
  frame.layer2_type = layout.Layer2Type;
  frame.layer3_type = layout.Layer3Type;
  frame.layer4_type = layout.Layer4Type;
  return frame;
}

void TxHold::set(std::size_t i, std::optional<std::uint64_t> timestamp_ns, bool sent) {
  const driver::HeldFrame& held = held_frame(*state_, i);
  std::erase_if(state_->endings, [&held](const State::Ending& each) {
    return each.queue == held.queue && each.layer == held.layer && each.context == held.frame.context;
  });
  state_->endings.push_back({held.queue, held.layer, held.frame.context, {timestamp_ns, sent}});
}

void TxHold::complete(const std::vector<std::size_t>& frames) {
  const std::vector<std::size_t> places = state_->places();
  for (std::size_t k = 0; k < frames.size(); ++k) {
    if (frames[k] >= places.size() || std::count(frames.begin(), frames.end(), frames[k]) > 1) {
      throw std::invalid_argument(
          fmt::format("complete: expected different numbers below {}, got {}", places.size(), frames[k]));
    }
  }
  driver::Driver& driver = state_->impl->bench().driver(state_->port);
  for (std::size_t k = 0; k < frames.size(); ++k) {
    // Every frame that left the list moved those behind it up.
    const std::size_t place = places[frames[k]];
    const auto gone = std::count_if(frames.begin(), frames.begin() + static_cast<std::ptrdiff_t>(k),
                                    [&](std::size_t earlier) { return places[earlier] < place; });
    const std::size_t now = place - static_cast<std::size_t>(gone);
    driver.release_tx(now, state_->ending_of(driver.held_tx()[now]));
  }
}

void TxHold::release() {
  if (state_->impl != nullptr) state_->impl->release_tx(*state_);
}

}  // namespace ringproof::testbench
