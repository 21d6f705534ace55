#include <bit>
#include <cstring>
#include <limits>

#include "model/xdp/socket.h"
#include "model/xdp/user_memory.h"

// Socket options: what each checks, in the order of the specification, and what it does.

namespace ringproof::xdp {
namespace {

constexpr std::uint32_t kFrameStride = sizeof(XSK_FRAME_DESCRIPTOR);
constexpr std::uint32_t kAddressStride = sizeof(std::uint64_t);
// Largest ring that is really made; what is asked beyond it is refused for want of memory.
constexpr std::uint32_t kRingBytesMax = 256u << 20;

std::uint32_t stride_of(RingKind kind) {
  return kind == RingKind::kRx || kind == RingKind::kTx ? kFrameStride : kAddressStride;
}

bool aligned(const void* value) { return reinterpret_cast<std::uintptr_t>(value) % 4 == 0; }

// An option value of `bytes` bytes, read once. The length check comes before this one.
template <typename Value>
bool read_value(const void* from, std::uint32_t length, Value* value) {
  if (!aligned(from) || !copy_from_user(value, from, sizeof(Value))) return false;
  // What is declared beyond the value is ignored, but must be there.
  return user_readable(static_cast<const unsigned char*>(from) + sizeof(Value), length - sizeof(Value));
}

template <typename Value>
void append(std::vector<unsigned char>& to, const Value& value) {
  const auto* bytes = reinterpret_cast<const unsigned char*>(&value);
  to.insert(to.end(), bytes, bytes + sizeof(Value));
}

}  // namespace

Status Socket::set_option(std::uint32_t option, const void* value, std::uint32_t length) {
  const Call call(*this);
  switch (option) {
    case XSK_SOCKOPT_UMEM_REG:
      return register_umem(value, length);
    case XSK_SOCKOPT_RX_RING_SIZE:
      return size_ring(RingKind::kRx, value, length);
    case XSK_SOCKOPT_RX_FILL_RING_SIZE:
      return size_ring(RingKind::kFill, value, length);
    case XSK_SOCKOPT_TX_RING_SIZE:
      return size_ring(RingKind::kTx, value, length);
    case XSK_SOCKOPT_TX_COMPLETION_RING_SIZE:
      return size_ring(RingKind::kCompletion, value, length);
    case XSK_SOCKOPT_RX_HOOK_ID:
      return set_hook(rx_hook_, value, length);
    case XSK_SOCKOPT_TX_HOOK_ID:
      return set_hook(tx_hook_, value, length);
    default:
      return Status::kNotSupported;
  }
}

Status Socket::register_umem(const void* value, std::uint32_t length) {
  if (length < sizeof(XSK_UMEM_REG)) return Status::kBadParameter;
  XSK_UMEM_REG umem;
  if (!read_value(value, length, &umem)) return Status::kNoAccess;
  if (umem.TotalSize == 0 || umem.TotalSize > std::numeric_limits<std::uint32_t>::max()) {
    return Status::kBadParameter;
  }
  if (umem.Headroom > std::numeric_limits<std::uint16_t>::max() || umem.Headroom > umem.ChunkSize ||
      umem.ChunkSize > umem.TotalSize || umem.ChunkSize == 0) {
    return Status::kBadParameter;
  }
  if (!user_writable(umem.Address, umem.TotalSize)) return Status::kNoAccess;
  if (state_ >= State::kActivating || umem_.has_value()) return Status::kBadState;
  umem_ = Umem{static_cast<unsigned char*>(umem.Address), umem.TotalSize - umem.TotalSize % umem.ChunkSize,
               umem.ChunkSize, umem.Headroom};
  taps_.tell(&Tap::umem_registered, number_,
             UmemShape{umem_->base, umem_->total_bytes, umem_->chunk_bytes, umem_->headroom_bytes});
  return Status::kOk;
}

Status Socket::size_ring(RingKind kind, const void* value, std::uint32_t length) {
  if (length < sizeof(std::uint32_t)) return Status::kBadParameter;
  std::uint32_t size;
  if (!read_value(value, length, &size)) return Status::kNoAccess;
  if (!std::has_single_bit(size)) return Status::kBadParameter;
  if (kind != RingKind::kFill && ring(kind) != nullptr) return Status::kBadState;
  const std::uint32_t stride = stride_of(kind);
  const std::uint32_t bytes = SharedRing::memory_bytes(size, stride);
  if (bytes == 0) return Status::kBadParameter;
  if (bytes > kRingBytesMax) return Status::kNoResources;
  auto made = std::make_unique<SharedRing>(host_, taps_, number_, kind, size, stride);
  if (!made->ok()) return Status::kNoResources;
  if (kind == RingKind::kTx) made->set_flag(XSK_RING_FLAG_NEED_POKE);
  // No schedule point from here on: what is checked now still holds when the ring is there.
  if (state_ >= State::kActivating || ring(kind) != nullptr) return Status::kBadState;
  taps_.tell(&Tap::ring_created, number_, kind, RingShape{made->memory(), size, stride});
  directory_.add(*made, *this);
  ring(kind) = std::move(made);
  return Status::kOk;
}

Status Socket::set_hook(XDP_HOOK_ID& hook, const void* value, std::uint32_t length) {
  if (length < sizeof(XDP_HOOK_ID)) return Status::kTooSmall;
  XDP_HOOK_ID wanted;
  if (!read_value(value, length, &wanted)) return Status::kNoAccess;
  if (state_ != State::kUnbound) return Status::kBadState;
  hook = wanted;
  return Status::kOk;
}

Status Socket::get_option(std::uint32_t option, void* value, std::uint32_t* length) {
  const Call call(*this);
  const std::uint32_t room = *length;
  *length = 0;
  if (!user_writable(value, room)) return Status::kNoAccess;
  std::vector<unsigned char> answer;
  const Status status = get_value(option, answer);
  if (failed(status)) return status;
  if (room < answer.size()) return Status::kBadParameter;
  std::memcpy(value, answer.data(), answer.size());
  *length = static_cast<std::uint32_t>(answer.size());
  return Status::kOk;
}

Status Socket::get_value(std::uint32_t option, std::vector<unsigned char>& value) const {
  const auto error_of = [this](RingKind kind) { return ring_errors_[static_cast<std::size_t>(kind)]; };
  switch (option) {
    case XSK_SOCKOPT_RING_INFO:
      append(value, XSK_RING_INFO_SET{ring_info(RingKind::kFill), ring_info(RingKind::kCompletion),
                                      ring_info(RingKind::kRx), ring_info(RingKind::kTx)});
      return Status::kOk;
    case XSK_SOCKOPT_STATISTICS:
      append(value, statistics_);
      return Status::kOk;
    case XSK_SOCKOPT_RX_HOOK_ID:
      append(value, rx_hook_);
      return Status::kOk;
    case XSK_SOCKOPT_TX_HOOK_ID:
      append(value, tx_hook_);
      return Status::kOk;
    case XSK_SOCKOPT_RX_ERROR:
      append(value, error_of(RingKind::kRx));
      return Status::kOk;
    case XSK_SOCKOPT_RX_FILL_ERROR:
      append(value, error_of(RingKind::kFill));
      return Status::kOk;
    case XSK_SOCKOPT_TX_ERROR:
      append(value, error_of(RingKind::kTx));
      return Status::kOk;
    case XSK_SOCKOPT_TX_COMPLETION_ERROR:
      append(value, error_of(RingKind::kCompletion));
      return Status::kOk;
    default:
      return Status::kNotSupported;
  }
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
