#include "sim/monitor/wait_monitor.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

namespace ringproof {
namespace {

constexpr std::uint32_t kTimeout = 0x800705B4;
constexpr std::uint32_t kInfinite = 0xFFFFFFFF;
constexpr std::uint64_t kMillisecondPs = 1'000'000'000;
// XSK_NOTIFY_FLAG_WAIT_RX and _TX, by condition; results are XSK_NOTIFY_RESULT_FLAG_*.
constexpr std::uint32_t kWaitFlag[] = {0x4, 0x8};
constexpr std::uint32_t kResultFlag[] = {0x1, 0x2};
constexpr const char* kName[] = {"RX_AVAILABLE", "TX_COMP_AVAILABLE"};

std::optional<std::size_t> condition_of(RingKind kind) {
  if (kind == RingKind::kRx) return 0;
  if (kind == RingKind::kCompletion) return 1;
  return std::nullopt;
}

std::uint32_t word(const RingShape& shape, std::size_t offset) {
  std::uint32_t value;
  std::memcpy(&value, shape.base + offset, sizeof value);
  return value;
}

}  // namespace

bool WaitMonitor::Condition::readable() const {
  return shape.has_value() && producer != consumer && producer - consumer <= shape->size;
}

bool WaitMonitor::Condition::memory_agrees() const {
  const std::uint32_t used = word(*shape, 0) - word(*shape, 64);
  return used != 0 && used <= shape->size;
}

void WaitMonitor::ring_created(std::uint64_t number, RingKind kind, const RingShape& shape) {
  const auto condition = condition_of(kind);
  if (!condition.has_value()) return;
  Condition& made = sockets_[number].conditions[*condition];
  made.shape = shape;
  made.producer = word(shape, 0);
  made.consumer = word(shape, 64);
}

void WaitMonitor::ring_moved(std::uint64_t number, RingKind kind, Actor actor, std::uint32_t,
                             std::uint32_t now, std::uint64_t time_ps) {
  const auto condition = condition_of(kind);
  if (!condition.has_value()) return;
  const auto found = sockets_.find(number);
  if (found == sockets_.end()) return;
  Condition& moved = found->second.conditions[*condition];
  (actor == Actor::kPlatform ? moved.producer : moved.consumer) = now;
  update(found->second, *condition, time_ps);
}

void WaitMonitor::update(Socket& socket, std::size_t condition, std::uint64_t time_ps) {
  Condition& it = socket.conditions[condition];
  if (!it.readable()) {
    it.true_since_ps.reset();
    return;
  }
  if (!it.true_since_ps.has_value()) it.true_since_ps = time_ps;
  for (auto& [number, wait] : socket.waits) wait.seen[condition] = true;
}

void WaitMonitor::wait_began(std::uint64_t number, std::uint64_t wait, std::uint32_t flags,
                             std::uint32_t timeout_ms, std::uint64_t time_ps) {
  Socket& socket = sockets_[number];
  Wait& begun = socket.waits[wait];
  begun = {flags, timeout_ms, time_ps, std::nullopt, std::nullopt, {}};
  for (std::size_t i = 0; i < kConditions; ++i) begun.seen[i] = socket.conditions[i].readable();
  socket.trail.add("wait {0} began for flags {1:#x}", wait, flags, time_ps);
}

void WaitMonitor::wait_blocked(std::uint64_t number, std::uint64_t wait, std::uint64_t time_ps) {
  Socket& socket = sockets_[number];
  const auto found = socket.waits.find(wait);
  if (found != socket.waits.end()) found->second.blocked_ps = time_ps;
}

void WaitMonitor::waiter_told(std::uint64_t number, std::uint64_t time_ps) {
  Socket& socket = sockets_[number];
  socket.trail.add("the waiter was told", 0, 0, time_ps);
  // One wait at a time has the slot; calls that have not come that far will look for themselves.
  for (auto& [wait_number, wait] : socket.waits) {
    if (wait.blocked_ps.has_value() && !wait.told_ps.has_value()) wait.told_ps = time_ps;
  }
}

void WaitMonitor::wait_ended(std::uint64_t number, std::uint64_t wait_number, std::uint32_t status,
                             std::uint32_t result, std::uint64_t time_ps) {
  const auto owner = sockets_.find(number);
  if (owner == sockets_.end()) return;
  Socket& socket = owner->second;
  const auto found = socket.waits.find(wait_number);
  if (found == socket.waits.end()) return;
  found->second.timed_out = status == kTimeout;
  const Wait wait = found->second;
  socket.waits.erase(found);
  socket.trail.add("wait {0} ended with {1:#x}", wait_number, status, time_ps);
  if (status != 0 && status != kTimeout) return;  // cancelled, or refused: INV-41
  log_.checked(Invariant::k35);
  if (status == 0) check_success(number, socket, wait, result, time_ps);
  const std::uint64_t least_ps = std::uint64_t{wait.timeout_ms} * kMillisecondPs;
  if (status == kTimeout && !wait.cut_short &&
      (wait.timeout_ms == kInfinite || time_ps - wait.began_ps < least_ps)) {
    violated(number, socket, time_ps, [&] {
      return fmt::format("a wait timed out after {} ns; {} ms were asked for",
                         (time_ps - wait.began_ps) / 1000, wait.timeout_ms);
    });
  }
  check_told(number, socket, wait, time_ps);
}

// Of a call that did not block: what was so from its beginning to its end it has seen.
void WaitMonitor::check_look(std::uint64_t number, const Socket& socket, const Wait& wait,
                             std::uint64_t time_ps) {
  if (!wait.timed_out || wait.cut_short) return;
  for (std::size_t i = 0; i < kConditions; ++i) {
    const Condition& condition = socket.conditions[i];
    if ((wait.flags & kWaitFlag[i]) == 0 || !condition.true_since_ps.has_value()) continue;
    if (*condition.true_since_ps > wait.began_ps || !condition.memory_agrees()) continue;
    violated(number, socket, time_ps, [&] {
      return fmt::format("a look for flags {:#x} found nothing, although {} all the time", wait.flags,
                         kName[i]);
    });
  }
}

void WaitMonitor::abandon(std::uint64_t number) {
  const auto found = sockets_.find(number);
  if (found == sockets_.end()) return;
  for (auto& [wait_number, wait] : found->second.waits) wait.abandoned = true;
}

void WaitMonitor::state_changed(std::uint64_t number, SocketState, SocketState to, std::uint64_t) {
  if (to >= SocketState::kDetached) abandon(number);
}

void WaitMonitor::poll_mode_changing(std::uint64_t number, bool, bool) { abandon(number); }

void WaitMonitor::fault_struck(FaultId id, const FaultTarget& target, std::uint64_t) {
  if (id != FaultId::kIrq06) return;
  const auto found = sockets_.find(target.socket);
  if (found == sockets_.end()) return;
  for (auto& [number, wait] : found->second.waits) wait.cut_short = true;
}

void WaitMonitor::check_success(std::uint64_t number, const Socket& socket, const Wait& wait,
                                std::uint32_t result, std::uint64_t time_ps) {
  for (std::size_t i = 0; i < kConditions; ++i) {
    if ((result & kResultFlag[i]) == 0) continue;
    const Condition& condition = socket.conditions[i];
    const bool true_now = condition.shape.has_value() && condition.memory_agrees();
    const bool wanted = (wait.flags & kWaitFlag[i]) != 0;
    // Whoever abandons an asynchronous wait reports all that it waited for.
    if (wanted && (wait.seen[i] || true_now || wait.abandoned)) continue;
    violated(number, socket, time_ps, [&] {
      return fmt::format("a wait for flags {:#x} returned {}, which {}", wait.flags, kName[i],
                         wanted ? "was not so at any time since the call began" : "it did not ask for");
    });
  }
  if (result != 0 || wait.told_ps.has_value()) return;
  violated(number, socket, time_ps, [&] {
    return fmt::format("a wait for flags {:#x} returned success with nothing ready, and nobody ended it",
                       wait.flags);
  });
}

void WaitMonitor::check_told(std::uint64_t number, const Socket& socket, const Wait& wait,
                             std::uint64_t time_ps) {
  if (wait.told_ps.has_value()) return;
  if (!wait.blocked_ps.has_value()) return check_look(number, socket, wait, time_ps);
  for (std::size_t i = 0; i < kConditions; ++i) {
    const Condition& condition = socket.conditions[i];
    if ((wait.flags & kWaitFlag[i]) == 0 || !condition.true_since_ps.has_value()) continue;
    const std::uint64_t since_ps = std::max(*condition.true_since_ps, *wait.blocked_ps);
    if (time_ps - since_ps <= told_within_ps_ || !condition.memory_agrees()) continue;
    violated(number, socket, time_ps, [&] {
      return fmt::format("a blocked wait for flags {:#x} was not told for {} ns that {} is so", wait.flags,
                         (time_ps - since_ps) / 1000, kName[i]);
    });
  }
}

void WaitMonitor::finish(std::uint64_t end_ps) {
  for (const auto& [number, socket] : sockets_) {
    for (const auto& [wait_number, wait] : socket.waits) check_told(number, socket, wait, end_ps);
  }
}

}  // namespace ringproof
