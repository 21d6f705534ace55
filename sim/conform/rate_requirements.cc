#include "sim/conform/line_rate.h"
#include "sim/conform/trial.h"

namespace ringproof::conform {
namespace {

void at_line_rate(Trial& trial, bool receive, bool transmit) {
  Bench& bench = trial.bench({.check_payload = false});
  const RateFigures figures = measure_rate(bench, trial.shape(), {.receive = receive, .transmit = transmit});
  bench.require(figures.slower() <= kLineRateCycles,
                fmt::format("{:.2f} cycles a frame or less", kLineRateCycles),
                fmt::format("{:.2f}", figures.slower()));
  equal(bench, "frames discarded", 0u, figures.lost);
}

void rx_rate(Trial& trial) { at_line_rate(trial, true, false); }
void tx_rate(Trial& trial) { at_line_rate(trial, false, true); }
void both_rates(Trial& trial) { at_line_rate(trial, true, true); }

}  // namespace

std::vector<Requirement> rate_requirements() {
  constexpr const char* kSource = "How it is verified";
  return {
      {"rate.rx", "64-byte frames on up to 4 queues, memory 300 ns away, are received at 100 Gb/s", kSource,
       rx_rate},
      {"rate.tx", "they are sent at 100 Gb/s", kSource, tx_rate},
      {"rate.both", "both at once", kSource, both_rates},
  };
}

}  // namespace ringproof::conform
