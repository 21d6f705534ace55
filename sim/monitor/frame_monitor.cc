#include "sim/monitor/frame_monitor.h"

#include <fmt/format.h>

#include <algorithm>
#include <bit>
#include <cstring>
#include <utility>

#include "model/nic/engine_layout.h"
#include "sim/monitor/grown.h"
#include "sim/monitor/reference_metadata.h"

namespace ringproof {
namespace {

constexpr std::uint32_t kTxRequesterBase = 64;
// Of a descriptor's request: a bit for each layer whose checksum is to be put in.
constexpr std::uint32_t kAsksForChecksums = 3;
// Within their headers.
constexpr std::size_t kIpv4ChecksumAt = 10;
constexpr std::size_t kTcpChecksumAt = 16;
constexpr std::size_t kUdpChecksumAt = 6;

// How many bytes are equal, from the first on.
std::size_t same_bytes(Tap::Bytes a, Tap::Bytes b) {
  const std::size_t size = std::min(a.size(), b.size());
  if (size == 0 || std::memcmp(a.data(), b.data(), size) == 0) return size;
  return static_cast<std::size_t>(std::mismatch(a.data(), a.data() + size, b.data()).first - a.data());
}

// The same, but for the checksums that the device put in at these places.
std::size_t same_but(Tap::Bytes a, Tap::Bytes b, const std::vector<std::uint32_t>& inserted) {
  const auto is_inserted = [&](std::size_t at) {
    return std::any_of(inserted.begin(), inserted.end(),
                       [&](std::uint32_t checksum_at) { return at - checksum_at < 2; });
  };
  std::size_t same = same_bytes(a, b);
  while (same < std::min(a.size(), b.size()) && is_inserted(same)) {
    ++same;
    same += same_bytes(a.subspan(same), b.subspan(same));
  }
  return same;
}

// The numbers that an unordered container is keyed by, in order.
template <typename Map>
std::vector<std::uint64_t> sorted_keys(const Map& map) {
  std::vector<std::uint64_t> keys;
  keys.reserve(map.size());
  for (const auto& each : map) keys.push_back(each.first);
  std::sort(keys.begin(), keys.end());
  return keys;
}

}  // namespace

FrameMonitor::Port& FrameMonitor::port(std::uint32_t number) { return grown(ports_, number); }

FrameMonitor::RxQueue& FrameMonitor::rx_queue(std::uint32_t number, std::uint32_t queue) {
  return grown(port(number).rx, queue);
}

FrameMonitor::TxQueue& FrameMonitor::tx_queue(std::uint32_t number, std::uint32_t queue) {
  return grown(port(number).tx, queue);
}

// ---- received frames ----

void FrameMonitor::wire_in(std::uint32_t number, std::uint64_t timestamp_ns, Bytes bytes) {
  now_ps_ = std::max(now_ps_, timestamp_ns * 1000);
  Port& here = port(number);
  here.newest_ns = std::max(here.newest_ns, timestamp_ns);
  begin(here, timestamp_ns, bytes);
  here.trail.add("frame of {0} ns arrived, {1} bytes", timestamp_ns, bytes.size(), now_ps_);
}

void FrameMonitor::local_frame_begun(std::uint32_t number, std::uint32_t, std::uint64_t name, Bytes bytes) {
  Port& here = port(number);
  begin(here, name, bytes);
  here.trail.add("frame {0} of the host's stack, {1} bytes", name, bytes.size(), now_ps_);
}

void FrameMonitor::begin(Port& here, std::uint64_t timestamp_ns, Bytes bytes) {
  if (!spare_.empty()) {
    spare_.back().key() = timestamp_ns;
    here.in_flight.insert(std::move(spare_.back()));
    spare_.pop_back();
  }
  Received& frame = here.in_flight[timestamp_ns];
  frame.bytes.assign(bytes.begin(), bytes.end());
  frame.accepted = false;
  frame.completed = false;
  ++here.arrived;
}

template <typename Judge>
void FrameMonitor::ended(std::uint32_t number, std::uint64_t timestamp_ns, const char* how, Party party,
                         Judge judge) {
  Port& here = port(number);
  log_.checked(Invariant::k21);
  auto node = here.in_flight.extract(timestamp_ns);
  if (node.empty()) {
    violated(Invariant::k21, party, Place::port(number), here.trail, [&] {
      return fmt::format(
          "{}, but {}", fmt::format(fmt::runtime(how), timestamp_ns),
          timestamp_ns <= here.newest_ns ? "it had reached its end before" : "none has arrived");
    });
  } else {
    ++here.ended;
    judge(node.mapped());
    spare_.push_back(std::move(node));
  }
  here.trail.add(how, timestamp_ns, 0, now_ps_);
}

void FrameMonitor::nic_dropped(std::uint32_t number, std::uint64_t timestamp_ns, DropReason) {
  ended(number, timestamp_ns, "frame of {0} ns dropped by the NIC", Party::kDevice,
        [&](const Received& frame) {
          if (!frame.accepted) return;
          if (port(number).reset) return lost_in_reset(number, timestamp_ns, frame);
          violated(Invariant::k24, Party::kDevice, Place::rx_queue(number, frame.queue),
                   rx_queue(number, frame.queue).trail, [&] {
                     return fmt::format("the frame of {} ns was accepted, and then dropped by the NIC",
                                        timestamp_ns);
                   });
        });
}

// What a device had taken and not published is lost when it is reset.
void FrameMonitor::lost_in_reset(std::uint32_t number, std::uint64_t timestamp_ns, const Received& frame) {
  Fifo<std::uint64_t>& accepted = rx_queue(number, frame.queue).accepted;
  std::size_t i = 0;
  while (i < accepted.size() && accepted[i] != timestamp_ns) ++i;
  if (i < accepted.size()) accepted.erase(i);
}

void FrameMonitor::nic_accepted(std::uint32_t number, std::uint32_t queue, std::uint64_t timestamp_ns) {
  RxQueue& here = rx_queue(number, queue);
  here.accepted.push(timestamp_ns);
  here.trail.add("frame of {0} ns accepted", timestamp_ns, 0, now_ps_);
  const auto found = port(number).in_flight.find(timestamp_ns);
  if (found == port(number).in_flight.end()) return;  // told again when it ends
  found->second.accepted = true;
  found->second.queue = queue;
}

void FrameMonitor::hw_ring_changed(std::uint32_t number, std::uint32_t vector, std::uint32_t index,
                                   std::uint32_t, std::uint64_t socket) {
  if (!receives(vector)) {
    TxQueue& here = tx_queue(number, vector - kTxRequesterBase);
    here.begun = true;
    here.posted = index;
    here.frames.cut(here.completed);
    here.handed.another_ring(index);
    here.lender = socket;
    return;
  }
  RxQueue& here = rx_queue(number, vector);
  here.begun = true;
  here.posted = here.completed = index;
  here.chunks.begin(socket != 0);
  here.buffers.clear();
}

void FrameMonitor::hw_rx_buffer(std::uint32_t number, std::uint32_t queue, std::uint32_t index,
                                std::uint64_t address, std::uint32_t) {
  RxQueue& here = rx_queue(number, queue);
  here.chunks.post(address);
  if (here.chunks.lent() || here.lost) return;
  log_.checked(Invariant::k24);
  const std::uint32_t earlier = here.buffers.post(address, index);
  if (earlier != index && earlier - here.completed < here.posted - here.completed) {
    violated(Invariant::k24, Party::kPlatform, Place::rx_queue(number, queue), here.trail, [&] {
      return fmt::format("buffer {} is at {:#x}, where buffer {} is posted still", index, address, earlier);
    });
  }
}

void FrameMonitor::hw_rx_posted(std::uint32_t number, std::uint32_t queue, std::uint32_t index) {
  RxQueue& here = rx_queue(number, queue);
  if (!std::exchange(here.begun, true)) here.posted = here.completed = index;
  if (index != here.posted) {
    violated(Invariant::k24, Party::kPlatform, Place::rx_queue(number, queue), here.trail,
             [&] { return fmt::format("buffer {} was posted; the next one is {}", index, here.posted); });
  }
  here.posted = index + 1;
  here.trail.add("buffer {0} posted", index, 0, now_ps_);
}

void FrameMonitor::hw_rx_completed(std::uint32_t number, std::uint32_t queue, std::uint32_t index,
                                   std::uint64_t timestamp_ns, Bytes bytes) {
  RxQueue& here = rx_queue(number, queue);
  log_.checked(Invariant::k24);
  const auto complain = [&](auto describe) {
    violated(Invariant::k24, Party::kDevice, Place::rx_queue(number, queue), here.trail, describe);
  };
  if (here.posted == here.completed) {
    complain([&] {
      return fmt::format("completion {} came, but all {} posted buffers were completed", index, here.posted);
    });
  } else if (index != here.completed) {
    complain([&] { return fmt::format("completion {} came; the next one is {}", index, here.completed); });
  } else if (here.accepted.empty()) {
    complain([&] {
      return fmt::format("completion {} is for the frame of {} ns; no accepted frame waits for one", index,
                         timestamp_ns);
    });
  } else if (here.accepted.front() != timestamp_ns) {
    complain([&] {
      return fmt::format("completion {} is for the frame of {} ns; that of {} ns was accepted first", index,
                         timestamp_ns, here.accepted.front());
    });
  }
  // An index that is not outstanding is taken for one too many, any other for where the device stands.
  if (here.posted - index - 1 < here.posted - here.completed) here.completed = index + 1;
  std::size_t i = 0;
  while (i < here.accepted.size() && here.accepted[i] != timestamp_ns) ++i;
  if (i < here.accepted.size()) {
    for (std::size_t popped = 0; popped <= i; ++popped) here.accepted.pop();
  }
  here.trail.add("completion {0} for the frame of {1} ns", index, timestamp_ns, now_ps_);

  here.chunks.complete();
  const auto found = port(number).in_flight.find(timestamp_ns);
  if (found == port(number).in_flight.end()) return;  // told when it ends
  log_.checked(Invariant::k17);
  Received& frame = found->second;
  frame.queue = queue;
  frame.completed = true;
  frame.completed_bytes = bytes.size();
  frame.same_bytes = same_bytes(frame.bytes, bytes);
}

void FrameMonitor::check_received(std::uint32_t number, std::uint64_t timestamp_ns, const Received& frame,
                                  bool cut) {
  if (!frame.completed) return;
  const std::size_t all = frame.bytes.size();
  const bool length_right = cut ? frame.completed_bytes < all : frame.completed_bytes == all;
  if (length_right && frame.same_bytes == frame.completed_bytes) return;
  violated(Invariant::k17, Party::kDevice, Place::rx_queue(number, frame.queue),
           rx_queue(number, frame.queue).trail, [&] {
             return fmt::format("the frame of {} ns came with {} bytes and was written with {}; {}",
                                timestamp_ns, all, frame.completed_bytes,
                                frame.same_bytes < std::min(all, frame.completed_bytes)
                                    ? fmt::format("they differ from byte {} on", frame.same_bytes)
                                    : std::string("as far as that goes they are equal"));
           });
}

// As with a delivery, what came wrong from the device is not held against anybody again.
void FrameMonitor::check_passed(std::uint32_t number, std::uint64_t timestamp_ns, const Received& frame,
                                Bytes bytes) {
  log_.checked(Invariant::k17);
  const std::size_t came = frame.completed ? frame.completed_bytes : frame.bytes.size();
  const std::size_t right = frame.completed ? frame.same_bytes : came;
  const std::size_t same = same_bytes(frame.bytes, bytes);
  if (bytes.size() == came && same >= std::min(right, bytes.size())) return;
  violated(Invariant::k17, Party::kPlatform, Place::port(number), port(number).trail, [&] {
    return fmt::format("the frame of {} ns was passed on with {} bytes of {}; {} of them are right",
                       timestamp_ns, bytes.size(), came, same);
  });
}

void FrameMonitor::frame_passed(std::uint32_t number, std::uint64_t timestamp_ns, std::uint64_t time_ps) {
  now_ps_ = time_ps;
  const Bytes bytes = std::exchange(passed_, Bytes());
  ended(number, timestamp_ns, "frame of {0} ns passed", Party::kPlatform, [&](const Received& frame) {
    check_received(number, timestamp_ns, frame, false);
    if (bytes.data() != nullptr) check_passed(number, timestamp_ns, frame, bytes);
  });
}

void FrameMonitor::frame_forwarded(std::uint32_t number, std::uint64_t timestamp_ns, std::uint64_t time_ps) {
  now_ps_ = time_ps;
  ended(number, timestamp_ns, "frame of {0} ns forwarded", Party::kPlatform,
        [&](const Received& frame) { check_received(number, timestamp_ns, frame, false); });
}

void FrameMonitor::frame_dropped(std::uint32_t number, std::uint64_t timestamp_ns, DropReason reason) {
  ended(number, timestamp_ns, "frame of {0} ns dropped", Party::kPlatform, [&](const Received& frame) {
    // What was written is anything.
    if (reason == DropReason::kDmaError || reason == DropReason::kBadCompletion) return;
    if (reason == DropReason::kSocketBadFill && rx_queue(number, frame.queue).chunks.lent())
      return;  // nothing was
    check_received(number, timestamp_ns, frame, reason == DropReason::kTruncated);
  });
}

void FrameMonitor::frame_delivered(std::uint32_t number, std::uint64_t timestamp_ns, std::uint64_t socket,
                                   std::uint64_t address, Bytes bytes, std::uint64_t time_ps) {
  now_ps_ = time_ps;
  ended(number, timestamp_ns, "frame of {0} ns delivered", Party::kPlatform, [&](const Received& frame) {
    const PostedChunks& chunks = rx_queue(number, frame.queue).chunks;
    if (chunks.doubled() || (chunks.lent() && log_.excuse(Invariant::k17, socket))) return;
    const bool cut = chunks.lent() && bytes.size() < frame.bytes.size();
    check_received(number, timestamp_ns, frame, cut);
    log_.checked(Invariant::k17);
    const Socket* receiver = sockets_.find(socket);
    const std::uint64_t room = receiver == nullptr ? bytes.size() : receiver->room_bytes;
    const std::size_t wanted = std::min<std::uint64_t>(frame.bytes.size(), room);
    // What came wrong from the device cannot go out right; it has been blamed.
    const Bytes source = Bytes(frame.bytes);
    const std::size_t same = same_bytes(source, bytes);
    if (frame.completed && frame.same_bytes < std::min(frame.bytes.size(), frame.completed_bytes)) return;
    if (bytes.size() == wanted && same == wanted) return;
    violated(Invariant::k17, Party::kPlatform, Place::socket(socket), port(number).trail, [&] {
      return fmt::format(
          "the frame of {} ns came with {} bytes; {} of them belong to address {:#x}, {} were delivered, {} "
          "of "
          "them right",
          timestamp_ns, frame.bytes.size(), wanted, address, bytes.size(), same);
    });
  });
}

// ---- queues ----

void FrameMonitor::queue_enabled(std::uint32_t number, std::uint32_t vector, std::uint32_t start,
                                 std::uint32_t, std::uint64_t) {
  port(number).reset = false;
  if (!receives(vector)) return tx_queue(number, vector - kTxRequesterBase).handed.enabled(start);
  RxQueue& here = rx_queue(number, vector);
  here.lost = false;
  if (here.begun) here.completed = start;
}

void FrameMonitor::queue_disabled(std::uint32_t number, std::uint32_t vector, std::uint64_t) {
  if (!receives(vector)) tx_queue(number, vector - kTxRequesterBase).handed.off();
}

void FrameMonitor::queue_stopped(std::uint32_t number, std::uint32_t vector, std::uint64_t) {
  if (receives(vector)) rx_queue(number, vector).buffers.clear();
}

void FrameMonitor::device_reset(std::uint32_t number, std::uint64_t) {
  port(number).reset = true;
  for (RxQueue& queue : port(number).rx) {
    queue.buffers.clear();
    queue.lost = true;
  }
  for (TxQueue& queue : port(number).tx) queue.handed.off();
}

void FrameMonitor::tx_handed_over(std::uint32_t number, std::uint32_t queue, std::uint32_t index) {
  tx_queue(number, queue).handed.handed(index);
}

// ---- frames to send ----

void FrameMonitor::hw_tx_posted(std::uint32_t number, std::uint32_t queue, std::uint32_t index, Bytes bytes) {
  TxQueue& here = tx_queue(number, queue);
  if (!std::exchange(here.begun, true)) here.posted = index;
  if (index != here.posted) {
    violated(Invariant::k23, Party::kPlatform, Place::tx_queue(number, queue), here.trail,
             [&] { return fmt::format("frame {} was posted; the next one is {}", index, here.posted); });
  }
  here.posted = index + 1;
  Sent& frame = here.frames.push();
  frame.bytes.assign(bytes.begin(), bytes.end());
  frame.memory = bytes.data();
  frame.socket = sender_of(bytes.data());
  frame.index = index;
  frame.completed = frame.changed = frame.unsent = false;
  frame.checksums = checksums_asked(here, index);
  here.trail.add("frame {0} posted, {1} bytes", index, bytes.size(), now_ps_);
}

void FrameMonitor::hw_tx_completed(std::uint32_t number, std::uint32_t queue, std::uint32_t index) {
  TxQueue& here = tx_queue(number, queue);
  log_.checked(Invariant::k23);
  const auto complain = [&](auto describe) {
    violated(Invariant::k23, Party::kDevice, Place::tx_queue(number, queue), here.trail, describe);
  };
  std::size_t i = here.completed;
  while (i < here.frames.size() && here.frames[i].index != index) ++i;
  if (i == here.frames.size()) {
    complain([&] {
      return here.completed == here.frames.size()
                 ? fmt::format("frame {} was completed; no posted frame waits for that", index)
                 : fmt::format("frame {} was completed; the next one is {}", index,
                               here.frames[here.completed].index);
    });
  } else {
    if (i != here.completed) {
      complain([&] {
        return fmt::format("frame {} was completed; the next one is {}", index,
                           here.frames[here.completed].index);
      });
    }
    for (std::size_t each = here.completed; each <= i; ++each) {
      Sent& frame = here.frames[each];
      frame.completed = true;
      frame.unsent = here.handed.never_sent(frame.index);
      frame.changed |= same_bytes(frame.bytes, Bytes(frame.memory, frame.bytes.size())) < frame.bytes.size();
      if (here.lender != 0) check_kept(here, frame);
    }
    here.completed = i + 1;
    retire(here);
  }
  here.trail.add("frame {0} completed", index, 0, now_ps_);
}

// Of a frame that the platform has judged before it was posted, the ownership of its chunk tells.
void FrameMonitor::check_kept(const TxQueue& queue, const Sent& frame) {
  log_.checked(Invariant::k12);
  if (!frame.changed) return;
  violated(Invariant::k12, Party::kApplication, Place::ring(queue.lender, RingKind::kTx), queue.trail, [&] {
    return fmt::format("the {} bytes to send of frame {} were changed while the device had them",
                       frame.bytes.size(), frame.index);
  });
}

void FrameMonitor::retire(TxQueue& queue) {
  while (queue.gone < queue.frames.size() && queue.frames[queue.gone].unsent) ++queue.gone;
  while (queue.completed > 0 && queue.gone > 0) {
    queue.frames.pop();
    --queue.completed;
    --queue.gone;
  }
}

std::uint32_t FrameMonitor::checksums_asked(const TxQueue& queue, std::uint32_t index) {
  const DmaRegion& ring = queue.descriptors;
  if (ring.memory == nullptr || queue.lender != 0) return 0;
  nic::PostEntry entry;
  const std::uint64_t slot = index & (ring.bytes / sizeof entry - 1);
  std::memcpy(&entry, ring.memory + slot * sizeof entry, sizeof entry);
  return static_cast<std::uint32_t>(std::popcount(entry.cookie & kAsksForChecksums));
}

void FrameMonitor::dma_mapped(std::uint32_t number, const DmaRegion& region) {
  const bool descriptors = region.kind == DmaRegion::Kind::kOwn && region.read && !region.write;
  if (descriptors && !receives(region.requester)) {
    tx_queue(number, region.requester - kTxRequesterBase).descriptors = region;
  }
}

void FrameMonitor::dma_unmapped(std::uint32_t number, std::uint64_t address) {
  for (TxQueue& queue : port(number).tx) {
    if (queue.descriptors.address == address) queue.descriptors = {};
  }
}

// Told of the frame that was handed over last.
void FrameMonitor::tx_bad_offload(std::uint32_t number, std::uint32_t queue) {
  TxQueue& here = tx_queue(number, queue);
  for (std::size_t i = here.gone; i < here.frames.size(); ++i) {
    if (here.handed.was_last(here.frames[i].index)) here.frames[i].checksums = 0;
  }
}

void FrameMonitor::tx_checksum_inserted(std::uint32_t number, std::uint32_t queue, std::uint32_t at) {
  tx_queue(number, queue).inserted.push_back(at);
}

void FrameMonitor::wire_out(std::uint32_t number, std::uint32_t queue, std::uint64_t time_ps, Bytes bytes) {
  now_ps_ = time_ps;
  TxQueue& here = tx_queue(number, queue);
  log_.checked(Invariant::k17);
  const auto complain = [&](auto describe) {
    violated(Invariant::k17, Party::kDevice, Place::tx_queue(number, queue), here.trail, describe);
  };
  const auto is_equal = [&](const Sent& frame) {
    return frame.bytes.size() == bytes.size() && same_but(frame.bytes, bytes, here.inserted) == bytes.size();
  };
  if (here.gone == here.frames.size()) {
    complain([&] { return fmt::format("a frame of {} bytes was sent that nobody posted", bytes.size()); });
  } else {
    Sent& frame = here.frames[here.gone];
    if (!frame.completed) {
      frame.changed |= same_bytes(frame.bytes, Bytes(frame.memory, frame.bytes.size())) < frame.bytes.size();
    }
    std::size_t i = here.gone;
    const bool may_differ = frame.changed && frame.bytes.size() == bytes.size();
    if (!is_equal(frame) && !may_differ && !log_.excuse(Invariant::k17, frame.socket)) {
      complain([&] {
        return fmt::format("frame {} was posted with {} bytes and sent with {}; they differ from byte {} on",
                           frame.index, frame.bytes.size(), bytes.size(),
                           same_but(frame.bytes, bytes, here.inserted));
      });
      // If it is a later one, those between were lost with it.
      std::size_t later = here.gone + 1;
      while (later < here.frames.size() && !is_equal(here.frames[later])) ++later;
      if (later < here.frames.size()) i = later;
    }
    if (i == here.gone && here.descriptors.memory != nullptr) check_asked(number, queue, here, frame);
    here.gone = i + 1;
    retire(here);
  }
  if (!here.inserted.empty()) check_inserted(number, queue, here, bytes);
  here.inserted.clear();
  here.trail.add("frame of {0} bytes sent", bytes.size(), 0, now_ps_);
}

void FrameMonitor::check_asked(std::uint32_t number, std::uint32_t queue, const TxQueue& here,
                               const Sent& frame) {
  if (frame.checksums == here.inserted.size()) [[likely]]
    return;
  violated(Invariant::k17, Party::kDevice, Place::tx_queue(number, queue), here.trail, [&] {
    return fmt::format("frame {} asked for {} checksums to be put in, and was sent with {} of them",
                       frame.index, frame.checksums, here.inserted.size());
  });
}

// The MAC puts a checksum only where headers say that there is one, so a second reading of them finds it.
void FrameMonitor::check_inserted(std::uint32_t number, std::uint32_t queue, const TxQueue& here,
                                  Bytes bytes) {
  const reference::Metadata read = reference::metadata_of(bytes);
  const std::size_t layer3_at = read.layout.Layer2HeaderLength + kIpv4ChecksumAt;
  const bool udp = read.layout.Layer4Type == XdpFrameLayer4TypeUdp;
  const std::size_t layer4_at = read.layout.Layer2HeaderLength + read.layout.Layer3HeaderLength +
                                (udp ? kUdpChecksumAt : kTcpChecksumAt);
  for (const std::uint32_t at : here.inserted) {
    log_.checked(Invariant::k17);
    const bool is_none = udp && at == layer4_at && bytes[at] == 0 && bytes[at + 1] == 0;
    const bool wrong = (at == layer3_at && read.checksum.Layer3 == XdpFrameRxChecksumEvaluationFailed) ||
                       (at == layer4_at && read.checksum.Layer4 == XdpFrameRxChecksumEvaluationFailed) ||
                       is_none;
    if (!wrong) continue;
    violated(Invariant::k17, Party::kDevice, Place::tx_queue(number, queue), here.trail, [&] {
      return fmt::format("the checksum that was put in at byte {} is {:02x}{:02x}, which does not add up", at,
                         bytes[at], bytes[at + 1]);
    });
  }
}

void FrameMonitor::wire_out_dropped(std::uint32_t number, std::uint32_t queue, DropReason reason) {
  TxQueue& here = tx_queue(number, queue);
  // The driver did not post it, or took it back: hw_tx_completed tells of that.
  if (reason == DropReason::kPaused || reason == DropReason::kSendFailed) {
    here.trail.add("frame to send given back", 0, 0, now_ps_);
    return;
  }
  log_.checked(Invariant::k21);
  if (here.gone == here.frames.size()) {
    violated(Invariant::k21, Party::kDevice, Place::tx_queue(number, queue), here.trail,
             [&] { return std::string("a frame to send was dropped that nobody posted"); });
  } else {
    ++here.gone;
    retire(here);
  }
  here.trail.add("frame to send dropped", 0, 0, now_ps_);
}

// ---- descriptors of sockets ----

void FrameMonitor::umem_registered(std::uint64_t socket, const UmemShape& umem) {
  Socket& here = sockets_[socket];
  here.room_bytes = umem.chunk_bytes - umem.headroom_bytes;
  here.umem = umem.base;
  here.chunk_bytes = umem.chunk_bytes;
}

void FrameMonitor::tx_memory_mapped(std::uint64_t socket, const TxMemory& memory) {
  tx_memories_[socket] = memory;
}

void FrameMonitor::tx_memory_unmapped(std::uint64_t socket, std::uint64_t) { tx_memories_.erase(socket); }

std::uint64_t FrameMonitor::sender_of(const unsigned char* memory) const {
  for (const auto& [socket, its] : tx_memories_) {
    if (memory >= its.memory && memory < its.memory + its.bytes) return socket;
  }
  return FaultTarget::kAny;
}

void FrameMonitor::tx_judged(std::uint64_t socket, std::uint64_t base_address, bool valid, Bytes bytes) {
  if (!valid) return;
  Socket& here = sockets_[socket];
  check_copy(socket, here, base_address, bytes);
  here.accepted.push(base_address);
  here.trail.add("{0:#x} accepted, {1} bytes", base_address, bytes.size(), now_ps_);
}

// A platform that sends from a copy of the UMEM has just made it, unless an earlier frame of the chunk is
// with the device still: then the bytes stay those of then, as upstream does it.
void FrameMonitor::check_copy(std::uint64_t number, const Socket& socket, std::uint64_t base_address,
                              Bytes bytes) {
  const auto memory = tx_memories_.find(number);
  if (memory == tx_memories_.end() || !memory->second.is_copy || socket.umem == nullptr) return;
  for (std::size_t i = 0; i < socket.accepted.size(); ++i) {
    if (socket.accepted[i] / socket.chunk_bytes == base_address / socket.chunk_bytes) return;
  }
  log_.checked(Invariant::k17);
  const Bytes source(socket.umem + (bytes.data() - memory->second.memory), bytes.size());
  const std::size_t same = same_bytes(source, bytes);
  if (same == bytes.size()) return;
  violated(Invariant::k17, Party::kPlatform, Place::socket(number), socket.trail, [&] {
    return fmt::format(
        "the copy of the {} bytes to send at address {:#x} differs from the UMEM from byte {} on",
        bytes.size(), base_address, same);
  });
}

void FrameMonitor::tx_finished(std::uint64_t socket, std::uint64_t base_address, Bytes) {
  Socket& here = sockets_[socket];
  log_.checked(Invariant::k23);
  std::size_t i = 0;
  while (i < here.accepted.size() && here.accepted[i] != base_address) ++i;
  if (i < here.accepted.size()) {
    here.accepted.erase(i);
  } else {
    violated(Invariant::k23, Party::kPlatform, Place::socket(socket), here.trail, [&] {
      return fmt::format("address {:#x} was completed; none of the {} accepted descriptors has it",
                         base_address, here.accepted.size());
    });
  }
  here.trail.add("{0:#x} finished", base_address, 0, now_ps_);
}

void FrameMonitor::check_all_finished(std::uint64_t number, const Socket& socket, const char* when) {
  log_.checked(Invariant::k23);
  if (socket.accepted.empty()) return;
  violated(Invariant::k23, Party::kPlatform, Place::socket(number), socket.trail, [&] {
    return fmt::format("{} accepted descriptors had no completion {}, the first of address {:#x}",
                       socket.accepted.size(), when, socket.accepted[0]);
  });
}

void FrameMonitor::socket_closed(std::uint64_t socket) {
  const Socket* found = sockets_.find(socket);
  if (found == nullptr) return;
  check_all_finished(socket, *found, "when the socket was closed");
  sockets_.erase(socket);
}

// ---- DMA ----

void FrameMonitor::dma(std::uint32_t number, std::uint32_t requester, bool write, std::uint64_t address,
                       std::uint32_t bytes, bool allowed, std::uint64_t time_ps) {
  log_.checked(Invariant::k25);
  if (allowed) return;
  now_ps_ = time_ps;
  const bool sends = requester >= kTxRequesterBase;
  const std::uint32_t queue = sends ? requester - kTxRequesterBase : requester;
  EventTrail& trail = sends ? tx_queue(number, queue).trail : rx_queue(number, queue).trail;
  violated(Invariant::k25, Party::kDevice,
           sends ? Place::tx_queue(number, queue) : Place::rx_queue(number, queue), trail, [&] {
             return fmt::format("requester {} may not {} {} bytes at {:#x}", requester,
                                write ? "write" : "read", bytes, address);
           });
  trail.add(write ? "write of {1} bytes at {0:#x} refused" : "read of {1} bytes at {0:#x} refused", address,
            bytes, time_ps);
}

// ---- the end ----

void FrameMonitor::finish(std::uint64_t end_ps, bool drained) {
  now_ps_ = end_ps;
  not_ended_ = 0;
  for (const Port& each : ports_) not_ended_ += each.in_flight.size();
  if (!drained) return;
  for (std::uint32_t number = 0; number < ports_.size(); ++number) finish_port(number);
  for (const auto& [number, socket] : sockets_) check_all_finished(number, *socket, "at the end of the run");
}

void FrameMonitor::finish_port(std::uint32_t number) {
  Port& here = ports_[number];
  log_.checked(Invariant::k21);
  for (const std::uint64_t timestamp_ns : sorted_keys(here.in_flight)) {
    const Received& frame = here.in_flight.at(timestamp_ns);
    const Party party = frame.completed ? Party::kPlatform : Party::kDevice;
    violated(Invariant::k21, party, Place::port(number), here.trail, [&] {
      const char* state = frame.completed ? "completed" : frame.accepted ? "accepted by the NIC" : "arrived";
      return fmt::format("{} of {} frames never reached an end; that of {} ns had {}", here.in_flight.size(),
                         here.arrived, timestamp_ns, state);
    });
  }
  if (here.arrived != here.ended + here.in_flight.size()) {
    violated(Invariant::k21, Party::kDevice, Place::port(number), here.trail, [&] {
      return fmt::format("{} frames arrived, {} reached an end and {} are in flight: a timestamp came twice",
                         here.arrived, here.ended, here.in_flight.size());
    });
  }
  for (std::uint32_t queue = 0; queue < here.rx.size(); ++queue) {
    RxQueue& rx = here.rx[queue];
    if (rx.accepted.empty()) continue;
    violated(Invariant::k24, Party::kDevice, Place::rx_queue(number, queue), rx.trail, [&] {
      return fmt::format(
          "{} accepted frames had no completion at the end of the run, the first that of {} ns",
          rx.accepted.size(), rx.accepted.front());
    });
  }
  for (std::uint32_t queue = 0; queue < here.tx.size(); ++queue) finish_tx_queue(number, queue);
}

void FrameMonitor::finish_tx_queue(std::uint32_t number, std::uint32_t queue) {
  TxQueue& tx = ports_[number].tx[queue];
  const std::size_t posted = tx.frames.size();
  if (tx.completed < posted) {
    violated(Invariant::k23, Party::kDevice, Place::tx_queue(number, queue), tx.trail, [&] {
      return fmt::format("{} posted frames had no completion at the end of the run, the first is {}",
                         posted - tx.completed, tx.frames[tx.completed].index);
    });
  }
  if (tx.gone < posted) {
    violated(Invariant::k21, Party::kDevice, Place::tx_queue(number, queue), tx.trail, [&] {
      return fmt::format("{} posted frames were neither sent nor dropped, the first is {}", posted - tx.gone,
                         tx.frames[tx.gone].index);
    });
  }
}

}  // namespace ringproof
