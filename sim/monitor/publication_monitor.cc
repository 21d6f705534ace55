#include "sim/monitor/publication_monitor.h"

#include <afxdp.h>
#include <fmt/format.h>

#include <cstring>
#include <utility>

#include "model/nic/engine_layout.h"
#include "sim/monitor/grown.h"
#include "sim/monitor/vector_place.h"

namespace ringproof {
namespace {

// A request is under way for less than so many register writes take, whatever the clock does.
constexpr std::uint32_t kArmingsUnderWay = 8;
// A register write has its effect after so long, and what is in memory is known to the device.
constexpr std::uint64_t kEffectPs = 1'000'000;

}  // namespace

PublicationMonitor::Queue& PublicationMonitor::queue(std::uint32_t port, std::uint32_t vector) {
  return grown(ports_, port)[vector];
}

template <typename Describe>
void PublicationMonitor::violated(std::uint32_t port, std::uint32_t vector, const Queue& queue,
                                  std::uint64_t time_ps, Describe describe) {
  log_.violated(Invariant::k26, Party::kDevice, place_of_vector(port, vector), queue.trail, time_ps,
                describe);
}

void PublicationMonitor::queue_enabled(std::uint32_t port, std::uint32_t vector, std::uint32_t start,
                                       std::uint32_t entries, std::uint64_t) {
  Queue& it = queue(port, vector);
  it.enabled = true;
  it.entries = entries;
  it.writing = it.done = it.published = start;
  it.second_entries = 0;
  it.replaced = false;
  it.owe_request();  // an arming that came before may count, or not
}

void PublicationMonitor::zero_copy_enabled(std::uint32_t port, std::uint32_t vector, const ZeroCopyTold& told,
                                           std::uint64_t) {
  Queue& it = queue(port, vector);
  it.second_entries = told.entries;
  it.second_written = told.index;
  it.memory = told.memory;
}

void PublicationMonitor::queue_disabled(std::uint32_t port, std::uint32_t vector, std::uint64_t) {
  queue(port, vector).armed = false;
}

void PublicationMonitor::device_reset(std::uint32_t port, std::uint64_t) {
  grown(ports_, port).for_each([](std::uint32_t, Queue& it) { it.enabled = it.armed = false; });
}

void PublicationMonitor::hw_ring_changed(std::uint32_t port, std::uint32_t vector, std::uint32_t,
                                         std::uint32_t entries, std::uint64_t socket) {
  if (!receives(vector)) return;
  Queue& it = queue(port, vector);
  it.buffers.assign(entries, {});
  it.chunks.begin(socket != 0);
  it.socket = socket;
  it.write_end = 0;
}

void PublicationMonitor::hw_rx_buffer(std::uint32_t port, std::uint32_t number, std::uint32_t index,
                                      std::uint64_t address, std::uint32_t bytes) {
  Queue& it = queue(port, number);
  if (it.buffers.empty()) it.buffers.resize(rx_ring_entries_.at(port));
  it.buffer(index) = {address, bytes, 0, false};
  it.chunks.post(address);
}

// The device writes buffers in posted order, and several frames may be under way: the buffer that was written
// last and those after it first, then those before it.
PublicationMonitor::Buffer* PublicationMonitor::Queue::find(std::uint64_t address) {
  const auto count = static_cast<std::uint32_t>(buffers.size());
  const std::uint32_t ahead = count - (writing - done);
  for (std::uint32_t i = 0; i < count; ++i) {
    const std::uint32_t index = i < ahead ? writing + i : done + (i - ahead);
    if (!buffer(index).covers(address)) continue;
    writing = index;
    return &buffer(index);
  }
  return nullptr;
}

void PublicationMonitor::payload_written(std::uint32_t port, std::uint32_t vector, std::uint64_t address,
                                         std::uint32_t bytes, bool allowed, std::uint64_t time_ps) {
  if (!receives(vector)) return;
  Queue& it = queue(port, vector);
  if (!it.enabled) return;
  Buffer* buffer = it.find(address);
  const bool goes_on = it.second_entries != 0 && address == it.write_end;
  if (goes_on && (buffer == nullptr || (it.writing != it.write_index && buffer->address != address))) {
    it.writing = it.write_index;
    it.buffer(it.write_index).beyond = true;
    it.write_end += bytes;
  }
  if (buffer == nullptr) return;  // whether it may be written at all is INV-25's question
  if (buffer == &it.buffer(it.writing)) {
    it.write_end = address + bytes;
    it.write_index = it.writing;
    buffer->beyond |= it.write_end > buffer->address + buffer->bytes;
  }
  if (allowed) buffer->written += bytes;
  it.trail.add("{1} bytes of payload for entry {0}", it.writing, bytes, time_ps);
}

void PublicationMonitor::completion_written(std::uint32_t port, std::uint32_t vector, std::uint32_t slot,
                                            Bytes bytes, bool allowed, std::uint64_t time_ps) {
  Queue& it = queue(port, vector);
  if (!it.enabled) return;
  if (it.second_entries != 0) return entry_written(port, vector, it, slot, bytes, allowed, time_ps);
  nic::RxCompletionEntry entry{};
  if (bytes.size() == sizeof entry) std::memcpy(&entry, bytes.data(), sizeof entry);
  const std::uint32_t index = it.done;
  it.trail.add("completion in slot {0} for entry {1}", slot, entry.index, time_ps);
  ++it.done;
  if (behind(it.writing, it.done)) it.writing = it.done;
  log_.checked(Invariant::k26);
  if (slot != (index & (it.entries - 1))) {
    violated(port, vector, it, time_ps, [&] {
      return fmt::format("a completion was written in slot {}; in posted order entry {} is next", slot,
                         index);
    });
    return;
  }
  if (!allowed || (entry.flags & nic::kRxFlagDmaError) != 0 || it.buffers.empty()) return;
  judge_length(port, vector, it, index, entry.length, time_ps);
}

void PublicationMonitor::judge_length(std::uint32_t port, std::uint32_t vector, Queue& queue,
                                      std::uint32_t index, std::uint32_t length, std::uint64_t time_ps) {
  const std::uint32_t written = queue.buffer(index).written;
  // An application may have led another frame into this buffer as well.
  if (written == length || (queue.second_entries != 0 && written > length)) return;
  violated(port, vector, queue, time_ps, [&] {
    return fmt::format("the completion of entry {} says {} bytes; {} were in memory", index, length, written);
  });
}

// One for each descriptor that was used up for receiving, though it may have no bytes.
void PublicationMonitor::entry_written(std::uint32_t port, std::uint32_t vector, Queue& it,
                                       std::uint32_t slot, Bytes bytes, bool allowed, std::uint64_t time_ps) {
  const std::uint32_t index = it.done;
  it.trail.add("{1} bytes of an entry in slot {0}", slot, bytes.size(), time_ps);
  if (receives(vector)) {
    ++it.done;
    it.chunks.complete();
    if (behind(it.writing, it.done)) it.writing = it.done;
  }
  if (bytes.empty()) return;
  log_.checked(Invariant::k26);
  const std::uint32_t entry = it.second_written++;
  if (slot != (entry & (it.second_entries - 1))) {
    return violated(port, vector, it, time_ps, [&] {
      return fmt::format("an entry was written in slot {}; entry {} is next", slot, entry);
    });
  }
  XSK_BUFFER_ADDRESS place;
  std::uint32_t length;
  if (!receives(vector) || !allowed || it.buffers.empty() || bytes.size() < sizeof place + sizeof length)
    return;
  if (it.chunks.doubled()) return;
  std::memcpy(&place, bytes.data(), sizeof place);
  std::memcpy(&length, bytes.data() + sizeof place, sizeof length);
  if (it.buffer(index).address != it.memory + place.BaseAddress + place.Offset) return;
  judge_length(port, vector, it, index, length, time_ps);
  judge_extent(port, vector, it, index, time_ps);
}

// A frame that is longer than its chunk is cut: what lies behind the chunk is somebody else's.
void PublicationMonitor::judge_extent(std::uint32_t port, std::uint32_t vector, Queue& it,
                                      std::uint32_t index, std::uint64_t time_ps) {
  log_.checked(Invariant::k12);
  const Buffer& buffer = it.buffer(index);
  if (!buffer.beyond || log_.excuse(Invariant::k12, it.socket)) return;
  log_.violated(Invariant::k12, Party::kDevice, place_of_vector(port, vector), it.trail, time_ps, [&] {
    return fmt::format(
        "the frame of entry {} was written beyond the {} bytes at {:#x} that were posted for it", index,
        buffer.bytes, buffer.address);
  });
}

void PublicationMonitor::entries_published(std::uint32_t port, std::uint32_t vector, std::uint32_t index,
                                           bool, std::uint64_t time_ps) {
  Queue& it = queue(port, vector);
  if (!it.enabled || it.second_entries == 0) return;
  log_.checked(Invariant::k26);
  it.trail.add("entries before {0} published", index, 0, time_ps);
  if (!behind(it.second_written, index)) return;
  violated(port, vector, it, time_ps, [&] {
    return fmt::format("entries before {} were published; those before {} were in memory", index,
                       it.second_written);
  });
}

void PublicationMonitor::tx_handed_over(std::uint32_t port, std::uint32_t number, std::uint32_t index) {
  queue(port, nic::kTxVectorBase + number).done = index + 1;
}

void PublicationMonitor::index_published(std::uint32_t port, std::uint32_t vector, std::uint32_t index, bool,
                                         std::uint64_t time_ps) {
  Queue& it = queue(port, vector);
  if (!it.enabled) return;
  log_.checked(Invariant::k26);
  it.trail.add("index {0} published", index, 0, time_ps);
  it.published = index;
  // To the device the index may have come between two armings that to the host came before it.
  if (std::exchange(it.replaced, false) && index != it.replaced_seen &&
      time_ps - it.replaced_ps < kEffectPs) {
    ++it.owed;
  }
  it.owe_request();
  if (!behind(it.done, index)) return;
  violated(port, vector, it, time_ps, [&] {
    return fmt::format("index {} was published; {} before {}", index,
                       receives(vector) ? "completions were in memory for those"
                                        : "frames were read and handed over for those",
                       it.done);
  });
}

void PublicationMonitor::interrupt_armed(std::uint32_t port, std::uint32_t vector, std::uint32_t seen,
                                         std::uint64_t time_ps) {
  Queue& it = queue(port, vector);
  it.trail.add("armed, seen {0}", seen, 0, time_ps);
  // While its clock stood still the host may have seen an index of which the device does not know yet that it
  // is in memory: to the device this arming differs.
  if (clock_stopped_ && seen == it.published && seen != it.armed_seen) ++it.owed;
  if (it.armed && !it.asked) {
    it.replaced_seen = it.armed_seen;
    it.replaced_ps = time_ps;
    it.replaced = true;
  }
  it.armed = true;
  it.armed_seen = seen;
  it.asked = false;
  if (++it.armings >= kArmingsUnderWay) it.owed = 0;
  it.owe_request();
}

void PublicationMonitor::fault_struck(FaultId id, const FaultTarget&, std::uint64_t) {
  clock_stopped_ |= id == FaultId::kClk05;
}

// An arming is good for one request, from the first difference on.
void PublicationMonitor::Queue::owe_request() {
  if (!armed || asked || published == armed_seen) return;
  asked = true;
  ++owed;
  armings = 0;
}

void PublicationMonitor::interrupt_requested(std::uint32_t port, std::uint32_t vector,
                                             std::uint64_t time_ps) {
  Queue& it = queue(port, vector);
  // Of an arming before the last one, perhaps; several of them may come to one request.
  const bool owed = it.owed > 0;
  if (owed) --it.owed;
  if (!it.armed) return;
  log_.checked(Invariant::k26);
  it.trail.add("interrupt requested; published {0}, seen {1}", it.published, it.armed_seen, time_ps);
  if (owed) return;
  violated(port, vector, it, time_ps, [&] {
    return fmt::format("an interrupt was requested before any index but {} was published", it.published);
  });
}

}  // namespace ringproof
