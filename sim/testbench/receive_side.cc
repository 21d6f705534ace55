// The published testbench: what comes to the machine, and what programs pass up.

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sim/testbench/testbench_impl.h"

namespace ringproof::testbench {
namespace {

// The driver shows no more in one pass.
constexpr std::size_t kBatchFramesMax = 64;

std::optional<nic::Verdict> verdict(Checksum checksum) {
  switch (checksum) {
    case Checksum::kNotChecked:
      return nic::Verdict::kNotChecked;
    case Checksum::kGood:
      return nic::Verdict::kSucceeded;
    case Checksum::kBad:
      return nic::Verdict::kFailed;
    default:
      return std::nullopt;
  }
}

void add_buffer(const Buffer& buffer, WireFrame& frame) {
  const std::size_t left = buffer.bytes.size() - std::min(buffer.offset, buffer.bytes.size());
  const std::size_t length = buffer.length.value_or(left);
  if (buffer.offset > buffer.bytes.size() || length > left) {
    throw std::invalid_argument(
        fmt::format("Buffer: expected offset and length inside its {} bytes, got {} and {}",
                    buffer.bytes.size(), buffer.offset, length));
  }
  const auto first = buffer.bytes.begin() + static_cast<std::ptrdiff_t>(buffer.offset);
  frame.bytes.insert(frame.bytes.end(), first, first + static_cast<std::ptrdiff_t>(length));
  frame.buffers.push_back(static_cast<std::uint32_t>(length));
}

}  // namespace

WireFrame wire_frame(const Frame& frame, std::uint32_t rx_queues) {
  WireFrame result;
  for (const Buffer& buffer : frame.buffers) add_buffer(buffer, result);
  if (result.buffers.size() == 1) result.buffers.clear();
  if (frame.queue.value_or(0) >= rx_queues) {
    throw std::invalid_argument(
        fmt::format("Frame::queue: expected 0 to {}, got {}", rx_queues - 1, *frame.queue));
  }
  result.queue = frame.queue;
  result.layer3 = verdict(frame.layer3);
  result.layer4 = verdict(frame.layer4);
  result.timestamp_ns = frame.timestamp_ns;
  return result;
}

void Testbench::inject(const Frame& frame, std::uint32_t interface) {
  const std::size_t port = impl_->port_of(interface);
  WireFrame wire = wire_frame(frame, impl_->bench().driver(port).info().rx_queues);
  impl_->log().add("operation", fmt::format("inject {} bytes at interface {}", wire.bytes.size(), interface));
  impl_->bench().wire(port, std::move(wire));
}

void Testbench::inject(const std::vector<Frame>& frames, std::uint32_t interface) {
  for (const Frame& frame : frames) inject(frame, interface);
}

void Testbench::enqueue(const Frame& frame, std::uint32_t interface) {
  const std::size_t port = impl_->port_of(interface);
  impl_->enqueued(port).push_back(wire_frame(frame, impl_->bench().driver(port).info().rx_queues));
}

void Testbench::flush(const BatchOptions& options, std::uint32_t interface) {
  impl_->require_outside("flush");
  const std::size_t port = impl_->port_of(interface);
  Bench& bench = impl_->bench();
  driver::Driver& driver = bench.driver(port);
  std::vector<WireFrame> frames = std::exchange(impl_->enqueued(port), {});
  if (options.queue >= driver.info().rx_queues) {
    throw std::invalid_argument(fmt::format("BatchOptions::queue: expected 0 to {}, got {}",
                                            driver.info().rx_queues - 1, options.queue));
  }
  if (options.one_batch && frames.size() > kBatchFramesMax) {
    throw std::invalid_argument(fmt::format("flush: expected at most {} frames in one batch, got {}",
                                            kBatchFramesMax, frames.size()));
  }
  impl_->log().add("operation", fmt::format("flush {} frames at queue {} of interface {}", frames.size(),
                                            options.queue, interface));
  const auto count = static_cast<std::uint32_t>(frames.size());
  const std::uint32_t cpu = driver.cpu(options.queue, driver::Direction::kRx);
  if (options.cpu.has_value()) driver.set_cpu(options.queue, driver::Direction::kRx, *options.cpu);
  if (options.one_batch) driver.hold_rx(options.queue, true);
  for (WireFrame& frame : frames) {
    frame.queue = options.queue;
    bench.wire(port, std::move(frame));
  }
  // Frames that the device had no room for never come.
  if (options.one_batch) {
    bench.turn_until([&] { return driver.rx_backlog(options.queue) >= count; });
    driver.hold_rx(options.queue, false);
  }
  // A buffer goes back to the device as soon as the driver has shown its frame, so low resources ask for
  // nothing more than to wait until then.
  bench.turn_until([&] {
    return bench.machine().port(port).traffic_over() && driver.rx_backlog(options.queue) == 0 &&
           driver.idle();
  });
  if (options.cpu.has_value()) driver.set_cpu(options.queue, driver::Direction::kRx, cpu);
}

// ---- pass-up port ----

std::shared_ptr<PassUp::State> Testbench::Impl::pass_up(const Pattern& match, std::size_t port) {
  auto state = std::make_shared<PassUp::State>();
  state->match = match;
  state->port = static_cast<std::uint32_t>(port);
  pass_ups_.push_back(state);
  bench_->stack_frames().on_received([this](const StackFrame& frame) { passed(frame); });
  return state;
}

// Every port that is open sees the frame.
void Testbench::Impl::passed(const StackFrame& frame) {
  std::erase_if(pass_ups_, [](const auto& each) { return each.expired(); });
  for (const auto& each : pass_ups_) {
    const std::shared_ptr<PassUp::State> state = each.lock();
    if (state->port != frame.port || !state->match.matches(frame.bytes)) continue;
    ++state->count;
    state->waiting.push_back(
        {frame.queue, Time(static_cast<std::int64_t>(frame.time_ps)), frame.timestamp_ns, frame.bytes});
  }
}

PassUp Testbench::pass_up(const Pattern& match, std::uint32_t interface) {
  const std::size_t port = impl_->port_of(interface);
  impl_->log().add("operation", fmt::format("open a pass-up port at interface {}", interface));
  return PassUp(impl_->pass_up(match, port));
}

PassUp::PassUp(std::shared_ptr<State> state) : state_(std::move(state)) {}
PassUp::~PassUp() = default;
std::size_t PassUp::count() const { return state_->count; }
std::size_t PassUp::waiting() const { return state_->waiting.size(); }
std::size_t PassUp::released() const { return state_->released; }
std::size_t PassUp::dropped() const { return state_->dropped; }

namespace {

void require_frame(std::size_t i, std::size_t count) {
  if (i < count) return;
  throw std::invalid_argument(fmt::format("frame: expected a number below {}, got {}", count, i));
}

}  // namespace

const PassedFrame& PassUp::peek(std::size_t i) const {
  require_frame(i, waiting());
  return state_->waiting[i];
}

void PassUp::release(std::size_t i) {
  require_frame(i, waiting());
  state_->waiting.erase(state_->waiting.begin() + static_cast<std::ptrdiff_t>(i));
  ++state_->released;
}

void PassUp::drop(std::size_t i) {
  require_frame(i, waiting());
  state_->waiting.erase(state_->waiting.begin() + static_cast<std::ptrdiff_t>(i));
  ++state_->dropped;
}

}  // namespace ringproof::testbench
