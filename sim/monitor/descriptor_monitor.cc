#include "sim/monitor/descriptor_monitor.h"

#include <fmt/format.h>

#include <cstring>
#include <utility>

namespace ringproof {
namespace {

constexpr unsigned kBaseBits = 48;
constexpr std::uint64_t kBaseMask = (std::uint64_t{1} << kBaseBits) - 1;

const char* verdict(bool valid) { return valid ? "accepted" : "refused"; }

}  // namespace

DescriptorMonitor::Socket* DescriptorMonitor::find(std::uint64_t number) { return sockets_.find(number); }

void DescriptorMonitor::entry_taken(std::uint64_t number, RingKind kind, std::uint32_t index, Bytes bytes) {
  Socket* socket = find(number);
  if (socket == nullptr || bytes.size() < sizeof(std::uint64_t)) return;
  std::optional<Entry>& taken = socket->taken[static_cast<std::size_t>(kind)];
  if (taken.has_value()) {
    violated(number, kind, *socket, [&] {
      return fmt::format("the entry with address {:#x} was taken and never judged", taken->address);
    });
  }
  Entry entry{0, 0};
  std::memcpy(&entry.address, bytes.data(), sizeof entry.address);
  if (bytes.size() >= 12) std::memcpy(&entry.length, bytes.data() + 8, sizeof entry.length);
  taken = entry;
  socket->trail.add("entry {0} taken, {1:#x}", index, entry.address, now_ps_);
}

void DescriptorMonitor::fill_judged(std::uint64_t number, std::uint64_t address, bool valid) {
  Socket* socket = find(number);
  if (socket == nullptr || !socket->umem.has_value()) return;
  const auto taken = std::exchange(socket->taken[static_cast<std::size_t>(RingKind::kFill)], std::nullopt);
  if (!taken.has_value()) return;  // INV-08 knows what is taken
  const UmemShape& umem = *socket->umem;
  const bool expected = taken->address <= umem.total_bytes - umem.chunk_bytes;
  if (!expected) ++socket->fill_refused;
  log_.checked(Invariant::k14);
  if (valid == expected && address == taken->address) return;
  violated(number, RingKind::kFill, *socket, [&] {
    return fmt::format("address {:#x} of the entry was {} as {:#x}; it is to be {} in a UMEM of {} bytes",
                       taken->address, verdict(valid), address, verdict(expected), umem.total_bytes);
  });
}

bool DescriptorMonitor::may_send(const Socket& socket, const Entry& entry) {
  const std::uint64_t base = entry.address & kBaseMask;
  const std::uint64_t begin = base + (entry.address >> kBaseBits);
  const std::uint64_t end = begin + entry.length;
  if (entry.length == 0 || end < begin || end > socket.umem->total_bytes) return false;
  if (entry.length > socket.tx_memory->length_max) return false;
  const std::uint64_t chunk = socket.umem->chunk_bytes;
  return !socket.tx_memory->is_copy || (end - 1 >= base && base / chunk == (end - 1) / chunk);
}

void DescriptorMonitor::tx_judged(std::uint64_t number, std::uint64_t base_address, bool valid, Bytes bytes) {
  Socket* socket = find(number);
  if (socket == nullptr || !socket->umem.has_value() || !socket->tx_memory.has_value()) return;
  const auto taken = std::exchange(socket->taken[static_cast<std::size_t>(RingKind::kTx)], std::nullopt);
  if (!taken.has_value()) return;
  const bool expected = may_send(*socket, *taken);
  if (!expected) ++socket->tx_refused;
  log_.checked(Invariant::k14);
  const std::uint64_t begin = (taken->address & kBaseMask) + (taken->address >> kBaseBits);
  const bool same_bytes =
      !valid || (bytes.data() == socket->tx_memory->memory + begin && bytes.size() == taken->length);
  if (valid == expected && base_address == (taken->address & kBaseMask) && same_bytes) return;
  violated(number, RingKind::kTx, *socket, [&] {
    return fmt::format(
        "the descriptor with address {:#x} and length {} was {} with {} bytes; it is to be {} (UMEM {} "
        "bytes, "
        "frames of at most {})",
        taken->address, taken->length, verdict(valid), bytes.size(), verdict(expected),
        socket->umem->total_bytes, socket->tx_memory->length_max);
  });
}

void DescriptorMonitor::statistics_read(std::uint64_t number, const SocketStatistics& statistics) {
  Socket* socket = find(number);
  if (socket == nullptr) return;
  const auto compare = [&](RingKind kind, std::uint64_t counted, std::uint64_t refused) {
    if (refused > 0) log_.checked(Invariant::k14);
    if (counted == refused) return;
    violated(number, kind, *socket, [&] {
      return fmt::format("{} entries were to be refused and {} are counted", refused, counted);
    });
  };
  compare(RingKind::kFill, statistics.rx_invalid_descriptors, socket->fill_refused);
  compare(RingKind::kTx, statistics.tx_invalid_descriptors, socket->tx_refused);
}

}  // namespace ringproof
