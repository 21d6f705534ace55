#include <algorithm>
#include <cstring>
#include <limits>

#include "model/xdp/interface.h"
#include "model/xdp/loans.h"
#include "model/xdp/socket.h"

namespace ringproof::xdp {
namespace {

XSK_BUFFER_DESCRIPTOR tx_descriptor(const SharedRing& tx, std::uint32_t index) {
  XSK_BUFFER_DESCRIPTOR descriptor;
  std::memcpy(&descriptor, tx.element(index), sizeof descriptor);
  return descriptor;
}

std::uint64_t completed_place(const SharedRing& completion, std::uint32_t index) {
  std::uint64_t place;
  std::memcpy(&place, completion.element(index), sizeof place);
  return place;
}

}  // namespace

bool TransmitLoan::wanted() const {
  return socket_.tx_queue_ != nullptr && socket_.tx_queue_->lender().is(socket_);
}

driver::LentMemory TransmitLoan::memory() const {
  const UmemShape& umem = *socket_.umem_;
  return {umem.base, umem.total_bytes, umem.total_bytes,
          static_cast<std::uint16_t>(std::min<std::uint32_t>(socket_.tx_length_max_, 0xFFFF)), 0};
}

void TransmitLoan::begin(const driver::LentStart& start) { at_ = start; }

std::uint32_t TransmitLoan::post(std::uint32_t posted) {
  if (socket_.state_ != SocketState::kActive) return posted;
  Host& host = socket_.host_;
  const TapList& taps = socket_.taps_;
  taps.tell(&Tap::transmit_pass, socket_.number(), true, socket_.outstanding_, host.now_ps());
  socket_.evaluate_need_poke();
  const std::uint32_t now = post_some(posted);
  if (!socket_.polls() && socket_.outstanding_ > 0 && tx().has_flag(XSK_RING_FLAG_NEED_POKE)) {
    taps.tell(&Tap::transmit_pass, socket_.number(), true, socket_.outstanding_, host.now_ps());
    tx().clear_flag(XSK_RING_FLAG_NEED_POKE);
  }
  taps.tell(&Tap::transmit_pass, socket_.number(), false, socket_.outstanding_, host.now_ps());
  return now;
}

std::uint32_t TransmitLoan::post_some(std::uint32_t posted) {
  if (!socket_.sound(RingKind::kTx) || !socket_.sound(RingKind::kCompletion)) return posted;
  std::uint64_t until_ps;
  if (socket_.starved(RingKind::kTx, &until_ps) || socket_.starved(RingKind::kCompletion, &until_ps)) {
    socket_.look_later(until_ps, driver::Direction::kTx);
    return posted;
  }
  // These read the application's indices again, so an entry published before the flag was set is seen.
  constexpr std::uint32_t kLooked = std::numeric_limits<std::uint32_t>::max();
  // The device goes on meanwhile, so what they say counts from where it was.
  std::uint32_t index;
  const std::uint32_t there = tx().consumer_available(kLooked, &index);
  const std::uint32_t end_of_tx = index + there;
  const std::uint32_t slots = completion().producer_room(kLooked, &index);
  const std::uint32_t room = index + slots - at_.second;
  if (room < socket_.outstanding_) {
    socket_.raise_ring_error(RingKind::kCompletion, XSK_ERROR_INVALID_RING);
    return posted;
  }
  const std::uint32_t wanted = std::min({end_of_tx - at_.first, tx().size(), room, completion().size()});
  if (wanted <= socket_.outstanding_) return posted;
  for (; socket_.outstanding_ < wanted; ++socket_.outstanding_) tell_posted(posted++);
  socket_.update_affinity(RingKind::kTx, socket_.tx_affinity_);
  return posted;
}

void TransmitLoan::tell_posted(std::uint32_t index) const {
  const XSK_BUFFER_DESCRIPTOR descriptor = tx_descriptor(tx(), index);
  Tap::Bytes bytes;
  if (socket_.valid_transmit(descriptor)) {
    bytes = {socket_.umem_->base + descriptor.Address.BaseAddress + descriptor.Address.Offset,
             descriptor.Length};
  }
  const TxQueue& queue = *socket_.tx_queue_;
  socket_.taps_.tell(&Tap::hw_tx_posted, queue.interface().port(), queue.id(), index, bytes);
}

void TransmitLoan::used_up(std::uint32_t first, std::uint32_t second) {
  at_.second = pair_up(
      at_, first, second, [this](auto index, auto entry) { return matches(index, entry); },
      [this](auto index, auto entry) { finish(index, entry); });
  socket_.outstanding_ -= std::min(socket_.outstanding_, first - at_.first);
  at_.first = first;
  completion().device_stored(at_.second);
  tx().device_stored(first);
  news_ = true;
  if (socket_.outstanding_ == 0) socket_.host_.notify(socket_.outstanding_ended_);
}

bool TransmitLoan::matches(std::uint32_t first, std::uint32_t second) const {
  const XSK_BUFFER_DESCRIPTOR descriptor = tx_descriptor(tx(), first);
  return completed_place(completion(), second) == descriptor.Address.BaseAddress &&
         socket_.valid_transmit(descriptor);
}

void TransmitLoan::finish(std::uint32_t first, std::optional<std::uint32_t> second) {
  const TapList& taps = socket_.taps_;
  const TxQueue& queue = *socket_.tx_queue_;
  const XSK_BUFFER_DESCRIPTOR descriptor = tx_descriptor(tx(), first);
  const bool sent = second.has_value();
  const std::uint64_t base =
      sent ? completed_place(completion(), *second) : std::uint64_t{descriptor.Address.BaseAddress};
  Tap::Bytes bytes;
  // A descriptor that an application has overwritten leads nowhere.
  if (sent && matches(first, *second)) {
    bytes = {socket_.umem_->base + base + descriptor.Address.Offset, descriptor.Length};
  }
  tx().device_took(first, sizeof descriptor);
  taps.tell(&Tap::tx_judged, socket_.number(), base, sent, bytes);
  taps.tell(&Tap::hw_tx_completed, queue.interface().port(), queue.id(), first);
  if (sent) {
    taps.tell(&Tap::tx_finished, socket_.number(), base, bytes);
  } else {
    ++socket_.statistics_.TxInvalidDescriptors;
  }
}

void TransmitLoan::passed() {
  news_ = false;
  socket_.host_.fence(MemoryOrder::kSequential);
  socket_.signal_waiter(XSK_NOTIFY_FLAG_WAIT_TX);
}

// What was posted and never begun is in the TX ring as before; what may have been begun by a device that is
// gone is completed, as nobody can know better.
void TransmitLoan::end(std::uint32_t posted, bool lost) {
  TxQueue& queue = *socket_.tx_queue_;
  if (lost) {
    std::uint32_t next_entry = at_.second;
    for (std::uint32_t index = at_.first; index != posted; ++index) {
      const XSK_BUFFER_DESCRIPTOR descriptor = tx_descriptor(tx(), index);
      const std::uint64_t base = descriptor.Address.BaseAddress;
      socket_.taps_.tell(&Tap::wire_out_dropped, queue.interface().port(), queue.id(),
                         DropReason::kSendFailed);
      if (!socket_.valid_transmit(descriptor)) {
        finish(index, std::nullopt);
        continue;
      }
      std::memcpy(completion().element(next_entry), &base, sizeof base);
      finish(index, next_entry++);
    }
    completion().device_stored(next_entry);
    tx().device_stored(posted);
  }
  if (news_ || lost) passed();
  socket_.outstanding_ = 0;
  socket_.host_.notify(socket_.outstanding_ended_);
  queue.lender().ended(socket_);
}

}  // namespace ringproof::xdp
