#include "testbench/rtl/lockstep_coverage.h"

#include <algorithm>

namespace ringproof::nic {
namespace {

constexpr std::array kEventNames = {
    "received frames completed",
    "  longer than 1518 bytes",
    "  cut",
    "  of no bytes in memory",
    "  with a failed access",
    "frames dropped for want of a buffer",
    "frames dropped of a queue that is off",
    "frames that waited for a descriptor or room",
    "completion entries written in pairs",
    "completion entries written alone",
    "receive index writes",
    "  past 2^32",
    "entries of RX rings of zero-copy queues",
    "  withheld",
    "frames hashed",
    "  with hash 0",
    "  that have ports",
    "  that have them in the second beat",
    "  that have them in two beats",
    "frames put in another queue than the MAC's",
    "writes to RSS_CONTROL",
    "  within a received frame",
    "reads of RSS registers",
    "frames sent",
    "  longer than 1518 bytes",
    "  of 65535 bytes",
    "  with a failed access",
    "  of unusable descriptors",
    "transmit index writes",
    "  past 2^32",
    "entries of completion rings of zero-copy queues",
    "  withheld",
    "index writes for several frames",
    "reads refused",
    "writes refused",
    "answers EXOKAY",
    "read bursts interleaved",
    "  of payload",
    "descriptor reads answered before older ones of their queue",
    "payload beats given before older ones of their queue",
    "  either, refused",
    "STATE read with a refused doorbell",
    "INVALID read and not 0",
    "TRUNCATED read and not 0",
    "receive interrupts",
    "transmit interrupts",
    "resets",
    "  with accesses to memory under way",
    "  within a received frame",
    "STATE read of a queue off and in flight",
    "enables that waited",
    "register read and write offered at once",
    "register write, address first",
    "register write, data first",
    "register writes of some bytes only",
    "register write answers that wait",
    "register read answers that wait",
    "idle cycles",
    "  while memory owes an answer",
};
static_assert(kEventNames.size() == static_cast<std::size_t>(Event::kCount));

constexpr std::array<const char*, static_cast<std::size_t>(Level::kCount)> kLevelNames = {"0", "1", "between",
                                                                                          "N - 1", "N"};
constexpr std::array<const char*, static_cast<std::size_t>(RingEvent::kCount)> kRingEventNames = {
    "doorbell", "doorbell refused", "index write", "interrupt", "disabled", "frame", "drop"};

struct MarkName {
  const char* name;
  std::uint64_t full;  // FIFO depths, tags and credits of rtl/nic_queue_engine.sv
};
constexpr std::array<MarkName, static_cast<std::size_t>(Mark::kCount)> kMarks = {{
    {"receive descriptor reads under way", 64},
    {"transmit descriptor reads under way", 64},
    {"transmit payload reads under way", 64},
    {"transmit payload beats asked for and not answered", 256},
    {"payload write bursts under way", 256},
    {"completion entry writes under way", 256},
    {"receive index writes under way", 64},
    {"transmit index writes under way", 64},
    {"completion ring writes under way", 32},
    {"received frames begun and not completed", 128},
}};

template <class Counts>
std::size_t reached(const Counts& counts, std::size_t first = 0) {
  return static_cast<std::size_t>(
      std::count_if(counts.begin() + first, counts.end(), [](std::uint64_t count) { return count != 0; }));
}

std::string row(const std::string& name, const std::string& value) {
  const std::size_t width = 52;
  return "  " + name + std::string(name.size() < width ? width - name.size() : 1, ' ') + value + "\n";
}

}  // namespace

// Nothing is published of an empty ring, a frame needs a descriptor, and only one that wants a buffer is
// dropped.
bool LockstepCoverage::possible(bool tx, std::size_t event, std::size_t level) {
  const auto what = static_cast<RingEvent>(event);
  const bool empty = static_cast<Level>(level) == Level::kNone;
  if (what == RingEvent::kIndexWrite || what == RingEvent::kFrame) return !empty;
  return what != RingEvent::kDrop || (!tx && empty);
}

void LockstepCoverage::add(const LockstepCoverage& other) {
  const auto sum = [](auto& to, const auto& from) {
    for (std::size_t i = 0; i < to.size(); ++i) to[i] += from[i];
  };
  sum(events_, other.events_);
  sum(vectors_, other.vectors_);
  for (const bool tx : {false, true}) {
    sum(queues_[tx], other.queues_[tx]);
    sum(log2s_[tx], other.log2s_[tx]);
    sum(registers_[tx], other.registers_[tx]);
    sum(causes_[tx], other.causes_[tx]);
    for (std::size_t i = 0; i < kRingEvents; ++i) sum(levels_[tx][i], other.levels_[tx][i]);
    for (std::size_t i = 0; i < orders_[tx].size(); ++i) sum(orders_[tx][i], other.orders_[tx][i]);
  }
  for (std::size_t i = 0; i < marks_.size(); ++i) marks_[i] = std::max(marks_[i], other.marks_[i]);
}

std::vector<std::string> LockstepCoverage::missing() const {
  std::vector<std::string> names;
  for (std::size_t i = 0; i < events_.size(); ++i) {
    if (events_[i] == 0) names.emplace_back(kEventNames[i]);
  }
  for (std::size_t i = 0; i < marks_.size(); ++i) {
    if (marks_[i] < kMarks[i].full) names.emplace_back(kMarks[i].name);
  }
  const auto list = [&](const std::string& name, const auto& counts, std::size_t first) {
    for (std::size_t i = first; i < counts.size(); ++i) {
      if (counts[i] == 0) names.push_back(name + " " + std::to_string(i));
    }
  };
  for (const bool tx : {false, true}) {
    const std::string direction = tx ? "transmit" : "receive";
    list(direction + " queue", queues_[tx], 0);
    list(direction + " RING_LOG2", log2s_[tx], 1);
    list(direction + " register word", registers_[tx], 0);
    for (std::uint32_t i = 0; i < kCauses; ++i) {
      if (causes_[tx][i] == 0) names.push_back(direction + " cause " + std::to_string(i));
    }
  }
  list("interrupt vector", vectors_, 0);
  for (const bool tx : {false, true}) {
    for (std::size_t event = 0; event < kRingEvents; ++event) {
      for (std::size_t level = 0; level < kLevels; ++level) {
        if (!possible(tx, event, level) || levels_[tx][event][level] != 0) continue;
        names.push_back(std::string(tx ? "transmit " : "receive ") + kRingEventNames[event] + " with " +
                        kLevelNames[level] + " of N posted");
      }
    }
  }
  for (const bool write : {false, true}) {
    for (std::uint32_t first = 0; first < kAskers[write]; ++first) {
      for (std::uint32_t then = 0; then < kAskers[write]; ++then) {
        if (orders_[write][first][then] != 0) continue;
        names.push_back(std::string(write ? "write of id " : "read for ") + std::to_string(then) +
                        " behind " + std::to_string(first));
      }
    }
  }
  return names;
}

std::string LockstepCoverage::table() const {
  std::string text;
  for (std::size_t i = 0; i < events_.size(); ++i) text += row(kEventNames[i], std::to_string(events_[i]));
  for (std::size_t i = 0; i < marks_.size(); ++i) {
    text += row(kMarks[i].name, std::to_string(marks_[i]) + " at once, of " + std::to_string(kMarks[i].full));
  }
  const auto part = [&](const std::string& name, const auto& counts, std::size_t first) {
    text +=
        row(name, std::to_string(reached(counts, first)) + " of " + std::to_string(counts.size() - first));
  };
  for (const bool tx : {false, true}) {
    const std::string direction = tx ? "transmit" : "receive";
    part(direction + " queues with frames", queues_[tx], 0);
    part(direction + " ring sizes with frames", log2s_[tx], 1);
    part(direction + " registers read", registers_[tx], 0);
    part(direction + " causes read", causes_[tx], 0);
  }
  part("interrupt vectors", vectors_, 0);
  for (const bool tx : {false, true}) {
    for (std::size_t event = 0; event < kRingEvents; ++event) {
      std::string counts;
      for (std::size_t level = 0; level < kLevels; ++level) {
        if (!possible(tx, event, level)) continue;
        counts += std::string(counts.empty() ? "" : ", ") + kLevelNames[level] + ": " +
                  std::to_string(levels_[tx][event][level]);
      }
      if (!counts.empty())
        text +=
            row(std::string(tx ? "transmit " : "receive ") + kRingEventNames[event] + ", by level", counts);
    }
  }
  for (const bool write : {false, true}) {
    std::size_t seen = 0;
    for (const auto& then : orders_[write]) seen += reached(then);
    text += row(write ? "orders of two writers" : "orders of two readers",
                std::to_string(seen) + " of " + std::to_string(kAskers[write] * kAskers[write]));
  }
  return text;
}

}  // namespace ringproof::nic
