#include "sim/fault/injector.h"

#include <fmt/format.h>

#include <algorithm>
#include <cstring>
#include <utility>

#include "sim/fault/catalogue.h"

namespace ringproof {
namespace {

constexpr std::uint64_t kPsPerNs = 1000;
constexpr std::uint64_t kCyclePs = 4000;  // of a plan's cycles: 250 MHz, whatever the port's own clock does

std::uint32_t bits_of(const FaultInfo& info) {
  return info.kinds.empty() ? FaultTarget::kAny : (1U << info.kinds.size()) - 1;
}

template <typename Value>
bool meant(Value wanted, Value any, Value got) {
  return wanted == any || wanted == got;
}

}  // namespace

FaultInjector::Armed::Armed(const FaultRecord& planned, std::uint64_t seed, std::uint64_t its_number)
    : record(planned),
      number(its_number),
      stream(seed, fmt::format("fault.{}.{}", fault_info(planned.id).id, planned.stream)) {}

FaultInjector::FaultInjector(FaultPlan plan, std::uint64_t seed) : plan_(std::move(plan)), seed_(seed) {
  for (const FaultRecord& record : plan_.records) {
    records_of(record.id).emplace_back(record, seed, next_number_++);
    arm(record.id, true);
  }
}

FaultInjector::~FaultInjector() = default;

bool FaultInjector::fits(const Armed& armed, const FaultTarget& target) const {
  const FaultRecord& record = armed.record;
  const std::uint32_t kinds = bits_of(fault_info(record.id)) & target.kinds;
  if (record.kind.has_value() ? (kinds >> *record.kind & 1) == 0 : kinds == 0) return false;
  if (!record.actor.empty() && (target.actor == FaultTarget::kAny || world_.kernel == nullptr ||
                                world_.kernel->actor_name(target.actor) != record.actor)) {
    return false;
  }
  const FaultTarget& wanted = record.target;
  return meant(wanted.port, FaultTarget::kAny, target.port) &&
         meant(wanted.queue, FaultTarget::kAny, target.queue) &&
         meant(wanted.socket, std::uint64_t{FaultTarget::kAny}, target.socket) &&
         meant(wanted.ring, FaultTarget::kAny, target.ring);
}

bool FaultInjector::state_holds(const FaultTrigger& trigger, const FaultTarget& target) const {
  return std::any_of(sockets_.begin(), sockets_.end(), [&](const auto& each) {
    const bool asked = target.socket == FaultTarget::kAny || target.socket == each.first;
    const Ring& ring = each.second.rings[static_cast<std::size_t>(trigger.ring)];
    if (!asked || !ring.made) return false;
    return ring.producer - ring.consumer == (trigger.full ? ring.shape.size : 0);
  });
}

bool FaultInjector::triggers(Armed& armed, std::uint64_t time_ps, const FaultTarget& target) const {
  const FaultTrigger& trigger = armed.record.trigger;
  if (armed.record.times != 0 && armed.strikes >= armed.record.times) return false;
  switch (trigger.kind) {
    case FaultTrigger::Kind::kRate: {
      // 53 bits: what a double holds exactly.
      constexpr double kUnit = 1.0 / 9007199254740992.0;
      return static_cast<double>(armed.stream.next() >> 11) * kUnit < trigger.rate;
    }
    case FaultTrigger::Kind::kStep:
      return world_.kernel != nullptr && world_.kernel->steps() >= trigger.number;
    case FaultTrigger::Kind::kTime:
      return time_ps >= trigger.number * kPsPerNs;
    case FaultTrigger::Kind::kCycle:
      return time_ps >= trigger.number * kCyclePs;
    case FaultTrigger::Kind::kEvent:
      if (trigger.event == FaultEvent::kOpportunity) return armed.opportunities >= trigger.number;
      return count(trigger.event) >= trigger.number;
    default:
      return state_holds(trigger, target);
  }
}

FaultStrike FaultInjector::draw(Armed& armed, std::uint64_t time_ps, const FaultTarget& target) {
  ++armed.strikes;
  const FaultRecord& record = armed.record;
  const FaultInfo& info = fault_info(record.id);
  FaultStrike result{true, record.kind.value_or(0), record.amount, record.extent, armed.stream.next()};
  if (!record.kind.has_value() && !info.kinds.empty()) {
    std::vector<std::uint32_t> possible;
    for (std::uint32_t kind = 0; kind < info.kinds.size(); ++kind) {
      if ((target.kinds >> kind & 1) != 0) possible.push_back(kind);
    }
    result.kind = possible[armed.stream.below(possible.size())];
  }
  ++times_[static_cast<std::size_t>(record.id)];
  gravest_ = std::max(gravest_, static_cast<std::uint32_t>(tolerance_for_program(record.id)));
  if (world_.taps != nullptr) world_.taps->tell(&Tap::fault_struck, record.id, target, time_ps);
  return result;
}

FaultStrike FaultInjector::strike(FaultId id, std::uint64_t time_ps, const FaultTarget& target) {
  FaultStrike found;
  for (Armed& armed : records_of(id)) {
    if (!fits(armed, target)) continue;
    ++armed.opportunities;
    // Every record takes its draw, so that none depends on what another one does.
    if (triggers(armed, time_ps, target)) {
      const FaultStrike drawn = draw(armed, time_ps, target);
      if (!found) found = drawn;
    }
  }
  return found;
}

FaultStrike FaultInjector::hold(FaultId id, std::uint64_t time_ps, const FaultTarget& target,
                                std::uint64_t* until_ps) {
  for (Armed& armed : records_of(id)) {
    if (!fits(armed, target)) continue;
    auto held = std::find_if(armed.holding.begin(), armed.holding.end(),
                             [&](const Holding& each) { return each.target == target; });
    if (held != armed.holding.end() && time_ps < held->until_ps) {
      *until_ps = held->until_ps;
      return held->strike;
    }
    ++armed.opportunities;
    if (!triggers(armed, time_ps, target)) continue;
    if (held == armed.holding.end()) held = armed.holding.insert(held, Holding{target, {}, 0});
    held->strike = draw(armed, time_ps, target);
    held->until_ps = *until_ps = time_ps + held->strike.extent * kPsPerNs;
    return held->strike;
  }
  return {};
}

void FaultInjector::connect(const FaultWorld& world) {
  world_ = world;
  if (world_.platform != nullptr && !plan_.empty()) strikes_begin(0);
}

bool FaultInjector::any_armed() const {
  return std::any_of(armed_records_.begin(), armed_records_.end(),
                     [](const auto& records) { return !records.empty(); });
}

std::uint64_t FaultInjector::arm_record(FaultRecord record) {
  std::vector<Armed>& others = records_of(record.id);
  const auto taken = [&](const Armed& other) { return other.record.stream == record.stream; };
  while (std::any_of(others.begin(), others.end(), taken)) ++record.stream;
  if (healed_ || !any_armed()) strikes_begin(world_.kernel->now_ps());
  healed_ = false;
  others.emplace_back(record, seed_, next_number_);
  arm(record.id, true);
  return next_number_++;
}

void FaultInjector::disarm(std::uint64_t number) {
  for (std::vector<Armed>& records : armed_records_) {
    const auto found = std::find_if(records.begin(), records.end(),
                                    [number](const Armed& each) { return each.number == number; });
    if (found == records.end()) continue;
    const FaultId id = found->record.id;
    records.erase(found);
    arm(id, !healed_ && !records.empty());
    if (!healed_ && !any_armed()) strikes_end(world_.kernel->now_ps());
    return;
  }
}

void FaultInjector::heal(std::uint64_t now_ps) {
  if (healed_) return;
  healed_ = true;
  for (std::size_t i = 0; i < kFaultIds; ++i) arm(fault_at(i), false);
  strikes_end(now_ps);
}

void FaultInjector::strikes_begin(std::uint64_t now_ps) {
  world_.taps->tell(&Tap::faults_active, true, now_ps);
}

void FaultInjector::strikes_end(std::uint64_t now_ps) {
  world_.taps->tell(&Tap::faults_active, false, now_ps);
  // What was lost on the way to the device or to the host is looked after.
  soon(now_ps + kPsPerNs, [drivers = world_.drivers] {
    for (driver::Driver* driver : drivers) driver->look_again();
  });
}

void FaultInjector::look(std::uint64_t now_ps, bool traffic_over) {
  const bool due = plan_.heal_ns != 0 && now_ps >= plan_.heal_ns * kPsPerNs;
  if (due || traffic_over) heal(now_ps);
}

std::map<std::string, std::uint64_t> FaultInjector::struck() const {
  std::map<std::string, std::uint64_t> result;
  for (std::size_t i = 0; i < kFaultIds; ++i) {
    if (times_[i] > 0) result[fault_info(fault_at(i)).id] = times_[i];
  }
  return result;
}

void FaultInjector::wire_in(std::uint32_t port, std::uint64_t timestamp_ns, Bytes) {
  happened(FaultEvent::kWireIn);
  offer_life_faults(port, FaultTarget::kAny, timestamp_ns * kPsPerNs);
}

void FaultInjector::wire_out(std::uint32_t, std::uint32_t, std::uint64_t, Bytes) {
  happened(FaultEvent::kWireOut);
}

void FaultInjector::frame_delivered(std::uint32_t, std::uint64_t, std::uint64_t, std::uint64_t, Bytes,
                                    std::uint64_t) {
  happened(FaultEvent::kDelivered);
}

void FaultInjector::program_attached(std::uint32_t, std::uint64_t) { happened(FaultEvent::kAttached); }

void FaultInjector::umem_registered(std::uint64_t socket, const UmemShape& umem) {
  sockets_[socket].umem = umem;
}

void FaultInjector::ring_created(std::uint64_t socket, RingKind kind, const RingShape& shape) {
  Ring& ring = sockets_[socket].ring(kind);
  ring = {true, shape, 0, 0};
  std::memcpy(&ring.producer, shape.base, sizeof ring.producer);
  std::memcpy(&ring.consumer, shape.base + 64, sizeof ring.consumer);
}

void FaultInjector::ring_moved(std::uint64_t socket, RingKind kind, Actor actor, std::uint32_t,
                               std::uint32_t now, std::uint64_t time_ps) {
  Ring& ring = sockets_[socket].ring(kind);
  const bool application_produces = kind == RingKind::kFill || kind == RingKind::kTx;
  const bool application = actor == Actor::kApplication;
  (application_produces == application ? ring.producer : ring.consumer) = now;
  if (!application || acting_) return;
  happened(FaultEvent::kPublished);
  offer_application_faults({socket, kind, now - 1}, time_ps);
  offer_life_faults(FaultTarget::kAny, socket, time_ps);
}

void FaultInjector::entry_taken(std::uint64_t socket, RingKind kind, std::uint32_t index, Bytes) {
  happened(FaultEvent::kTaken);
  if (!armed(FaultId::kApp02) || acting_) return;
  const std::uint64_t now_ps = world_.kernel->now_ps();
  const FaultTarget here{.socket = socket, .ring = static_cast<std::uint32_t>(kind), .kinds = 2};
  const FaultStrike strike = at(FaultId::kApp02, now_ps, here);
  if (strike) change_entry({socket, kind, index}, strike.draw);
}

void FaultInjector::socket_closed(std::uint64_t socket) { sockets_.erase(socket); }

}  // namespace ringproof
