#include "sim/testbench/testbench_impl.h"

#include <fmt/format.h>

#include <algorithm>
#include <utility>

#include "sim/app/world.h"
#include "sim/fault/plan_json.h"
#include "sim/memory/memory_model.h"
#include "sim/replay/input_error.h"
#include "sim/replay/report.h"
#include "sim/run/port_maker.h"

namespace ringproof::testbench {
namespace {

constexpr std::size_t kRecordBytesMax = 200;  // what the log shows of a fault

NicFile nic_file_of(const Options& options) {
  if (!options.nic_file.empty()) {
    try {
      return read_nic_file(options.nic_file);
    } catch (const std::runtime_error& error) {
      throw std::invalid_argument(error.what());
    }
  }
  if (options.queues == 0 || options.queues > nic::kMaxQueues) {
    throw std::invalid_argument(
        fmt::format("Options::queues: expected 1 to {}, got {}", nic::kMaxQueues, options.queues));
  }
  PortSettings port;
  port.nic.rx_queues = port.nic.tx_queues = options.queues;
  port.polling = options.polling;
  return {{port}, {}};
}

EngineChoice engine_of(const Options& options) {
  if (options.own_engine.empty()) return static_cast<EngineKind>(options.engine);
  try {
    return EngineChoice::find(options.own_engine, true);
  } catch (const NoSuchEngine& error) {
    throw std::invalid_argument(fmt::format("Options::own_engine: {}", error.what()));
  }
}

void expect_engine_fits(const BenchSettings& settings, const Options& options) {
  try {
    expect_fits(settings.engine, settings.nic_file, options.nic_file);
  } catch (const InputError& error) {
    throw std::invalid_argument(error.what());
  }
}

}  // namespace

Testbench::Impl::Impl(const Options& options, const ExploredSettings& explored)
    : explored_(explored), functional_(options.own_engine.empty() && options.engine == Engine::kFunctional) {
  if (current_world != nullptr) {
    throw std::invalid_argument("Testbench: expected one machine at a time, got a second one");
  }
  BenchSettings settings;
  settings.nic_file = nic_file_ = nic_file_of(options);
  cycle_ps_ = 1'000'000 / settings.nic_file.ports[0].nic.clock_mhz;
  settings.engine = engine_of(options);
  expect_engine_fits(settings, options);
  settings.seed = options.seed;
  settings.listeners = {&log_, &rings_};
  settings.uncaught = [this](const char* what) {
    fail(fmt::format("an exception left a thread: {}", what));
    bench_->kernel().end_current_task();
  };
  bench_ = std::make_unique<Bench>(settings);
  log_.set_clock([this] { return EventLog::Now{bench_->now_ps(), bench_->kernel().steps()}; });
  Chooser& chooser = explored_.chooser != nullptr ? *explored_.chooser : first_come_;
  bench_->kernel().use_memory(
      make_memory(static_cast<MemoryKind>(options.memory), chooser, bench_->kernel()));
  // The driver comes up before anything is explored: it is the same in every schedule.
  bool ready = false;
  bench_->kernel().start_service("testbench set-up", 0, [&] {
    for (std::size_t i = 0; i < bench_->machine().port_count(); ++i) bench_->driver(i).wait_until_ready();
    ready = true;
  });
  if (explored_.chooser != nullptr) {
    bench_->kernel().explore(*explored_.chooser, explored_.window_ps);
    bench_->monitors().expect_delays(explored_.late_ps_max);
  }
  bench_->turn_until([&] { return ready; });
  if (explored_.steps_max != 0) bench_->limit_steps(bench_->kernel().steps() + explored_.steps_max);
}

Testbench::Impl::~Impl() {
  for (const auto& handle : handles_) {
    if (const std::shared_ptr<Handle::State> state = handle.lock()) state->undo = nullptr;
  }
  for (const auto& hold : holds_) hold->impl = nullptr;
  for (const auto& hold : control_holds_) hold->impl = nullptr;
  for (const auto& thread : threads_) thread->bench = nullptr;
}

std::size_t Testbench::Impl::port_of(std::uint32_t interface) const {
  const std::size_t ports = bench_->machine().port_count();
  if (interface == 0 || interface > ports) {
    throw std::invalid_argument(fmt::format("interface: expected 1 to {}, got {}", ports, interface));
  }
  return interface - 1;
}

std::uint64_t Testbench::Impl::deadline(Time bound) const {
  return bench_->now_ps() + static_cast<std::uint64_t>(std::max<std::int64_t>(bound.count(), 0));
}

void Testbench::Impl::require_outside(const char* call) const {
  if (bench_->inside_task()) {
    throw std::invalid_argument(
        fmt::format("{}: expected a call from the test itself, got one from inside "
                    "an application thread",
                    call));
  }
}

bool Testbench::Impl::wait_for(const std::function<bool()>& done, const std::string& what, Time bound,
                               bool each_step) {
  const std::uint64_t limit_ps = deadline(bound);
  Bench::Turned turned = Bench::Turned::kOutOfTime;
  if (bench_->inside_task()) {
    if (bench_->wait(done, limit_ps)) return true;
  } else {
    // Whoever polls what does not change keeps a machine going in which nothing happens any more.
    const auto over = [&] { return done() || bench_->at_rest(); };
    turned = bench_->turn_until(over, limit_ps, each_step);
    if (done()) return true;
  }
  did_not_come(turned, what, limit_ps);
  return false;
}

void Testbench::Impl::did_not_come(Bench::Turned turned, const std::string& what, std::uint64_t limit_ps) {
  if (turned == Bench::Turned::kOutOfTime) {
    fail(fmt::format("{}: expected by {}, got nothing until then", what, time_in_words(limit_ps / 1000)));
  } else if (turned == Bench::Turned::kOutOfSteps) {
    fail(fmt::format("{}: expected within {} schedule steps, got a run that goes on", what,
                     explored_.steps_max));
  } else {
    fail(fmt::format("{}: expected to come, got a machine in which nothing happens any more", what));
  }
}

bool Testbench::Impl::at_rest_by(Time bound) {
  if (bench_->inside_task()) {
    // A task of the application is never at rest itself: what it can wait for is the hardware.
    constexpr std::uint64_t kQuietPs = 20'000'000;
    const std::uint64_t limit_ps = deadline(bound);
    std::uint64_t quiet_since_ps = bench_->kernel().now_ps();
    return bench_->wait(
        [&] {
          const std::uint64_t now_ps = bench_->kernel().now_ps();
          if (!bench_->machine().hardware_idle()) quiet_since_ps = now_ps;
          return now_ps >= quiet_since_ps + kQuietPs;
        },
        limit_ps);
  }
  const std::uint64_t limit_ps = deadline(bound);
  const Bench::Turned turned = bench_->turn_until([this] { return bench_->at_rest(); }, limit_ps);
  // Nothing left to happen is rest, whoever holds frames.
  if (turned == Bench::Turned::kDone || turned == Bench::Turned::kNothingLeft) return true;
  did_not_come(turned, "rest", limit_ps);
  return false;
}

// ---- operations ----

Handle Testbench::Impl::make_handle(std::shared_ptr<Handle::State> state) {
  std::erase_if(handles_, [](const auto& handle) { return handle.expired(); });
  handles_.push_back(state);
  return Handle(std::move(state));
}

Handle Testbench::Impl::operate(const std::string& text, const std::function<void()>& action,
                                std::function<void()> undo) {
  log_.add("operation", text);
  action();
  auto state = std::make_shared<Handle::State>();
  state->done = true;
  if (undo) {
    state->undo = [this, text, undo = std::move(undo)] {
      log_.add("operation", "undo " + text);
      undo();
    };
  }
  return make_handle(std::move(state));
}

void Testbench::Impl::in_service(std::function<void()> action, std::shared_ptr<Handle::State> state) {
  bench_->kernel().start_service("control plane", 0, [action = std::move(action), state = std::move(state)] {
    action();
    if (state != nullptr) state->done = true;
  });
}

Handle Testbench::Impl::operate_in_service(const std::string& text, std::function<void()> action,
                                           std::function<void()> undo) {
  log_.add("operation", text);
  auto state = std::make_shared<Handle::State>();
  in_service(
      [this, text, action = std::move(action)] {
        action();
        log_.add("operation", text + ": done");
      },
      state);
  if (undo) {
    state->undo = [this, text, undo = std::move(undo)] {
      log_.add("operation", "undo " + text);
      in_service(undo, nullptr);
    };
  }
  return make_handle(std::move(state));
}

Handle Testbench::Impl::fault(const std::string& record) {
  std::uint64_t number = 0;
  try {
    number = bench_->faults().arm_record(record_from_text("fault", record, {functional_, &nic_file_}));
  } catch (const InputError& error) {
    throw std::invalid_argument(error.what());
  }
  const std::string text = "fault " + one_line(record, kRecordBytesMax);
  return operate(
      text, [] {}, [this, number] { bench_->faults().disarm(number); });
}

// ---- threads ----

std::shared_ptr<Thread::State> Testbench::Impl::start(const std::string& name, std::function<void()> body) {
  auto state = std::make_shared<Thread::State>();
  state->bench = bench_.get();
  state->number = bench_->start_thread(name, [this, name, body = std::move(body)] {
    try {
      body();
    } catch (const std::exception& problem) {
      fail(fmt::format("an exception left thread {}: {}", name, problem.what()));
    } catch (...) {
      fail(fmt::format("an exception of unknown type left thread {}", name));
    }
  });
  threads_.push_back(state);
  log_.add("operation", "start thread " + name);
  return state;
}

// ---- the verdict ----

void Testbench::Impl::fail(const std::string& message) {
  failures.push_back(message);
  log_.add("failure", message);
  if (!listener) return;
  const OutsideSimulation outside;
  listener(message);
}

void Testbench::Impl::finish() {
  if (finished_) return;
  finished_ = true;
  while (!holds_.empty()) release_tx(*std::shared_ptr(holds_.front()));
  while (!control_holds_.empty()) release_control(*std::shared_ptr(control_holds_.front()));
  for (const auto& handle : handles_) {
    if (const std::shared_ptr<Handle::State> state = handle.lock()) state->undo = nullptr;
  }
  bench_->limit_steps(0);
  if (!bench_->end_process()) fail("the end of the process: something stays in flight for ever");
  judge();
}

void Testbench::Impl::judge() {
  const RunResult result = bench_->judge();
  result_hash = result.result_hash;
  violations = result.violation_messages;
  for (const std::string& violation : violations) {
    const bool of_application = violation.find(", application: ") != std::string::npos;
    const bool expected = expected_violations.contains(violation.substr(0, violation.find(' '))) ||
                          (application_violations_expected && of_application);
    if (!expected) fail(violation);
  }
}

const std::vector<Event>& Testbench::Impl::events() {
  events_.clear();
  for (const LoggedEvent& each : log_.events()) {
    events_.push_back({Time(static_cast<std::int64_t>(each.time_ps)), each.step, each.what, each.text});
  }
  return events_;
}

}  // namespace ringproof::testbench
