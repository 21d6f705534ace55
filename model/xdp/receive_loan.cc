#include <algorithm>
#include <cstring>
#include <limits>

#include "model/xdp/interface.h"
#include "model/xdp/loans.h"
#include "model/xdp/socket.h"

namespace ringproof::xdp {
namespace {

constexpr std::uint32_t kLooked = std::numeric_limits<std::uint32_t>::max();

struct RxEntry {
  std::uint64_t address = 0;  // without the headroom
  std::uint32_t length = 0;
};

RxEntry rx_entry(const unsigned char* element) {
  XSK_BUFFER_ADDRESS location;
  RxEntry entry;
  std::memcpy(&location, element, sizeof location);
  std::memcpy(&entry.length, element + sizeof location, sizeof entry.length);
  entry.address = location.BaseAddress;
  return entry;
}

std::uint64_t fill_entry(const unsigned char* element) {
  std::uint64_t address;
  std::memcpy(&address, element, sizeof address);
  return address;
}

}  // namespace

bool ReceiveLoan::wanted() const {
  return socket_.rx_queue_ != nullptr && socket_.rx_queue_->lender().is(socket_);
}

driver::LentMemory ReceiveLoan::memory() const {
  const UmemShape& umem = *socket_.umem_;
  const std::uint32_t room = umem.chunk_bytes - umem.headroom_bytes;
  return {umem.base, umem.total_bytes, umem.total_bytes - umem.chunk_bytes,
          static_cast<std::uint16_t>(std::min<std::uint32_t>(room, 0xFFFF)),
          static_cast<std::uint16_t>(umem.headroom_bytes)};
}

void ReceiveLoan::begin(const driver::LentStart& start) {
  queue_ = socket_.rx_queue_;
  at_ = start;
}

std::uint32_t ReceiveLoan::post(std::uint32_t posted) {
  std::uint64_t until_ps = 0;
  if (!socket_.sound(RingKind::kRx) || !socket_.sound(RingKind::kFill)) return posted;
  if (socket_.starved(RingKind::kRx, &until_ps) || socket_.starved(RingKind::kFill, &until_ps)) {
    socket_.look_later(until_ps, driver::Direction::kRx);
    return posted;
  }
  // The device goes on meanwhile, so what these say counts from where it was. Whatever the application has
  // made of the indices, no more than a ring holds is posted, and nothing is taken back.
  std::uint32_t index;
  const std::uint32_t there = fill().consumer_available(kLooked, &index);
  const std::uint32_t end_of_fill = index + there;
  const std::uint32_t free = rx().producer_room(kLooked, &index);
  const std::uint32_t wanted =
      std::min({end_of_fill - at_.first, index + free - at_.second, fill().size(), rx().size()});
  if (wanted <= posted - at_.first) return posted;
  for (; posted != at_.first + wanted; ++posted) tell_posted(posted);
  return posted;
}

void ReceiveLoan::tell_posted(std::uint32_t index) const {
  const std::uint64_t place = fill_entry(fill().element(index));
  const driver::LentMemory memory = this->memory();
  socket_.taps_.tell(&Tap::hw_rx_buffer, queue_->port(), queue_->id(), index,
                     std::uint64_t{at_.memory_address + place + memory.headroom}, std::uint32_t{memory.room});
  socket_.taps_.tell(&Tap::hw_rx_posted, queue_->port(), queue_->id(), index);
}

void ReceiveLoan::used_up(std::uint32_t first, std::uint32_t second) {
  at_.second = pair_up(
      at_, first, second, [this](auto index, auto entry) { return matches(index, entry); },
      [this](auto index, auto entry) { finish(index, entry); });
  at_.first = first;
  rx().device_stored(at_.second);
  fill().device_stored(first);
  news_ = true;
}

bool ReceiveLoan::matches(std::uint32_t first, std::uint32_t second) const {
  const std::uint64_t place = fill_entry(fill().element(first));
  const RxEntry entry = rx_entry(rx().element(second));
  const driver::LentMemory memory = this->memory();
  return place <= memory.limit && entry.address == place && entry.length <= memory.room;
}

void ReceiveLoan::finish(std::uint32_t first, std::optional<std::uint32_t> second) {
  const TapList& taps = socket_.taps_;
  const driver::LentMemory memory = this->memory();
  std::uint64_t place = fill_entry(fill().element(first));
  driver::RxFrame frame;
  frame.timestamp_ns = queue_->interface().driver().device().take_zero_copy_frame(queue_->id());
  // An entry that an application has overwritten leads nowhere.
  if (second.has_value() && matches(first, *second)) {
    frame.bytes = {memory.base + place + memory.headroom, rx_entry(rx().element(*second)).length};
  } else if (second.has_value()) {
    place = std::min(place, memory.limit);
  }
  const bool valid = second.has_value() || place <= memory.limit;

  fill().device_took(first, sizeof place);
  taps.tell(&Tap::fill_judged, socket_.number(), place, valid);
  taps.tell(&Tap::hw_rx_completed, queue_->port(), queue_->id(), first, frame.timestamp_ns,
            Tap::Bytes(frame.bytes));
  queue_->device_delivered(frame, socket_, second.has_value(), valid);
  if (second.has_value()) {
    taps.tell(&Tap::frame_delivered, queue_->port(), frame.timestamp_ns, socket_.number(), place,
              Tap::Bytes(frame.bytes), socket_.host_.now_ps());
    return;
  }
  ++socket_.statistics_.RxDropped;
  if (!valid) ++socket_.statistics_.RxInvalidDescriptors;
  taps.tell(&Tap::frame_dropped, queue_->port(), frame.timestamp_ns, DropReason::kSocketBadFill);
}

void ReceiveLoan::passed() {
  news_ = false;
  socket_.update_affinity(RingKind::kRx, socket_.rx_affinity_);
  socket_.host_.fence(MemoryOrder::kSequential);
  socket_.signal_waiter(XSK_NOTIFY_FLAG_WAIT_RX);
}

// A device that does not answer, or an answer that was overtaken, says nothing.
void ReceiveLoan::counted(const driver::LentCounts& counts) {
  if (queue_ == nullptr) return;
  const auto grown = [](std::uint32_t& before, std::uint32_t now) {
    const std::uint32_t by = now - before;
    if (by > std::numeric_limits<std::uint32_t>::max() / 2) return std::uint32_t{0};
    before = now;
    return by;
  };
  const std::uint32_t starved = grown(at_.counts.starved, counts.starved);
  const std::uint32_t truncated = grown(at_.counts.truncated, counts.truncated);
  socket_.statistics_.RxDropped += starved;
  socket_.statistics_.RxTruncated += truncated;
  queue_->device_counted(starved, truncated);
}

// What was posted and not used up is in the FILL ring as before.
void ReceiveLoan::end(std::uint32_t, bool) {
  if (news_) passed();
  std::exchange(queue_, nullptr)->lender().ended(socket_);
}

}  // namespace ringproof::xdp
