#include "sim/monitor/socket_trace.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "model/base/hash.h"

namespace ringproof {
namespace {

std::string content(Tap::Bytes bytes) {
  return fmt::format("{} bytes {:016x}", bytes.size(), hash_bytes(bytes.data(), bytes.size()));
}

}  // namespace

const char* SocketTrace::lane_name(std::size_t lane) {
  static constexpr std::array<const char*, kLanes> kNames = {"FILL, application",
                                                             "FILL, platform",
                                                             "RX, application",
                                                             "RX, platform",
                                                             "TX, application",
                                                             "TX, platform",
                                                             "COMPLETION, application",
                                                             "COMPLETION, platform",
                                                             "received",
                                                             "sent",
                                                             "finished",
                                                             "control"};
  return kNames[lane];
}

void SocketTrace::ring_created(std::uint64_t socket, RingKind kind, const RingShape& shape) {
  if (socket != socket_) return;
  std::memcpy(&starts_[static_cast<std::size_t>(kind)], shape.base, sizeof starts_[0]);
  add(kControl, fmt::format("{} of {} entries", ring_kind_name(kind), shape.size));
}

void SocketTrace::ring_moved(std::uint64_t socket, RingKind kind, Actor actor, std::uint32_t old,
                             std::uint32_t now, std::uint64_t) {
  if (socket != socket_) return;
  constexpr std::uint32_t kStepsMax = 1u << 20;  // a step that is longer is nonsense, and one line
  const auto ring = static_cast<std::size_t>(kind);
  const std::size_t lane = 2 * ring + static_cast<std::size_t>(actor);
  if (now - old > kStepsMax)
    add(lane, fmt::format("from {} to {}", old - starts_[ring], now - starts_[ring]));
  if (now - old > kStepsMax) return;
  for (std::uint32_t i = old; i != now; ++i) add(lane, fmt::format("{}", i - starts_[ring] + 1));
}

void SocketTrace::entry_taken(std::uint64_t socket, RingKind kind, std::uint32_t index, Bytes bytes) {
  if (socket != socket_) return;
  const std::uint32_t position = index - starts_[static_cast<std::size_t>(kind)];
  add(kind == RingKind::kFill ? kReceived : kSent, fmt::format("entry {}, {}", position, content(bytes)));
}

void SocketTrace::frame_delivered(std::uint32_t, std::uint64_t, std::uint64_t socket, std::uint64_t address,
                                  Bytes bytes, std::uint64_t) {
  if (socket == socket_) add(kReceived, fmt::format("{} at {:#x}", content(bytes), address));
}

void SocketTrace::tx_judged(std::uint64_t socket, std::uint64_t base_address, bool valid, Bytes bytes) {
  if (socket == socket_) {
    add(kSent, fmt::format("{:#x} {}, {}", base_address, valid ? "accepted" : "refused", content(bytes)));
  }
}

void SocketTrace::tx_finished(std::uint64_t socket, std::uint64_t base_address, Bytes bytes) {
  if (socket == socket_) add(kFinished, fmt::format("{:#x}, {} bytes", base_address, bytes.size()));
}

void SocketTrace::ring_failed(std::uint64_t socket, RingKind kind, std::uint32_t error, std::uint64_t) {
  if (socket == socket_) add(kControl, fmt::format("{} failed with {:#x}", ring_kind_name(kind), error));
}

void SocketTrace::state_changed(std::uint64_t socket, SocketState from, SocketState to, std::uint64_t) {
  if (socket != socket_) return;
  add(kControl, fmt::format("{} to {}", socket_state_name(from), socket_state_name(to)));
}

void SocketTrace::statistics_read(std::uint64_t socket, const SocketStatistics& it) {
  if (socket != socket_) return;
  add(kControl, fmt::format("statistics {} {} {} {}", it.rx_dropped, it.rx_truncated,
                            it.rx_invalid_descriptors, it.tx_invalid_descriptors));
}

std::size_t SocketTrace::events() const {
  std::size_t count = 0;
  for (const auto& lane : lanes_) count += lane.size();
  return count;
}

std::optional<std::string> SocketTrace::difference(const SocketTrace& one, const SocketTrace& other) {
  for (std::size_t lane = 0; lane < kLanes; ++lane) {
    const auto& a = one.lanes_[lane];
    const auto& b = other.lanes_[lane];
    const auto [at_a, at_b] = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
    if (at_a == a.end() && at_b == b.end()) continue;
    return fmt::format("{}, event {}: \"{}\" and \"{}\"", lane_name(lane), at_a - a.begin(),
                       at_a == a.end() ? "nothing" : *at_a, at_b == b.end() ? "nothing" : *at_b);
  }
  return std::nullopt;
}

}  // namespace ringproof
