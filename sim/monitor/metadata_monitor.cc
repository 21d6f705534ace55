#include "sim/monitor/metadata_monitor.h"

#include <fmt/format.h>

#include <cstring>
#include <utility>

#include "model/nic/engine_layout.h"
#include "model/nic/frame_offload.h"
#include "sim/monitor/vector_place.h"

namespace ringproof {
namespace {

template <typename Value>
Value read(const unsigned char* at) {
  Value value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

template <typename Value>
std::uint64_t bits(const Value& value) {
  std::uint64_t result = 0;
  static_assert(sizeof value <= sizeof result);
  std::memcpy(&result, &value, sizeof value);
  return result;
}

}  // namespace

MetadataMonitor::MetadataMonitor(InvariantLog& log, const std::vector<nic::NicConfig>& ports) : log_(log) {
  for (const nic::NicConfig& port : ports) ports_.push_back({port.offloads, port.rx_fragment_bytes});
}

void MetadataMonitor::wire_in(std::uint32_t port, std::uint64_t timestamp_ns, Bytes bytes) {
  Note& note = frames_.begin(port, timestamp_ns);
  note.wire_bytes = bytes.size();
  note.known = wanted_ || arrived_ % kSampled == 0;
  ++arrived_;
  if (note.known && port < ports_.size() && ports_[port].offloads.rx_checksum) {
    note.native = reference::metadata_of(bytes);
  }
}

void MetadataMonitor::given(std::uint32_t port, std::uint64_t timestamp_ns) {
  if (Note* note = frames_.find(port, timestamp_ns)) note->known = false;
}

void MetadataMonitor::nic_dropped(std::uint32_t port, std::uint64_t timestamp_ns, DropReason) {
  frames_.end(port, timestamp_ns);
}

void MetadataMonitor::local_frame_begun(std::uint32_t port, std::uint32_t, std::uint64_t number,
                                        Bytes bytes) {
  Note& note = frames_.begin(port, number);
  note.wire_bytes = bytes.size();
  note.known = true;  // nothing was checked or looked into
}

void MetadataMonitor::frame_judged(const QueuePlace& place, const Judgement& judgement, Bytes) {
  Note* note = frames_.find(place.port, judgement.timestamp_ns);
  if (note != nullptr) note->generic = place.generic;
}

// What the device says is its own to answer for; whoever takes it over is not blamed once more.
void MetadataMonitor::completion_written(std::uint32_t port, std::uint32_t vector, std::uint32_t, Bytes bytes,
                                         bool allowed, std::uint64_t time_ps) {
  nic::RxCompletionEntry entry{};
  if (!allowed || bytes.size() != sizeof entry) return;
  std::memcpy(&entry, bytes.data(), sizeof entry);
  Note* note = frames_.find(port, entry.timestamp_ns);
  if (note == nullptr || !note->known || (entry.flags & nic::kRxFlagDmaError) != 0) return;
  log_.checked(Invariant::k20);
  if (bits(nic::rx_layout(entry.meta)) == bits(note->native.layout) &&
      bits(nic::rx_checksum(entry.meta)) == bits(note->native.checksum)) {
    return;
  }
  note->known = false;
  log_.violated(Invariant::k20, Party::kDevice, place_of_vector(port, vector), EventTrail(), time_ps, [&] {
    return fmt::format(
        "the completion of the frame of {} ns says {:#x} of its headers; that belongs to another one",
        entry.timestamp_ns, entry.meta);
  });
}

void MetadataMonitor::frame_passed(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t time_ps) {
  now_ps_ = time_ps;
  frames_.end(port, timestamp_ns);
}

void MetadataMonitor::frame_forwarded(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t time_ps) {
  now_ps_ = time_ps;
  frames_.end(port, timestamp_ns);
}

void MetadataMonitor::frame_dropped(std::uint32_t port, std::uint64_t timestamp_ns, DropReason) {
  frames_.end(port, timestamp_ns);
}

void MetadataMonitor::umem_registered(std::uint64_t number, const UmemShape& umem) {
  sockets_[number].headroom_bytes = umem.headroom_bytes;
}

void MetadataMonitor::ring_created(std::uint64_t number, RingKind kind, const RingShape& shape) {
  if (kind != RingKind::kRx) return;
  Socket& socket = sockets_[number];
  socket.rx = shape;
  socket.made = true;
  socket.producer = read<std::uint32_t>(shape.base);
  const ExtensionOffsets& offsets = shape.extensions;
  if (offsets.checksum != ExtensionOffsets::kNone || offsets.layout != ExtensionOffsets::kNone)
    wanted_ = true;
}

void MetadataMonitor::ring_moved(std::uint64_t number, RingKind kind, Actor actor, std::uint32_t,
                                 std::uint32_t now, std::uint64_t time_ps) {
  now_ps_ = time_ps;
  if (kind != RingKind::kRx || actor != Actor::kPlatform) return;
  Socket* socket = sockets_.find(number);
  if (socket == nullptr) return;
  socket->producer = now;
  socket->announced = 0;
}

void MetadataMonitor::frame_delivered(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t number,
                                      std::uint64_t address, Bytes bytes, std::uint64_t time_ps) {
  now_ps_ = time_ps;
  const Note* found = frames_.end(port, timestamp_ns);
  Socket* owner = sockets_.find(number);
  if (found == nullptr || owner == nullptr || !owner->made) return;
  Socket& socket = *owner;
  socket.trail.add("frame of {0} ns delivered at {1:#x}", timestamp_ns, address, time_ps);
  const unsigned char* element = socket.rx.element(socket.producer + socket.announced++);
  // The platform goes by the word in memory, which an application may have overwritten.
  if (read<std::uint32_t>(socket.rx.base) != socket.producer) return;
  log_.checked(Invariant::k20);
  const std::uint64_t expected = address | std::uint64_t{socket.headroom_bytes} << 48;
  const auto length = read<std::uint32_t>(element + 8);
  if (read<std::uint64_t>(element) != expected || length != bytes.size() || length > found->wire_bytes) {
    violated(number, socket, [&] {
      return fmt::format(
          "the element of the frame of {} ns says address {:#x} and {} bytes; {:#x} and {} of the "
          "frame's {} bytes are there",
          timestamp_ns, read<std::uint64_t>(element), length, expected, bytes.size(), found->wire_bytes);
    });
  }
  check(port, timestamp_ns, number, socket, *found, element);
}

void MetadataMonitor::check(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t number,
                            const Socket& socket, const Note& note, const unsigned char* element) {
  const ExtensionOffsets& offsets = socket.rx.extensions;
  const PortFacts facts = port < ports_.size() ? ports_[port] : PortFacts();
  const auto compare = [&](const char* name, std::uint64_t is, std::uint64_t expected) {
    if (is == expected) return;
    violated(number, socket, [&] {
      return fmt::format("the {} of the frame of {} ns is {:#x}; {:#x} belongs to it", name, timestamp_ns, is,
                         expected);
    });
  };
  if (offsets.timestamp != ExtensionOffsets::kNone) {
    compare("timestamp", read<std::uint64_t>(element + offsets.timestamp),
            facts.offloads.rx_timestamp && !is_local_frame(timestamp_ns) ? timestamp_ns : 0);
  }
  if (offsets.original_length != ExtensionOffsets::kNone) {
    const auto is = read<std::uint32_t>(element + offsets.original_length);
    const bool may_be_of_buffer = facts.fragment_bytes != 0 && note.wire_bytes > facts.fragment_bytes;
    if (!may_be_of_buffer || is > facts.fragment_bytes) compare("original length", is, note.wire_bytes);
  }
  if (!note.known) return;
  const reference::Metadata expected =
      note.generic ? reference::reduced_to_generic(note.native) : note.native;
  if (offsets.checksum != ExtensionOffsets::kNone) {
    compare("checksum verdict", bits(read<XDP_FRAME_CHECKSUM>(element + offsets.checksum)),
            bits(expected.checksum));
  }
  if (offsets.layout != ExtensionOffsets::kNone) {
    compare("layout", bits(read<XDP_FRAME_LAYOUT>(element + offsets.layout)), bits(expected.layout));
  }
}

}  // namespace ringproof
