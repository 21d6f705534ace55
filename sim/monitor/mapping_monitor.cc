#include "sim/monitor/mapping_monitor.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/monitor/grown.h"
#include "sim/monitor/vector_place.h"

namespace ringproof {
namespace {

constexpr std::uint64_t kReadMask = 63;

bool overlap(const unsigned char* a, std::uint64_t a_bytes, const unsigned char* b, std::uint64_t b_bytes) {
  return a < b + b_bytes && b < a + a_bytes;
}

bool within(const unsigned char* a, std::uint64_t a_bytes, const unsigned char* b, std::uint64_t b_bytes) {
  return a >= b && a + a_bytes <= b + b_bytes;
}

std::uint64_t bytes_of(const RingShape& shape) { return std::uint64_t{shape.size} * shape.stride; }

// Descriptors are read, entries are written.
bool right_direction(const DmaRegion& region, RingKind kind) {
  const bool descriptors = kind == RingKind::kFill || kind == RingKind::kTx;
  return region.read == descriptors && region.write != descriptors;
}

}  // namespace

// ---- What is mapped ----

void MappingMonitor::dma_mapped(std::uint32_t port, const DmaRegion& region) {
  trail_.add("{1} bytes mapped at {0:#x}", region.address, region.bytes, now_ps_);
  std::vector<DmaRegion>& regions = grown(ports_, port)[region.requester].regions;
  const auto place =
      std::upper_bound(regions.begin(), regions.end(), region.address,
                       [](std::uint64_t address, const DmaRegion& other) { return address < other.address; });
  regions.insert(place, region);
  if (region.kind == DmaRegion::Kind::kBorrowed) check_extent(port, region);
}

void MappingMonitor::dma_unmapped(std::uint32_t port, std::uint64_t address) {
  trail_.add("{0:#x} unmapped", address, 0, now_ps_);
  grown(ports_, port).for_each([address](std::uint32_t, Queue& queue) {
    const auto found = std::lower_bound(
        queue.regions.begin(), queue.regions.end(), address,
        [](const DmaRegion& region, std::uint64_t wanted) { return region.address < wanted; });
    if (found != queue.regions.end() && found->address == address) queue.regions.erase(found);
  });
}

// Memory that no socket has is the driver's business.
void MappingMonitor::check_extent(std::uint32_t port, const DmaRegion& region) {
  bool concerned = false;
  for (const auto& [number, socket] : sockets_) {
    if (!touches(region, *socket)) continue;
    if (fits(region, *socket)) {
      log_.checked(Invariant::k25);
      return;
    }
    concerned = true;
  }
  if (!concerned) return;
  log_.checked(Invariant::k25);
  violated(Invariant::k25, Party::kPlatform, place_of_vector(port, region.requester), [&] {
    return fmt::format(
        "{} bytes at DMA address {:#x} were mapped, which is not what a socket has registered, or not for {}",
        region.bytes, region.address, region.write ? "writing" : "reading");
  });
}

bool MappingMonitor::touches(const DmaRegion& region, const Socket& socket) {
  if (socket.umem.has_value() &&
      overlap(region.memory, region.bytes, socket.umem->base, socket.umem->total_bytes)) {
    return true;
  }
  return std::any_of(socket.rings.begin(), socket.rings.end(), [&](const std::optional<RingShape>& ring) {
    return ring.has_value() && overlap(region.memory, region.bytes, ring->element(0), bytes_of(*ring));
  });
}

bool MappingMonitor::fits(const DmaRegion& region, const Socket& socket) {
  if (socket.umem.has_value() &&
      within(region.memory, region.bytes, socket.umem->base, socket.umem->total_bytes)) {
    return region.write == receives(region.requester) && region.read != region.write;
  }
  for (std::size_t i = 0; i < socket.rings.size(); ++i) {
    const std::optional<RingShape>& ring = socket.rings[i];
    if (ring.has_value() && within(region.memory, region.bytes, ring->element(0), bytes_of(*ring))) {
      return right_direction(region, static_cast<RingKind>(i));
    }
  }
  return false;
}

void MappingMonitor::ring_created(std::uint64_t number, RingKind kind, const RingShape& shape) {
  sockets_[number].rings[static_cast<std::size_t>(kind)] = shape;
}

// ---- What the device touches ----

const DmaRegion* MappingMonitor::find(Queue& queue, std::uint64_t address) {
  if (queue.last >= queue.regions.size() ||
      address - queue.regions[queue.last].address >= queue.regions[queue.last].bytes) {
    const auto next = std::upper_bound(
        queue.regions.begin(), queue.regions.end(), address,
        [](std::uint64_t wanted, const DmaRegion& region) { return wanted < region.address; });
    if (next == queue.regions.begin()) return nullptr;
    queue.last = static_cast<std::size_t>(next - queue.regions.begin()) - 1;
  }
  const DmaRegion& region = queue.regions[queue.last];
  return address - region.address < region.bytes ? &region : nullptr;
}

void MappingMonitor::dma(std::uint32_t port, std::uint32_t requester, bool write, std::uint64_t address,
                         std::uint32_t bytes, bool allowed, std::uint64_t time_ps) {
  now_ps_ = time_ps;
  Queue& queue = grown(ports_, port)[requester];
  if (!allowed || queue.regions.empty()) return;
  const DmaRegion* region = find(queue, address);
  if (region != nullptr && (write ? region->write : region->read)) {
    const std::uint64_t there = write ? region->bytes : (region->bytes + kReadMask) & ~kReadMask;
    if (address - region->address + bytes <= there) return;
  }
  violated(Invariant::k25, Party::kDevice, place_of_vector(port, requester), [&] {
    return fmt::format("{} {} bytes at {:#x}, which is not mapped for that", write ? "wrote" : "read", bytes,
                       address);
  });
}

// ---- Ends ----

const DmaRegion* MappingMonitor::find(std::uint32_t port, std::uint64_t address) {
  const DmaRegion* found = nullptr;
  grown(ports_, port).for_each([&](std::uint32_t, Queue& queue) {
    for (const DmaRegion& region : queue.regions) {
      if (region.address == address) found = &region;
    }
  });
  return found;
}

void MappingMonitor::tx_memory_mapped(std::uint64_t number, const TxMemory& memory) {
  sockets_[number].to_send.push_back({memory.port, memory.dma_address});
  const DmaRegion* region = find(memory.port, memory.dma_address);
  if (region == nullptr) return;  // of a port that tells nothing
  log_.checked(Invariant::k25);
  if (region->memory == memory.memory && region->bytes == memory.bytes && region->read && !region->write)
    return;
  violated(Invariant::k25, Party::kPlatform, Place::socket(number), [&] {
    return fmt::format("{} bytes are mapped to send from at DMA address {:#x}, where the socket has {}",
                       region->bytes, region->address, memory.bytes);
  });
}

void MappingMonitor::tx_memory_unmapped(std::uint64_t number, std::uint64_t dma_address) {
  std::vector<Mapped>& to_send = sockets_[number].to_send;
  const auto found = std::find_if(to_send.begin(), to_send.end(), [dma_address](const Mapped& mapped) {
    return mapped.address == dma_address;
  });
  if (found == to_send.end()) return;
  const std::uint32_t port = found->port;
  to_send.erase(found);
  log_.checked(Invariant::k43);
  if (find(port, dma_address) == nullptr) return;
  violated(Invariant::k43, Party::kPlatform, Place::socket(number), [dma_address] {
    return fmt::format("it left its queue, and the device may still read its memory at DMA address {:#x}",
                       dma_address);
  });
}

bool MappingMonitor::is_to_send(std::uint32_t port, std::uint64_t address) const {
  return std::any_of(sockets_.begin(), sockets_.end(), [&](const auto& each) {
    const std::vector<Mapped>& to_send = each.value->to_send;
    return std::any_of(to_send.begin(), to_send.end(), [&](const Mapped& mapped) {
      return mapped.port == port && mapped.address == address;
    });
  });
}

void MappingMonitor::hw_ring_changed(std::uint32_t port, std::uint32_t vector, std::uint32_t, std::uint32_t,
                                     std::uint64_t socket) {
  Queue& queue = grown(ports_, port)[vector];
  if (queue.lender != 0 && socket == 0) loan_ended(port, vector, queue);
  queue.lender = socket;
}

void MappingMonitor::loan_ended(std::uint32_t port, std::uint32_t vector, const Queue& queue) {
  const Socket* lender = sockets_.find(queue.lender);
  log_.checked(Invariant::k43);
  for (const DmaRegion& region : queue.regions) {
    const bool borrowed = region.kind == DmaRegion::Kind::kBorrowed && lender != nullptr &&
                          touches(region, *lender) && !is_to_send(port, region.address);
    if (!borrowed && region.kind != DmaRegion::Kind::kMailbox) continue;
    violated(Invariant::k43, Party::kPlatform, place_of_vector(port, vector), [&] {
      return fmt::format("the loan of socket {} is over, and {} bytes at DMA address {:#x} are still mapped",
                         queue.lender, region.bytes, region.address);
    });
  }
}

void MappingMonitor::socket_closed(std::uint64_t number) { sockets_.erase(number); }

void MappingMonitor::finish(std::uint64_t end_ps, bool drained) {
  now_ps_ = end_ps;
  if (!drained) return;
  log_.checked(Invariant::k43);
  for (std::uint32_t port = 0; port < ports_.size(); ++port) {
    ports_[port].for_each([&](std::uint32_t vector, const Queue& queue) {
      for (const DmaRegion& region : queue.regions) {
        if (region.kind == DmaRegion::Kind::kOwn) continue;
        violated(Invariant::k43, Party::kPlatform, place_of_vector(port, vector), [&] {
          return fmt::format("{} bytes at DMA address {:#x} are still mapped after the end of the process",
                             region.bytes, region.address);
        });
      }
    });
  }
}

}  // namespace ringproof
