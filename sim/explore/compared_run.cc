#include "sim/explore/compared_run.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sim/monitor/invariant_log.h"

namespace ringproof {
namespace {

// Every ring of more than two entries wraps within its first lap.
constexpr std::uint32_t kStartBeforeWrap = 0U - 3;
constexpr unsigned char kFill = 0xA5;

class Comparison {
 public:
  Comparison(const Scenario& scenario, const ScheduleSpec& spec, const RunPlaces& places, Outcome& first)
      : scenario_(scenario), spec_(spec), places_(places), first_(first), log_(read_tape(places.tape)) {
    spec_.findings = nullptr;
  }

  void run() {
    compare_again();
    // Faults may strike at indices and memory themselves.
    if (!first_.broke() && plan_of(scenario_, spec_).empty()) compare_worlds();
  }

 private:
  void compare_again() {
    const Outcome again = run_with(0, 0);
    checked(Invariant::k48);
    if (!same(again)) {
      differs(
          Invariant::k48, again,
          "once more, with nothing changed (does the application read something outside the simulation?)");
    }
  }

  void compare_worlds() {
    // A device that works on the rings by itself reads them in lines: where they begin tells in its times.
    const std::vector<PortSettings>& ports = scenario_.nic_file.ports;
    const bool lends =
        std::any_of(ports.begin(), ports.end(), [](const PortSettings& port) { return port.nic.zero_copy; });
    const Outcome both = run_with(lends ? 0 : kStartBeforeWrap, kFill);
    if (!lends) checked(Invariant::k07);
    checked(Invariant::k47);
    if (same(both)) return;
    const Outcome filled = run_with(0, kFill);
    if (!same(filled)) {
      differs(Invariant::k47, filled, fmt::format("with rings that hold 0x{:02x} when they are new", kFill));
    } else {
      differs(Invariant::k07, both, fmt::format("with ring indices that begin at {}", kStartBeforeWrap));
    }
  }

  // Beside what the NIC file says of them.
  Outcome run_with(std::uint32_t start_index, unsigned char fill) {
    Scenario other = scenario_;
    xdp::SocketSettings& sockets = other.nic_file.platform.sockets;
    sockets.ring_start_index += start_index;
    sockets.ring_fill = static_cast<unsigned char>(sockets.ring_fill ^ fill);
    RunPlaces places{places_.progress, places_.tape};
    return run_schedule(other, spec_, places);
  }

  bool same(const Outcome& other) const {
    return other.key == first_.key && other.result.result_hash == first_.result.result_hash;
  }

  InvariantResult& invariant(Invariant id) { return first_.result.invariants[static_cast<std::size_t>(id)]; }
  void checked(Invariant id) { ++invariant(id).checked; }

  void differs(Invariant id, const Outcome& other, const std::string& how) {
    InvariantResult& broken = invariant(id);
    ++broken.violations;
    first_.key = broken.id;
    first_.message =
        fmt::format("{} {}: application {} ran {}: expected result hash {:016x} as before, got {:016x}{}",
                    broken.id, broken.title, scenario_.run.app, how, first_.result.result_hash,
                    other.result.result_hash, other.broke() ? "; there " + other.message : "");
    first_.log = log_;
  }

  const Scenario& scenario_;
  ScheduleSpec spec_;
  const RunPlaces& places_;
  Outcome& first_;
  const DecisionLog log_;  // before another run takes the tape
};

}  // namespace

bool is_found_by_comparing(const std::string& key) {
  return key == "INV-07" || key == "INV-47" || key == "INV-48";
}

Outcome run_and_compare(const Scenario& scenario, const ScheduleSpec& spec, const RunPlaces& places) {
  Outcome outcome = run_schedule(scenario, spec, places);
  if (spec.compared && !outcome.broke() && !outcome.result.invariants.empty()) {
    Comparison(scenario, spec, places, outcome).run();
  }
  return outcome;
}

}  // namespace ringproof
