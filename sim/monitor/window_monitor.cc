#include "sim/monitor/window_monitor.h"

#include <fmt/format.h>

#include <algorithm>

#include "model/nic/engine_layout.h"
#include "sim/monitor/grown.h"
#include "sim/monitor/vector_place.h"

namespace ringproof {
namespace {

constexpr std::uint32_t kReadBytes = 64;
// A frame that came so long after a doorbell was judged by it, however long the frame and its way.
constexpr std::uint64_t kDoorbellSettledPs = 1'000'000;

}  // namespace

WindowMonitor::Queue& WindowMonitor::queue(std::uint32_t port, std::uint32_t vector) {
  return grown(ports_, port)[vector];
}

template <typename Describe>
void WindowMonitor::violated(Invariant id, Party party, std::uint32_t port, std::uint32_t vector,
                             std::uint64_t time_ps, Describe describe) {
  log_.violated(id, party, place_of_vector(port, vector), queue(port, vector).trail, time_ps, describe);
}

void WindowMonitor::queue_enabled(std::uint32_t port, std::uint32_t vector, std::uint32_t start,
                                  std::uint32_t entries, std::uint64_t time_ps) {
  Queue& it = queue(port, vector);
  it.enabled = true;
  it.entries = entries;
  it.line = kReadBytes / sizeof(nic::PostEntry);
  it.tail = it.fetched_min = it.fetched_max = it.published = it.used = start;
  it.tail_ps = time_ps;
  it.range_error = false;
  it.sure = true;
  it.trail.add("enabled at index {0} with {1} entries", start, entries, time_ps);
}

void WindowMonitor::zero_copy_enabled(std::uint32_t port, std::uint32_t vector, const ZeroCopyTold&,
                                      std::uint64_t) {
  if (receives(vector)) queue(port, vector).line = kReadBytes / nic::kFillEntryBytes;
}

void WindowMonitor::queue_disabled(std::uint32_t port, std::uint32_t vector, std::uint64_t) {
  queue(port, vector).enabled = false;
}

void WindowMonitor::device_reset(std::uint32_t port, std::uint64_t) {
  grown(ports_, port).for_each([](std::uint32_t, Queue& it) {
    it.enabled = it.range_error = false;
    it.sure = true;
  });
}

void WindowMonitor::doorbell_written(std::uint32_t port, std::uint32_t vector, std::uint32_t index,
                                     std::uint64_t time_ps) {
  Queue& it = queue(port, vector);
  if (!it.enabled) return;
  it.trail.add("doorbell {0} after {1}", index, it.tail, time_ps);
  const bool surely_backwards = behind(index, it.tail);
  // The engine has finished at least what it published, and at most what was posted.
  const bool surely_too_far = index - it.tail > it.entries;
  if (surely_backwards || surely_too_far) {
    it.range_error = true;
    return;
  }
  // The driver tells of its posting before it writes the doorbell.
  if (it.posted_any) {
    log_.checked(Invariant::k32);
    if (behind(it.posted, index)) {
      violated(Invariant::k32, Party::kPlatform, port, vector, time_ps, [&] {
        return fmt::format("the doorbell says {}, and the driver has posted up to {} only", index, it.posted);
      });
    }
  }
  if (index - it.published > it.entries) it.sure = false;
  if (index != it.tail) it.tail_ps = time_ps;
  it.tail = index;
}

// A queue remembers it until it is enabled again, and the driver reads it of one that is off.
void WindowMonitor::range_error_read(std::uint32_t port, std::uint32_t vector, bool error,
                                     std::uint64_t time_ps) {
  const Queue& it = queue(port, vector);
  if (it.entries == 0 || !it.sure) return;
  log_.checked(Invariant::k32);
  if (error == it.range_error) return;
  violated(Invariant::k32, Party::kDevice, port, vector, time_ps, [&] {
    return error ? "the queue says that a doorbell was out of range, but none was"
                 : "a doorbell was out of range, and the queue does not say so";
  });
}

void WindowMonitor::descriptors_fetched(std::uint32_t port, std::uint32_t vector, std::uint32_t first_slot,
                                        std::uint32_t count, std::uint64_t time_ps) {
  Queue& it = queue(port, vector);
  if (!it.enabled) return;  // INV-29's question
  log_.checked(Invariant::k27);
  it.trail.add("fetched {1} from slot {0} on", first_slot, count, time_ps);
  // The first index at or after the earliest possible one that these slots can mean.
  const std::uint32_t mask = it.entries - 1;
  const std::uint32_t line = std::min(it.line, it.entries);
  const std::uint32_t read = std::min(count, it.entries);
  const std::uint32_t before = (it.fetched_min - first_slot) & mask;  // slots read that are fetched already
  const std::uint32_t begin =
      before < read ? it.fetched_min - before : it.fetched_min + (it.entries - before);
  const std::uint32_t end = begin + read;
  const std::uint32_t first = behind(begin, it.fetched_min) ? it.fetched_min : begin;
  const bool known_place = !behind(it.fetched_max, first);
  const std::uint32_t last_line = end - line;
  const bool in_window = behind(first, it.tail) && (!behind(first, last_line) || behind(last_line, it.tail));
  if (!known_place || !in_window) {
    violated(Invariant::k27, Party::kDevice, port, vector, time_ps, [&] {
      return fmt::format(
          "slots {} to {} were fetched; at least those before index {} are fetched already, and only those "
          "before {} are posted",
          first_slot, first_slot + count - 1, it.fetched_min, it.tail);
    });
  }
  const std::uint32_t least = behind(first, last_line) ? last_line + 1 : first + 1;
  const std::uint32_t most = behind(end, it.tail) ? end : it.tail;
  it.fetched_min = least;
  it.fetched_max = behind(most, least) ? least : most;
}

void WindowMonitor::index_published(std::uint32_t port, std::uint32_t vector, std::uint32_t index, bool,
                                    std::uint64_t) {
  queue(port, vector).published = index;
}

void WindowMonitor::used_one(std::uint32_t port, std::uint32_t vector, std::uint64_t time_ps) {
  const Queue& it = queue(port, vector);
  if (!it.enabled) return;
  log_.checked(Invariant::k27);
  if (!behind(it.tail, it.used)) return;
  violated(Invariant::k27, Party::kDevice, port, vector, time_ps, [&] {
    return fmt::format("descriptor {} was used; doorbells have shown those before {} only", it.used - 1,
                       it.tail);
  });
}

void WindowMonitor::nic_accepted(std::uint32_t port, std::uint32_t number, std::uint64_t timestamp_ns) {
  ++queue(port, number).used;
  used_one(port, number, timestamp_ns * 1000);
}

void WindowMonitor::rx_starved(std::uint32_t port, std::uint32_t number, std::uint64_t timestamp_ns) {
  const Queue& it = queue(port, number);
  if (!it.enabled || timestamp_ns * 1000 < it.tail_ps + kDoorbellSettledPs) return;
  log_.checked(Invariant::k32);
  if (!behind(it.used, it.tail)) return;
  violated(Invariant::k32, Party::kDevice, port, number, timestamp_ns * 1000, [&] {
    return fmt::format("a frame found no buffer, but buffers up to {} are posted and {} of them used",
                       it.tail, it.used);
  });
}

void WindowMonitor::tx_handed_over(std::uint32_t port, std::uint32_t number, std::uint32_t index) {
  Queue& it = queue(port, nic::kTxVectorBase + number);
  it.used = index + 1;
  used_one(port, nic::kTxVectorBase + number, it.tail_ps);
}

void WindowMonitor::posted(Queue& it, std::uint32_t index) {
  it.posted_any = true;
  it.posted = index + 1;
}

void WindowMonitor::hw_ring_changed(std::uint32_t port, std::uint32_t vector, std::uint32_t index,
                                    std::uint32_t, std::uint64_t) {
  queue(port, vector).posted = index;
}

void WindowMonitor::hw_rx_posted(std::uint32_t port, std::uint32_t number, std::uint32_t index) {
  posted(queue(port, number), index);
}

void WindowMonitor::hw_tx_posted(std::uint32_t port, std::uint32_t number, std::uint32_t index, Bytes) {
  posted(queue(port, nic::kTxVectorBase + number), index);
}

void WindowMonitor::finish(std::uint64_t end_ps, bool drained) {
  if (!drained) return;
  for (std::uint32_t port = 0; port < ports_.size(); ++port) {
    ports_[port].for_each([&](std::uint32_t vector, const Queue&) { finish_queue(port, vector, end_ps); });
  }
}

void WindowMonitor::finish_queue(std::uint32_t port, std::uint32_t vector, std::uint64_t end_ps) {
  const Queue& it = queue(port, vector);
  if (!it.enabled || !it.posted_any) return;
  log_.checked(Invariant::k32);
  if (it.tail != it.posted) {
    violated(Invariant::k32, Party::kPlatform, port, vector, end_ps, [&] {
      return fmt::format("the driver posted up to {}, the device was told {} last", it.posted, it.tail);
    });
  } else if (!receives(vector) && it.used != it.tail) {
    violated(Invariant::k32, Party::kDevice, port, vector, end_ps,
             [&] { return fmt::format("the device was told {} and came to {} only", it.tail, it.used); });
  }
}

}  // namespace ringproof
