#include "sim/explore/smaller_logs.h"

#include <algorithm>
#include <cstddef>
#include <set>
#include <string>
#include <utility>

namespace ringproof {
namespace {

constexpr std::size_t kPrefixesMax = 64;
constexpr std::size_t kPartsMax = 12;  // entries of a pre-emption
constexpr std::size_t kPairsMax = 20;  // entries of a log

class SmallerLogs {
 public:
  explicit SmallerLogs(const DecisionLog& log) : log_(log) {}

  std::vector<DecisionLog> all() {
    if (log_.size() <= kPrefixesMax) prefixes();
    for (const Preemption& preemption : preemptions_of(log_)) {
      if (preemption.size() < 2) continue;
      if (preemption.size() <= kPartsMax) parts(preemption);
      others(preemption);
    }
    if (log_.size() <= kPairsMax) pairs();
    return std::move(logs_);
  }

 private:
  void add(DecisionLog log) {
    if (std::find(logs_.begin(), logs_.end(), log) == logs_.end()) logs_.push_back(std::move(log));
  }
  // The log without these entries. REQUIRES: the places go up.
  DecisionLog without(const std::vector<std::size_t>& places) const {
    DecisionLog rest;
    for (std::size_t i = 0; i < log_.size(); ++i) {
      if (!std::binary_search(places.begin(), places.end(), i)) rest.push_back(log_[i]);
    }
    return rest;
  }
  void prefixes() {
    for (std::size_t length = 0; length < log_.size(); ++length) {
      add({log_.begin(), log_.begin() + static_cast<std::ptrdiff_t>(length)});
    }
  }
  // Only some entries in a row of it.
  void parts(const Preemption& preemption) {
    for (std::size_t length = 1; length < preemption.size(); ++length) {
      for (std::size_t begin = 0; begin + length <= preemption.size(); ++begin) {
        Preemption gone = preemption;
        const auto first = gone.begin() + static_cast<std::ptrdiff_t>(begin);
        gone.erase(first, first + static_cast<std::ptrdiff_t>(length));
        add(without(gone));
      }
    }
  }
  // One other task at its first entry.
  void others(const Preemption& preemption) {
    std::set<std::string> names;
    for (const Decision& entry : log_) names.insert({entry.at, entry.run});
    const Decision& first = log_[preemption.front()];
    for (const std::string& name : names) {
      if (name.empty() || name == first.at || name == first.run) continue;
      DecisionLog log = without({preemption.begin() + 1, preemption.end()});
      std::find(log.begin(), log.end(), first)->run = name;
      add(std::move(log));
    }
  }
  void pairs() {
    for (std::size_t i = 0; i < log_.size(); ++i) {
      for (std::size_t j = i + 1; j < log_.size(); ++j) add(without({i, j}));
    }
  }

  const DecisionLog& log_;
  std::vector<DecisionLog> logs_;
};

}  // namespace

std::vector<DecisionLog> smaller_logs(const DecisionLog& log) { return SmallerLogs(log).all(); }

}  // namespace ringproof
