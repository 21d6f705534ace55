#include "sim/run/run.h"

#include <algorithm>

namespace ringproof {
namespace {

constexpr std::uint64_t kSecondPs = 1'000'000'000'000;
// A program that goes on after the traffic is stopped this long after the last frame.
constexpr std::uint64_t kAfterTrafficPs = 10 * kSecondPs;

}  // namespace

Run::Run(const RunSettings& settings, Machine& machine, std::vector<PortTraffic> traffic, Program& program,
         Wires* wires)
    : settings_(settings),
      machine_(machine),
      traffic_(std::move(traffic)),
      program_(program),
      wires_(wires),
      limit_ps_(settings.max_time_ps != 0 ? settings.max_time_ps : kAfterTrafficPs) {
  machine_.taps().add(this);
}

// Traffic begins when there is a program to see it.
void Run::program_attached(std::uint32_t, std::uint64_t time_ps) {
  if (traffic_started_) return;
  traffic_started_ = true;
  for (const PortTraffic& traffic : traffic_) {
    machine_.port(traffic.port).start_traffic(*traffic.source, time_ps + traffic.start_delay_ps);
  }
}

bool Run::traffic_over() const {
  return traffic_started_ &&
         std::all_of(traffic_.begin(), traffic_.end(), [this](const PortTraffic& traffic) {
           return machine_.port(traffic.port).traffic_over();
         });
}

void Run::begin_closing(const char* reason, std::uint64_t now_ps) {
  end_reason_ = reason;
  stage_ = Stage::kClosing;
  closing_ps_ = now_ps;
  limit_ps_ = closing_ps_ + settings_.drain_ps;
  if (!program_.ended()) waiting_ = machine_.kernel().who_waits();
  machine_.kernel().limit_steps(0);  // what is in flight still comes to its end
  machine_.kernel().stop_applications();
  for (std::size_t i = 0; i < machine_.port_count(); ++i) machine_.port(i).stop_traffic();
  if (wires_ != nullptr) wires_->cut();
  // The host's own time may be behind, when nothing has happened there for long.
  machine_.kernel().at(std::max(now_ps, machine_.kernel().now_ps()), [this] {
    machine_.kernel().start_service("process exit", 0, [this] {
      machine_.platform().close_all_handles();
      handles_closed_ = true;
    });
  });
}

// What a program leaves open is closed while others go on; after the last one everything is.
void Run::end_processes() {
  for (const std::uint32_t process : program_.take_ended()) {
    machine_.kernel().stop_process(process);
    machine_.kernel().start_service("process exit", 0, [this, process] {
      machine_.handle_owners().close_all_of(process, machine_.platform());
      program_.closed(process);
    });
  }
}

std::uint64_t Run::after_step(std::uint64_t now_ps) {
  if (stage_ == Stage::kRunning) {
    // Without a program there is no traffic yet: the application has until the limit to attach one.
    const bool traffic_over = this->traffic_over();
    if (settings_.max_time_ps == 0 && traffic_started_) {
      // The last frame sets the limit, once it has been sent.
      if (!traffic_over) limit_ps_ = kNever;
      if (traffic_over && limit_ps_ == kNever) limit_ps_ = now_ps + kAfterTrafficPs;
    }
    if (program_.ended()) {
      begin_closing("application returned", now_ps);
      return limit_ps_;
    }
    end_processes();
    if (machine_.kernel().out_of_steps()) {
      begin_closing("max-steps", now_ps);
    } else if (now_ps >= limit_ps_) {
      begin_closing("max-time", now_ps);
    } else if (traffic_over && machine_.idle() && settings_.ends_when_quiet) {
      machine_.taps().tell(&Tap::went_quiet, now_ps);
      begin_closing("quiet", now_ps);
    }
  } else if (stage_ == Stage::kClosing && (drained() || now_ps >= limit_ps_)) {
    stage_ = Stage::kEnded;
  }
  return stage_ == Stage::kEnded ? 0 : limit_ps_;
}

void Run::nothing_left(std::uint64_t now_ps) {
  if (stage_ == Stage::kRunning) {
    begin_closing("quiet", now_ps);
  } else {
    nothing_left_ = true;
    stage_ = Stage::kEnded;
  }
}

std::uint64_t Run::end_ps() const {
  return std::max({machine_.kernel().now_ps(), machine_.port(0).time_ps(), closing_ps_});
}

void Run::fill(RunResult& result) const {
  result.end_reason = end_reason_;
  result.waiting = waiting_;
  result.application_ended = program_.ended();
  result.application_status = program_.status();
  result.traffic_started = traffic_started_;
  result.sim_ns = end_ps() / 1000;
  for (std::size_t i = 0; i < machine_.port_count(); ++i) {
    result.cycles += machine_.port(i).cycles();
    result.cycles_worked += machine_.port(i).cycles_worked();
  }
}

}  // namespace ringproof
