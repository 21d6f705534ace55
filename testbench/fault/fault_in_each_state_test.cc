// Every fault that lets an operation fail (T3) strikes while a socket is in each of its states:
// afxdp-sockets 1.2. The life of a socket is told once without a fault, and then again and again with one
// that strikes at a chosen moment of it; the monitors watch, and afterwards the machine works.

#include <gtest/gtest.h>

#include <set>
#include <string>
#include <vector>

#include "testbench/fault/workload.h"

namespace ringproof::test {
namespace {

// The states, and being blocked in a wait, which is Active too.
constexpr std::size_t kWaiting = static_cast<std::size_t>(SocketState::kClosing) + 1;
constexpr std::size_t kMoments = kWaiting + 1;
constexpr std::size_t kNoMoment = kMoments;

std::string moment_name(std::size_t moment) {
  return moment == kWaiting ? "waiting" : socket_state_name(static_cast<SocketState>(moment));
}

struct Span {
  std::size_t moment;
  std::uint64_t begin_ps;
  std::uint64_t end_ps;
};

// Knows in which moment of its life the first socket of the machine is, and when the fault struck.
class LifeWatcher final : public Tap {
 public:
  static constexpr std::uint64_t kSubject = 1;
  static constexpr std::uint64_t kLingerPs = 10'000'000;

  LifeWatcher(Machine& machine, FaultId id) : machine_(machine), id_(id) {}

  void socket_created(std::uint64_t socket, bool) override {
    if (socket == kSubject) enter(0, machine_.kernel().now_ps());
  }
  void state_changed(std::uint64_t socket, SocketState, SocketState to, std::uint64_t time_ps) override {
    if (socket == kSubject) enter(static_cast<std::size_t>(to), time_ps);
  }
  void wait_blocked(std::uint64_t socket, std::uint64_t, std::uint64_t time_ps) override {
    if (socket == kSubject) enter(kWaiting, time_ps);
  }
  void wait_ended(std::uint64_t socket, std::uint64_t, std::uint32_t, std::uint32_t,
                  std::uint64_t time_ps) override {
    if (socket == kSubject && moment_ == kWaiting) {
      enter(static_cast<std::size_t>(SocketState::kActive), time_ps);
    }
  }
  void socket_closed(std::uint64_t socket) override {
    if (socket == kSubject) enter(kNoMoment, machine_.kernel().now_ps());
  }
  void fault_struck(FaultId id, const FaultTarget&, std::uint64_t) override {
    if (id == id_) struck_at_ = moment_;
  }

  const std::vector<Span>& spans() const { return spans_; }
  std::size_t struck_at() const { return struck_at_; }

 private:
  void enter(std::size_t moment, std::uint64_t time_ps) {
    if (moment_ != kNoMoment) spans_.push_back({moment_, began_ps_, time_ps});
    moment_ = moment;
    began_ps_ = time_ps;
    // Its task takes its time where it would go on at once, so that others see it there.
    machine_.kernel().spend(kLingerPs);
  }

  Machine& machine_;
  const FaultId id_;
  std::vector<Span> spans_;  // those that are over
  std::size_t moment_ = kNoMoment;
  std::uint64_t began_ps_ = 0;
  std::size_t struck_at_ = kNoMoment;
};

enum class Ending { kClose, kDetach };

// The first socket: it takes its time in each state, and goes on whatever its calls say.
class Subject {
 public:
  explicit Subject(Machine& machine) : machine_(machine), memory_(kChunks * kChunkBytes) {
    XskCreate(&handle_);
  }
  Subject(const Subject&) = delete;
  Subject& operator=(const Subject&) = delete;

  void live(Ending ending) {
    machine_.sleep_us(kRestUs);
    set(XSK_SOCKOPT_UMEM_REG, umem_at(memory_.data(), memory_.size(), kChunkBytes));
    set(XSK_SOCKOPT_RX_RING_SIZE, kChunks);
    machine_.sleep_us(kRestUs);
    XskBind(handle_, 1, 0, static_cast<XSK_BIND_FLAGS>(kRxOnly | kTxOnly));
    for (const UINT32 option :
         {XSK_SOCKOPT_RX_FILL_RING_SIZE, XSK_SOCKOPT_TX_RING_SIZE, XSK_SOCKOPT_TX_COMPLETION_RING_SIZE}) {
      set(option, kChunks);
      machine_.sleep_us(kRestUs);
    }
    const bool active = number(XskActivate(handle_, XSK_ACTIVATE_FLAG_NONE)) == kOk;
    machine_.sleep_us(kRestUs);
    if (active) send();
    if (active) wait();
    if (active) send();
    if (ending == Ending::kDetach) {
      machine_.platform().remove_adapter(1);
      machine_.sleep_us(kRestUs);
      machine_.platform().add_adapter(1);
      machine_.sleep_us(40 * kRestUs);
    }
    CloseHandle(handle_);
  }

 private:
  static constexpr UINT32 kChunks = 8;
  static constexpr UINT32 kChunkBytes = 2048;
  static constexpr UINT32 kFrameBytes = 1400;
  static constexpr std::uint64_t kRestUs = 5;

  template <typename Value>
  void set(UINT32 option, const Value& value) {
    XskSetSockopt(handle_, option, &value, sizeof value);
  }
  void send() {
    XSK_RING_INFO_SET info{};
    UINT32 length = sizeof info;
    if (number(XskGetSockopt(handle_, XSK_SOCKOPT_RING_INFO, &info, &length)) != kOk) return;
    XskRingInitialize(&tx_, &info.Tx);
    XskRingInitialize(&completion_, &info.Completion);
    UINT32 index;
    UINT32 count = XskRingConsumerReserve(&completion_, kChunks, &index);
    if (count > 0) XskRingConsumerRelease(&completion_, count);
    count = XskRingProducerReserve(&tx_, sent_ == 0 ? kChunks : count, &index);
    for (UINT32 i = 0; i < count; ++i) {
      const Bytes frame = udp_frame(kFrameBytes, 9);
      const std::size_t address = std::size_t{index + i} % kChunks * kChunkBytes;
      std::memcpy(memory_.data() + address, frame.data(), frame.size());
      const auto buffer = ReadySocket::descriptor(address, 0, kFrameBytes);
      std::memcpy(XskRingGetElement(&tx_, index + i), &buffer, sizeof buffer);
    }
    if (count > 0) XskRingProducerSubmit(&tx_, count);
    sent_ += count;
    notify(kPokeTx, 0);
  }
  void wait() {
    for (int i = 0; i < 2; ++i) notify(kWaitTx, 1);
    machine_.sleep_us(kRestUs);
  }
  void notify(UINT32 flags, UINT32 timeout_ms) {
    auto result = XSK_NOTIFY_RESULT_FLAG_NONE;
    XskNotifySocket(handle_, static_cast<XSK_NOTIFY_FLAGS>(flags), timeout_ms, &result);
  }

  Machine& machine_;
  std::vector<unsigned char> memory_;
  HANDLE handle_ = nullptr;
  XSK_RING tx_{}, completion_{};
  UINT32 sent_ = 0;
};

class SocketLife : public FaultTest {
 protected:
  // The moments in which the fault struck, of those in which it was tried: in each of the plain story.
  std::set<std::string> struck_in(FaultId id, const FaultTarget& target = {}) {
    constexpr std::uint64_t kTries = 3;
    constexpr std::uint64_t kNeverPs = 1'000'000'000'000'000;
    std::set<std::string> reached;
    for (const Ending ending : {Ending::kClose, Ending::kDetach}) {
      for (const Span& span : live(ending, id, target, kNeverPs).spans) {
        for (std::uint64_t i = 0; i < kTries && !reached.contains(moment_name(span.moment)); ++i) {
          const std::uint64_t at_ps = span.begin_ps + (span.end_ps - span.begin_ps) * i / kTries;
          const std::size_t struck_at = live(ending, id, target, at_ps).struck_at;
          if (struck_at != kNoMoment) reached.insert(moment_name(struck_at));
        }
      }
    }
    return reached;
  }

 private:
  struct Life {
    std::vector<Span> spans;
    std::size_t struck_at;
  };

  // The fault strikes at its first opportunity from then on. What happens besides: frames come and go, and
  // other sockets are made and closed.
  Life live(Ending ending, FaultId id, const FaultTarget& target, std::uint64_t strike_ps) {
    FaultTrigger trigger;
    trigger.kind = FaultTrigger::Kind::kTime;
    trigger.number = strike_ps / 1000;
    FaultRecord record = fault_record(id, trigger);
    record.target = target;
    MachineSettings settings;
    settings.engine = EngineKind::kCycle;
    settings.nic.gbps = 1;
    settings.platform.sockets.strict = true;
    settings.faults.records = {record};
    machine_ = std::make_unique<Machine>(settings);
    Machine& machine = *machine_;
    LifeWatcher watcher(machine, id);
    machine.taps().add(&watcher);
    machine.run([&] {
      Subject subject(machine);
      bool over = false;
      machine.start_thread([&] {
        while (!over) carry_traffic(over);
      });
      machine.start_thread([&] {
        while (!over) {
          { const CarefulSocket other(machine, 1); }
          machine.sleep_us(1);
        }
      });
      machine.start_thread([&] {
        while (!over) {
          machine.wire({udp_frame(80, 1), udp_frame(81, 2)});
          machine.sleep_us(3);
        }
      });
      subject.live(ending);
      over = true;
      machine.join_all();
      machine.heal();
      machine.sleep_us(2000);
      machine.settle();
      expect_that_a_new_socket_works();
    });
    return {watcher.spans(), watcher.struck_at()};
  }

  void carry_traffic(const bool& over) {
    CarefulSocket socket(*machine_);
    while (!over && socket.is_open()) {
      socket.round(2);
      if (socket.last_notify() != kOk && socket.last_notify() != kTimeout) return;
    }
  }
};

std::vector<std::size_t> clean_failures() {
  std::vector<std::size_t> result;
  for (std::size_t i = 0; i < kFaultIds; ++i) {
    const FaultInfo& info = fault_info(fault_at(i));
    // The death of the process would be that of the test.
    const bool fatal = fault_at(i) == FaultId::kLif05;
    if (info.tolerance == Tolerance::kCleanFailure && info.nowhere == nullptr && !fatal) result.push_back(i);
  }
  return result;
}

class FaultInEachState : public SocketLife, public testing::WithParamInterface<std::size_t> {};

TEST_P(FaultInEachState, StrikesIsContainedAndHeals) {
  std::set<std::string> all;
  for (std::size_t moment = 0; moment < kMoments; ++moment) all.insert(moment_name(moment));
  EXPECT_EQ(struck_in(fault_at(GetParam())), all);
}

INSTANTIATE_TEST_SUITE_P(Catalogue, FaultInEachState, testing::ValuesIn(clean_failures()),
                         [](const auto& each) {
                           std::string name = fault_info(fault_at(each.param)).id;
                           std::erase(name, '-');
                           return name;
                         });

// Those that strike a call of a socket: when it is this socket's, in the states in which it makes such calls.
TEST_F(SocketLife, FaultsOfCallsStrikeTheSocketItself) {
  const FaultTarget subject{.socket = LifeWatcher::kSubject};
  using Moments = std::set<std::string>;
  EXPECT_EQ(struck_in(FaultId::kMem05, subject), (Moments{"Unbound"}));
  EXPECT_EQ(struck_in(FaultId::kAlc01, subject), (Moments{"Activating", "Bound", "Unbound"}));
  EXPECT_EQ(struck_in(FaultId::kAlc03, subject), (Moments{"Binding"}));
  EXPECT_EQ(struck_in(FaultId::kIrq06, subject), (Moments{"Active"}));
  EXPECT_EQ(struck_in(FaultId::kApp04, subject), (Moments{"Active"}));
}

}  // namespace
}  // namespace ringproof::test
