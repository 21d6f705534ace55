#include "sim/monitor/ring_monitor.h"

#include <fmt/format.h>

#include <cstring>
#include <utility>

#include "sim/monitor/ring_words.h"

namespace ringproof {
namespace {

constexpr std::uint64_t kLengthMask = 0xFFFFFFFF;

bool application_produces(RingKind kind) { return kind == RingKind::kFill || kind == RingKind::kTx; }

std::uint32_t load_platform_word(const RingShape& shape, RingKind kind) {
  return word_at(shape.base, application_produces(kind) ? kConsumerWord : 0);
}

const char* actor_name(Actor actor) { return actor == Actor::kApplication ? "application" : "platform"; }

Party party_of(Actor actor) { return actor == Actor::kApplication ? Party::kApplication : Party::kPlatform; }

std::string words(const std::array<std::uint64_t, 2>& entry, std::uint32_t bytes) {
  return bytes == 8 ? fmt::format("{:#x}", entry[0])
                    : fmt::format("address {:#x} offset {} length {}", entry[0] & 0xFFFFFFFFFFFF,
                                  entry[0] >> 48, entry[1] & kLengthMask);
}

}  // namespace

RingMonitor::Entry RingMonitor::Ring::read(std::uint32_t index) const {
  Entry entry{};
  const unsigned char* element = shape.element(index);
  std::memcpy(&entry[0], element, sizeof entry[0]);
  if (entry_bytes == sizeof entry) std::memcpy(&entry[1], element + sizeof entry[0], sizeof entry[1]);
  return entry;
}

RingMonitor::Ring* RingMonitor::find(std::uint64_t socket, RingKind kind) {
  return rings_.find(socket, kind);
}

void RingMonitor::umem_registered(std::uint64_t socket, const UmemShape& umem) {
  headroom_bytes_[socket] = umem.headroom_bytes;
}

void RingMonitor::ring_created(std::uint64_t socket, RingKind kind, const RingShape& shape) {
  Ring ring{Place::ring(socket, kind),
            kind,
            shape,
            8,
            word_at(shape.base, 0),
            word_at(shape.base, kConsumerWord),
            word_at(shape.base, kConsumerWord),
            false,
            ZeroedArray<Entry>(shape.size),
            {},
            {}};
  if (kind == RingKind::kRx || kind == RingKind::kTx) ring.entry_bytes = 16;
  rings_.set(socket, kind, std::move(ring));
}

void RingMonitor::socket_closed(std::uint64_t socket) {
  rings_.erase(socket);
  headroom_bytes_.erase(socket);
}

void RingMonitor::misuse(Ring& ring) {
  ring.misused = true;
  ring.announced.clear();
}

void RingMonitor::check_platform_word(Ring& ring, std::uint32_t value) {
  std::uint32_t& mine = application_produces(ring.kind) ? ring.consumer : ring.producer;
  if (value == mine) return;
  violated(Invariant::k02, Party::kApplication, ring, [&] {
    return fmt::format("the {} index belongs to the platform, which left it at {}; something else made it {}",
                       application_produces(ring.kind) ? "consumer" : "producer", mine, value);
  });
  mine = value;
  misuse(ring);
}

void RingMonitor::check_occupancy(Ring& ring) {
  log_.checked(Invariant::k01);
  // What the shadow says too has been reported as the step that led there.
  if (ring.misused || ring.used() > ring.shape.size) return;
  const std::uint32_t producer = word_at(ring.shape.base, 0);
  const std::uint32_t consumer = word_at(ring.shape.base, kConsumerWord);
  if (producer - consumer <= ring.shape.size) return;
  violated(Invariant::k01, Party::kApplication, ring, [&] {
    return fmt::format("producer {} and consumer {} say {} of {} entries are used", producer, consumer,
                       producer - consumer, ring.shape.size);
  });
  ring.producer = producer;
  ring.consumer = consumer;
  misuse(ring);
}

bool RingMonitor::step(Ring& ring, Actor actor, std::uint32_t& index, std::uint32_t now) {
  const bool produces = &index == &ring.producer;
  const std::uint32_t size = ring.shape.size;
  const std::uint32_t used = ring.used();
  // With nonsense in the ring already, a step is only asked to go forward.
  const std::uint32_t room = used > size ? size : produces ? size - used : used;
  const std::uint32_t from = std::exchange(index, now);
  log_.checked(Invariant::k02);
  const bool legal = now - from - 1 < room;  // 1..room, mod 2^32
  const bool excused = ring.misused && actor == Actor::kPlatform;
  if (legal || excused) return legal;
  violated(Invariant::k02, party_of(actor), ring, [&] {
    return fmt::format(
        "the {} moved its {} index from {} to {}, a step of {}; with {} of {} entries used, {}",
        actor_name(actor), produces ? "producer" : "consumer", from, now, now - from, used, size,
        room == 0 ? "it may not move" : fmt::format("1 to {} are allowed", room));
  });
  if (actor == Actor::kApplication) misuse(ring);
  return false;
}

void RingMonitor::ring_moved(std::uint64_t socket, RingKind kind, Actor actor, std::uint32_t old,
                             std::uint32_t now, std::uint64_t time_ps) {
  Ring* ring = find(socket, kind);
  if (ring == nullptr) return;
  now_ps_ = time_ps;
  const bool by_application = actor == Actor::kApplication;
  const bool produces = by_application == application_produces(kind);
  std::uint32_t& index = produces ? ring->producer : ring->consumer;
  // A store that was noticed in memory before anybody told of it.
  if (by_application && old != index && now == index) return;

  check_platform_word(*ring, by_application ? load_platform_word(ring->shape, kind) : old);
  const std::uint32_t from = index;
  const bool legal = step(*ring, actor, index, now);
  ring->trail.add(produces
                      ? (by_application ? "application produced {0}..{1}" : "platform produced {0}..{1}")
                      : (by_application ? "application consumed {0}..{1}" : "platform consumed {0}..{1}"),
                  from, now, time_ps);
  if (legal && !ring->misused) {
    if (produces) {
      published(*ring, actor, from);
    } else {
      released(*ring, actor, from);
    }
  } else if (!ring->misused) {
    // The platform went wrong: go on from where it stands.
    ring->taken = ring->consumer;
    ring->announced.clear();
    if (ring->used() <= ring->shape.size) {
      for (std::uint32_t i = ring->consumer; i != ring->producer; ++i) ring->shadow(i) = ring->read(i);
    }
  }
  check_occupancy(*ring);
}

void RingMonitor::published(Ring& ring, Actor actor, std::uint32_t from) {
  if (actor == Actor::kPlatform) check_announced(ring, from);
  for (std::uint32_t i = from; i != ring.producer; ++i) ring.shadow(i) = ring.read(i);
}

void RingMonitor::check_announced(Ring& ring, std::uint32_t from) {
  const std::uint32_t count = ring.producer - from;
  for (std::uint32_t i = 0; i < count; ++i) log_.checked(Invariant::k08);
  if (ring.announced.size() != count) {
    violated(Invariant::k08, Party::kPlatform, ring, [&] {
      return fmt::format("{} entries were published from {} on, but {} frames had been {}", count, from,
                         ring.announced.size(), ring.kind == RingKind::kRx ? "delivered" : "finished");
    });
    ring.announced.clear();
    return;
  }
  for (std::uint32_t i = 0; i < count; ++i) {
    const Entry& expected = ring.announced[i];
    Entry entry = ring.read(from + i);
    entry[1] &= kLengthMask;  // the reserved half is nobody's
    if (entry == expected) continue;
    violated(Invariant::k08, Party::kPlatform, ring, [&] {
      return fmt::format("entry {} was published as {}, but the frame was {}", from + i,
                         words(entry, ring.entry_bytes), words(expected, ring.entry_bytes));
    });
    break;  // the rest of a shifted batch is the same mistake
  }
  ring.announced.clear();
}

void RingMonitor::released(Ring& ring, Actor actor, std::uint32_t from) {
  if (actor == Actor::kPlatform) {
    if (ring.taken == ring.consumer) return;
    violated(Invariant::k08, Party::kPlatform, ring, [&] {
      return fmt::format("the consumer index went from {} to {}, but the entries before {} had been taken",
                         from, ring.consumer, ring.taken);
    });
    ring.taken = ring.consumer;
    return;
  }
  for (std::uint32_t i = from; i != ring.consumer; ++i) {
    log_.checked(Invariant::k04);
    const Entry entry = ring.read(i);
    if (entry == ring.shadow(i)) continue;
    violated(Invariant::k04, Party::kApplication, ring, [&] {
      return fmt::format(
          "entry {}, which only the platform may write, was published as {} and released as {}", i,
          words(ring.shadow(i), ring.entry_bytes), words(entry, ring.entry_bytes));
    });
  }
}

void RingMonitor::entry_taken(std::uint64_t socket, RingKind kind, std::uint32_t index, Bytes bytes) {
  Ring* ring = find(socket, kind);
  if (ring == nullptr) return;
  Entry entry{};
  std::memcpy(entry.data(), bytes.data(), std::min<std::size_t>(bytes.size(), ring->entry_bytes));
  check_platform_word(*ring, load_platform_word(ring->shape, kind));
  check_occupancy(*ring);
  log_.checked(Invariant::k08);
  const std::uint32_t expected = std::exchange(ring->taken, index + 1);
  if (!ring->misused) {
    if (index - ring->consumer >= ring->used() || index != expected) {
      violated(Invariant::k08, Party::kPlatform, *ring, [&] {
        return fmt::format("the platform took entry {}; the next one is {}, published are those before {}",
                           index, expected, ring->producer);
      });
    } else {
      log_.checked(Invariant::k04);
      if (entry != ring->shadow(index)) {
        violated(Invariant::k04, Party::kApplication, *ring, [&] {
          return fmt::format("entry {} was published as {} and changed to {} before the platform took it",
                             index, words(ring->shadow(index), ring->entry_bytes),
                             words(entry, ring->entry_bytes));
        });
      }
    }
  }
  ring->trail.add("platform took {0}: {1:#x}", index, entry[0], now_ps_);
}

void RingMonitor::announce(std::uint64_t socket, RingKind kind, const Entry& entry) {
  Ring* ring = find(socket, kind);
  if (ring == nullptr) return;
  check_platform_word(*ring, load_platform_word(ring->shape, kind));
  ring->trail.add(kind == RingKind::kRx ? "platform wrote {0:#x}, {1} bytes" : "platform wrote {0:#x}",
                  entry[0], entry[1], now_ps_);
  if (ring->misused) return;
  ring->announced.push(entry);
  if (ring->announced.size() <= ring->shape.size) return;
  log_.checked(Invariant::k08);
  violated(Invariant::k08, Party::kPlatform, *ring, [&] {
    return fmt::format("{} entries were written and none of them published", ring->announced.size());
  });
  ring->announced.clear();
}

void RingMonitor::frame_delivered(std::uint32_t, std::uint64_t, std::uint64_t socket, std::uint64_t address,
                                  Bytes bytes, std::uint64_t time_ps) {
  now_ps_ = time_ps;
  const std::uint32_t* headroom_bytes = headroom_bytes_.find(socket);
  const std::uint64_t offset = headroom_bytes == nullptr ? 0 : *headroom_bytes;
  announce(socket, RingKind::kRx, {address | (offset << 48), bytes.size()});
}

void RingMonitor::tx_finished(std::uint64_t socket, std::uint64_t base_address, Bytes) {
  announce(socket, RingKind::kCompletion, {base_address, 0});
}

}  // namespace ringproof
