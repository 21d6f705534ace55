// The published testbench: applications, time, and the verdict.

#include "ringproof/testbench.h"

#include <fmt/format.h>

#include <utility>

#include "sim/testbench/frames.h"
#include "sim/testbench/testbench_impl.h"

namespace ringproof::testbench {

Testbench::Testbench(const Options& options) : impl_(std::make_unique<Impl>(options, ExploredSettings{})) {}
Testbench::Testbench(std::unique_ptr<Impl> impl) : impl_(std::move(impl)) {}
Testbench::~Testbench() { finish(); }

Bytes udp_frame(std::size_t bytes, unsigned char mark, std::uint16_t destination_port) {
  return make_udp_frame(bytes, mark, destination_port);
}

bool Pattern::matches(ByteView frame) const {
  if (frame.size() < offset + bytes.size()) return bytes.empty();
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    const unsigned differing = frame[offset + i] ^ bytes[i];
    if ((differing & (i < mask.size() ? mask[i] : 0xFFu)) != 0) return false;
  }
  return true;
}

// ---- applications ----

Thread Testbench::start(const std::string& name, std::function<void()> body) {
  return Thread(impl_->start(name, std::move(body)));
}

bool Testbench::join(const Thread& thread, Time bound) {
  Bench& bench = impl_->bench();
  if (bench.inside_task()) {
    bench.join_thread(thread.state_->number);
    return true;
  }
  return impl_->wait_for([&] { return thread.ended(); },
                         "the end of thread " + bench.thread_name(thread.state_->number), bound);
}

bool Testbench::call(const std::function<void()>& body, Time bound) {
  return join(start("test", body), bound);
}

// ---- time ----

Time Testbench::now() const { return Time(static_cast<std::int64_t>(impl_->bench().now_ps())); }

std::uint64_t Testbench::step() const { return impl_->bench().kernel().steps(); }

Handle Testbench::at(Time time, std::function<void()> action) {
  Bench& bench = impl_->bench();
  const auto time_ps = static_cast<std::uint64_t>(time.count());
  if (time.count() < 0 || time_ps < bench.now_ps()) {
    throw std::invalid_argument(
        fmt::format("at: expected a time from now ({} ps) on, got {} ps", bench.now_ps(), time.count()));
  }
  auto state = std::make_shared<Handle::State>();
  auto planned = std::make_shared<std::function<void()>>(std::move(action));
  state->undo = [planned] { *planned = nullptr; };
  bench.kernel().at(time_ps, [planned, state] {
    state->done = true;
    if (*planned) (*planned)();
  });
  return impl_->make_handle(std::move(state));
}

Handle Testbench::at_cycle(std::uint64_t cycle, std::function<void()> action) {
  const std::uint64_t now_ps = impl_->bench().now_ps();
  const std::uint64_t period_ps = impl_->cycle_ps();
  if (cycle * period_ps < now_ps) {
    throw std::invalid_argument(
        fmt::format("at_cycle: expected a cycle from {} on, got {}", now_ps / period_ps + 1, cycle));
  }
  return at(Time(static_cast<std::int64_t>(cycle * period_ps)), std::move(action));
}

Handle Testbench::at_step(std::uint64_t step, std::function<void()> action) {
  auto state = std::make_shared<Handle::State>();
  auto planned = std::make_shared<std::function<void()>>(std::move(action));
  state->undo = [planned] { *planned = nullptr; };
  impl_->bench().at_step(step, [planned, state] {
    state->done = true;
    if (*planned) (*planned)();
  });
  return impl_->make_handle(std::move(state));
}

void Testbench::run_for(Time span) {
  impl_->require_outside("run_for");
  Bench& bench = impl_->bench();
  const std::uint64_t limit_ps = impl_->deadline(span);
  // The time may come before the timer does, which then strikes in a later run.
  const auto there = std::make_shared<bool>(false);
  bench.kernel().at(limit_ps, [there] { *there = true; });
  bench.turn_until([&] { return *there; }, limit_ps);
}

void Testbench::run_cycles(std::uint64_t cycles) {
  run_for(Time(static_cast<std::int64_t>(cycles * impl_->cycle_ps())));
}

bool Testbench::run_until_idle(Time bound) { return impl_->at_rest_by(bound); }

bool Testbench::run_until(const std::function<bool()>& condition, Time bound) {
  impl_->require_outside("run_until");
  return impl_->wait_for(condition, "the condition of run_until", bound, true);
}

bool Testbench::run_step() {
  impl_->require_outside("run_step");
  Bench& bench = impl_->bench();
  const std::uint64_t before = bench.kernel().steps();
  return bench.turn_until([&] { return bench.kernel().steps() > before; }, kNever, true) ==
         Bench::Turned::kDone;
}

// ---- what was seen, and the verdict ----

Handle Testbench::fault(std::string_view record) { return impl_->fault(std::string(record)); }

Snapshot Testbench::snapshot() const { return impl_->snapshot(); }
const std::vector<Event>& Testbench::events() const { return impl_->events(); }
void Testbench::expect_violation(const std::string& id) { impl_->expected_violations.insert(id); }
void Testbench::expect_application_violations() { impl_->application_violations_expected = true; }
void Testbench::finish() { impl_->finish(); }
const std::vector<std::string>& Testbench::violations() const { return impl_->violations; }
std::uint64_t Testbench::result_hash() const { return impl_->result_hash; }
const std::vector<std::string>& Testbench::failures() const { return impl_->failures; }
void Testbench::fail(const std::string& message) { impl_->fail(message); }

void Testbench::on_failure(std::function<void(const std::string&)> listener) {
  impl_->listener = std::move(listener);
}

}  // namespace ringproof::testbench
