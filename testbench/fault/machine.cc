#include "testbench/fault/machine.h"

#include <algorithm>
#include <utility>

#include "model/nic/queue_engine.h"
#include "sim/app/ring_hooks.h"

namespace ringproof::test {
namespace {

constexpr std::uint32_t kCpus = 16;
// Longer than interrupt latency, moderation and register writes together.
constexpr std::uint64_t kIdleUs = 20;
constexpr std::uint64_t kSettleUs = 20'000;

void put16(Bytes& frame, std::size_t at, std::uint32_t value) {
  frame[at] = static_cast<unsigned char>(value >> 8);
  frame[at + 1] = static_cast<unsigned char>(value);
}

std::uint32_t sum16(const Bytes& frame, std::size_t begin, std::size_t end, std::uint32_t sum) {
  for (std::size_t i = begin; i < end; i += 2) {
    sum += frame[i] * 256u + (i + 1 < end ? frame[i + 1] : 0u);
  }
  return sum;
}

std::uint32_t folded(std::uint32_t sum) {
  while (sum > 0xFFFF) sum = (sum & 0xFFFF) + (sum >> 16);
  return ~sum & 0xFFFF;
}

}  // namespace

Bytes udp_frame(std::size_t size, unsigned char mark, std::uint16_t destination_port) {
  constexpr std::size_t kIp = 14;
  constexpr std::size_t kUdp = 34;
  constexpr std::size_t kPayload = 42;
  Bytes frame(std::max(size, kPayload), mark);
  const Bytes head = {2, 0, 0, 0, 0,  2,  2, 0, 0,  0, 0, 1, 8,  0, 0x45, 0, 0,    0,
                      0, 0, 0, 0, 64, 17, 0, 0, 10, 0, 0, 1, 10, 0, 0,    2, 0x30, 0x39};
  std::copy(head.begin(), head.end(), frame.begin());
  put16(frame, kIp + 2, static_cast<std::uint32_t>(frame.size() - kIp));
  put16(frame, kIp + 10, folded(sum16(frame, kIp, kUdp, 0)));
  put16(frame, kUdp + 2, destination_port);
  const auto udp_bytes = static_cast<std::uint32_t>(frame.size() - kUdp);
  put16(frame, kUdp + 4, udp_bytes);
  put16(frame, kUdp + 6, 0);
  const std::uint32_t pseudo = sum16(frame, kIp + 12, kUdp, 17 + udp_bytes);
  const std::uint32_t checksum = folded(sum16(frame, kUdp, frame.size(), pseudo));
  put16(frame, kUdp + 6, checksum == 0 ? 0xFFFF : checksum);
  return frame;
}

bool Machine::Source::next(nic::SourceFrame& frame) {
  if (next_ == frames_.size()) return false;
  frame.offset_ps = 0;
  frame.bytes = frames_[next_++];
  return true;
}

Machine::Machine(const MachineSettings& settings)
    : settings_(settings),
      monitors_({settings.nic}),
      faults_(settings.faults, settings.seed),
      kernel_(kCpus, *this, nullptr) {
  for (Tap* tap : monitors_.taps()) taps_.add(tap);
  taps_.add(&recorder_);
  const bool faulty = !settings.faults.empty();
  if (faulty) kernel_.set_faults(faults_);
  faults_.connect({&kernel_, &taps_, nullptr, {}});
  port_ = std::make_unique<nic::BarePort>(settings.nic, 0, kernel_, taps_,
                                          nic::make_rtl_engine("", settings.seed), settings.seed);
  driver_ = std::make_unique<driver::Driver>(*port_, kernel_, taps_, settings.driver);
  platform_ = std::make_unique<xdp::Platform>(
      kernel_, taps_, std::vector<xdp::PortOfPlatform>{{driver_.get(), settings.interface}},
      settings.platform);
  world_ = std::make_unique<World>(*platform_, kernel_, nullptr, [](const char* what) {
    ADD_FAILURE() << "an exception left a thread: " << what;
  });
  set_current_world(world_.get());
  faults_.connect({&kernel_, &taps_, platform_.get(), {driver_.get()}});
  if (faulty) taps_.add(&faults_);
}

Machine::~Machine() { set_current_world(nullptr); }

void Machine::run(std::function<void()> body) {
  bool ended = false;
  kernel_.start_application("test", [&] {
    if (settings_.wait_for_driver) driver_->wait_until_ready();
    body();
    ended = true;
  });
  if (!turn_until([&] { return ended; })) ADD_FAILURE() << "the body waits for what will never happen";

  if (!settings_.faults.empty()) heal();
  kernel_.stop_applications();
  port_->stop_traffic();
  bool closed = false;
  kernel_.start_service("process exit", 0, [&] {
    platform_->close_all_handles();
    closed = true;
  });
  if (!turn_until([&] { return closed && idle() && kernel_.quiet(); }))
    ADD_FAILURE() << "the process does not end";
  judge();
}

bool Machine::turn_until(const std::function<bool()>& done) {
  while (!done()) {
    kernel_.run_due(kNever);
    if (done()) break;
    const std::uint64_t stop_ps = std::min(kernel_.next_due_ps(), port_->next_stop_ps());
    if (stop_ps == kNever) return false;
    // An event of the host that is due already waits for the hardware to come up to it.
    port_->advance_to(std::max(stop_ps, port_->time_ps() + 1));
  }
  return true;
}

void Machine::judge() {
  const std::uint64_t end_ps = std::max(kernel_.now_ps(), port_->time_ps());
  monitors_.finish(end_ps, idle() && kernel_.quiet(), port_->frames_begun());
  RunResult result;
  result.sim_ns = end_ps / 1000;
  monitors_.fill(result, std::nullopt);
  violations_ = result.violation_messages;
  for (const std::string& violation : violations_) {
    const bool ours = violation.find(", application: ") == std::string::npos;
    if (ours || !violations_expected_) ADD_FAILURE() << violation;
  }
}

std::uint32_t Machine::start_thread(std::function<void()> body) {
  const auto number = static_cast<std::uint32_t>(threads_.size());
  Thread& thread = threads_.emplace_back();
  kernel_.start_application("thread " + std::to_string(number), [this, &thread, body = std::move(body)] {
    body();
    thread.ended = true;
    kernel_.notify(thread.end);
  });
  return number;
}

void Machine::join(std::uint32_t number) {
  Thread& thread = threads_[number];
  while (!thread.ended) kernel_.wait(thread.end, kNever);
}

void Machine::join_all() {
  for (std::uint32_t i = 0; i < threads_.size(); ++i) join(i);
}

bool Machine::wait_until(const std::function<bool()>& done) {
  for (std::uint64_t us = 0; us < kSettleUs; ++us) {
    if (done()) return true;
    sleep_us(1);
  }
  ADD_FAILURE() << "what is waited for does not come";
  return false;
}

void Machine::settle() {
  std::uint64_t idle_us = 0;
  for (std::uint64_t us = 0; idle_us < kIdleUs; ++us) {
    ASSERT_LT(us, kSettleUs) << "the machine does not come to rest";
    sleep_us(1);
    idle_us = idle() ? idle_us + 1 : 0;
  }
}

void Machine::wire(std::vector<Bytes> frames) {
  // The MAC has one source at a time.
  while (!port_->traffic_over()) sleep_us(1);
  port_->start_traffic(sources_.emplace_back(std::move(frames)), kernel_.now_ps());
}

void Machine::wire_as_one_batch(std::vector<Bytes> frames) {
  const auto count = static_cast<std::uint32_t>(frames.size());
  driver_->hold_rx(0, true);
  wire(std::move(frames));
  while (driver_->rx_backlog(0) < count) sleep_us(1);
  driver_->hold_rx(0, false);
  settle();
}

}  // namespace ringproof::test
