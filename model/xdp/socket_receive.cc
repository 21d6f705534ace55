#include <algorithm>
#include <cstring>

#include "model/xdp/interface.h"
#include "model/xdp/socket.h"

// How received frames come into the socket's UMEM and RX ring.

namespace ringproof::xdp {
namespace {

constexpr std::uint64_t kCopyPsPerByte = 30;
constexpr std::uint64_t kDescriptorPs = 15'000;

template <typename Value>
void put(unsigned char* element, std::optional<std::uint16_t> offset, const Value& value) {
  if (offset.has_value()) std::memcpy(element + *offset, &value, sizeof value);
}

}  // namespace

void Socket::receive(const RxQueue& from, std::span<const driver::RxFrame> frames, bool exclusive,
                     RxQueueCounters& counters) {
  const std::uint32_t port = from.port();
  if (!is_attached_to(from)) {
    for (const driver::RxFrame& frame : frames) {
      taps_.tell(&Tap::frame_dropped, port, frame.timestamp_ns, DropReason::kSocketNotAttached);
    }
    return;
  }
  SharedRing& rx = *ring(RingKind::kRx);
  SharedRing& fill = *ring(RingKind::kFill);
  const auto wanted = static_cast<std::uint32_t>(frames.size());
  std::uint32_t rx_index;
  std::uint32_t fill_index;
  const bool usable = sound(RingKind::kRx) && sound(RingKind::kFill);
  std::uint64_t until_ps;
  const bool rx_usable = usable && !starved(RingKind::kRx, &until_ps);
  const std::uint32_t room = rx_usable ? rx.producer_room(wanted, &rx_index) : 0;
  const bool fill_usable = rx_usable && !starved(RingKind::kFill, &until_ps);
  const std::uint32_t entries = fill_usable ? fill.consumer_available(room, &fill_index) : 0;

  // `next` is the frame to deliver: an invalid entry costs the frame it meets on the exclusive path, and
  // one at the end of the batch on the normal path.
  std::uint32_t delivered = 0;
  std::uint32_t next = 0;
  std::vector<bool> got(frames.size(), false);
  for (std::uint32_t i = 0; i < entries; ++i) {
    std::uint64_t address;
    fill.take(fill_index + i, &address, sizeof address);
    const bool valid = address <= umem_->total_bytes - umem_->chunk_bytes;
    taps_.tell(&Tap::fill_judged, number_, address, valid);
    if (!valid) {
      ++statistics_.RxInvalidDescriptors;
      ++counters.xsk_invalid_descriptors;
      if (exclusive) ++next;
      continue;
    }
    if (deliver(address, frames[next], rx.element(rx_index + delivered), counters))
      ++counters.xsk_frames_truncated;
    got[next] = true;
    ++next;
    ++delivered;
  }
  statistics_.RxDropped += wanted - delivered;
  counters.xsk_frames_delivered += delivered;
  counters.xsk_frames_dropped += wanted - delivered;
  if (entries > 0) fill.consume(entries);
  update_affinity(RingKind::kRx, rx_affinity_);
  const bool published = delivered > 0;
  if (published) rx.produce(delivered);

  // Why the others were lost: the ring that was short, or an invalid entry.
  std::uint32_t short_of = wanted - entries;
  for (std::size_t i = frames.size(); i-- > 0;) {
    if (got[i]) continue;
    DropReason reason = DropReason::kSocketBadFill;
    if (short_of > 0) {
      reason = entries == room ? DropReason::kSocketRxFull : DropReason::kSocketFillEmpty;
      --short_of;
    }
    taps_.tell(&Tap::frame_dropped, port, frames[i].timestamp_ns, reason);
  }
  if (published) {
    host_.fence(MemoryOrder::kSequential);
    signal_waiter(XSK_NOTIFY_FLAG_WAIT_RX);
  }
}

// Returns whether the frame was too long for the chunk.
bool Socket::deliver(std::uint64_t address, const driver::RxFrame& frame, unsigned char* element,
                     RxQueueCounters& counters) {
  unsigned char* data = umem_->base + address + umem_->headroom_bytes;
  bool truncated = false;
  std::uint32_t original_length = 0;
  const std::uint32_t length = copy_fragments(data, frame, &truncated, &original_length);
  if (truncated) ++statistics_.RxTruncated;
  counters.xsk_bytes_copied += length;
  host_.spend(kDescriptorPs + kCopyPsPerByte * length);

  // `Reserved` is left as it is, as upstream does.
  XSK_BUFFER_ADDRESS location{};
  location.AddressAndOffset = address | (std::uint64_t{umem_->headroom_bytes} << 48);
  std::memcpy(element, &location, sizeof location);
  std::memcpy(element + sizeof location, &length, sizeof length);
  write_extensions(frame, original_length, element);
  taps_.tell(&Tap::frame_delivered, rx_queue_->port(), frame.timestamp_ns, number_, address,
             Tap::Bytes(data, length), host_.now_ps());
  return truncated;
}

std::uint32_t Socket::copy_fragments(unsigned char* data, const driver::RxFrame& frame, bool* truncated,
                                     std::uint32_t* original_length) const {
  const auto whole = static_cast<std::uint32_t>(frame.bytes.size());
  std::span<const std::uint32_t> buffers = frame.fragments;
  if (buffers.empty()) buffers = std::span(&whole, 1);
  // An interface that declares one buffer per frame is not asked for a second one.
  if (rx_queue_->interface().fragment_limit() <= 1) buffers = buffers.first(1);

  const std::uint32_t room = umem_->chunk_bytes - umem_->headroom_bytes;
  std::uint32_t copied = 0;
  *original_length = whole;
  for (const std::uint32_t buffer : buffers) {
    const std::uint32_t part = std::min(buffer, room - copied);
    std::memcpy(data + copied, frame.bytes.data() + copied, part);
    copied += part;
    if (settings_.original_length_of_buffer) *original_length = buffer;
    *truncated = part < buffer;
    if (*truncated) break;
  }
  return copied;
}

void Socket::write_extensions(const driver::RxFrame& frame, std::uint32_t original_length,
                              unsigned char* element) {
  const ElementLayout& rx = layout(RingKind::kRx);
  put(element, rx.offset(Extension::kChecksum), frame.checksum);
  put(element, rx.offset(Extension::kLayout), frame.layout);
  const bool stamped =
      rx_queue_->interface().driver().info().offloads.rx_timestamp && !is_local_frame(frame.timestamp_ns);
  put(element, rx.offset(Extension::kTimestamp), XDP_FRAME_TIMESTAMP{stamped ? frame.timestamp_ns : 0});
  put(element, rx.offset(Extension::kOriginalLength), XSK_FRAME_ORIGINAL_LENGTH{original_length});
}

void Socket::update_affinity(RingKind kind, Affinity& affinity) {
  if (!affinity.on || affinity.cpu == host_.current_cpu()) return;
  affinity.cpu = host_.current_cpu();
  ring(kind)->set_flag(XSK_RING_FLAG_AFFINITY_CHANGED);
}

bool Socket::starved(RingKind kind, std::uint64_t* until_ps) const {
  const FaultTarget here{.socket = number_, .ring = static_cast<std::uint32_t>(kind)};
  return host_.faults().held(FaultId::kDsc06, host_.now_ps(), here, until_ps).struck;
}

void Socket::look_later(std::uint64_t time_ps, driver::Direction direction) {
  host_.at(time_ps, {EventSource::Kind::kFault, 0, 0}, [weak = weak_from_this(), direction] {
    if (const std::shared_ptr<Socket> socket = weak.lock()) socket->look_at_loan(direction);
  });
}

void Socket::look_at_loan(driver::Direction direction) {
  const bool rx = direction == driver::Direction::kRx;
  if (rx && rx_queue_ != nullptr) rx_queue_->lender().look(*this);
  if (!rx && tx_queue_ != nullptr) tx_queue_->lender().look(*this);
}

bool Socket::sound(RingKind kind) {
  if (!settings_.strict) return true;
  if (ring_errors_[static_cast<std::size_t>(kind)] != XSK_NO_ERROR) return false;
  if (!ring(kind)->overfull()) return true;
  raise_ring_error(kind, XSK_ERROR_INVALID_RING);
  return false;
}

}  // namespace ringproof::xdp
