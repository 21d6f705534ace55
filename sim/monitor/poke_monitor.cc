#include "sim/monitor/poke_monitor.h"

#include <fmt/format.h>

#include "model/xdp/public_api.h"
#include "sim/monitor/ring_words.h"

namespace ringproof {
namespace {

constexpr auto kError = static_cast<std::uint32_t>(XSK_RING_FLAG_ERROR);
constexpr auto kNeedPoke = static_cast<std::uint32_t>(XSK_RING_FLAG_NEED_POKE);
constexpr auto kAffinityChanged = static_cast<std::uint32_t>(XSK_RING_FLAG_AFFINITY_CHANGED);
constexpr auto kOffloadChanged = static_cast<std::uint32_t>(XSK_RING_FLAG_OFFLOAD_CHANGED);

}  // namespace

PokeMonitor::Socket* PokeMonitor::find(std::uint64_t socket) { return sockets_.find(socket); }

void PokeMonitor::ring_created(std::uint64_t socket, RingKind kind, const RingShape& shape) {
  Socket& owner = sockets_[socket];
  Ring& ring = owner.ring(kind);
  if (ring.base != nullptr) words_.erase(ring.base);
  ring = {};
  ring.base = shape.base;
  ring.entries = shape.size;
  ring.flags = word_at(shape.base, kFlagsWord);
  words_.set(shape.base, {&owner, socket, kind});
}

void PokeMonitor::socket_closed(std::uint64_t number) {
  Socket* socket = find(number);
  if (socket == nullptr) return;
  // A program that leaves at once does not wait for what it gave; one that was stuck for a while did.
  if (socket->stranded_ps.has_value() && now_ps_ - *socket->stranded_ps > stranded_ps_max_) {
    stranded(number, *socket, "until the socket was closed", now_ps_);
  }
  for (const Ring& ring : socket->rings) {
    if (ring.base != nullptr) words_.erase(ring.base);
  }
  sockets_.erase(number);
}

bool PokeMonitor::unread(const Socket& socket) {
  const unsigned char* base = socket.ring(RingKind::kTx).base;
  return base != nullptr && word_at(base, 0) != word_at(base, kConsumerWord);
}

bool PokeMonitor::flag_in_memory(const Socket& socket, RingKind kind, std::uint32_t flag) {
  return (word_at(socket.ring(kind).base, kFlagsWord) & flag) != 0;
}

// Nobody is about to look at the TX ring by himself.
bool PokeMonitor::idle(const Socket& socket) {
  return socket.served && !socket.in_pass && socket.pokes == 0 && socket.outstanding == 0 && !socket.polled &&
         socket.mode_changes == 0;
}

bool PokeMonitor::room_for_completions(const Socket& socket) {
  const Ring& completion = socket.ring(RingKind::kCompletion);
  return completion.base != nullptr &&
         word_at(completion.base, 0) - word_at(completion.base, kConsumerWord) < completion.entries;
}

void PokeMonitor::look_for_stranding(std::uint64_t number, Socket& socket, std::uint64_t time_ps) {
  if (!idle(socket) || !unread(socket) || flag_in_memory(socket, RingKind::kTx, kError)) {
    socket.stranded_ps.reset();
    return;
  }
  log_.checked(Invariant::k33);
  // An application that wrote the flag itself has stranded itself.
  const bool by_platform = (socket.ring(RingKind::kTx).flags & kNeedPoke) == 0;
  if (!by_platform || flag_in_memory(socket, RingKind::kTx, kNeedPoke)) {
    socket.stranded_ps.reset();
  } else if (!socket.stranded_ps.has_value()) {
    socket.stranded_ps = time_ps;
    const unsigned char* base = socket.ring(RingKind::kTx).base;
    socket.stranded_entries = word_at(base, 0) - word_at(base, kConsumerWord);
  } else if (time_ps > *socket.stranded_ps && time_ps - *socket.stranded_ps > stranded_ps_max_) {
    stranded(number, socket, "for longer than any delay", time_ps);
  }
}

void PokeMonitor::stranded(std::uint64_t number, Socket& socket, const char* when, std::uint64_t time_ps) {
  log_.violated(Invariant::k33, Party::kPlatform, Place::ring(number, RingKind::kTx),
                socket.ring(RingKind::kTx).trail, time_ps, [&] {
                  return fmt::format(
                      "{} entries are unread, nothing is under way and NEED_POKE is not set, since {} ns, {}",
                      socket.stranded_entries, *socket.stranded_ps / 1000, when);
                });
  socket.stranded_ps = time_ps;
}

void PokeMonitor::went_quiet(std::uint64_t time_ps) {
  now_ps_ = time_ps;
  for (const auto& [number, socket] : sockets_) {
    if (socket->ring(RingKind::kTx).base == nullptr) continue;
    look_for_stranding(number, *socket, time_ps);
    if (socket->stranded_ps.has_value()) stranded(number, *socket, "and all is quiet", time_ps);
    look_for_missed_flag(number, *socket, time_ps);
  }
}

void PokeMonitor::wait_blocked(std::uint64_t number, std::uint64_t, std::uint64_t time_ps) {
  const Socket* socket = find(number);
  if (socket != nullptr && idle(*socket)) look_for_missed_flag(number, *socket, time_ps);
}

// With a fence between submit and look one of the two sees the other: the application the flag, or the
// platform, which looks again behind its own, the index.
void PokeMonitor::look_for_missed_flag(std::uint64_t number, const Socket& socket, std::uint64_t time_ps) {
  if (!socket.saw_no_flag || !unread(socket) || !flag_in_memory(socket, RingKind::kTx, kNeedPoke)) return;
  if (!room_for_completions(socket)) return;
  log_.violated(Invariant::k33, Party::kApplication, Place::ring(number, RingKind::kTx),
                socket.ring(RingKind::kTx).trail, time_ps, [] {
                  return std::string(
                      "the application waits with entries unread and NEED_POKE set, of which it saw nothing "
                      "after its last submit; a full fence belongs between the two");
                });
}

void PokeMonitor::shared_access(const SharedAccess& access) {
  now_ps_ = access.time_ps;
  if (access.kind == SharedAccess::Kind::kFence) {
    fenced(access);
    return;
  }
  const auto* place = words_.find(static_cast<const unsigned char*>(access.word));
  if (place == nullptr) return;
  const std::size_t offset =
      reinterpret_cast<std::uintptr_t>(access.word) - reinterpret_cast<std::uintptr_t>(place->begin);
  if (offset > kFlagsWord) return;
  const Word& word = place->value;
  Socket& socket = *word.owner;
  const bool is_load = access.kind == SharedAccess::Kind::kLoad;
  if (offset != kFlagsWord) {
    if (is_load && socket.recheck == Recheck::kNone) return;  // nobody owes a look
    index_accessed(word, socket, offset, access);
  } else if (!is_load) {
    flags_changed(word, socket, access);
  } else if (word.kind == RingKind::kTx && access.side == Actor::kApplication) {
    socket.saw_no_flag = (access.value & kNeedPoke) == 0;
  }
}

void PokeMonitor::fenced(const SharedAccess& access) {
  if (access.order != MemoryOrder::kSequential) return;
  std::erase_if(due_, [&](std::uint64_t number) {
    Socket* socket = find(number);
    if (socket == nullptr || socket->recheck != Recheck::kDue) return true;
    if (socket->recheck_task != access.task) return false;
    socket->recheck = Recheck::kFenced;
    return true;
  });
}

void PokeMonitor::index_accessed(const Word& at, Socket& socket, std::size_t offset,
                                 const SharedAccess& access) {
  const bool is_load = access.kind == SharedAccess::Kind::kLoad;
  const bool tx_producer = at.kind == RingKind::kTx && offset == 0;
  const bool completion_consumer = at.kind == RingKind::kCompletion && offset == kConsumerWord;
  if (tx_producer && !is_load) {
    socket.saw_no_flag = false;
    socket.ring(RingKind::kTx).trail.add("producer {0} became {1}", access.old, access.value, access.time_ps);
    look_for_stranding(at.socket, socket, access.time_ps);
  }
  if (!is_load || !(tx_producer || completion_consumer) || access.task != socket.recheck_task) return;
  if (socket.recheck == Recheck::kDue) {
    unhygienic(Party::kPlatform, {&socket, at.socket, RingKind::kTx}, socket, access.time_ps, [] {
      return std::string("NEED_POKE was set and the rings looked at again without a full fence in between");
    });
  }
  socket.recheck = Recheck::kNone;
}

void PokeMonitor::flags_changed(const Word& at, Socket& socket, const SharedAccess& access) {
  if (access.side != Actor::kPlatform) return;  // INV-03 is about that
  log_.checked(Invariant::k36);
  Ring& ring = socket.ring(at.kind);
  if (ring.error && (access.old & kError) == 0) {
    unhygienic(Party::kApplication, at, socket, access.time_ps,
               [] { return std::string("the error flag was set, and something else cleared it"); });
    ring.error = false;
  }
  if (const std::uint32_t cleared = access.old & ~access.value) bits_cleared(at, socket, cleared, access);
  if (const std::uint32_t set = access.value & ~access.old) bits_set(at, socket, set, access);
  ring.flags = access.value;
  ring.trail.add("flags {0:#x} became {1:#x}", access.old, access.value, access.time_ps);
  if (at.kind == RingKind::kTx) look_for_stranding(at.socket, socket, access.time_ps);
}

void PokeMonitor::bits_cleared(const Word& at, Socket& socket, std::uint32_t bits,
                               const SharedAccess& access) {
  Ring& ring = socket.ring(at.kind);
  if ((bits & kError) != 0) {
    unhygienic(Party::kPlatform, at, socket, access.time_ps,
               [] { return std::string("the error flag was cleared; it is for good"); });
    ring.error = false;
  }
  const bool poke = at.kind == RingKind::kTx && socket.pokes > 0;
  const bool under_way = at.kind == RingKind::kTx && socket.in_pass && socket.outstanding > 0;
  if ((bits & kNeedPoke) != 0 && !poke && !under_way && socket.mode_changes == 0) {
    unhygienic(Party::kPlatform, at, socket, access.time_ps, [&] {
      return fmt::format("task {} cleared NEED_POKE with no poke accepted and {} frames under way",
                         access.task, socket.outstanding);
    });
  }
  const std::uint32_t unasked = bits & (kAffinityChanged | kOffloadChanged) & ~ring.queried;
  if (unasked != 0) {
    unhygienic(Party::kPlatform, at, socket, access.time_ps, [&] {
      return fmt::format("{} was cleared without the query that goes with it",
                         unasked == kAffinityChanged ? "AFFINITY_CHANGED" : "OFFLOAD_CHANGED");
    });
  }
  ring.queried = 0;
}

void PokeMonitor::bits_set(const Word& at, Socket& socket, std::uint32_t bits, const SharedAccess& access) {
  Ring& ring = socket.ring(at.kind);
  if ((bits & kError) != 0) ring.error = true;
  if ((bits & kNeedPoke) != 0 && at.kind == RingKind::kTx && socket.in_pass && socket.mode_changes == 0) {
    socket.recheck = Recheck::kDue;
    due_.push_back(at.socket);
    socket.recheck_task = access.task;
  }
  if ((bits & kAffinityChanged) == 0) return;
  if (ring.affinity == access.cpu) {
    unhygienic(Party::kPlatform, at, socket, access.time_ps, [&] {
      return fmt::format("AFFINITY_CHANGED was raised, but processor {} has been told already", access.cpu);
    });
  }
  ring.affinity = access.cpu;
}

void PokeMonitor::tx_judged(std::uint64_t number, std::uint64_t, bool valid, Bytes) {
  Socket* socket = find(number);
  if (socket != nullptr && valid) ++socket->outstanding;
}

void PokeMonitor::tx_finished(std::uint64_t number, std::uint64_t, Bytes) {
  Socket* socket = find(number);
  if (socket != nullptr && socket->outstanding > 0) --socket->outstanding;
}

void PokeMonitor::transmit_pass(std::uint64_t number, bool begins, std::uint32_t outstanding,
                                std::uint64_t time_ps) {
  Socket* socket = find(number);
  if (socket == nullptr) return;
  now_ps_ = time_ps;
  socket->outstanding = outstanding;
  socket->served = true;
  socket->in_pass = begins;
  socket->stranded_ps.reset();
  if (begins) return;
  if (socket->recheck != Recheck::kNone && !socket->ring(RingKind::kTx).error &&
      !socket->ring(RingKind::kCompletion).error) {
    unhygienic(Party::kPlatform, {socket, number, RingKind::kTx}, *socket, time_ps, [] {
      return std::string("a pass set NEED_POKE and ended without looking at the rings again");
    });
  }
  socket->recheck = Recheck::kNone;
  look_for_stranding(number, *socket, time_ps);
}

// From now on a poke, or a pass, is owed to what the ring holds: a platform that never comes has to say so.
void PokeMonitor::tx_joined(std::uint64_t number, std::uint32_t, std::uint32_t, bool, bool) {
  if (Socket* socket = find(number)) socket->served = true;
}

void PokeMonitor::tx_poked(std::uint64_t number, bool begins, std::uint64_t time_ps) {
  Socket* socket = find(number);
  if (socket == nullptr) return;
  now_ps_ = time_ps;
  if (begins) {
    ++socket->pokes;
    socket->saw_no_flag = false;
    socket->ring(RingKind::kTx).trail.add("poked", 0, 0, time_ps);
    socket->stranded_ps.reset();
  } else if (socket->pokes > 0) {
    --socket->pokes;
  }
}

void PokeMonitor::poll_mode_changing(std::uint64_t number, bool begins, bool polled) {
  Socket* socket = find(number);
  if (socket == nullptr) return;
  socket->polled = polled;
  if (begins) {
    ++socket->mode_changes;
  } else if (socket->mode_changes > 0) {
    --socket->mode_changes;
  }
}

void PokeMonitor::flag_queried(std::uint64_t number, RingKind kind, std::uint32_t flag) {
  if (Socket* socket = find(number)) socket->ring(kind).queried = flag;
}

}  // namespace ringproof
