#include "sim/monitor/tx_path_monitor.h"

#include <fmt/format.h>

#include <algorithm>
#include <optional>

namespace ringproof {

std::size_t TxPathMonitor::Socket::place_of(Bytes bytes) const {
  std::size_t i = 0;
  while (i < accepted.size() && !accepted[i].is(bytes)) ++i;
  return i;
}

bool TxPathMonitor::Socket::let_go(Bytes bytes) {
  const auto found =
      std::find_if(held.begin(), held.end(), [bytes](const Frame& frame) { return frame.is(bytes); });
  if (found == held.end()) return false;
  held.erase(found);
  return true;
}

bool TxPathMonitor::Socket::has(std::uint32_t port, Bytes bytes) const {
  return memory.port == port && bytes.data() >= memory.memory && bytes.data() < memory.memory + memory.bytes;
}

void TxPathMonitor::tx_judged(std::uint64_t number, std::uint64_t, bool valid, Bytes bytes) {
  if (valid && !bytes.empty()) sockets_[number].accepted.push({bytes.data(), bytes.size()});
}

void TxPathMonitor::hw_tx_posted(std::uint32_t port, std::uint32_t queue, std::uint32_t index, Bytes bytes) {
  std::optional<std::uint64_t> stranger;  // a socket on this memory that gave other frames only
  for (auto& [number, socket] : sockets_) {
    if (!socket.has(port, bytes)) continue;
    if (socket.let_go(bytes)) return;
    const std::size_t place = socket.place_of(bytes);
    if (place < socket.accepted.size()) {
      judge_order(port, queue, index, number, place);
      return socket.accepted.erase(place);
    }
    // Where nothing is on the way, rings are lent, or another socket on this memory gave the frame.
    if (!socket.accepted.empty()) stranger = number;
  }
  if (!stranger.has_value()) return;
  log_.checked(Invariant::k17);
  log_.violated(Invariant::k17, Party::kPlatform, Place::tx_queue(port, queue), EventTrail(), now_ps_, [&] {
    return fmt::format("frame {} was posted with {} bytes of socket {}, which did not give it to be sent",
                       index, bytes.size(), *stranger);
  });
}

void TxPathMonitor::judge_order(std::uint32_t port, std::uint32_t queue, std::uint32_t index,
                                std::uint64_t number, std::size_t place) {
  log_.checked(Invariant::k18);
  std::uint64_t& given_back = given_back_[port];
  // Whoever gives a frame twice, or changes one that is given, makes others of it.
  if (place > given_back && !log_.excuse(Invariant::k18, number)) {
    log_.violated(Invariant::k18, Party::kPlatform, Place::tx_queue(port, queue), EventTrail(), now_ps_, [&] {
      return fmt::format("frame {} was posted before {} others that socket {} gave to be sent earlier", index,
                         place, number);
    });
  }
  if (place == 0) given_back = 0;
}

void TxPathMonitor::tx_held(std::uint32_t port, std::uint32_t, Bytes bytes) {
  for (auto& [number, socket] : sockets_) {
    const std::size_t place = socket.has(port, bytes) ? socket.place_of(bytes) : socket.accepted.size();
    if (place == socket.accepted.size()) continue;
    socket.held.push_back(socket.accepted[place]);
    return socket.accepted.erase(place);
  }
}

void TxPathMonitor::wire_out_dropped(std::uint32_t port, std::uint32_t, DropReason reason) {
  if (reason == DropReason::kPaused || reason == DropReason::kSendFailed) ++given_back_[port];
}

void TxPathMonitor::tx_finished(std::uint64_t number, std::uint64_t, Bytes bytes) {
  Socket& socket = sockets_[number];
  if (const std::size_t place = socket.place_of(bytes); place < socket.accepted.size()) {
    return socket.accepted.erase(place);
  }
  socket.let_go(bytes);
}

}  // namespace ringproof
