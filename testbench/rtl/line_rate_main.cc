// line_rate_main.cc: frames of 64 bytes that the RTL receives and sends in a simulated second.
// Role     `cmake --build build --target line-rate` prints it: 4 queues, 250 MHz, memory 300 ns away
// Units    [frames] a simulated second; exact, for time is simulated
// Errors   exit code 1 when a direction is below 100 Gb/s, or a frame was lost
// Source   docs/design/queue-engine.md, "How it is verified"

#include <cstdint>
#include <cstdio>

#include "sim/conform/line_rate.h"

namespace ringproof::conform {
namespace {

constexpr EngineShape kShape{64, 64, 16};

// A broken rule of the neighbours ends the program with what was expected.
RateFigures measure(bool receive, bool transmit) {
  Bench bench(nic::make_rtl_engine("", 1), {.check_payload = false}, [](const Broken& broken) {
    std::printf("cycle %llu: expected %s, got %s\n", static_cast<unsigned long long>(broken.cycle),
                broken.expected.c_str(), broken.seen.c_str());
  });
  return measure_rate(bench, kShape, {.receive = receive, .transmit = transmit});
}

double millions(double cycles_per_frame) { return kRateClockMhz / cycles_per_frame; }

int run() {
  const RateFigures rx = measure(true, false), tx = measure(false, true), both = measure(true, true);
  const std::uint64_t lost = rx.lost + tx.lost + both.lost;
  std::printf(
      "line-rate: million frames a simulated second, of 148.8: %.1f received, %.1f sent, %.1f received and "
      "%.1f sent at once; %llu lost\n",
      millions(rx.rx_cycles), millions(tx.tx_cycles), millions(both.rx_cycles), millions(both.tx_cycles),
      static_cast<unsigned long long>(lost));
  const bool fast =
      rx.slower() <= kLineRateCycles && tx.slower() <= kLineRateCycles && both.slower() <= kLineRateCycles;
  return fast && lost == 0 ? 0 : 1;
}

}  // namespace
}  // namespace ringproof::conform

// The packaged SystemC library asks for this name.
extern "C" __attribute__((visibility("default"))) int sc_main(int, char*[]) {
  return ringproof::conform::run();
}

int main() { return sc_main(0, nullptr); }
