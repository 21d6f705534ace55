#include <bit>
#include <limits>

#include "model/xdp/option_value.h"
#include "model/xdp/socket.h"

// The memory that a socket shares with its application: UMEM and rings.

namespace ringproof::xdp {
namespace {

constexpr std::uint32_t kFrameBytes = sizeof(XSK_FRAME_DESCRIPTOR);
constexpr std::uint32_t kAddressBytes = sizeof(std::uint64_t);

std::uint32_t base_bytes(RingKind kind) {
  return kind == RingKind::kRx || kind == RingKind::kTx ? kFrameBytes : kAddressBytes;
}

ExtensionOffsets told_offsets(const ElementLayout& layout) {
  const auto at = [&](Extension extension) {
    return layout.offset(extension).value_or(ExtensionOffsets::kNone);
  };
  return {at(Extension::kTimestamp), at(Extension::kOriginalLength), at(Extension::kChecksum),
          at(Extension::kLayout)};
}

}  // namespace

Status Socket::register_umem(const void* value, std::uint32_t length) {
  XSK_UMEM_REG umem;
  const Status read = read_option(value, length, Status::kBadParameter, &umem);
  if (failed(read)) return read;
  if (umem.TotalSize == 0 || umem.TotalSize > std::numeric_limits<std::uint32_t>::max()) {
    return Status::kBadParameter;
  }
  if (umem.Headroom > std::numeric_limits<std::uint16_t>::max() || umem.Headroom > umem.ChunkSize ||
      umem.ChunkSize > umem.TotalSize || umem.ChunkSize == 0) {
    return Status::kBadParameter;
  }
  if (!user_writable(umem.Address, umem.TotalSize)) return Status::kNoAccess;
  // Part of it may not be there.
  if (host_.fault(FaultId::kMem05, {.socket = number_})) return Status::kNoAccess;
  if (host_.fault(FaultId::kAlc01, {.socket = number_, .kinds = 1U << fault_kind::kUmem})) {
    return Status::kNoResources;
  }
  if (state_ >= State::kActivating || umem_.has_value()) return Status::kBadState;
  umem_ = UmemShape{static_cast<unsigned char*>(umem.Address),
                    umem.TotalSize - umem.TotalSize % umem.ChunkSize, umem.ChunkSize, umem.Headroom};
  taps_.tell(&Tap::umem_registered, number_, *umem_);
  return Status::kOk;
}

Status Socket::size_ring(RingKind kind, const void* value, std::uint32_t length) {
  std::uint32_t size = 0;
  const Status read = read_option(value, length, Status::kBadParameter, &size);
  if (failed(read)) return read;
  if (!std::has_single_bit(size)) return Status::kBadParameter;
  const TaskLock::Held held(control_);
  if (kind != RingKind::kFill && ring(kind) != nullptr) return Status::kBadState;
  const ElementLayout layout = lay_out(base_bytes(kind), extensions(kind));
  const std::uint32_t bytes = SharedRing::memory_bytes(size, layout.stride);
  if (bytes == 0) return Status::kBadParameter;
  if (bytes > settings_.ring_bytes_max) return Status::kNoResources;
  const FaultTarget here{
      .socket = number_, .ring = static_cast<std::uint32_t>(kind), .kinds = 1U << fault_kind::kRing};
  if (host_.fault(FaultId::kAlc01, here)) return Status::kNoResources;
  auto made = std::make_unique<SharedRing>(host_, taps_, number_, kind, size, layout.stride,
                                           FreshRing{settings_.ring_start_index, settings_.ring_fill});
  if (!made->ok()) return Status::kNoResources;
  if (kind == RingKind::kTx) made->set_flag(XSK_RING_FLAG_NEED_POKE);
  // No schedule point from here on: what is checked now still holds when the ring is there.
  if (state_ >= State::kActivating || ring(kind) != nullptr) return Status::kBadState;
  taps_.tell(&Tap::ring_created, number_, kind,
             RingShape{made->memory(), size, layout.stride, told_offsets(layout)});
  directory_.add(*made, *this);
  layouts_[static_cast<std::size_t>(kind)] = layout;
  ring(kind) = std::move(made);
  return Status::kOk;
}

XSK_RING_INFO Socket::ring_info(RingKind kind) const {
  XSK_RING_INFO info{};
  const auto& found = ring(kind);
  if (found == nullptr) return info;
  info.Ring = found->memory();
  info.DescriptorsOffset = kElementsOffset;
  info.ProducerIndexOffset = kProducerOffset;
  info.ConsumerIndexOffset = kConsumerOffset;
  info.FlagsOffset = kFlagsOffset;
  info.Size = found->size();
  info.ElementStride = found->stride();
  return info;
}

}  // namespace ringproof::xdp
