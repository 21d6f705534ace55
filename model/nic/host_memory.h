// host_memory.h: host memory as devices see it, and the check on every access (an IOMMU).
// Role     gives DMA addresses to memory, and tells whether a queue may read or write a range
// Shapes   DMA addresses are handed out in order from 4 GiB up, 4 KiB aligned with a page that nobody owns
//          between regions, so they do not depend on where the memory really lies
// Units    requester: an interrupt vector number of the engine (RX queue q: q, TX queue q: 64 + q)
// Errors   a refused access is an empty view; the caller reports it
// Source   docs/design/queue-engine.md
#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <utility>

#include "model/base/fault.h"
#include "model/base/tap.h"
#include "model/base/zeroed_memory.h"

namespace ringproof::nic {

enum class DmaRight : std::uint8_t { kRead = 1, kWrite = 2, kReadWrite = 3 };

// Is told a word that a device wrote, at the time at which it would be in memory [ps].
using Mailbox = std::function<void(std::uint32_t value, std::uint64_t now_ps)>;

// What a device may touch of a range: null when the access is refused. A read comes in whole beats, so its
// last beat may reach past the end of the region; those bytes are not there and read as zero.
struct DmaView {
  unsigned char* memory = nullptr;
  std::uint64_t bytes = 0;
  const Mailbox* mailbox = nullptr;  // what is written goes there as well
};

class HostMemory {
 public:
  static constexpr std::uint64_t kReadGranule = 64;

  HostMemory() = default;
  HostMemory(const HostMemory&) = delete;
  HostMemory& operator=(const HostMemory&) = delete;

  // Before anything is allocated: addresses and what fresh memory holds may be unusual.
  void use(FaultPoints& faults, std::uint32_t port);
  // Likewise: who hears what is mapped.
  void tell(const TapList& taps) { taps_ = &taps; }

  // Memory owned here, zero-filled unless a fault says otherwise, open to one requester. Returns its DMA
  // address.
  std::uint64_t allocate(std::uint64_t bytes, std::uint32_t requester, DmaRight right);
  // Memory owned by somebody else, who releases it before it goes away.
  std::uint64_t map(void* memory, std::uint64_t bytes, std::uint32_t requester, DmaRight right);
  // A word of memory that one requester may write, and that nobody reads: the mailbox is told.
  std::uint64_t map_mailbox(Mailbox mailbox, std::uint32_t requester);
  // Ends the region that begins at `address`; accesses to it are refused from now on.
  void release(std::uint64_t address);

  // The host's own view of a DMA address. REQUIRES: the range lies inside one region.
  unsigned char* at(std::uint64_t address, std::uint64_t bytes) const;

  // The device's view: empty unless the whole range lies in one region that is open to the requester for
  // this direction.
  DmaView view(std::uint32_t requester, std::uint64_t address, std::uint64_t bytes, bool write) const;

 private:
  struct Region {
    std::uint64_t bytes;
    unsigned char* memory;
    ZeroedMemory owned;
    std::uint32_t requester;
    DmaRight right;
    Mailbox mailbox;
  };
  std::uint64_t insert(Region region, DmaRegion::Kind kind);
  const Region* find(std::uint64_t address, std::uint64_t* offset) const;

  std::map<std::uint64_t, Region> regions_;
  // That was found last: a burst looks at one region several times.
  mutable const std::pair<const std::uint64_t, Region>* last_ = nullptr;
  std::uint64_t next_address_ = std::uint64_t{1} << 32;
  FaultPoints* faults_ = &FaultPoints::none();
  const TapList* taps_ = nullptr;
  std::uint32_t port_ = 0;
};

}  // namespace ringproof::nic
