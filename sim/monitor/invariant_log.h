// invariant_log.h: how often each invariant was put to the test, and how often it did not hold.
// Role     the monitors count and complain here; reports read it; it watches nothing itself
// Shapes   one line per (invariant, place); of a place that fails again only the count grows
// Units    time_ps simulated [ps], printed in ns
// Errors   none; beyond kMessagesMax lines and kPlacesMax places violations are still counted
// Source   invariants-and-faults.md, part 1
#pragma once

#include <array>
#include <bitset>
#include <compare>
#include <cstdint>
#include <functional>
#include <map>
#include <string>
#include <utility>
#include <vector>

#include "model/base/tap.h"
#include "sim/replay/run_result.h"

namespace ringproof {

// The numbers are those of the specification.
enum class Invariant : std::uint8_t {
  k01,
  k02,
  k03,
  k04,
  k05,
  k06,
  k07,
  k08,
  k09,
  k10,
  k11,
  k12,
  k13,
  k14,
  k15,
  k16,
  k17,
  k18,
  k19,
  k20,
  k21,
  k22,
  k23,
  k24,
  k25,
  k26,
  k27,
  k28,
  k29,
  k30,
  k31,
  k32,
  k33,
  k34,
  k35,
  k36,
  k37,
  k38,
  k39,
  k40,
  k41,
  k42,
  k43,
  k44,
  k45,
  k46,
  k47,
  k48,
  k49,
  k50,
  k51,
  k52,
  kCount
};

// Who is to blame: the user's program, the platform and driver model, or the simulated NIC.
enum class Party : std::uint8_t { kApplication, kPlatform, kDevice };

// Where it happened. Ports are named by their interface index, which is what applications use.
struct Place {
  enum class Kind : std::uint8_t { kRing, kSocket, kRxQueue, kTxQueue, kPort };

  Kind kind;
  std::uint64_t owner;   // socket or port
  std::uint32_t number;  // ring kind or queue

  static Place ring(std::uint64_t socket, RingKind ring) {
    return {Kind::kRing, socket, static_cast<std::uint32_t>(ring)};
  }
  static Place socket(std::uint64_t socket) { return {Kind::kSocket, socket, 0}; }
  static Place rx_queue(std::uint32_t port, std::uint32_t queue) { return {Kind::kRxQueue, port, queue}; }
  static Place tx_queue(std::uint32_t port, std::uint32_t queue) { return {Kind::kTxQueue, port, queue}; }
  static Place port(std::uint32_t port) { return {Kind::kPort, port, 0}; }

  std::string text() const;
  auto operator<=>(const Place&) const = default;  // NOLINT(modernize-use-nullptr): the check misreads it
};

// The last few things that happened to one ring or queue, kept as numbers and put into words on demand.
class EventTrail {
 public:
  // `format` is a literal with {0} for `a` and {1} for `b`.
  void add(const char* format, std::uint64_t a, std::uint64_t b, std::uint64_t time_ps) {
    events_[count_++ % kEvents] = {format, a, b, time_ps};
  }
  std::string text() const;

 private:
  static constexpr std::uint32_t kEvents = 4;  // what fits a line a person reads
  struct Event {
    const char* format;
    std::uint64_t a;
    std::uint64_t b;
    std::uint64_t time_ps;
  };
  std::array<Event, kEvents> events_{};
  std::uint32_t count_ = 0;
};

class InvariantLog {
 public:
  static constexpr std::size_t kMessagesMax = 20;    // more of them nobody reads
  static constexpr std::size_t kPlacesMax = 10'000;  // bounds memory when sockets come and go for ever

  // The condition of the invariant was met, so that it could have been violated.
  void checked(Invariant id) { ++counts_[static_cast<std::size_t>(id)].checked; }

  // What an injected fault breaks by design is nobody's mistake: violations of these prove nothing from now
  // on, anywhere or at the rings of a socket.
  using Set = std::bitset<static_cast<std::size_t>(Invariant::kCount)>;
  void excuse_everywhere(const Set& ids) {
    everywhere_ |= ids;
    excuses_ = true;
  }
  void excuse_socket(std::uint64_t socket, const Set& ids) {
    sockets_[socket] |= ids;
    excuses_ = true;
  }
  void no_longer_excuse(const Set& ids) { everywhere_ &= ~ids; }
  std::uint64_t excused() const { return excused_; }
  // For what shows elsewhere than at the socket it comes from: true, and counted, if it is excused there.
  bool excuse(Invariant id, std::uint64_t socket) {
    const bool is = excuses_ && is_excused(id, Place::socket(socket));
    excused_ += is ? 1 : 0;
    return is;
  }

  // `describe` returns what happened; it is called only if the line is kept. Nobody is in a hurry then, so
  // that what monitors do all the time need not be laid out around it.
  template <typename Describe>
  [[gnu::cold, gnu::noinline]] void violated(Invariant id, Party party, const Place& place,
                                             const EventTrail& trail, std::uint64_t time_ps,
                                             Describe describe) {
    if (excuses_ && is_excused(id, place)) {
      ++excused_;
      return;
    }
    if (std::string* line = count_violation(id, place)) {
      *line = compose(id, party, place, trail, time_ps, describe());
      if (messages_.size() == 1 && first_told_) first_told_(*line);
    }
  }
  // Told the line of the first violation when it comes, in case that the process does not last until the end.
  void tell_first(std::function<void(const std::string& line)> told) { first_told_ = std::move(told); }

  std::uint64_t checks(Invariant id) const { return counts_[static_cast<std::size_t>(id)].checked; }
  std::uint64_t violations(Invariant id) const { return counts_[static_cast<std::size_t>(id)].violations; }
  std::uint64_t violations() const;
  bool broken() const { return !messages_.empty(); }

  std::vector<InvariantResult> results() const;
  // The first kMessagesMax lines, each with how often the same happened at the same place.
  std::vector<std::string> messages() const;
  void fill(RunResult& result) const;

 private:
  struct Counts {
    std::uint64_t checked = 0;
    std::uint64_t violations = 0;
  };
  struct Message {
    std::string text;
    std::uint64_t times;
  };
  bool is_excused(Invariant id, const Place& place) const;

  static constexpr std::size_t kNotKept = static_cast<std::size_t>(-1);

  // Where the line goes, or null if there is one for the place already or there are enough.
  std::string* count_violation(Invariant id, const Place& place);
  static std::string compose(Invariant id, Party party, const Place& place, const EventTrail& trail,
                             std::uint64_t time_ps, const std::string& what);

  std::array<Counts, static_cast<std::size_t>(Invariant::kCount)> counts_{};
  std::map<std::pair<Invariant, Place>, std::size_t> places_;  // to the message, or kNotKept
  std::vector<Message> messages_;
  bool excuses_ = false;
  Set everywhere_;
  std::map<std::uint64_t, Set> sockets_;
  std::uint64_t excused_ = 0;
  std::function<void(const std::string&)> first_told_;
};

}  // namespace ringproof
