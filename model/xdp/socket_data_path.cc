#include <algorithm>
#include <atomic>
#include <cstring>

#include "model/xdp/socket.h"

// How frames move between the queues and the socket's rings and UMEM.

namespace ringproof::xdp {
namespace {

constexpr std::uint64_t kCopyPsPerByte = 30;
constexpr std::uint64_t kDescriptorPs = 15'000;

void full_fence() { std::atomic_thread_fence(std::memory_order_seq_cst); }

}  // namespace

void Socket::receive(const RxQueue& from, std::span<const RedirectedFrame> frames, bool exclusive) {
  const std::uint32_t port = from.port();
  if (!rx_attached_ || rx_queue_ != &from) {
    for (const RedirectedFrame& frame : frames) {
      taps_.tell(&Tap::frame_dropped, port, frame.timestamp_ns, DropReason::kSocketNotAttached);
    }
    return;
  }
  SharedRing& rx = *ring(RingKind::kRx);
  SharedRing& fill = *ring(RingKind::kFill);
  const auto wanted = static_cast<std::uint32_t>(frames.size());
  std::uint32_t rx_index;
  std::uint32_t fill_index;
  const std::uint32_t room = rx.producer_room(wanted, &rx_index);
  const std::uint32_t entries = fill.consumer_available(room, &fill_index);

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
      if (exclusive) ++next;
      continue;
    }
    const RedirectedFrame& frame = frames[next];
    host_.spend(kDescriptorPs + kCopyPsPerByte * frame.bytes.size());
    if (!copy_in(address, frame, rx.element(rx_index + delivered))) ++statistics_.RxTruncated;
    got[next] = true;
    ++next;
    ++delivered;
  }
  statistics_.RxDropped += wanted - delivered;
  if (entries > 0) fill.consume(entries);
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
    full_fence();
    signal_waiter(XSK_NOTIFY_FLAG_WAIT_RX);
  }
}

bool Socket::copy_in(std::uint64_t address, const RedirectedFrame& frame, unsigned char* descriptor) {
  const std::size_t room = umem_->chunk_bytes - umem_->headroom_bytes;
  const std::size_t length = std::min(frame.bytes.size(), room);
  unsigned char* data = umem_->base + address + umem_->headroom_bytes;
  std::memcpy(data, frame.bytes.data(), length);

  // `Reserved` is left as it is, as upstream does.
  XSK_BUFFER_ADDRESS location{};
  location.AddressAndOffset = address | (std::uint64_t{umem_->headroom_bytes} << 48);
  std::memcpy(descriptor, &location, sizeof location);
  const auto length32 = static_cast<std::uint32_t>(length);
  std::memcpy(descriptor + sizeof location, &length32, sizeof length32);
  taps_.tell(&Tap::frame_delivered, rx_queue_->port(), frame.timestamp_ns, number_, address,
             Tap::Bytes(data, length), host_.now_ps());
  return length == frame.bytes.size();
}

void Socket::evaluate_need_poke() {
  SharedRing& tx = *ring(RingKind::kTx);
  SharedRing& completion = *ring(RingKind::kCompletion);
  if (tx.has_flag(XSK_RING_FLAG_NEED_POKE)) return;
  std::uint32_t index;
  const bool nothing_to_do = tx.consumer_available(1, &index) == 0 && outstanding_ == 0;
  const bool no_slot = completion.producer_room(outstanding_ + 1, &index) <= outstanding_;
  if (nothing_to_do || no_slot) {
    tx.set_flag(XSK_RING_FLAG_NEED_POKE);
    full_fence();
  }
}

bool Socket::transmit(TxQueue& queue, std::uint32_t room, std::vector<driver::TxFrame>& frames) {
  if (state_ != State::kActive) return false;
  SharedRing& tx = *ring(RingKind::kTx);
  SharedRing& completion = *ring(RingKind::kCompletion);
  evaluate_need_poke();

  // These read the application's indices again, so an entry published before the flag was set is seen.
  std::uint32_t tx_index;
  std::uint32_t completion_index;
  const std::uint32_t wanted = tx.consumer_available(room, &tx_index);
  const std::uint32_t slots = completion.producer_room(outstanding_ + wanted, &completion_index);
  if (slots < outstanding_) {
    raise_ring_error(RingKind::kCompletion, XSK_ERROR_INVALID_RING);
    return false;
  }
  const std::uint32_t count = slots - outstanding_;
  std::uint32_t accepted = 0;
  for (std::uint32_t i = 0; i < count; ++i) {
    host_.spend(kDescriptorPs);
    XSK_FRAME_DESCRIPTOR descriptor;
    tx.take(tx_index + i, &descriptor, sizeof descriptor);
    if (const auto frame = judge_transmit(queue, descriptor)) {
      frames.push_back(*frame);
      ++accepted;
    } else {
      ++statistics_.TxInvalidDescriptors;
    }
  }
  outstanding_ += accepted;
  if (count > 0) tx.consume(count);
  if (outstanding_ > 0 && tx.has_flag(XSK_RING_FLAG_NEED_POKE)) tx.clear_flag(XSK_RING_FLAG_NEED_POKE);
  return count > 0;
}

std::optional<driver::TxFrame> Socket::judge_transmit(TxQueue& queue,
                                                      const XSK_FRAME_DESCRIPTOR& descriptor) {
  const XSK_BUFFER_DESCRIPTOR& buffer = descriptor.Buffer;
  // 48 + 16 + 32 bits: the sum cannot overflow 64.
  const std::uint64_t begin = std::uint64_t{buffer.Address.BaseAddress} + buffer.Address.Offset;
  const bool valid =
      buffer.Length != 0 && begin + buffer.Length <= umem_->total_bytes && buffer.Length <= tx_length_max_;
  const Tap::Bytes bytes = valid ? Tap::Bytes(umem_->base + begin, buffer.Length) : Tap::Bytes();
  taps_.tell(&Tap::tx_judged, number_, std::uint64_t{buffer.Address.BaseAddress}, valid, bytes);
  if (!valid) return std::nullopt;
  return driver::TxFrame{tx_umem_address_ + begin, buffer.Length,
                         queue.remember(*this, buffer.Address.BaseAddress, bytes), bytes};
}

void Socket::transmit_completed(std::span<const FinishedFrame> frames) {
  SharedRing& completion = *ring(RingKind::kCompletion);
  const auto count = static_cast<std::uint32_t>(frames.size());
  std::uint32_t index;
  const std::uint32_t room = completion.producer_room(count, &index);
  for (std::uint32_t i = 0; i < count; ++i) {
    std::memcpy(completion.element(index + i), &frames[i].base_address, sizeof(std::uint64_t));
    taps_.tell(&Tap::tx_finished, number_, frames[i].base_address, frames[i].bytes);
  }
  outstanding_ -= count;
  if (room < count) {
    raise_ring_error(RingKind::kCompletion, XSK_ERROR_INVALID_RING);
  } else {
    completion.produce(count);
    full_fence();
    signal_waiter(XSK_NOTIFY_FLAG_WAIT_TX);
  }
  if (outstanding_ == 0) host_.notify(outstanding_ended_);
}

}  // namespace ringproof::xdp
