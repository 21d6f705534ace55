#include "sim/testbench/bench.h"

#include <algorithm>
#include <utility>

#include "sim/app/world.h"
#include "sim/run/port_maker.h"

namespace ringproof {
namespace {

constexpr std::uint64_t kLookEveryPs = 1'000'000;

}  // namespace

Bench::Bench(const BenchSettings& settings)
    : monitors_(settings.nic_file.configs()),
      given_(monitors_, feeds_),
      own_faults_(settings.faults == nullptr ? std::make_unique<FaultInjector>(FaultPlan(), settings.seed)
                                             : nullptr),
      faults_(settings.faults == nullptr ? *own_faults_ : *settings.faults),
      machine_({settings.nic_file, bare_ports(settings.engine, settings.seed), taps(settings), nullptr,
                settings.uncaught, &faults_, settings.seed}) {
  for (std::size_t i = 0; i < machine_.port_count(); ++i) feeds_.push_back(std::make_unique<WireFeed>());
  monitors_.watch(machine_.kernel());
  for (std::size_t i = 0; i < machine_.port_count(); ++i) monitors_.watch(machine_.port(i));
  machine_.enter();
}

Bench::~Bench() = default;

std::vector<Tap*> Bench::taps(const BenchSettings& settings) {
  std::vector<Tap*> taps = monitors_.taps();
  taps.push_back(&locked_memory_);
  taps.push_back(&given_);
  taps.push_back(&frames_);
  taps.push_back(&stack_frames_);
  taps.insert(taps.end(), settings.listeners.begin(), settings.listeners.end());
  return taps;
}

bool Bench::at_rest() {
  for (std::size_t i = 0; i < machine_.port_count(); ++i) {
    if (!machine_.port(i).quiet()) return false;
  }
  return step_actions_.empty() && kernel().quiet();
}

// After which step to look up; 0: never.
std::uint64_t Bench::next_step_stop(bool each_step) {
  std::uint64_t stop = steps_max_ == 0 ? kNever : steps_max_;
  if (each_step) stop = std::min(stop, kernel().steps() + 1);
  if (!step_actions_.empty()) stop = std::min(stop, step_actions_.front().step);
  return stop == kNever ? 0 : stop;
}

void Bench::run_step_actions() {
  while (!step_actions_.empty() && step_actions_.front().step <= kernel().steps()) {
    const std::function<void()> action = std::move(step_actions_.front().action);
    step_actions_.erase(step_actions_.begin());
    action();
  }
}

Bench::Turned Bench::turn_until(const std::function<bool()>& done, std::uint64_t limit_ps, bool each_step) {
  const Turned turned = turn(done, limit_ps, each_step);
  machine_.come_together();
  return turned;
}

Bench::Turned Bench::turn(const std::function<bool()>& done, std::uint64_t limit_ps, bool each_step) {
  while (true) {
    run_step_actions();
    if (done()) return Turned::kDone;
    if (now_ps() >= limit_ps) return Turned::kOutOfTime;
    if (steps_max_ != 0 && kernel().steps() >= steps_max_) return Turned::kOutOfSteps;
    kernel().limit_steps(next_step_stop(each_step));
    const bool more = machine_.run([&]() -> std::uint64_t {
      const bool look_up = kernel().out_of_steps() || done() || now_ps() >= limit_ps;
      return look_up ? 0 : limit_ps;
    });
    kernel().limit_steps(0);
    if (!more && step_actions_.empty()) return done() ? Turned::kDone : Turned::kNothingLeft;
    // A step that is never reached comes when nothing else does.
    if (!more) step_actions_.front().step = kernel().steps();
  }
}

bool Bench::wait(const std::function<bool()>& done, std::uint64_t limit_ps, bool each_step) {
  if (!inside_task()) return turn_until(done, limit_ps, each_step) == Turned::kDone;
  while (!done()) {
    if (kernel().now_ps() >= limit_ps) return false;
    kernel().sleep(kLookEveryPs);
  }
  return true;
}

void Bench::at_step(std::uint64_t step, std::function<void()> action) {
  const auto place =
      std::upper_bound(step_actions_.begin(), step_actions_.end(), step,
                       [](std::uint64_t value, const auto& each) { return value < each.step; });
  step_actions_.insert(place, {step, std::move(action)});
}

std::uint32_t Bench::start_thread(const std::string& name, std::function<void()> body) {
  const auto number = static_cast<std::uint32_t>(threads_.size());
  Thread& thread = threads_.emplace_back();
  thread.name = name;
  kernel().start_application(name, [this, &thread, body = std::move(body)] {
    body();
    current_world->destroy_thread_values();
    thread.ended = true;
    kernel().notify(thread.end);
  });
  return number;
}

void Bench::join_thread(std::uint32_t number) {
  Thread& thread = threads_[number];
  while (!thread.ended) kernel().wait(thread.end, kNever);
}

void Bench::wire(std::size_t port, WireFrame frame) {
  std::vector<WireFrame> frames;
  frames.push_back(std::move(frame));
  wire_all(port, std::move(frames));
}

void Bench::wire_all(std::size_t port, std::vector<WireFrame> frames) {
  if (frames.empty()) return;
  nic::Port& nic = machine_.port(port);
  WireFeed& feed = *feeds_[port];
  const std::uint64_t now_ps = std::max(kernel().now_ps(), nic.time_ps());
  for (WireFrame& frame : frames) feed.add(std::move(frame), now_ps);
  if (nic.traffic_over()) nic.start_traffic(feed, feed.begin(now_ps));
}

bool Bench::end_process() {
  faults_.heal(now_ps());
  kernel().stop_applications();
  for (std::size_t i = 0; i < machine_.port_count(); ++i) machine_.port(i).stop_traffic();
  step_actions_.clear();
  const auto closed = std::make_shared<bool>(false);
  // The host's time may be behind, when nothing has happened there for long.
  kernel().at(now_ps(), [this, closed] {
    kernel().start_service("process exit", 0, [this, closed] {
      platform().close_all_handles();
      *closed = true;
    });
  });
  return turn_until([&] { return *closed && machine_.idle(); }) == Turned::kDone;
}

RunResult Bench::judge() {
  std::uint64_t end_ps = now_ps();
  for (std::size_t i = 0; i < machine_.port_count(); ++i) {
    end_ps = std::max(end_ps, machine_.port(i).time_ps());
  }
  const bool idle = machine_.idle();
  monitors_.finish({.time_ps = end_ps, .drained = idle, .quiet = idle});
  RunResult result;
  result.sim_ns = end_ps / 1000;
  monitors_.fill(result, std::nullopt);
  machine_.leave();
  return result;
}

}  // namespace ringproof
