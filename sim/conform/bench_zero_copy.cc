// Queues that work on the rings and the UMEM of a socket: the host's side of them, and what is judged at each
// write.

#include <fmt/format.h>

#include <algorithm>
#include <cstring>

#include "sim/conform/bench.h"

namespace ringproof::conform {
namespace {

constexpr std::uint32_t kMargin = 64;  // around the UMEM, and never written
constexpr std::uint8_t kFill = 0xEE;
constexpr std::uint64_t kPlaceBits = 0xFFFF'FFFF'FFFF;

std::uint64_t umem_bytes(const SocketShape& shape) { return std::uint64_t{shape.chunks} * shape.chunk_bytes; }

}  // namespace

Bench::Ring& Bench::open_for_socket(bool tx, std::uint8_t queue, std::uint32_t log2,
                                    const SocketShape& shape) {
  Ring& opened = ring(tx, queue);
  opened = Ring{};
  opened.tx = tx;
  opened.queue = queue;
  opened.start = shape.start;
  begin_ring(opened, log2, std::uint64_t{tx ? 16u : 8u} << log2,
             std::uint64_t{tx ? 8u : 16u} << shape.comp_log2);
  Socket& socket = opened.socket.emplace();
  socket.shape = shape;
  socket.entries = socket.seen = shape.comp_start;
  socket.comp_addr = allocate(4, 64, 4u * ((3u * queue + (tx ? 1 : 12)) % 16));
  store(socket.comp_addr, shape.comp_start);
  const std::uint64_t around = allocate(umem_bytes(shape) + 2 * kMargin, 64, 24);
  std::memset(at(around), kFill, umem_bytes(shape) + 2 * kMargin);
  socket.umem = around + kMargin;
  set_wide(opened, nic::kCompAddrLow, socket.comp_addr);
  set_wide(opened, nic::kUmemBaseLow, socket.umem);
  set_wide(opened, nic::kUmemLimitLow, umem_bytes(shape) - (tx ? 0 : shape.chunk_bytes));
  set_reg(opened, nic::kCompStart, shape.comp_start);
  const std::uint32_t room = tx ? shape.longest : shape.chunk_bytes - shape.headroom;
  set_reg(opened, nic::kFrameRoom, shape.headroom << 16 | room);
  set_reg(opened, nic::kZeroCopy, nic::kZeroCopyEnable | shape.comp_log2 << 8);
  set_reg(opened, nic::kControl, 1);
  return opened;
}

void Bench::post_place(Ring& ring, std::uint64_t place, std::uint32_t offset, std::uint32_t length) {
  Socket& socket = *ring.socket;
  const SocketShape& shape = socket.shape;
  const std::uint64_t slot = ring.desc_base + (ring.tx ? 16 : 8) * (ring.posted & (ring.size - 1));
  Buffer buffer;
  buffer.entry = place & kPlaceBits;
  if (ring.tx) {
    store(slot, (place & kPlaceBits) | std::uint64_t{offset} << 48);
    store(slot + 8, length);
    store(slot + 12, static_cast<std::uint32_t>(random_()));  // reserved, and not looked at
    buffer.address = socket.umem + place + offset;
    buffer.length = length;
    buffer.valid = length != 0 && length <= shape.longest && place + offset + length <= umem_bytes(shape);
  } else {
    store(slot, place);
    buffer.address = socket.umem + place + shape.headroom;
    buffer.length = shape.chunk_bytes - shape.headroom;
    buffer.entry |= std::uint64_t{shape.headroom} << 48;
    buffer.valid = place <= umem_bytes(shape) - shape.chunk_bytes;
  }
  if (!buffer.valid) buffer.length = 0;
  ++ring.posted;
  ring.buffers.push_back(buffer);
  const std::uint64_t beats =
      ring.tx && buffer.valid ? (buffer.address + length + 63) / 64 - buffer.address / 64 : 0;
  ring.beats_due.push_back((ring.beats_due.empty() ? 0 : ring.beats_due.back()) + beats);
  if (!ring.tx) return;
  ring.requests.push_back(0);
  socket.completing.push_back(buffer);
}

void Bench::post_chunk(Ring& ring) {
  const SocketShape& shape = ring.socket->shape;
  const std::uint64_t place = std::uint64_t{(ring.posted - ring.start) % shape.chunks} * shape.chunk_bytes;
  std::memset(at(ring.socket->umem + place), kFill, shape.chunk_bytes);
  post_place(ring, place);
}

TxFrame Bench::post_from_chunk(Ring& ring, const Bytes& bytes, std::uint32_t offset) {
  const SocketShape& shape = ring.socket->shape;
  const std::uint64_t place = std::uint64_t{(ring.posted - ring.start) % shape.chunks} * shape.chunk_bytes;
  if (!bytes.empty()) std::memcpy(at(ring.socket->umem + place + offset), bytes.data(), bytes.size());
  post_place(ring, place, offset, static_cast<std::uint32_t>(bytes.size()));
  return {ring.queue, bytes, false};
}

// A descriptor is used up, with an entry or without.
void Bench::entry_used_up(Ring& of, bool there) {
  Socket& socket = *of.socket;
  if (!of.tx && !of.buffers.empty()) of.buffers.pop_front();
  if (!of.tx && !of.accepted.empty()) of.accepted.pop_front();
  if (of.tx && !socket.completing.empty()) socket.completing.pop_front();
  if (there) ++socket.entries;
  ++socket.used;
  if (!of.tx) ++of.entries;
  socket.upto.push_back(socket.entries - socket.shape.comp_start);
}

void Bench::check_entry(const WriteBurst& burst) {
  const bool tx = burst.id == kWriteTxCompletion;
  expect((burst.user >= nic::kTxVectorBase) == tx, "awuser of the queue on whose behalf the access is",
         "awuser of the wrong direction");
  Ring& of = ring(tx, burst.user);
  const Socket& socket = *of.socket;
  if (tx ? socket.completing.empty() || socket.used >= of.sent : of.accepted.empty() || of.buffers.empty()) {
    return fail("one entry for each frame, behind it", "an entry without a frame");
  }
  const Buffer buffer = tx ? socket.completing.front() : of.buffers.front();
  const std::uint64_t each = tx ? 8 : 16;
  const std::uint64_t mask = (std::uint64_t{1} << socket.shape.comp_log2) - 1;
  const std::uint64_t slot = of.comp_base + each * (socket.entries & mask);
  const std::uint64_t strobes = burst.data[0].second;
  expect(slot / 64 == burst.address / 64 && burst.beats == 1, "entries in the order of their slots",
         "an entry in the wrong slot");
  if (strobes == 0) {
    expect(!buffer.valid || socket.accidents, "an entry of the RX or completion ring",
           "a write without a byte");
    return entry_used_up(of, false);
  }
  expect(buffer.valid, "no entry for a descriptor outside the UMEM", "one");
  // Of an RX entry the last four bytes are not written.
  expect(strobes == (tx ? std::uint64_t{0xFF} : std::uint64_t{0xFFF}) << slot % 64,
         "place and length of an RX entry written, or a completion entry", "more or less than it");
  const auto place = load<std::uint64_t>(slot);
  if (place != buffer.entry) {
    fail(fmt::format("an entry that says {:#x}", buffer.entry), fmt::format("{:#x}", place));
  }
  if (!tx && !socket.accidents) {
    const RxFrame& frame = of.accepted.front();
    const std::size_t bytes = std::min<std::size_t>(frame.bytes.size(), buffer.length);
    const auto length = load<std::uint32_t>(slot + 8);
    if (length != bytes) fail(fmt::format("an entry of {} bytes", bytes), fmt::format("{}", length));
    if (options_.check_payload) check_payload(buffer, frame, bytes);
  }
  entry_used_up(of, true);
}

void Bench::check_socket_index(Ring& of) {
  Socket& socket = *of.socket;
  const auto value = load<std::uint32_t>(socket.comp_addr);
  if (value - socket.seen > socket.entries - socket.seen) {
    fail(fmt::format("an index from {:#x} to {:#x}, what it stands for", socket.seen, socket.entries),
         fmt::format("{:#x}", value));
  }
  socket.seen = value;
  ++index_writes_;
}

}  // namespace ringproof::conform
