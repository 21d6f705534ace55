#include "sim/monitor/ownership_monitor.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "model/base/hash.h"

namespace ringproof {
namespace {

// Beside the state: the application once posted this chunk without having it, so what follows proves nothing.
constexpr std::uint8_t kStray = 0x80;
constexpr std::uint64_t kBaseAddressMask = 0xFFFFFFFFFFFF;
// Behind the head room, that much of a chunk is watched: no port takes frames that long, and a chunk may
// be as large as the whole UMEM.
constexpr std::uint32_t kWatchedBytesMax = 16 * 1024;
// Deliveries under way at once; more than a batch of the exclusive path can have.
constexpr std::size_t kWatchesMax = 8192;

bool application_produces(RingKind kind) { return kind == RingKind::kFill || kind == RingKind::kTx; }

}  // namespace

const char* OwnershipMonitor::state_name(State state) {
  static constexpr std::array<const char*, 9> kNames = {"APP", "FILL",   "DEV-RX", "RX",  "RX",
                                                        "TX",  "DEV-TX", "COMP",   "COMP"};
  return kNames[static_cast<std::size_t>(state)];
}

std::vector<OwnershipMonitor::Chunk> OwnershipMonitor::chunks_of(std::uint64_t socket) const {
  std::vector<Chunk> chunks;
  const Socket* found = sockets_.find(socket);
  if (found == nullptr || !found->umem.has_value()) return chunks;
  const UmemShape& umem = *found->umem;
  for (std::uint64_t i = 0; i < umem.total_bytes / umem.chunk_bytes; ++i) {
    const std::uint8_t byte = found->chunks[i];
    chunks.push_back({i * umem.chunk_bytes, state_name(static_cast<State>(byte & ~kStray))});
  }
  return chunks;
}

std::uint64_t OwnershipMonitor::address_in(RingKind kind, const unsigned char* entry) {
  std::uint64_t address;
  std::memcpy(&address, entry, sizeof address);
  return kind == RingKind::kRx || kind == RingKind::kTx ? address & kBaseAddressMask : address;
}

std::optional<std::uint64_t> OwnershipMonitor::Socket::chunk_of(RingKind kind, std::uint64_t address) const {
  if (!umem.has_value()) return std::nullopt;
  // A FILL entry names a whole chunk, a TX descriptor any byte of one.
  const std::uint64_t last = umem->total_bytes - (kind == RingKind::kFill ? umem->chunk_bytes : 1);
  return address <= last ? std::optional(address / umem->chunk_bytes) : std::nullopt;
}

// Chunks that nobody sees in a ring: a frame is on its way into them, or out of them.
bool OwnershipMonitor::held(std::uint8_t chunk) {
  if ((chunk & kStray) != 0) return false;
  const State state = static_cast<State>(chunk);
  return state == State::kDevRx || state == State::kRx || state == State::kDevTx || state == State::kComp;
}

bool OwnershipMonitor::of_application(State state) {
  return state == State::kApp || state == State::kRxPublished || state == State::kCompPublished;
}

void OwnershipMonitor::assign(Socket& socket, std::uint64_t chunk, State state, std::uint8_t stray) {
  std::uint8_t& byte = socket.chunks[chunk];
  if (held(byte)) --socket.held;
  byte = static_cast<std::uint8_t>(static_cast<std::uint8_t>(state) | stray);
  if (held(byte)) ++socket.held;
}

OwnershipMonitor::Socket* OwnershipMonitor::find(std::uint64_t number) { return sockets_.find(number); }

void OwnershipMonitor::umem_registered(std::uint64_t number, const UmemShape& umem) {
  Socket& socket = sockets_[number];
  socket.number = number;
  socket.umem = umem;
  socket.chunks = ZeroedArray<std::uint8_t>(umem.total_bytes / umem.chunk_bytes);
  socket.generations = ZeroedArray<std::uint32_t>(umem.total_bytes / umem.chunk_bytes);
  // What was published before there was a UMEM counts from now.
  for (const RingKind kind : {RingKind::kFill, RingKind::kTx}) {
    Ring& ring = socket.ring(kind);
    if (!ring.made || ring.producer - ring.consumer > ring.shape.size) continue;
    for (std::uint32_t i = ring.consumer; i != ring.producer; ++i) {
      if (ring.slot(i) != 0) post(socket, kind, ring.slot(i) - 1, false);
    }
  }
}

void OwnershipMonitor::ring_created(std::uint64_t number, RingKind kind, const RingShape& shape) {
  Socket& socket = sockets_[number];
  socket.number = number;
  Ring& ring = socket.ring(kind);
  ring.made = true;
  ring.shape = shape;
  std::memcpy(&ring.producer, shape.base, sizeof ring.producer);
  std::memcpy(&ring.consumer, shape.base + 64, sizeof ring.consumer);
  ring.posted = ZeroedArray<std::uint64_t>(shape.size);
  ring.trail = EventTrail();
}

void OwnershipMonitor::socket_closed(std::uint64_t number) {
  const Socket* socket = find(number);
  if (socket == nullptr) return;
  check_leak(*socket, "the socket closed");
  sockets_.erase(number);
}

void OwnershipMonitor::post(Socket& socket, RingKind kind, std::uint64_t address, bool silently) {
  socket.ring(kind).trail.add("application posted {0:#x}", address, 0, now_ps_);
  const auto chunk = socket.chunk_of(kind, address);
  if (!chunk.has_value()) return;
  const std::uint8_t byte = socket.chunks[*chunk];
  const State state = static_cast<State>(byte & ~kStray);
  const bool has_it = of_application(state);
  std::uint8_t stray = byte & kStray;
  log_.checked(Invariant::k11);
  if (!has_it && stray == 0) {
    stray = kStray;
    if (!silently) {
      violated(Invariant::k11, Party::kApplication, socket, kind, [&] {
        return fmt::format("chunk {} (address {:#x}) was posted in {} while it was in {}", *chunk, address,
                           ring_kind_name(kind), state_name(state));
      });
    }
  }
  if (given_elsewhere(socket, *chunk)) {
    stray = kStray;
    violated(Invariant::k11, Party::kApplication, socket, kind, [&] {
      return fmt::format(
          "chunk {} (address {:#x}) was posted in {} while another socket on the same memory has it", *chunk,
          address, ring_kind_name(kind));
    });
  }
  socket.used = true;
  ++socket.generations[*chunk];
  assign(socket, *chunk, kind == RingKind::kFill ? State::kFill : State::kTx, stray);
}

// What is in the memory of such a chunk nobody can say any more, so that it is held against nobody.
bool OwnershipMonitor::given_elsewhere(const Socket& socket, std::uint64_t chunk) {
  const unsigned char* const begin = socket.umem->base + chunk * socket.umem->chunk_bytes;
  const unsigned char* const end = begin + socket.umem->chunk_bytes;
  static const InvariantLog::Set spoilt = [] {
    InvariantLog::Set set;
    for (const Invariant id : {Invariant::k12, Invariant::k16, Invariant::k17})
      set.set(static_cast<std::size_t>(id));
    return set;
  }();
  bool given = false;
  for (const auto& [number, other] : sockets_) {
    if (number == socket.number || !other->umem.has_value()) continue;
    const UmemShape& umem = *other->umem;
    if (end <= umem.base || begin >= umem.base + umem.total_bytes) continue;
    const std::uint64_t first =
        begin <= umem.base ? 0 : static_cast<std::uint64_t>(begin - umem.base) / umem.chunk_bytes;
    const std::uint64_t last =
        std::min<std::uint64_t>(static_cast<std::uint64_t>(end - 1 - umem.base) / umem.chunk_bytes,
                                umem.total_bytes / umem.chunk_bytes - 1);
    for (std::uint64_t i = first; i <= last; ++i) {
      if (of_application(static_cast<State>(other->chunks[i] & ~kStray))) continue;
      given = true;
      assign(*other, i, static_cast<State>(other->chunks[i] & ~kStray), kStray);
      log_.excuse_socket(number, spoilt);
    }
  }
  if (given) log_.excuse_socket(socket.number, spoilt);
  return given;
}

void OwnershipMonitor::move(Socket& socket, RingKind kind, std::uint64_t address, State from, State to,
                            const char* what) {
  const auto chunk = socket.chunk_of(kind, address);
  if (chunk.has_value()) {
    const std::uint8_t byte = socket.chunks[*chunk];
    const State state = static_cast<State>(byte & ~kStray);
    log_.checked(Invariant::k11);
    if (state != from && (byte & kStray) == 0) {
      violated(Invariant::k11, Party::kPlatform, socket, kind, [&] {
        return fmt::format("chunk {} (address {:#x}) was {} while it was in {}, not in {}", *chunk, address,
                           what, state_name(state), state_name(from));
      });
    }
    assign(socket, *chunk, to, byte & kStray);
  }
  socket.ring(kind).trail.add(to == State::kApp     ? "{0:#x} refused"
                              : to == State::kDevRx ? "{0:#x} taken for receiving"
                              : to == State::kRx    ? "{0:#x} delivered"
                              : to == State::kDevTx ? "{0:#x} taken for sending"
                                                    : "{0:#x} finished",
                              address, 0, now_ps_);
}

void OwnershipMonitor::ring_moved(std::uint64_t number, RingKind kind, Actor actor, std::uint32_t,
                                  std::uint32_t now, std::uint64_t time_ps) {
  now_ps_ = time_ps;
  Socket* socket = find(number);
  if (socket == nullptr || !socket->ring(kind).made) return;
  if (application_produces(kind)) {
    if (actor == Actor::kApplication) published_by_application(*socket, kind, now);
    if (actor == Actor::kPlatform) socket->ring(kind).consumer = now;
  } else {
    if (actor == Actor::kApplication) released_by_application(*socket, kind, now);
    if (actor == Actor::kPlatform) published_by_platform(*socket, kind, now);
  }
}

void OwnershipMonitor::published_by_application(Socket& socket, RingKind kind, std::uint32_t now) {
  Ring& ring = socket.ring(kind);
  const std::uint32_t from = std::exchange(ring.producer, now);
  // More than there is room for: nobody can tell which of the entries are meant.
  const std::uint32_t used = from - ring.consumer;
  if (used > ring.shape.size || now - from > ring.shape.size - used) {
    socket.misused = true;
    return;
  }
  for (std::uint32_t i = from; i != now; ++i) {
    const std::uint64_t address = address_in(kind, ring.shape.element(i));
    ring.slot(i) = address + 1;
    post(socket, kind, address, false);
  }
}

void OwnershipMonitor::published_by_platform(Socket& socket, RingKind kind, std::uint32_t now) {
  Ring& ring = socket.ring(kind);
  const std::uint32_t from = std::exchange(ring.producer, now);
  if (now - from > ring.shape.size) {
    socket.misused = true;
    return;
  }
  const State written = kind == RingKind::kRx ? State::kRx : State::kComp;
  const State published = kind == RingKind::kRx ? State::kRxPublished : State::kCompPublished;
  for (std::uint32_t i = from; i != now; ++i) {
    const std::uint64_t address = address_in(kind, ring.shape.element(i));
    ring.slot(i) = address + 1;
    if (const auto chunk = socket.chunk_of(kind, address)) {
      const std::uint8_t byte = socket.chunks[*chunk];
      if (static_cast<State>(byte & ~kStray) == written) {
        assign(socket, *chunk, published, byte & kStray);
      } else {
        socket.misused = true;
      }
    }
  }
}

void OwnershipMonitor::released_by_application(Socket& socket, RingKind kind, std::uint32_t now) {
  Ring& ring = socket.ring(kind);
  const std::uint32_t from = std::exchange(ring.consumer, now);
  if (now - from > ring.shape.size) {
    socket.misused = true;
    return;
  }
  const State published = kind == RingKind::kRx ? State::kRxPublished : State::kCompPublished;
  for (std::uint32_t i = from; i != now; ++i) {
    const std::uint64_t entry = std::exchange(ring.slot(i), 0);
    const auto chunk = entry == 0 ? std::nullopt : socket.chunk_of(kind, entry - 1);
    if (!chunk.has_value()) continue;
    log_.checked(Invariant::k11);
    const std::uint8_t byte = socket.chunks[*chunk];
    // Otherwise the application has already given it away again.
    if (static_cast<State>(byte & ~kStray) == published) assign(socket, *chunk, State::kApp, byte & kStray);
  }
  ring.trail.add("application released {0}..{1}", from, now, now_ps_);
}

void OwnershipMonitor::entry_taken(std::uint64_t number, RingKind kind, std::uint32_t index, Bytes bytes) {
  Socket* socket = find(number);
  if (socket == nullptr || !socket->ring(kind).made || bytes.size() < sizeof(std::uint64_t)) return;
  const std::uint64_t address = address_in(kind, bytes.data());
  const std::uint64_t entry = std::exchange(socket->ring(kind).slot(index), 0);
  if (entry == address + 1 && entry != 0) return;
  socket->misused = true;
  // Changed after publication, or never published: the chunk that was posted is not taken after all.
  const auto chunk = entry == 0 ? std::nullopt : socket->chunk_of(kind, entry - 1);
  if (chunk.has_value()) {
    const std::uint8_t byte = socket->chunks[*chunk];
    const State posted = kind == RingKind::kFill ? State::kFill : State::kTx;
    if (static_cast<State>(byte & ~kStray) == posted) assign(*socket, *chunk, State::kApp, byte & kStray);
  }
  post(*socket, kind, address, true);
}

void OwnershipMonitor::fill_judged(std::uint64_t number, std::uint64_t address, bool valid) {
  Socket* socket = find(number);
  if (socket == nullptr) return;
  move(*socket, RingKind::kFill, address, State::kFill, valid ? State::kDevRx : State::kApp,
       valid ? "accepted for receiving" : "refused");
  if (valid && socket->chunk_of(RingKind::kFill, address).has_value()) watch(*socket, address);
}

void OwnershipMonitor::watch(Socket& socket, std::uint64_t address) {
  if (socket.watches.size() == kWatchesMax) socket.watches.pop();
  Watch& watch = socket.watches.push();
  watch.address = address;
  watch.generation = socket.generations[address / socket.umem->chunk_bytes];
  const UmemShape& umem = *socket.umem;
  const std::uint64_t bytes =
      std::min<std::uint64_t>(umem.chunk_bytes, std::uint64_t{umem.headroom_bytes} + kWatchedBytesMax);
  const unsigned char* begin = umem.base + address;
  watch.before.assign(begin, begin + bytes);
}

void OwnershipMonitor::frame_delivered(std::uint32_t, std::uint64_t, std::uint64_t number,
                                       std::uint64_t address, Bytes bytes, std::uint64_t time_ps) {
  now_ps_ = time_ps;
  Socket* socket = find(number);
  if (socket == nullptr) return;
  move(*socket, RingKind::kRx, address, State::kDevRx, State::kRx, "delivered to");
  if (socket->umem.has_value()) check_delivery(*socket, address, bytes);
}

void OwnershipMonitor::check_delivery(Socket& socket, std::uint64_t address, Bytes bytes) {
  std::size_t i = 0;
  while (i < socket.watches.size() && socket.watches[i].address != address) ++i;
  if (i == socket.watches.size()) return;  // not accepted for receiving, which INV-11 has said
  const UmemShape& umem = *socket.umem;
  const Watch& watch = socket.watches[i];
  const std::size_t head = umem.headroom_bytes;
  const unsigned char* chunk = umem.base + address;
  check_generation(socket, RingKind::kRx, address, watch.generation);
  log_.checked(Invariant::k12);
  if (bytes.size() > umem.chunk_bytes - head || (!bytes.empty() && bytes.data() != chunk + head)) {
    violated(Invariant::k12, Party::kPlatform, socket, RingKind::kRx, [&] {
      return fmt::format(
          "{} bytes were delivered to address {:#x}{:+}; they belong at +{} and have room for {}",
          bytes.size(), address, bytes.data() - chunk, head, umem.chunk_bytes - head);
    });
  } else {
    const std::size_t watched = watch.before.size();
    const std::size_t tail = std::min(watched, head + bytes.size());
    const unsigned char* before = watch.before.data();
    const bool head_same = std::memcmp(before, chunk, std::min(head, watched)) == 0;
    if (!head_same || std::memcmp(before + tail, chunk + tail, watched - tail) != 0) {
      violated(Invariant::k12, Party::kPlatform, socket, RingKind::kRx, [&] {
        const std::size_t from = head_same ? tail : 0;
        const auto at = std::mismatch(before + from, before + watched, chunk + from).first - before;
        return fmt::format("the chunk at address {:#x} received {} bytes at +{}, and byte +{} changed too",
                           address, bytes.size(), head, at);
      });
    }
  }
  socket.watches.erase(i);
}

void OwnershipMonitor::tx_judged(std::uint64_t number, std::uint64_t base_address, bool valid, Bytes bytes) {
  Socket* socket = find(number);
  if (socket == nullptr) return;
  move(*socket, RingKind::kTx, base_address, State::kTx, valid ? State::kDevTx : State::kApp,
       valid ? "accepted for sending" : "refused");
  if (valid) {
    const auto chunk = socket->chunk_of(RingKind::kTx, base_address);
    socket->sent.push({base_address, bytes.data(), bytes.size(), hash_bytes(bytes.data(), bytes.size()),
                       chunk.has_value() ? socket->generations[*chunk] : 0});
  }
}

void OwnershipMonitor::tx_finished(std::uint64_t number, std::uint64_t base_address, Bytes bytes) {
  Socket* socket = find(number);
  if (socket == nullptr) return;
  const auto chunk = socket->chunk_of(RingKind::kCompletion, base_address);
  const bool stray = chunk.has_value() && (socket->chunks[*chunk] & kStray) != 0;
  move(*socket, RingKind::kCompletion, base_address, State::kDevTx, State::kComp, "completed");
  std::size_t i = 0;
  const auto is_it = [&](const Sent& sent) {
    return sent.base_address == base_address && sent.data == bytes.data() && sent.bytes == bytes.size();
  };
  while (i < socket->sent.size() && !is_it(socket->sent[i])) ++i;
  if (i == socket->sent.size()) return;  // never accepted, which INV-23 says
  const std::uint64_t before = socket->sent[i].hash;
  check_generation(*socket, RingKind::kCompletion, base_address, socket->sent[i].generation);
  socket->sent.erase(i);
  if (socket->read_from > 0) --socket->read_from;
  log_.checked(Invariant::k12);
  // A chunk that was posted twice may have been received into by right.
  if (stray || hash_bytes(bytes.data(), bytes.size()) == before) return;
  violated(Invariant::k12, Party::kApplication, *socket, RingKind::kTx, [&] {
    return fmt::format(
        "the {} bytes to send of chunk {} (address {:#x}) were changed while the device had them",
        bytes.size(), chunk.value_or(0), base_address);
  });
}

}  // namespace ringproof
