// machine.h: a whole simulated machine for one test: NIC, driver, platform, host, monitors.
// Role     runs a test's body as the application, and plays everything around it: the wire and the driver
// Shapes   one port (interface index 1) on the engine that the settings name; a machine lives for one test
// Units    simulated time; 1 ms of settling is far more than anything here takes
// Threads  the body and its threads are tasks of the machine
// Errors   a body that never ends, a violated invariant (unless the test expects one) and frames that are
//          lost on the way fail the test
// Source   docs/code-map.md, control plane
#pragma once

#include <gtest/gtest.h>

#include <algorithm>
#include <cstdint>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <utility>
#include <vector>

#include "model/driver/driver.h"
#include "model/driver/stack_queue.h"
#include "model/xdp/platform.h"
#include "sim/fault/injector.h"
#include "sim/host/host_kernel.h"
#include "sim/testbench/bench.h"
#include "sim/testbench/frames.h"

namespace ringproof::test {

using Bytes = std::vector<unsigned char>;

inline Bytes udp_frame(std::size_t size, unsigned char mark, std::uint16_t destination_port = 1234) {
  return make_udp_frame(size, mark, destination_port);
}

// As L2FWD sends it back.
inline Bytes with_addresses_swapped(Bytes frame) {
  std::swap_ranges(frame.begin(), frame.begin() + 6, frame.begin() + 6);
  return frame;
}

struct MachineSettings {
  nic::NicConfig nic = default_nic();
  xdp::InterfaceSettings interface {};
  xdp::PlatformSettings platform{};
  driver::DriverSettings driver{};
  std::uint64_t seed = 1;
  FaultPlan faults{};
  EngineChoice engine = EngineKind::kRtl;
  bool wait_for_driver = true;  // false: the body begins while the driver still sets up its queues

  // One queue each way, so that every frame goes to queue 0.
  static nic::NicConfig default_nic() {
    nic::NicConfig config;
    config.rx_queues = 1;
    config.tx_queues = 1;
    config.zero_copy = std::getenv("RINGPROOF_TEST_ZERO_COPY") != nullptr;
    return config;
  }
};

class Machine final {
 public:
  explicit Machine(const MachineSettings& settings = {});
  ~Machine();
  Machine(const Machine&) = delete;
  Machine& operator=(const Machine&) = delete;

  // Runs the body as the application's main thread and then ends the process: handles are closed, what is in
  // flight comes to its end. Called once.
  void run(std::function<void()> body);

  // ---- for the body ----

  // A thread of the application; join() waits for its end.
  std::uint32_t start_thread(std::function<void()> body);
  void join(std::uint32_t thread) { bench_.join_thread(thread); }
  void join_all();
  void sleep_us(std::uint64_t microseconds) { kernel().sleep(microseconds * 1'000'000); }
  std::uint64_t now_us() { return kernel().now_ps() / 1'000'000; }
  // Lets time pass until the condition holds; that it never does is a failure, and false.
  bool wait_until(const std::function<bool()>& done);
  // Until nothing moves any more: wire, engine and driver are idle.
  void settle();

  // Puts frames on the wire, one behind the other, and returns at once.
  void wire(std::vector<Bytes> frames);
  void wire(std::vector<WireFrame> frames) { bench_.wire_all(0, std::move(frames)); }
  // The same, and the driver of queue 0 shows all of them to the platform in one pass. Returns when done.
  void wire_as_one_batch(std::vector<Bytes> frames);
  // From now on every frame to send stays with the driver, as if the device had it, until it is released.
  void hold_all_tx() {
    driver().hold_tx([](Tap::Bytes) { return true; });
  }
  // Frames that left the port, in order.
  const std::vector<Bytes>& sent() { return bench_.frames().bytes(); }
  // Frames that the host's own stack received.
  std::size_t passed() { return bench_.stack_frames().count(); }

  // From now on the list has what it receives.
  const std::vector<Bytes>& record_stack() {
    bench_.stack_frames().on_received([this](const StackFrame& frame) { to_stack_.push_back(frame.bytes); });
    return to_stack_;
  }
  // The host's own stack sends.
  void stack_sends(const Bytes& frame, const std::vector<std::uint32_t>& buffers = {}) {
    driver().stack(0).send(frame, buffers);
  }

  // What the run has come to so far.
  RunResult counted() {
    RunResult result;
    bench_.monitors().accounts().fill(result);
    return result;
  }
  driver::Driver& driver() { return bench_.driver(0); }
  nic::Device& device() { return bench_.machine().port(0); }
  xdp::Platform& platform() { return bench_.platform(); }
  HostKernel& kernel() { return bench_.kernel(); }
  TapList& taps() { return bench_.machine().taps(); }
  FaultInjector& faults() { return faults_; }
  // No fault strikes any more.
  void heal();

  // ---- monitors ----

  // The body is going to misuse its rings: what the monitors blame on the application is not an error.
  void expect_application_violations() { violations_expected_ = true; }
  const std::vector<std::string>& violations() const { return violations_; }

 private:
  void judge();

  const MachineSettings settings_;
  FaultInjector faults_;
  Bench bench_;
  bool violations_expected_ = false;
  std::vector<std::string> violations_;
  std::vector<Bytes> to_stack_;
};

// A test whose body runs as the application of a machine of its own.
class Conformance : public testing::Test {
 protected:
  // Before the first use of machine(): what kind of machine the test wants.
  MachineSettings settings;

  Machine& machine() {
    if (machine_ == nullptr) machine_ = std::make_unique<Machine>(settings);
    return *machine_;
  }

 private:
  std::unique_ptr<Machine> machine_;
};

// CONFORMANCE(Fixture, Name) { body }: a test whose body runs as the application.
// CONFORMANCE_ON(Fixture, Name, statements) { body }: the same, after statements that change `settings`.
#define CONFORMANCE_ON(fixture, name, ...)                                                                \
  class fixture##_##name final : public fixture {                                                         \
    void TestBody() override {                                                                            \
      __VA_ARGS__;                                                                                        \
      machine().run([this] { body(); });                                                                  \
    }                                                                                                     \
    void body();                                                                                          \
  };                                                                                                      \
  [[maybe_unused]] const auto* const fixture##_##name##_info =                                            \
      testing::RegisterTest(#fixture, #name, nullptr, nullptr, __FILE__, __LINE__,                        \
                            []() -> fixture* { return std::make_unique<fixture##_##name>().release(); }); \
  void fixture##_##name::body()

#define CONFORMANCE(fixture, name) CONFORMANCE_ON(fixture, name, static_cast<void>(0))

}  // namespace ringproof::test
