#include "sim/monitor/steering_monitor.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <utility>

#include "model/nic/engine_layout.h"
#include "sim/monitor/reference_rules.h"
#include "sim/monitor/reference_steering.h"

namespace ringproof {
namespace {

constexpr std::uint64_t kPsPerNs = 1000;
constexpr std::size_t kEthernetBytes = 14;

bool at_socket(DropReason reason) {
  return reason == DropReason::kSocketNotAttached || reason == DropReason::kSocketRxFull ||
         reason == DropReason::kSocketFillEmpty || reason == DropReason::kSocketBadFill;
}

std::string rule_name(std::uint32_t rule) {
  return rule == Judgement::kNoRule ? std::string("no rule") : fmt::format("rule {}", rule);
}

}  // namespace

SteeringMonitor::SteeringMonitor(InvariantLog& log, const std::vector<nic::NicConfig>& ports) : log_(log) {
  for (const nic::NicConfig& port : ports)
    ports_.push_back({port.rss_key, {}, port.rx_queues, reference::kAllHashTypes, false});
}

const char* SteeringMonitor::end_name(End end) {
  static constexpr std::array<const char*, 5> kNames = {"passed", "dropped", "redirected", "forwarded",
                                                        "unknown"};
  return kNames[static_cast<std::size_t>(end)];
}

void SteeringMonitor::wire_in(std::uint32_t port, std::uint64_t timestamp_ns, Bytes bytes) {
  Note& note = frames_.begin(port, timestamp_ns);
  if (port >= ports_.size()) return;
  note.choice = choose(ports_[port], bytes);
  note.bytes = bytes;
  note.arriving = note.hashed = true;
}

SteeringMonitor::Choice SteeringMonitor::choose(const PortRules& rules, Bytes bytes) {
  const std::uint32_t hash = reference::toeplitz(rules.key, reference::flow_of(bytes, rules.hash_types));
  return {hash, rules.table.empty() ? reference::rss_queue(hash, rules.queues)
                                    : rules.table[hash % rules.table.size()]};
}

template <typename Is>
bool SteeringMonitor::any_choice(const Note& note, Is&& is) {
  return is(note.choice) || std::any_of(note.earlier.begin(), note.earlier.end(), is);
}

void SteeringMonitor::given(std::uint32_t port, std::uint64_t timestamp_ns, std::uint32_t queue) {
  if (Note* note = frames_.find(port, timestamp_ns)) note->given = queue;
}

void SteeringMonitor::rss_changed(std::uint32_t port, const RssTold& rss) {
  if (port >= ports_.size()) return;
  PortRules& rules = ports_[port];
  std::copy_n(rss.key.begin(), std::min(rss.key.size(), rules.key.size()), rules.key.begin());
  rules.table.assign(rss.queues.begin(), rss.queues.end());
  rules.hash_types = rss.hash_types;
  frames_.each(port, [&](Note& note) {
    if (!note.arriving) return;
    const Choice choice = choose(rules, note.bytes);
    if (choice == note.choice) return;
    note.earlier.push_back(std::exchange(note.choice, choice));
  });
}

void SteeringMonitor::nic_dropped(std::uint32_t port, std::uint64_t timestamp_ns, DropReason) {
  frames_.end(port, timestamp_ns);
}

void SteeringMonitor::nic_accepted(std::uint32_t port, std::uint32_t queue, std::uint64_t timestamp_ns) {
  queue_chosen(port, queue, timestamp_ns, "was put in");
}

void SteeringMonitor::rx_starved(std::uint32_t port, std::uint32_t queue, std::uint64_t timestamp_ns) {
  if (port < ports_.size() && ports_[port].reset) return;
  queue_chosen(port, queue, timestamp_ns, "found no buffer in");
}

void SteeringMonitor::device_reset(std::uint32_t port, std::uint64_t) {
  if (port < ports_.size()) ports_[port].reset = true;
}

void SteeringMonitor::queue_enabled(std::uint32_t port, std::uint32_t, std::uint32_t, std::uint32_t,
                                    std::uint64_t) {
  if (port < ports_.size()) ports_[port].reset = false;
}

void SteeringMonitor::queue_chosen(std::uint32_t port, std::uint32_t queue, std::uint64_t timestamp_ns,
                                   const char* what) {
  Note* note = frames_.find(port, timestamp_ns);
  if (note == nullptr || port >= ports_.size()) return;
  note->arriving = false;
  log_.checked(Invariant::k19);
  const bool right = note->given.has_value()
                         ? *note->given == queue
                         : any_choice(*note, [&](const Choice& choice) { return choice.queue == queue; });
  if (right) return;
  log_.violated(Invariant::k19, Party::kDevice, Place::rx_queue(port, queue), EventTrail(),
                timestamp_ns * kPsPerNs, [&] {
                  return fmt::format("the frame of {} ns {} queue {}; its hash chooses queue {}",
                                     timestamp_ns, what, queue, note->given.value_or(note->choice.queue));
                });
}

void SteeringMonitor::completion_written(std::uint32_t port, std::uint32_t vector, std::uint32_t, Bytes bytes,
                                         bool allowed, std::uint64_t time_ps) {
  nic::RxCompletionEntry entry{};
  if (!allowed || bytes.size() != sizeof entry) return;
  std::memcpy(&entry, bytes.data(), sizeof entry);
  const Note* note = frames_.find(port, entry.timestamp_ns);
  if (note == nullptr || !note->hashed) return;
  log_.checked(Invariant::k19);
  const bool right = any_choice(*note, [&](const Choice& choice) {
    return choice.hash == entry.rss_hash && (note->given.has_value() || choice.queue == vector);
  });
  if (right) return;
  log_.violated(Invariant::k19, Party::kDevice, Place::rx_queue(port, vector), EventTrail(), time_ps, [&] {
    return fmt::format("the frame of {} ns was completed with hash {:#x} in queue {}; its hash is {:#x}",
                       entry.timestamp_ns, entry.rss_hash, vector, note->choice.hash);
  });
}

SteeringMonitor::Queue& SteeringMonitor::queue_at(const QueuePlace& place) {
  const auto found =
      std::find_if(queues_.begin(), queues_.end(), [&](const Queue& queue) { return queue.place == place; });
  if (found != queues_.end()) return *found;
  queues_.push_back({place, {}, {}, {}, EventTrail()});
  return queues_.back();
}

void SteeringMonitor::rules_changed(const QueuePlace& place, std::uint64_t version,
                                    std::span<const RuleTold> rules) {
  Queue& queue = queue_at(place);
  queue.rules.clear();
  queue.sockets.clear();
  queue.maps.clear();
  for (const RuleTold& told : rules) {
    queue.rules.push_back(*told.rule);
    queue.sockets.push_back(told.socket);
    queue.maps.push_back(told.map);
  }
  queue.trail.add("{0} rules, version {1}", rules.size(), version, now_ps_);
}

void SteeringMonitor::local_frame_begun(std::uint32_t port, std::uint32_t, std::uint64_t number, Bytes) {
  frames_.begin(port, number);
}

void SteeringMonitor::frame_judged(const QueuePlace& place, const Judgement& judgement, Bytes bytes) {
  Queue& queue = queue_at(place);
  Note* note = frames_.find(place.port, judgement.timestamp_ns);
  const std::uint32_t rule = reference::first_match(
      queue.rules, {bytes, judgement.buffers, judgement.fragment_limit, judgement.quirks});
  log_.checked(Invariant::k19);
  if (rule != judgement.rule) {
    log_.violated(Invariant::k19, Party::kPlatform, Place::rx_queue(place.port, place.queue), queue.trail,
                  now_ps_, [&] {
                    return fmt::format("the frame of {} ns ({} bytes) was decided by {}; {} matches first",
                                       judgement.timestamp_ns, bytes.size(), rule_name(judgement.rule),
                                       rule_name(rule));
                  });
  }
  if (note == nullptr || rule == reference::kNone) return;
  switch (queue.rules[rule].Action) {
    case XDP_PROGRAM_ACTION_PASS:
      break;  // to the next interface, or to the host
    case XDP_PROGRAM_ACTION_DROP:
      note->end = End::kDrop;
      break;
    case XDP_PROGRAM_ACTION_REDIRECT:
      note->socket = target_of(queue, rule);
      note->end = note->socket == 0 ? End::kDrop : End::kRedirect;
      break;
    case XDP_PROGRAM_ACTION_L2FWD:
      note->end = bytes.size() < kEthernetBytes ? End::kDrop : End::kForward;
      break;
    default:
      note->end = End::kUnknown;
  }
}

// A map says it for the queue that the frame came from.
std::uint64_t SteeringMonitor::target_of(const Queue& queue, std::uint32_t rule) const {
  if (queue.maps[rule] == 0) return queue.sockets[rule];
  const auto entry = map_entries_.find({queue.maps[rule], queue.place.queue});
  return entry == map_entries_.end() ? 0 : entry->second;
}

void SteeringMonitor::map_changed(std::uint64_t map, std::uint32_t key, std::uint64_t socket) {
  map_entries_[{map, key}] = socket;
}

void SteeringMonitor::ended(std::uint32_t port, std::uint64_t timestamp_ns, End end, std::uint64_t socket) {
  const Note* note = frames_.end(port, timestamp_ns);
  if (note == nullptr || note->end == End::kUnknown) return;
  log_.checked(Invariant::k19);
  const bool right_socket = socket == 0 || socket == note->socket;
  if (note->end == end && right_socket) return;
  log_.violated(Invariant::k19, Party::kPlatform, Place::port(port), EventTrail(), now_ps_, [&] {
    return fmt::format("the frame of {} ns was {} (socket {}); its rules say {} (socket {})", timestamp_ns,
                       end_name(end), socket, end_name(note->end), note->socket);
  });
}

void SteeringMonitor::frame_passed(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t time_ps) {
  now_ps_ = time_ps;
  ended(port, timestamp_ns, End::kPass, 0);
}

void SteeringMonitor::frame_forwarded(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t time_ps) {
  now_ps_ = time_ps;
  ended(port, timestamp_ns, End::kForward, 0);
}

void SteeringMonitor::frame_dropped(std::uint32_t port, std::uint64_t timestamp_ns, DropReason reason) {
  if (reason == DropReason::kRule || reason == DropReason::kMapMiss) {
    ended(port, timestamp_ns, End::kDrop, 0);
  } else if (reason == DropReason::kForwardFull) {
    ended(port, timestamp_ns, End::kForward, 0);
  } else if (at_socket(reason)) {
    ended(port, timestamp_ns, End::kRedirect, 0);
  } else {
    frames_.end(port, timestamp_ns);  // lost before or after the rules
  }
}

void SteeringMonitor::frame_delivered(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t socket,
                                      std::uint64_t, Bytes, std::uint64_t time_ps) {
  now_ps_ = time_ps;
  ended(port, timestamp_ns, End::kRedirect, socket);
}

}  // namespace ringproof
