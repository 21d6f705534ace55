#include <cstring>

#include "model/xdp/interface.h"
#include "model/xdp/socket.h"

// How frames of the TX ring go to a queue, and how they come back to the COMPLETION ring.

namespace ringproof::xdp {
namespace {

constexpr std::uint64_t kDescriptorPs = 15'000;

template <typename Value>
void fetch(const unsigned char* element, std::optional<std::uint16_t> offset, Value* value) {
  if (offset.has_value()) std::memcpy(value, element + *offset, sizeof *value);
}

}  // namespace

void Socket::evaluate_need_poke() {
  SharedRing& tx = *ring(RingKind::kTx);
  SharedRing& completion = *ring(RingKind::kCompletion);
  if (polls_tx() || tx.has_flag(XSK_RING_FLAG_NEED_POKE)) return;
  std::uint32_t index;
  const bool nothing_to_do = tx.consumer_available(1, &index) == 0 && outstanding_ == 0;
  const bool no_slot = completion.producer_room(outstanding_ + 1, &index) <= outstanding_;
  if (nothing_to_do || no_slot) {
    tx.set_flag(XSK_RING_FLAG_NEED_POKE);
    host_.fence(MemoryOrder::kSequential);
  }
}

bool Socket::transmit(TxQueue& queue, std::uint32_t room, std::vector<driver::TxFrame>& frames) {
  if (state_ != State::kActive) return false;
  taps_.tell(&Tap::transmit_pass, number_, true, outstanding_, host_.now_ps());
  evaluate_need_poke();
  const bool consumed = transmit_some(queue, room, frames);
  taps_.tell(&Tap::transmit_pass, number_, false, outstanding_, host_.now_ps());
  return consumed;
}

bool Socket::transmit_some(TxQueue& queue, std::uint32_t room, std::vector<driver::TxFrame>& frames) {
  SharedRing& tx = *ring(RingKind::kTx);
  SharedRing& completion = *ring(RingKind::kCompletion);
  if (!sound(RingKind::kTx) || !sound(RingKind::kCompletion)) return false;

  std::uint64_t until_ps;
  if (starved(RingKind::kTx, &until_ps) || starved(RingKind::kCompletion, &until_ps)) {
    host_.at(until_ps, {EventSource::Kind::kFault, 0, 0}, [weak = weak_from_this()] {
      const std::shared_ptr<Socket> socket = weak.lock();
      if (socket != nullptr && socket->tx_queue_ != nullptr) socket->tx_queue_->kick();
    });
    return false;
  }

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
    if (const auto frame = judge_transmit(queue, tx_index + i)) {
      frames.push_back(*frame);
      ++accepted;
    } else {
      ++statistics_.TxInvalidDescriptors;
    }
  }
  outstanding_ += accepted;
  if (count > 0) {
    tx.consume(count);
    update_affinity(RingKind::kTx, tx_affinity_);
  }
  if (!polls_tx() && outstanding_ > 0 && tx.has_flag(XSK_RING_FLAG_NEED_POKE)) {
    tx.clear_flag(XSK_RING_FLAG_NEED_POKE);
  }
  return count > 0;
}

std::optional<driver::TxFrame> Socket::judge_transmit(TxQueue& queue, std::uint32_t index) {
  const SharedRing& tx = *ring(RingKind::kTx);
  XSK_FRAME_DESCRIPTOR descriptor;
  tx.take(index, &descriptor, sizeof descriptor);
  const XSK_BUFFER_DESCRIPTOR& buffer = descriptor.Buffer;
  const std::uint64_t base = buffer.Address.BaseAddress;
  const std::uint64_t begin = base + buffer.Address.Offset;
  const bool valid = valid_transmit(buffer);
  unsigned char* memory = umem_->base;
  if (valid && bounce_ != nullptr) {
    bounce_->take(base, begin, buffer.Length);
    memory = bounce_->memory();
  }
  const Tap::Bytes bytes = valid ? Tap::Bytes(memory + begin, buffer.Length) : Tap::Bytes();
  taps_.tell(&Tap::tx_judged, number_, base, valid, bytes);
  if (!valid) return std::nullopt;

  driver::TxFrame frame;
  frame.dma_address = tx_memory_address_ + begin;
  frame.length = buffer.Length;
  frame.bytes = bytes;
  fetch(tx.element(index), layout(RingKind::kTx).offset(Extension::kChecksum), &frame.checksum);
  fetch(tx.element(index), layout(RingKind::kTx).offset(Extension::kLayout), &frame.layout);
  frame.context = queue.remember(*this, base, bytes);
  return frame;
}

bool Socket::valid_transmit(const XSK_BUFFER_DESCRIPTOR& buffer) const {
  // 48 + 16 + 32 bits: the sum cannot overflow 64.
  const std::uint64_t base = buffer.Address.BaseAddress;
  const std::uint64_t end = base + buffer.Address.Offset + buffer.Length;
  if (buffer.Length == 0 || end > umem_->total_bytes || buffer.Length > tx_length_max_) return false;
  return bounce_ == nullptr || base / umem_->chunk_bytes == (end - 1) / umem_->chunk_bytes;
}

void Socket::transmit_completed(std::span<const FinishedFrame> frames) {
  SharedRing& completion = *ring(RingKind::kCompletion);
  const std::optional<std::uint16_t> timestamp_at =
      layout(RingKind::kCompletion).offset(Extension::kTimestamp);
  const auto count = static_cast<std::uint32_t>(frames.size());
  std::uint32_t index;
  const std::uint32_t room = completion.producer_room(count, &index);
  for (std::uint32_t i = 0; i < count; ++i) {
    unsigned char* element = completion.element(index + i);
    std::memcpy(element, &frames[i].base_address, sizeof(std::uint64_t));
    if (timestamp_at.has_value()) {
      std::memcpy(element + *timestamp_at, &frames[i].timestamp_ns, sizeof frames[i].timestamp_ns);
    }
    taps_.tell(&Tap::tx_finished, number_, frames[i].base_address, frames[i].bytes);
    if (bounce_ != nullptr) bounce_->give_back(frames[i].base_address);
  }
  outstanding_ -= count;
  if (room < count) {
    raise_ring_error(RingKind::kCompletion, XSK_ERROR_INVALID_RING);
  } else {
    completion.produce(count);
    host_.fence(MemoryOrder::kSequential);
    signal_waiter(XSK_NOTIFY_FLAG_WAIT_TX);
  }
  if (outstanding_ == 0) host_.notify(outstanding_ended_);
}

}  // namespace ringproof::xdp
