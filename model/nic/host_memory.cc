#include "model/nic/host_memory.h"

#include <algorithm>
#include <utility>

#include "model/base/check.h"

namespace ringproof::nic {
namespace {

constexpr std::uint64_t kPageBytes = 4096;

bool allows(DmaRight right, bool write) {
  const auto wanted = static_cast<std::uint8_t>(write ? DmaRight::kWrite : DmaRight::kRead);
  return (static_cast<std::uint8_t>(right) & wanted) != 0;
}

}  // namespace

void HostMemory::use(FaultPoints& faults, std::uint32_t port) {
  faults_ = &faults;
  port_ = port;
  const FaultStrike base = faults.at(FaultId::kDma08, 0, {.port = port});
  // Where bit `amount` begins, with the first region across the boundary.
  if (base) next_address_ = (std::uint64_t{1} << base.amount) - kPageBytes;
}

std::uint64_t HostMemory::insert(Region region, DmaRegion::Kind kind) {
  const std::uint64_t address = next_address_;
  const std::uint64_t pages = (region.bytes + kPageBytes - 1) / kPageBytes;
  next_address_ += (pages + 1) * kPageBytes;  // one page that nobody owns
  if (taps_ != nullptr) {
    taps_->tell(&Tap::dma_mapped, port_,
                DmaRegion{address, region.bytes, region.requester, allows(region.right, false),
                          allows(region.right, true), kind, region.memory});
  }
  regions_.emplace(address, std::move(region));
  return address;
}

std::uint64_t HostMemory::allocate(std::uint64_t bytes, std::uint32_t requester, DmaRight right) {
  ZeroedMemory owned(bytes);
  unsigned char* memory = owned.data();
  const FaultStrike fill = faults_->at(FaultId::kMem04, 0, {.port = port_});
  if (fill) std::fill_n(memory, bytes, static_cast<unsigned char>(fill.amount));
  return insert({bytes, memory, std::move(owned), requester, right, {}}, DmaRegion::Kind::kOwn);
}

std::uint64_t HostMemory::map(void* memory, std::uint64_t bytes, std::uint32_t requester, DmaRight right) {
  return insert({bytes, static_cast<unsigned char*>(memory), {}, requester, right, {}},
                DmaRegion::Kind::kBorrowed);
}

std::uint64_t HostMemory::map_mailbox(Mailbox mailbox, std::uint32_t requester) {
  ZeroedMemory word(sizeof(std::uint32_t));
  unsigned char* memory = word.data();
  return insert(
      {sizeof(std::uint32_t), memory, std::move(word), requester, DmaRight::kWrite, std::move(mailbox)},
      DmaRegion::Kind::kMailbox);
}

void HostMemory::release(std::uint64_t address) {
  last_ = nullptr;
  SIM_CHECK(regions_.erase(address) == 1, "a DMA region that was never there is released");
  if (taps_ != nullptr) taps_->tell(&Tap::dma_unmapped, port_, address);
}

const HostMemory::Region* HostMemory::find(std::uint64_t address, std::uint64_t* offset) const {
  if (last_ == nullptr || address - last_->first >= last_->second.bytes) {
    auto next = regions_.upper_bound(address);
    if (next == regions_.begin()) return nullptr;
    --next;
    if (address - next->first >= next->second.bytes) return nullptr;
    last_ = &*next;
  }
  *offset = address - last_->first;
  return &last_->second;
}

unsigned char* HostMemory::at(std::uint64_t address, std::uint64_t bytes) const {
  std::uint64_t offset;
  const Region* region = find(address, &offset);
  SIM_CHECK(region != nullptr && bytes <= region->bytes - offset,
            "the host uses a DMA address it does not own");
  region->owned.touch(offset, offset + bytes);
  return region->memory + offset;
}

DmaView HostMemory::view(std::uint32_t requester, std::uint64_t address, std::uint64_t bytes,
                         bool write) const {
  std::uint64_t offset;
  const Region* region = find(address, &offset);
  if (region == nullptr || region->requester != requester || !allows(region->right, write)) return {};
  const std::uint64_t rest = region->bytes - offset;
  const std::uint64_t beyond = (kReadGranule - region->bytes % kReadGranule) % kReadGranule;
  if (bytes > rest + (write ? 0 : beyond)) return {};
  if (write) region->owned.touch(offset, offset + bytes);
  return {region->memory + offset, std::min(bytes, rest), region->mailbox ? &region->mailbox : nullptr};
}

}  // namespace ringproof::nic
