#include "sim/monitor/fault_excuses.h"

#include <algorithm>

namespace ringproof {
namespace {

using Set = InvariantLog::Set;

Set set_of(std::initializer_list<Invariant> ids) {
  Set set;
  for (const Invariant id : ids) set.set(static_cast<std::size_t>(id));
  return set;
}

// How long things take, and that they end: not while faults strike.
const Set& liveness() {
  static const Set set = set_of(
      {Invariant::k33, Invariant::k34, Invariant::k35, Invariant::k37, Invariant::k38, Invariant::k39});
  return set;
}

// Containment is demanded whatever an application does.
const Set& all_but_containment() {
  static const Set set =
      Set().set() & ~set_of({Invariant::k10, Invariant::k25, Invariant::k43, Invariant::k44, Invariant::k21,
                             Invariant::k24, Invariant::k28, Invariant::k48, Invariant::k50});
  return set;
}

// What becomes of chunks and their bytes. Whose they are is no longer certain for any socket on the memory;
// its rings are its own.
const Set& chunks() {
  static const Set set = set_of(
      {Invariant::k11, Invariant::k12, Invariant::k13, Invariant::k15, Invariant::k16, Invariant::k17});
  return set;
}

bool spoils_socket(FaultId id) {
  switch (id) {
    case FaultId::kDsc01:
    case FaultId::kDsc04:
    case FaultId::kMem03:
    case FaultId::kApp01:
    case FaultId::kApp02:
    case FaultId::kApp03:
    case FaultId::kApp06:
    case FaultId::kApp07:
      return true;
    default:
      return false;
  }
}

// Beyond liveness, what a fault breaks by design at its port or in the device.
Set broken_by(FaultId id) {
  switch (id) {
    case FaultId::kLnk01:
    case FaultId::kLnk02:
    case FaultId::kLnk03:
    case FaultId::kLnk04:
    case FaultId::kLnk07:
    case FaultId::kLnk08:
      return set_of({Invariant::k52});
    case FaultId::kDsc07:
      return set_of({Invariant::k16, Invariant::k17, Invariant::k20, Invariant::k26, Invariant::k30});
    // A ring that is held empty or full is not looked at again.
    case FaultId::kDsc06:
      return set_of({Invariant::k36});
    case FaultId::kLif05:
    case FaultId::kIrq06:
    case FaultId::kAlc01:
    case FaultId::kAlc03:
    case FaultId::kMem05:
      return set_of({Invariant::k41});
    default:
      return {};
  }
}

}  // namespace

void FaultExcuses::fault_struck(FaultId id, const FaultTarget& target, std::uint64_t) {
  log_.excuse_everywhere(liveness());
  log_.excuse_everywhere(broken_by(id));
  // A chunk that such a device can neither fill nor tell of goes with the frame.
  const bool refuses = id == FaultId::kDma04 || id == FaultId::kDma06;
  if (lent_ && refuses) log_.excuse_everywhere(set_of({Invariant::k14, Invariant::k15, Invariant::k23}));
  // What it finds in spoilt rings it cannot be held to.
  if (lent_ && spoils_socket(id)) log_.excuse_everywhere(set_of({Invariant::k17, Invariant::k18}));
  if (spoils_socket(id) && target.socket != FaultTarget::kAny) {
    log_.excuse_socket(target.socket, all_but_containment());
    spoil_memory_of(target.socket);
  }
}

void FaultExcuses::spoil_memory_of(std::uint64_t socket) {
  for (const Memory& memory : memories_) {
    if (memory.socket == socket && !memory.spoilt) return spoil(memory.umem);
  }
}

void FaultExcuses::spoil(const UmemShape& umem) {
  for (Memory& memory : memories_) {
    if (memory.spoilt || !memory.shares(umem)) continue;
    memory.spoilt = true;
    log_.excuse_socket(memory.socket, chunks());
  }
}

void FaultExcuses::umem_registered(std::uint64_t socket, const UmemShape& umem) {
  const bool spoilt = std::any_of(memories_.begin(), memories_.end(),
                                  [&](const Memory& memory) { return memory.spoilt && memory.shares(umem); });
  memories_.push_back({socket, umem, spoilt});
  if (spoilt) log_.excuse_socket(socket, chunks());
}

// Memory that others have as well stays spoilt through them.
void FaultExcuses::socket_closed(std::uint64_t socket) {
  std::erase_if(memories_, [socket](const Memory& memory) { return memory.socket == socket; });
}

void FaultExcuses::hw_ring_changed(std::uint32_t, std::uint32_t, std::uint32_t, std::uint32_t,
                                   std::uint64_t socket) {
  lent_ |= socket != 0;
}

void FaultExcuses::faults_active(bool active, std::uint64_t) {
  if (!active) log_.no_longer_excuse(liveness());
}

}  // namespace ringproof
