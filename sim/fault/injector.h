// injector.h: lets the faults of a plan strike.
// Role     answers the fault points of the model, and itself does what comes from outside it: applications
//          that misbehave, and the control plane
// Shapes   each record draws from a stream of its own, named by its id and stream number
// Units    [ps]
// Threads  simulation thread. What it does itself, it does as an event or a service of the host, never while
//          it is being told something
// Errors   none
// Source   docs/faults.md
#pragma once

#include <array>
#include <cstdint>
#include <map>
#include <memory>
#include <set>
#include <string>
#include <vector>

#include "model/base/fault.h"
#include "model/base/random.h"
#include "model/base/tap.h"
#include "model/driver/driver.h"
#include "model/xdp/platform.h"
#include "sim/fault/fault_plan.h"
#include "sim/host/host_kernel.h"

namespace ringproof {

// What the injector acts on. The taps are told of every strike.
struct FaultWorld {
  HostKernel* kernel = nullptr;
  TapList* taps = nullptr;
  xdp::Platform* platform = nullptr;
  std::vector<driver::Driver*> drivers;
};

class FaultInjector final : public FaultPoints, public Tap {
 public:
  FaultInjector(FaultPlan plan, std::uint64_t seed);
  ~FaultInjector() override;

  // Before the machine is built, as far as it is there; and once more when it is.
  void connect(const FaultWorld& world);
  const FaultPlan& plan() const { return plan_; }

  // One more fault from now on, and its end. Returns a number for disarm(). With the last one that is armed
  // everything heals, until another one comes. REQUIRES: connected to a whole machine.
  std::uint64_t arm_record(FaultRecord record);
  void disarm(std::uint64_t number);

  // All faults end now: from here on the machine must come to its end by itself. No hardware has come further
  // than `now_ps`.
  void heal(std::uint64_t now_ps);
  bool healed() const { return healed_; }
  // To be asked from time to time: heals when it is time, at the latest when no more traffic comes.
  void look(std::uint64_t now_ps, bool traffic_over);

  std::uint64_t times(FaultId id) const { return times_[static_cast<std::size_t>(id)]; }
  // By id, those that struck.
  std::map<std::string, std::uint64_t> struck() const;
  // Of all faults that struck, as they concern a program; 0: none did. From T2 on it may rightly wait for
  // ever for frames that were lost, from T3 on it may give up, and after T4 it may do anything.
  std::uint32_t gravest() const { return gravest_; }

  // Tap
  void wire_in(std::uint32_t port, std::uint64_t timestamp_ns, Bytes bytes) override;
  void wire_out(std::uint32_t port, std::uint32_t queue, std::uint64_t time_ps, Bytes bytes) override;
  void frame_delivered(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t socket,
                       std::uint64_t address, Bytes bytes, std::uint64_t time_ps) override;
  void dma(std::uint32_t port, std::uint32_t requester, bool write, std::uint64_t address,
           std::uint32_t bytes, bool allowed, std::uint64_t time_ps) override;
  void program_attached(std::uint32_t port, std::uint64_t time_ps) override;
  void umem_registered(std::uint64_t socket, const UmemShape& umem) override;
  void ring_created(std::uint64_t socket, RingKind kind, const RingShape& shape) override;
  void ring_moved(std::uint64_t socket, RingKind kind, Actor actor, std::uint32_t old, std::uint32_t now,
                  std::uint64_t time_ps) override;
  void entry_taken(std::uint64_t socket, RingKind kind, std::uint32_t index, Bytes bytes) override;
  void socket_closed(std::uint64_t socket) override;

 private:
  static constexpr std::uint32_t kServicesMax = 4;

  struct Ring {
    bool made = false;
    RingShape shape{};
    std::uint32_t producer = 0;
    std::uint32_t consumer = 0;
  };
  struct Socket {
    UmemShape umem{};
    std::array<Ring, 4> rings;
    Ring& ring(RingKind kind) { return rings[static_cast<std::size_t>(kind)]; }
  };
  struct Holding {
    FaultTarget target;
    FaultStrike strike;
    std::uint64_t until_ps;
  };
  struct Armed {
    Armed(const FaultRecord& planned, std::uint64_t seed, std::uint64_t its_number);
    FaultRecord record;
    std::uint64_t number;
    RandomStream stream;
    std::uint64_t opportunities = 0;
    std::uint64_t strikes = 0;
    std::vector<Holding> holding;
  };
  // An entry that an application published last.
  struct Entry {
    std::uint64_t socket;
    RingKind kind;
    std::uint32_t index;
  };

  FaultStrike strike(FaultId id, std::uint64_t time_ps, const FaultTarget& target) override;
  FaultStrike hold(FaultId id, std::uint64_t time_ps, const FaultTarget& target,
                   std::uint64_t* until_ps) override;
  std::vector<Armed>& records_of(FaultId id) { return armed_records_[static_cast<std::size_t>(id)]; }
  bool any_armed() const;
  void strikes_begin(std::uint64_t now_ps);
  void strikes_end(std::uint64_t now_ps);
  bool fits(const Armed& armed, const FaultTarget& target) const;
  bool triggers(Armed& armed, std::uint64_t time_ps, const FaultTarget& target) const;
  bool state_holds(const FaultTrigger& trigger, const FaultTarget& target) const;
  FaultStrike draw(Armed& armed, std::uint64_t time_ps, const FaultTarget& target);
  std::uint64_t count(FaultEvent event) const { return events_[static_cast<std::size_t>(event)]; }
  void happened(FaultEvent event) { ++events_[static_cast<std::size_t>(event)]; }

  // What the injector does itself: application_faults.cc, life_faults.cc.
  void offer_application_faults(const Entry& entry, std::uint64_t time_ps);
  void offer_life_faults(std::uint32_t port, std::uint64_t socket, std::uint64_t time_ps);
  void soon(std::uint64_t time_ps, std::function<void()> action);
  // No opportunity while so many services of this fault are at work: a program that goes round for ever would
  // start more of them than can end.
  bool may_serve(FaultId id) const { return serving_[static_cast<std::size_t>(id)] < kServicesMax; }
  void serve(FaultId id, std::uint64_t time_ps, std::function<void()> body);
  void pause(std::uint64_t span_ns);
  Ring* live_ring(std::uint64_t socket, RingKind kind);
  HANDLE handle_of(std::uint64_t socket) const;
  void jump(std::uint64_t socket, RingKind kind, const FaultStrike& strike);
  void change_entry(const Entry& entry, std::uint64_t draw);
  void write_chunk(const Entry& entry, std::uint64_t draw);
  void post_twice(const Entry& entry);
  void overwrite_word(std::uint64_t socket, RingKind kind, const FaultStrike& strike);
  void flip_bits(std::uint64_t socket, RingKind kind, const FaultStrike& strike);
  void flood(std::uint64_t socket, std::uint64_t pokes);
  void call_at_random(std::uint64_t socket, std::uint64_t calls, std::uint64_t draw);
  void bounce_interface(std::uint32_t port, std::uint64_t down_ns);
  void change_interface(std::uint32_t port, const FaultStrike& strike);
  void add_program(std::uint32_t port, const FaultStrike& strike);
  void end_process(const FaultStrike& strike);
  void share_queue(std::uint32_t port, const FaultStrike& strike);
  // What befalls the device itself: device_faults.cc.
  void offer_device_faults(const FaultTarget& here, std::uint32_t port, std::uint64_t time_ps);
  void serve_device(FaultId id, std::uint32_t port, std::uint64_t time_ps, std::function<void()> body);
  void reset_in_order(std::uint32_t port, const FaultStrike& strike);
  void remove_by_surprise(std::uint32_t port, std::uint64_t down_ns);
  void reset_device(std::uint32_t port, std::uint64_t cycles);

  const FaultPlan plan_;
  FaultWorld world_;
  std::array<std::vector<Armed>, kFaultIds> armed_records_;
  std::array<std::uint64_t, kFaultIds> times_{};
  std::array<std::uint64_t, static_cast<std::size_t>(FaultEvent::kCount)> events_{};
  std::map<std::uint64_t, Socket> sockets_;
  std::vector<std::unique_ptr<std::vector<unsigned char>>> memory_;  // of sockets of our own
  const std::uint64_t seed_;
  std::uint64_t next_number_ = 1;
  bool healed_ = false;
  std::array<std::uint32_t, kFaultIds> serving_{};  // services at work, by fault
  std::set<std::uint32_t> devices_in_reset_;        // by port
  bool acting_ = false;                             // what our own calls cause is no opportunity
  std::uint32_t gravest_ = 0;
};

}  // namespace ringproof
