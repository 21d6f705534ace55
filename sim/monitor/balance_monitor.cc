#include "sim/monitor/balance_monitor.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

namespace ringproof {

void BalanceMonitor::handle_opened(std::uint64_t handle) {
  trail_.add("handle {0:#x} opened", handle, 0, now_ps_);
  log_.checked(Invariant::k43);
  if (handles_.insert(handle).second) return;
  violated(Place::port(0), [&] { return fmt::format("handle {:#x} was given twice", handle); });
}

void BalanceMonitor::handle_closed(std::uint64_t handle) {
  trail_.add("handle {0:#x} closed", handle, 0, now_ps_);
  log_.checked(Invariant::k43);
  if (handles_.erase(handle) == 1) return;
  violated(Place::port(0), [&] { return fmt::format("handle {:#x} was closed and is not open", handle); });
}

void BalanceMonitor::socket_created(std::uint64_t socket, bool) {
  sockets_[socket] = {};
  last_created_ = std::max(last_created_, socket);
}

void BalanceMonitor::socket_closed(std::uint64_t socket) {
  trail_.add("socket {0} closed", socket, 0, now_ps_);
  if (last_open_ == socket) last_open_ = 0;
  const auto found = sockets_.find(socket);
  if (found == sockets_.end()) return;
  log_.checked(Invariant::k43);
  if (found->second.closed) violated(Place::socket(socket), [] { return "it was closed twice"; });
  found->second.closed = true;
  for (const auto& [place, owner] : mapped_) {
    if (owner != socket) continue;
    violated(Place::socket(socket), [at = place.second] {
      return fmt::format("it is closed, and the device may still read its memory at DMA address {:#x}", at);
    });
  }
}

void BalanceMonitor::socket_destroyed(std::uint64_t socket) {
  if (last_open_ == socket) last_open_ = 0;
  sockets_.erase(socket);
}

void BalanceMonitor::tx_memory_mapped(std::uint64_t socket, const TxMemory& memory) {
  mapped_[{memory.port, memory.dma_address}] = socket;
}

void BalanceMonitor::tx_memory_unmapped(std::uint64_t socket, std::uint64_t dma_address) {
  log_.checked(Invariant::k43);
  const auto found = std::find_if(mapped_.begin(), mapped_.end(), [&](const auto& mapped) {
    return mapped.first.second == dma_address && mapped.second == socket;
  });
  if (found != mapped_.end()) {
    mapped_.erase(found);
    return;
  }
  violated(Place::socket(socket), [&] {
    return fmt::format("DMA address {:#x} was unmapped and is not mapped for it", dma_address);
  });
}

void BalanceMonitor::check_open(std::uint64_t socket, const char* what) {
  if (socket == last_open_) return;
  const auto found = sockets_.find(socket);
  if (found == sockets_.end() && socket > last_created_) return;  // never told of
  if (found != sockets_.end() && !found->second.closed) {
    last_open_ = socket;
    return;
  }
  violated(Place::socket(socket), [what] { return fmt::format("{} after it was closed", what); });
}

void BalanceMonitor::ring_moved(std::uint64_t socket, RingKind, Actor, std::uint32_t, std::uint32_t,
                                std::uint64_t time_ps) {
  now_ps_ = time_ps;
  check_open(socket, "a ring moved");
}

void BalanceMonitor::frame_delivered(std::uint32_t, std::uint64_t, std::uint64_t socket, std::uint64_t, Bytes,
                                     std::uint64_t time_ps) {
  now_ps_ = time_ps;
  check_open(socket, "a frame was delivered");
}

void BalanceMonitor::entry_taken(std::uint64_t socket, RingKind, std::uint32_t, Bytes) {
  check_open(socket, "an entry was taken");
}

void BalanceMonitor::tx_finished(std::uint64_t socket, std::uint64_t, Bytes) {
  check_open(socket, "a frame to send was finished");
}

void BalanceMonitor::state_changed(std::uint64_t socket, SocketState, SocketState to, std::uint64_t time_ps) {
  now_ps_ = time_ps;
  const auto found = sockets_.find(socket);
  if (found != sockets_.end() && to >= SocketState::kDetached) found->second.ending = true;
}

// One that had begun before goes on to its end, and may begin anew what belongs to it.
void BalanceMonitor::transmit_pass(std::uint64_t socket, bool begins, std::uint32_t, std::uint64_t time_ps) {
  now_ps_ = time_ps;
  check_open(socket, "a pass over its TX ring began");
  const auto found = sockets_.find(socket);
  if (found == sockets_.end()) return;
  const bool within = std::exchange(found->second.in_pass, begins);
  if (!begins || within || !found->second.ending || found->second.closed) return;
  violated(Place::ring(socket, RingKind::kTx),
           [] { return "a pass over it began after the socket had begun to close, or lost its interface"; });
}

void BalanceMonitor::finish(std::uint64_t end_ps, bool drained) {
  now_ps_ = end_ps;
  if (!drained) return;
  log_.checked(Invariant::k43);
  for (const std::uint64_t handle : handles_) {
    violated(Place::port(0), [handle] {
      return fmt::format("handle {:#x} is still open after the end of the process", handle);
    });
  }
  for (const auto& [socket, its] : sockets_) {
    violated(Place::socket(socket), [is_closed = its.closed] {
      return is_closed ? "it is closed, and something still refers to it after the end of the process"
                       : "it is still open after the end of the process";
    });
  }
  for (const auto& [place, socket] : mapped_) {
    violated(Place::socket(socket), [at = place.second] {
      return fmt::format("its memory at DMA address {:#x} is still mapped after the end of the process", at);
    });
  }
}

}  // namespace ringproof
