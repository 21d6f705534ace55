#include "sim/monitor/invariant_log.h"

#include <fmt/format.h>

#include <algorithm>

namespace ringproof {
namespace {

struct Name {
  const char* id;
  const char* title;
};

constexpr std::array<Name, static_cast<std::size_t>(Invariant::kCount)> kNames = {{
    {"INV-01", "bounded occupancy"},
    {"INV-02", "monotone indices"},
    {"INV-03", "single writer"},
    {"INV-04", "published slots are stable"},
    {"INV-05", "publication order"},
    {"INV-06", "release order"},
    {"INV-07", "wrap independence"},
    {"INV-08", "FIFO without loss or duplication"},
    {"INV-09", "caches are conservative"},
    {"INV-10", "containment"},
    {"INV-11", "buffer partition"},
    {"INV-12", "no write without ownership"},
    {"INV-13", "no read without ownership"},
    {"INV-14", "descriptor validity"},
    {"INV-15", "no leak"},
    {"INV-16", "generation match"},
    {"INV-17", "integrity"},
    {"INV-18", "order"},
    {"INV-19", "steering"},
    {"INV-20", "metadata coherence"},
    {"INV-21", "frame conservation"},
    {"INV-22", "counters"},
    {"INV-23", "TX completion exactly once"},
    {"INV-24", "RX completion exactly once"},
    {"INV-25", "DMA authorisation"},
    {"INV-26", "DMA publication"},
    {"INV-27", "fetch window"},
    {"INV-28", "completion queue never overruns"},
    {"INV-29", "quiet after disable"},
    {"INV-30", "tags"},
    {"INV-31", "handshake"},
    {"INV-32", "doorbells"},
    {"INV-33", "no lost poke"},
    {"INV-34", "no lost interrupt"},
    {"INV-35", "wait is truthful"},
    {"INV-36", "flag hygiene"},
    {"INV-37", "bounded progress"},
    {"INV-38", "fairness"},
    {"INV-39", "teardown ends"},
    {"INV-40", "no deadlock"},
    {"INV-41", "state machine"},
    {"INV-42", "failure atomicity"},
    {"INV-43", "resource balance"},
    {"INV-44", "isolation"},
    {"INV-45", "program update is atomic"},
    {"INV-46", "single fetch"},
    {"INV-47", "no uninitialised input"},
    {"INV-48", "determinism"},
    {"INV-49", "observer neutrality"},
    {"INV-50", "virtual time"},
    {"INV-51", "model agreement"},
    {"INV-52", "replay fidelity"},
}};

const Name& name_of(Invariant id) { return kNames[static_cast<std::size_t>(id)]; }

const char* party_name(Party party) {
  static constexpr std::array<const char*, 3> kParties = {"application", "platform", "device"};
  return kParties[static_cast<std::size_t>(party)];
}

std::string in_ns(std::uint64_t time_ps) {
  return fmt::format("{}.{:03} ns", time_ps / 1000, time_ps % 1000);
}

}  // namespace

std::string Place::text() const {
  switch (kind) {
    case Kind::kRing:
      return fmt::format("socket {} {} ring", owner, ring_kind_name(static_cast<RingKind>(number)));
    case Kind::kSocket:
      return fmt::format("socket {}", owner);
    case Kind::kRxQueue:
      return fmt::format("interface {} receive queue {}", owner + 1, number);
    case Kind::kTxQueue:
      return fmt::format("interface {} transmit queue {}", owner + 1, number);
    case Kind::kPort:
      break;
  }
  return fmt::format("interface {}", owner + 1);
}

std::string EventTrail::text() const {
  std::string text;
  for (std::uint32_t i = count_ - std::min(count_, kEvents); i != count_; ++i) {
    const Event& event = events_[i % kEvents];
    if (!text.empty()) text += "; ";
    text += fmt::format(fmt::runtime(event.format), event.a, event.b) + " at " + in_ns(event.time_ps);
  }
  return text;
}

bool InvariantLog::is_excused(Invariant id, const Place& place) const {
  const auto bit = static_cast<std::size_t>(id);
  if (everywhere_[bit]) return true;
  if (place.kind != Place::Kind::kRing && place.kind != Place::Kind::kSocket) return false;
  const auto found = sockets_.find(place.owner);
  return found != sockets_.end() && found->second[bit];
}

std::uint64_t InvariantLog::violations() const {
  std::uint64_t sum = 0;
  for (const Counts& counts : counts_) sum += counts.violations;
  return sum;
}

std::string* InvariantLog::count_violation(Invariant id, const Place& place) {
  ++counts_[static_cast<std::size_t>(id)].violations;
  const auto key = std::pair(id, place);
  if (const auto found = places_.find(key); found != places_.end()) {
    if (found->second != kNotKept) ++messages_[found->second].times;
    return nullptr;
  }
  if (places_.size() == kPlacesMax) return nullptr;
  const bool kept = messages_.size() < kMessagesMax;
  places_.emplace(key, kept ? messages_.size() : kNotKept);
  if (!kept) return nullptr;
  messages_.push_back({std::string(), 1});
  return &messages_.back().text;
}

std::string InvariantLog::compose(Invariant id, Party party, const Place& place, const EventTrail& trail,
                                  std::uint64_t time_ps, const std::string& what) {
  const std::string before = trail.text();
  return fmt::format("{} {}, {}: {} at {}: {}{}{}", name_of(id).id, name_of(id).title, party_name(party),
                     place.text(), in_ns(time_ps), what, before.empty() ? "" : "; last events: ", before);
}

std::vector<InvariantResult> InvariantLog::results() const {
  std::vector<InvariantResult> results;
  results.reserve(kNames.size());
  for (std::size_t i = 0; i < kNames.size(); ++i) {
    results.push_back({kNames[i].id, kNames[i].title, counts_[i].checked, counts_[i].violations});
  }
  return results;
}

std::vector<std::string> InvariantLog::messages() const {
  std::vector<std::string> texts;
  for (const Message& message : messages_) {
    texts.push_back(message.times == 1 ? message.text
                                       : fmt::format("{} ({} times)", message.text, message.times));
  }
  return texts;
}

void InvariantLog::fill(RunResult& result) const {
  result.invariants = results();
  result.violation_messages = messages();
}

}  // namespace ringproof
