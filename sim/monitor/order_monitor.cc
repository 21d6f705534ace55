#include "sim/monitor/order_monitor.h"

#include <fmt/format.h>

#include <utility>

#include "sim/monitor/ring_words.h"

namespace ringproof {
namespace {

constexpr RingKind kKinds[] = {RingKind::kFill, RingKind::kRx, RingKind::kTx, RingKind::kCompletion};
constexpr const char* kIndexNames[] = {"producer", "consumer"};
constexpr std::size_t kProducer = 0;
constexpr std::size_t kConsumer = 1;

bool acquires(MemoryOrder order) { return order != MemoryOrder::kRelaxed && order != MemoryOrder::kRelease; }
bool releases(MemoryOrder order) { return order != MemoryOrder::kRelaxed && order != MemoryOrder::kAcquire; }
bool covers(std::uint32_t index, std::uint32_t needed) { return index - needed < 0x80000000; }

const char* name_of(Actor actor) { return actor == Actor::kApplication ? "application" : "platform"; }
Party party_of(Actor actor) { return actor == Actor::kApplication ? Party::kApplication : Party::kPlatform; }
Actor other(Actor actor) { return actor == Actor::kApplication ? Actor::kPlatform : Actor::kApplication; }
Invariant invariant_of(std::size_t channel) { return channel == kProducer ? Invariant::k05 : Invariant::k06; }

}  // namespace

OrderMonitor::Ring* OrderMonitor::find(std::uint64_t socket, RingKind kind) {
  return rings_.find(socket, kind);
}

OrderMonitor::Ring* OrderMonitor::find(const void* word, std::size_t* offset) {
  const auto* place = words_.find(static_cast<const unsigned char*>(word));
  if (place == nullptr) return nullptr;
  *offset = reinterpret_cast<std::uintptr_t>(word) - reinterpret_cast<std::uintptr_t>(place->begin);
  return *offset == 0 || *offset == kConsumerWord || *offset == kFlagsWord ? place->value : nullptr;
}

void OrderMonitor::ring_created(std::uint64_t socket, RingKind kind, const RingShape& shape) {
  const bool application_produces = kind == RingKind::kFill || kind == RingKind::kTx;
  const Actor producer = application_produces ? Actor::kApplication : Actor::kPlatform;
  const std::uint32_t produced = word_at(shape.base, 0);
  const std::uint32_t consumed = word_at(shape.base, kConsumerWord);
  Ring ring{Place::ring(socket, kind),
            kind,
            shape,
            {Channel{producer, produced, produced}, Channel{other(producer), consumed, consumed}},
            word_at(shape.base, kFlagsWord),
            false,
            {}};
  if (const Ring* earlier = find(socket, kind)) words_.erase(earlier->shape.base);
  words_.set(shape.base, &rings_.set(socket, kind, ring));
}

void OrderMonitor::socket_closed(std::uint64_t socket) {
  for (const RingKind kind : kKinds) {
    if (const Ring* ring = find(socket, kind)) words_.erase(ring->shape.base);
  }
  rings_.erase(socket);
}

void OrderMonitor::ring_moved(std::uint64_t socket, RingKind kind, Actor actor, std::uint32_t old,
                              std::uint32_t now, std::uint64_t time_ps) {
  now_ps_ = time_ps;
  if (actor != Actor::kApplication) return;
  if (Ring* ring = find(socket, kind)) ring->misused |= now - old - 1 >= ring->shape.size;
}

void OrderMonitor::shared_access(const SharedAccess& access) {
  now_ps_ = access.time_ps;
  ++serial_;
  if (access.kind == SharedAccess::Kind::kFence) {
    fenced(access);
    return;
  }
  std::size_t offset = 0;
  Ring* ring = find(access.word, &offset);
  if (ring == nullptr) return;
  const bool is_load = access.kind == SharedAccess::Kind::kLoad;
  const std::size_t index = offset == kConsumerWord ? kConsumer : kProducer;
  // Whoever looks at the other side's words has not written the entries yet that it is going to publish.
  if (is_load && (offset == kFlagsWord || access.side != ring->channels[index].writer)) {
    fences(access.task).releasing = 0;
  }
  if (offset == kFlagsWord) {
    if (!is_load) flags_stored(*ring, access);
    return;
  }
  if (!is_load) {
    stored(*ring, index, access);
  } else if (access.side != ring->channels[index].writer) {
    loaded(ring->channels[index], access);
  }
}

void OrderMonitor::fenced(const SharedAccess& access) {
  Fences& mine = fences(access.task);
  if (acquires(access.order)) mine.acquiring = serial_;
  if (releases(access.order)) mine.releasing = serial_;
}

void OrderMonitor::loaded(Channel& channel, const SharedAccess& access) {
  channel.loaded = access.value;
  channel.loaded_by = access.task;
  channel.loaded_at = serial_;
  if (acquires(access.order) && covers(access.value, channel.acquired)) channel.acquired = access.value;
}

void OrderMonitor::check_owner(Ring& ring, Actor owner, const char* word, const SharedAccess& access) {
  log_.checked(Invariant::k03);
  if (access.side == owner) return;
  log_.violated(Invariant::k03, party_of(access.side), ring.place, ring.trail, access.time_ps, [&] {
    return fmt::format("the {} belongs to the {}; task {} of the {} stored {} there", word, name_of(owner),
                       access.task, name_of(access.side), access.value);
  });
  ring.misused = true;
}

void OrderMonitor::stored(Ring& ring, std::size_t which, const SharedAccess& access) {
  Channel& channel = ring.channels[which];
  check_owner(ring, channel.writer, which == kProducer ? "producer index" : "consumer index", access);
  if (access.side != channel.writer || access.value == access.old) return;

  log_.checked(invariant_of(which));
  const bool ordered = releases(access.order) || fences(access.task).releasing > channel.stored_at;
  if (!ordered) {
    log_.violated(invariant_of(which), party_of(access.side), ring.place, ring.trail, access.time_ps, [&] {
      return fmt::format(
          "task {} of the {} moved the {} index from {} to {} without release: what it {} before may "
          "come after",
          access.task, name_of(access.side), kIndexNames[which], access.old, access.value,
          which == kProducer ? "wrote into the entries" : "read from the entries");
    });
  }
  channel.stored_at = serial_;
  const std::uint32_t needed = which == kProducer ? access.value - ring.shape.size : access.value;
  check_acquired(ring, 1 - which, needed, access.side, access.time_ps);
  ring.trail.add(
      access.side == Actor::kApplication
          ? (which == kProducer ? "application produced {0}..{1}" : "application consumed {0}..{1}")
          : (which == kProducer ? "platform produced {0}..{1}" : "platform consumed {0}..{1}"),
      access.old, access.value, access.time_ps);
}

void OrderMonitor::check_acquired(Ring& ring, std::size_t which, std::uint32_t needed, Actor reader,
                                  std::uint64_t time_ps) {
  Channel& channel = ring.channels[which];
  log_.checked(invariant_of(which));
  if (ring.misused || covers(channel.acquired, needed)) return;
  if (!covers(channel.loaded, needed)) return;  // read by other means, or not at all: INV-02 judges the step
  if (fences(channel.loaded_by).acquiring > channel.loaded_at) {
    channel.acquired = channel.loaded;
    return;
  }
  log_.violated(invariant_of(which), party_of(reader), ring.place, ring.trail, time_ps, [&] {
    return fmt::format(
        "task {} of the {} read the {} index as {} without acquire, and {} on the strength of it",
        channel.loaded_by, name_of(reader), kIndexNames[which], channel.loaded,
        which == kProducer ? "used the entries" : "reused entries");
  });
  channel.acquired = channel.loaded;
}

void OrderMonitor::flags_stored(Ring& ring, const SharedAccess& access) {
  check_owner(ring, Actor::kPlatform, "flags word", access);
  if (access.side == Actor::kPlatform && access.old != ring.flags) {
    log_.violated(Invariant::k03, Party::kApplication, ring.place, ring.trail, access.time_ps, [&] {
      return fmt::format(
          "the flags belong to the platform, which left them at {:#x}; something else made them {:#x}",
          ring.flags, access.old);
    });
  }
  ring.flags = access.value;
  ring.trail.add("flags {0:#x} became {1:#x}", access.old, access.value, access.time_ps);
}

void OrderMonitor::entry_taken(std::uint64_t socket, RingKind kind, std::uint32_t index, Bytes) {
  if (Ring* ring = find(socket, kind)) check_acquired(*ring, kProducer, index + 1, Actor::kPlatform, now_ps_);
}

void OrderMonitor::peer_cached(std::uint64_t socket, RingKind kind, std::uint32_t index,
                               std::uint64_t time_ps) {
  Ring* ring = find(socket, kind);
  if (ring == nullptr) return;
  log_.checked(Invariant::k09);
  const std::size_t which = ring->channels[kProducer].writer == Actor::kApplication ? kProducer : kConsumer;
  const std::uint32_t shared = word_at(ring->shape.base, which == kProducer ? 0 : kConsumerWord);
  // What was read may have been taken back since by an application that moves its index backwards.
  if (ring->misused || covers(shared, index) || covers(ring->channels[which].loaded, index)) return;
  log_.violated(Invariant::k09, Party::kPlatform, ring->place, ring->trail, time_ps, [&] {
    return fmt::format(
        "the platform works with {} index {}, but the shared one is {} and was last read as {}",
        kIndexNames[which], index, shared, ring->channels[which].loaded);
  });
}

}  // namespace ringproof
