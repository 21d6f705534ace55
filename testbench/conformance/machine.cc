#include "testbench/conformance/machine.h"

#include <algorithm>
#include <utility>

namespace ringproof::test {
namespace {

// Longer than interrupt latency, moderation and register writes together.
constexpr std::uint64_t kIdleUs = 20;
// A device that takes chunks by itself has those by then that the body has posted.
constexpr std::uint64_t kChunksReachDeviceUs = 10;
constexpr std::uint64_t kFramesReachDriverUs = 100;
constexpr std::uint64_t kSettleUs = 20'000;

BenchSettings bench_settings(const MachineSettings& settings, FaultInjector& faults) {
  PortSettings port{settings.nic, settings.interface, settings.driver.polling,
                    settings.driver.generic_forward_limit};
  port.nic.rx_ring_entries = settings.driver.rx_ring_entries;
  port.nic.tx_ring_entries = settings.driver.tx_ring_entries;
  BenchSettings result;
  result.nic_file = {{port}, settings.platform};
  result.engine = settings.engine;
  result.seed = settings.seed;
  result.uncaught = [](const char* what) { ADD_FAILURE() << "an exception left a thread: " << what; };
  if (!settings.faults.empty()) result.faults = &faults;
  return result;
}

}  // namespace

Machine::Machine(const MachineSettings& settings)
    : settings_(settings),
      faults_(settings.faults, settings.seed),
      bench_(bench_settings(settings, faults_)) {}

Machine::~Machine() = default;

void Machine::run(std::function<void()> body) {
  const std::uint32_t main = bench_.start_thread("test", [&] {
    if (settings_.wait_for_driver) driver().wait_until_ready();
    body();
  });
  if (!bench_.wait([&] { return bench_.thread_ended(main); })) {
    ADD_FAILURE() << "the body waits for what will never happen";
  }
  heal();
  if (!bench_.end_process()) ADD_FAILURE() << "the process does not end";
  judge();
}

void Machine::heal() {
  if (settings_.faults.empty()) return;
  faults_.heal(std::max(kernel().now_ps(), bench_.machine().port(0).time_ps()));
}

void Machine::judge() {
  violations_ = bench_.judge().violation_messages;
  for (const std::string& violation : violations_) {
    const bool ours = violation.find(", application: ") == std::string::npos;
    if (ours || !violations_expected_) ADD_FAILURE() << violation;
  }
}

std::uint32_t Machine::start_thread(std::function<void()> body) {
  return bench_.start_thread("thread", std::move(body));
}

void Machine::join_all() {
  for (std::uint32_t i = 0; i < bench_.thread_count(); ++i) {
    if (bench_.thread_name(i) == "thread") join(i);
  }
}

bool Machine::wait_until(const std::function<bool()>& done) {
  if (bench_.wait(done, kernel().now_ps() + kSettleUs * 1'000'000)) return true;
  ADD_FAILURE() << "what is waited for does not come";
  return false;
}

void Machine::settle() {
  std::uint64_t idle_us = 0;
  for (std::uint64_t us = 0; idle_us < kIdleUs; ++us) {
    ASSERT_LT(us, kSettleUs) << "the machine does not come to rest";
    sleep_us(1);
    idle_us = bench_.machine().hardware_idle() ? idle_us + 1 : 0;
  }
}

void Machine::wire(std::vector<Bytes> frames) {
  if (settings_.nic.zero_copy) sleep_us(kChunksReachDeviceUs);
  std::vector<WireFrame> wired;
  for (Bytes& frame : frames) wired.push_back({std::move(frame)});
  bench_.wire_all(0, std::move(wired));
}

void Machine::wire_as_one_batch(std::vector<Bytes> frames) {
  const auto count = static_cast<std::uint32_t>(frames.size());
  driver().hold_rx(0, true);
  wire(std::move(frames));
  // A device that takes chunks by itself drops what finds none.
  const std::uint64_t given_up_us = settings_.nic.zero_copy ? now_us() + kFramesReachDriverUs : ~0ULL;
  while (driver().rx_backlog(0) < count && now_us() < given_up_us) sleep_us(1);
  driver().hold_rx(0, false);
  settle();
}

}  // namespace ringproof::test
