// testbench_impl.h: what stands behind the published testbench.
// Role     a bench, the operations that were made on it, and what went wrong
// Shapes   handles name what the machine keeps for them; they may outlive it and then do nothing
// Units    [ps]
// Threads  as ringproof/testbench.h
// Errors   std::invalid_argument for what cannot be; failures are kept and told
// Source   docs/testbench-api.md
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "ringproof/testbench.h"
#include "sim/schedule/chooser.h"
#include "sim/schedule/strategies.h"
#include "sim/testbench/bench.h"
#include "sim/testbench/event_log.h"
#include "sim/testbench/ring_list.h"

namespace ringproof::testbench {

struct Handle::State {
  std::function<void()> undo;  // null: nothing is left to undo
  bool done = false;
};

struct Thread::State {
  const Bench* bench = nullptr;  // null: the machine is gone, and the thread with it
  std::uint32_t number = 0;
};

struct TxHold::State {
  Testbench::Impl* impl = nullptr;  // null: released, or the machine is gone
  Pattern match;
  std::size_t port = 0;
  struct Ending {
    std::uint32_t queue;
    driver::Layer layer;
    std::uint64_t context;
    driver::TxRelease how;
  };
  std::vector<Ending> endings;  // of frames for which set() was called

  // The places in the driver's list of the frames that this one holds.
  std::vector<std::size_t> places() const;
  driver::TxRelease ending_of(const driver::HeldFrame& frame) const;
};

struct ControlHold::State {
  Testbench::Impl* impl = nullptr;  // null: released, or the machine is gone
  ControlRequest kind{};
  std::size_t port = 0;
};

struct PassUp::State {
  Pattern match;
  std::uint32_t port = 0;
  std::size_t count = 0;
  std::size_t released = 0;
  std::size_t dropped = 0;
  std::vector<PassedFrame> waiting;
};

// How a machine is explored; without it nothing is delayed.
struct ExploredSettings {
  Chooser* chooser = nullptr;
  std::uint64_t window_ps = 0;
  std::uint64_t late_ps_max = 0;  // how late anybody may be because of the chooser
  std::uint64_t steps_max = 0;
};

class Testbench::Impl {
 public:
  Impl(const Options& options, const ExploredSettings& explored);
  ~Impl();
  Impl(const Impl&) = delete;
  Impl& operator=(const Impl&) = delete;

  Bench& bench() { return *bench_; }
  EventLog& log() { return log_; }
  const RingList& rings() const { return rings_; }

  // The port of an interface index. Throws when there is none.
  std::size_t port_of(std::uint32_t interface) const;
  // Of the first port.
  std::uint64_t cycle_ps() const { return cycle_ps_; }
  std::uint64_t deadline(Time bound) const;
  void require_outside(const char* call) const;
  // Turns the machine until `done`; that it does not come, by then or ever, is a failure, and false. From
  // inside a task it blocks that.
  bool wait_for(const std::function<bool()>& done, const std::string& what, Time bound,
                bool each_step = false);
  bool at_rest_by(Time bound);

  // An operation: told to the log, done at once, and undone by the handle.
  Handle operate(const std::string& text, const std::function<void()>& action, std::function<void()> undo);
  // The same for one that may block: a service of the machine does it.
  Handle operate_in_service(const std::string& text, std::function<void()> action,
                            std::function<void()> undo);
  Handle fault(const std::string& record);
  Handle make_handle(std::shared_ptr<Handle::State> state);
  // A service that begins now.
  void in_service(std::function<void()> action, std::shared_ptr<Handle::State> state);

  std::shared_ptr<TxHold::State> hold_tx(const Pattern& match, std::size_t port);
  void release_tx(TxHold::State& hold);
  const std::vector<std::shared_ptr<TxHold::State>>& holds() const { return holds_; }
  std::shared_ptr<ControlHold::State> hold_control(ControlRequest kind, std::size_t port);
  void release_control(ControlHold::State& hold);
  std::shared_ptr<PassUp::State> pass_up(const Pattern& match, std::size_t port);
  // Frames that left and nobody expected yet: the number of the first that matches, or none.
  std::optional<std::size_t> unexpected(const Pattern& match);
  void expected(std::size_t frame) { expected_.insert(frame); }
  const std::vector<SentFrame>& sent();
  std::vector<WireFrame>& enqueued(std::size_t port) { return enqueued_[port]; }

  std::shared_ptr<Thread::State> start(const std::string& name, std::function<void()> body);
  Snapshot snapshot();
  const std::vector<Event>& events();

  void fail(const std::string& message);
  void finish();
  bool finished() const { return finished_; }

  std::set<std::string> expected_violations;
  bool application_violations_expected = false;
  std::function<void(const std::string&)> listener;
  std::vector<std::string> failures;
  std::vector<std::string> violations;
  std::uint64_t result_hash = 0;

 private:
  void judge();
  void did_not_come(Bench::Turned turned, const std::string& what, std::uint64_t limit_ps);
  void passed(const StackFrame& frame);
  void set_wanted(std::size_t port);

  const ExploredSettings explored_;
  const bool functional_;
  NicFile nic_file_;
  std::uint64_t cycle_ps_ = 1;
  FirstCome first_come_;  // chooses for a weak memory when nothing else does
  EventLog log_;
  RingList rings_;
  std::unique_ptr<Bench> bench_;
  std::vector<std::weak_ptr<Handle::State>> handles_;
  std::vector<std::shared_ptr<Thread::State>> threads_;
  std::vector<std::shared_ptr<TxHold::State>> holds_;  // in order of their making
  std::vector<std::shared_ptr<ControlHold::State>> control_holds_;
  std::vector<std::weak_ptr<PassUp::State>> pass_ups_;
  std::set<std::size_t> expected_;
  std::vector<SentFrame> sent_;
  std::vector<Event> events_;
  std::map<std::size_t, std::vector<WireFrame>> enqueued_;  // by port
  bool finished_ = false;
};

// A connection as the test sees it.
QuicConnection shown(const driver::QuicConnection& connection);

// What goes over the wire for a frame of a test.
WireFrame wire_frame(const Frame& frame, std::uint32_t rx_queues);

}  // namespace ringproof::testbench
