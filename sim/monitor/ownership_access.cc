#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "sim/monitor/ownership_monitor.h"

// Who touches which memory, and what is left at the end. The moves of chunks are in ownership_monitor.cc.

namespace ringproof {
namespace {

constexpr std::uint8_t kStray = 0x80;        // as in ownership_monitor.cc
constexpr std::uint64_t kBeatBytes = 64;     // a device reads whole ones
constexpr std::uint32_t kSecondPosting = 2;  // before that no entry can speak of an earlier one

}  // namespace

void OwnershipMonitor::check_leak(const Socket& socket, const char* when) {
  if (!socket.used || socket.misused) return;
  log_.checked(Invariant::k15);
  if (socket.held == 0) return;
  violated(Invariant::k15, Party::kPlatform, socket, RingKind::kFill, [&] {
    return fmt::format("{}, and {} of its chunks are neither with the application nor in a ring", when,
                       socket.held);
  });
}

// A COMPLETION ring without room loses its entries: afxdp-sockets.md 4.4.
void OwnershipMonitor::ring_failed(std::uint64_t number, RingKind, std::uint32_t, std::uint64_t) {
  Socket* socket = find(number);
  if (socket != nullptr) socket->misused = true;
}

void OwnershipMonitor::finish(std::uint64_t end_ps, bool drained) {
  now_ps_ = end_ps;
  if (!drained) return;
  for (const auto& [number, socket] : sockets_) check_leak(*socket, "nothing is in flight");
}

void OwnershipMonitor::check_generation(Socket& socket, RingKind kind, std::uint64_t address,
                                        std::uint32_t generation) {
  const auto chunk = socket.chunk_of(kind, address);
  if (!chunk.has_value() || (socket.chunks[*chunk] & kStray) != 0) return;
  const std::uint32_t present = socket.generations[*chunk];
  if (present < kSecondPosting) return;
  log_.checked(Invariant::k16);
  if (generation == present) return;
  violated(Invariant::k16, Party::kPlatform, socket, kind, [&] {
    return fmt::format("the entry for chunk {} (address {:#x}) is of its posting {}; it was posted {} times",
                       *chunk, address, generation, present);
  });
}

void OwnershipMonitor::tx_memory_mapped(std::uint64_t socket, const TxMemory& memory) {
  mapped_.push_back({socket, memory});
}

void OwnershipMonitor::tx_memory_unmapped(std::uint64_t socket, std::uint64_t dma_address) {
  std::erase_if(mapped_, [&](const Mapped& mapped) {
    return mapped.socket == socket && mapped.memory.dma_address == dma_address;
  });
}

void OwnershipMonitor::dma(std::uint32_t port, std::uint32_t, bool write, std::uint64_t address,
                           std::uint32_t bytes, bool allowed, std::uint64_t time_ps) {
  if (write || !allowed) return;
  for (const Mapped& mapped : mapped_) {
    if (mapped.memory.port != port || address < mapped.memory.dma_address ||
        address - mapped.memory.dma_address >= mapped.memory.bytes) {
      continue;
    }
    Socket* socket = find(mapped.socket);
    now_ps_ = std::max(now_ps_, time_ps);
    if (socket != nullptr) check_read(mapped, *socket, address - mapped.memory.dma_address, bytes);
    return;
  }
}

void OwnershipMonitor::check_read(const Mapped& mapped, Socket& socket, std::uint64_t offset,
                                  std::uint32_t bytes) {
  log_.checked(Invariant::k13);
  const std::size_t count = socket.sent.size();
  for (std::size_t i = 0; i < count; ++i) {
    const std::size_t at = (socket.read_from + i) % count;
    const Sent& sent = socket.sent[at];
    const auto begin = static_cast<std::uint64_t>(sent.data - mapped.memory.memory);
    const std::uint64_t first = begin / kBeatBytes * kBeatBytes;
    const std::uint64_t last = (begin + sent.bytes + kBeatBytes - 1) / kBeatBytes * kBeatBytes;
    if (offset < first || offset + bytes > last) continue;
    socket.read_from = at;
    return;
  }
  violated(Invariant::k13, Party::kDevice, socket, RingKind::kTx, [&] {
    return fmt::format(
        "the device read {} bytes at UMEM address {:#x}, which is in none of the {} frames that "
        "it has to send",
        bytes, offset, count);
  });
}

std::optional<OwnershipMonitor::Owner> OwnershipMonitor::owner_of(const void* address) {
  const auto at = reinterpret_cast<std::uintptr_t>(address);
  std::optional<Owner> owner;
  for (const auto& [number, socket] : sockets_) {
    if (!socket->umem.has_value()) continue;
    const auto base = reinterpret_cast<std::uintptr_t>(socket->umem->base);
    if (at < base || at - base >= socket->umem->total_bytes) continue;
    const std::uint64_t chunk = (at - base) / socket->umem->chunk_bytes;
    const State state = static_cast<State>(socket->chunks[chunk] & ~kStray);
    if (!owner.has_value() || of_application(state)) {
      owner = Owner{number, chunk, state_name(state), of_application(state)};
    }
    if (owner->application) break;
  }
  return owner;
}

void OwnershipMonitor::application_touched(Invariant id, const void* address, std::size_t bytes,
                                           std::uint64_t time_ps, const char* how) {
  now_ps_ = std::max(now_ps_, time_ps);
  const auto* at = static_cast<const unsigned char*>(address);
  // An access may run from one chunk into the next.
  for (std::size_t done = 0; done < bytes;) {
    const std::optional<Owner> owner = owner_of(at + done);
    if (!owner.has_value()) return;
    log_.checked(id);
    Socket& socket = *find(owner->socket);
    const auto offset = static_cast<std::uint64_t>(at + done - socket.umem->base);
    if (!owner->application && (socket.chunks[owner->chunk] & kStray) == 0) {
      const bool sending =
          owner->state == state_name(State::kTx) || owner->state == state_name(State::kDevTx);
      violated(id, Party::kApplication, socket, sending ? RingKind::kTx : RingKind::kFill, [&] {
        return fmt::format("the application {} address {:#x} of chunk {}, which is in {}", how, offset,
                           owner->chunk, owner->state);
      });
      return;
    }
    done += socket.umem->chunk_bytes - offset % socket.umem->chunk_bytes;
  }
}

void OwnershipMonitor::application_read(const void* address, std::size_t bytes, std::uint64_t time_ps) {
  application_touched(Invariant::k13, address, bytes, time_ps, "read");
}

void OwnershipMonitor::application_written(const void* address, std::size_t bytes, std::uint64_t time_ps) {
  application_touched(Invariant::k12, address, bytes, time_ps, "wrote to");
}

}  // namespace ringproof
