// Binding and Activating, which only another thread can see: 1.3, 1.4, 1.5.

#include <functional>
#include <set>
#include <string>
#include <vector>

#include "testbench/conformance/machine.h"
#include "testbench/conformance/socket.h"
#include "testbench/conformance/sweep.h"

namespace ringproof::test {
namespace {

using Transition = Conformance;

constexpr UINT32 kBoth = XSK_BIND_FLAG_RX | XSK_BIND_FLAG_TX;

// A call that another thread makes, and whether it is under way.
class BackgroundCall {
 public:
  BackgroundCall(Machine& machine, std::function<UINT32()> call, std::uint64_t after_ps = 0)
      : machine_(machine) {
    thread_ = machine.start_thread([this, call = std::move(call), after_ps] {
      machine_.kernel().sleep(after_ps);
      began_ = true;
      status_ = call();
      ended_ = true;
    });
  }
  BackgroundCall(const BackgroundCall&) = delete;
  BackgroundCall& operator=(const BackgroundCall&) = delete;

  bool under_way() const { return began_ && !ended_; }
  bool ended() const { return ended_; }
  UINT32 join() {
    machine_.join(thread_);
    return status_;
  }

 private:
  Machine& machine_;
  std::uint32_t thread_ = 0;
  bool began_ = false;
  bool ended_ = false;
  UINT32 status_ = 0;
};

// A machine whose registers are slow: until the driver has set up its queues, a bind does not end.
void make_slow_to_start(MachineSettings& settings) {
  settings.wait_for_driver = false;
  settings.nic.register_latency_ns = 100'000;
}

// 1.4, column Binding
CONFORMANCE_ON(Transition, CallsOnASocketThatIsBeingBound, make_slow_to_start(settings)) {
  std::vector<unsigned char> memory(4 * 2048);
  const RawSocket socket;
  EXPECT_EQ(socket.set_number(XSK_SOCKOPT_RX_RING_SIZE, 8), kOk);
  BackgroundCall bind(machine(), [&] { return socket.bind(1, 0, kBoth | XSK_BIND_FLAG_NATIVE); });
  machine().sleep_us(2);
  ASSERT_TRUE(bind.under_way());

  EXPECT_EQ(socket.bind(1, 0, kBoth), kBadState);
  EXPECT_EQ(socket.bind(1, 0, 0), kBadParameter);
  EXPECT_EQ(socket.set(XSK_SOCKOPT_UMEM_REG, umem_at(memory.data(), memory.size())), kOk);
  EXPECT_EQ(socket.set(XSK_SOCKOPT_UMEM_REG, umem_at(memory.data(), memory.size())), kBadState);
  EXPECT_EQ(socket.set(XSK_SOCKOPT_RX_HOOK_ID, XDP_HOOK_ID{}), kBadState);
  EXPECT_EQ(socket.set(XSK_SOCKOPT_TX_HOOK_ID, XDP_HOOK_ID{}), kBadState);
  for (const UINT32 option : {XSK_SOCKOPT_RX_PROCESSOR_AFFINITY, XSK_SOCKOPT_TX_PROCESSOR_AFFINITY}) {
    EXPECT_EQ(socket.set_number(option, 0), kOk);
    UINT32 length = 4;
    EXPECT_EQ(socket.try_get(option, &length), kBadState);
  }
  EXPECT_EQ(socket.set_number(XSK_SOCKOPT_POLL_MODE, XSK_POLL_MODE_DEFAULT), kOk);
  EXPECT_EQ(socket.set_number(XSK_SOCKOPT_POLL_MODE, XSK_POLL_MODE_BUSY), kBadState);
  EXPECT_EQ(socket.get<XSK_RING_INFO_SET>(XSK_SOCKOPT_RING_INFO).Rx.Size, 8u);
  EXPECT_EQ(socket.statistics().RxDropped, 0u);
  EXPECT_EQ(socket.get<XDP_HOOK_ID>(XSK_SOCKOPT_TX_HOOK_ID).SubLayer, XDP_HOOK_INJECT);
  EXPECT_EQ(socket.get<XSK_ERROR>(XSK_SOCKOPT_TX_ERROR), XSK_NO_ERROR);
  UINT32 length = 2;
  EXPECT_EQ(socket.try_get(XSK_SOCKOPT_RX_FRAME_TIMESTAMP_EXTENSION, &length), kNotFound);
  EXPECT_EQ(socket.notify(XSK_NOTIFY_FLAG_POKE_TX), kBadState);
  EXPECT_EQ(socket.notify(0), kBadState);
  EXPECT_EQ(socket.activate(), kBadState);
  EXPECT_EQ(socket.activate(1), kBadParameter);
  for (const UINT32 option :
       {XSK_SOCKOPT_TX_OFFLOAD_CHECKSUM, XSK_SOCKOPT_RX_OFFLOAD_CHECKSUM, XSK_SOCKOPT_RX_ORIGINAL_LENGTH,
        XSK_SOCKOPT_RX_OFFLOAD_TIMESTAMP, XSK_SOCKOPT_TX_OFFLOAD_TIMESTAMP}) {
    EXPECT_EQ(socket.set_number(option, 1), kBadState);
  }
  EXPECT_TRUE(bind.under_way());
  // These are legal, and may wait.
  EXPECT_EQ(socket.set_number(XSK_SOCKOPT_RX_RING_SIZE, 8), kBadState);
  for (const UINT32 option :
       {XSK_SOCKOPT_RX_FILL_RING_SIZE, XSK_SOCKOPT_TX_RING_SIZE, XSK_SOCKOPT_TX_COMPLETION_RING_SIZE}) {
    EXPECT_EQ(socket.set_number(option, 8), kOk);
  }
  EXPECT_EQ(bind.join(), kOk);
  EXPECT_EQ(socket.activate(), kOk);
}

// 1.3: of binds that meet, one wins, whatever the distance between them.
CONFORMANCE_ON(Transition, OneOfTwoBindsWins, make_slow_to_start(settings)) {
  std::set<UINT32> seen;
  for (std::uint64_t distance_ps = 0; distance_ps < 700'000; distance_ps += 50'000) {
    const RawSocket socket;
    BackgroundCall first(
        machine(), [&] { return socket.bind(1, 0, XSK_BIND_FLAG_RX); }, 300'000);
    BackgroundCall second(
        machine(), [&] { return socket.bind(1, 0, XSK_BIND_FLAG_TX); }, distance_ps);
    const UINT32 one = first.join();
    EXPECT_EQ(one == kOk ? second.join() : one, kBadState) << distance_ps;
    EXPECT_EQ(one == kOk ? one : second.join(), kOk) << distance_ps;
    seen.insert(one);
  }
  EXPECT_EQ(seen, (std::set<UINT32>{kOk, kBadState}));
}

// Activates a socket while another one's frames keep the queue's passes busy, which activation waits for.
class ActivateBesideTraffic {
 public:
  ActivateBesideTraffic(Machine& machine, const Mode& mode)
      : machine_(machine), neighbour_(SocketShape().in(mode)), socket_(not_activated(mode)) {}

  ReadySocket& socket() { return socket_; }
  // The neighbour's frames are on their way when it returns.
  void start_traffic() {
    std::vector<XSK_BUFFER_DESCRIPTOR> buffers;
    for (UINT32 k = 0; k < kFrames; ++k) {
      neighbour_.put(neighbour_.chunk(k), udp_frame(64, 1));
      buffers.push_back(ReadySocket::descriptor(neighbour_.chunk(k), 0, 64));
    }
    EXPECT_EQ(neighbour_.submit(buffers), kFrames);
    neighbour_.poke();
  }
  void end_traffic() {
    machine_.settle();
    EXPECT_EQ(neighbour_.completed().size(), kFrames);
  }

 private:
  static constexpr UINT32 kFrames = 16;
  static SocketShape not_activated(const Mode& mode) {
    SocketShape shape;
    shape.activated = false;
    return shape.in(mode);
  }

  Machine& machine_;
  ReadySocket neighbour_;
  ReadySocket socket_;
};

constexpr std::uint64_t kPassEndPs = 3'000'000;
constexpr std::uint64_t kPassStepPs = 20'000;

// 1.4, column Activating: the data path is off until it is on, and then stays on.
CONFORMANCE(Transition, NotifyBesideActivate) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    bool seen_activating = false;
    sweep(kPassEndPs, kPassStepPs, [&](std::uint64_t distance_ps) {
      ActivateBesideTraffic scene(machine(), mode);
      scene.start_traffic();
      BackgroundCall activate(
          machine(), [&] { return scene.socket().activate(); }, distance_ps);
      bool on = false;
      bool activating = false;
      while (!activate.ended()) {
        const bool began = activate.under_way();
        const UINT32 status = scene.socket().notify(XSK_NOTIFY_FLAG_POKE_TX);
        EXPECT_TRUE(status == kOk || (status == kBadState && !on)) << distance_ps;
        on = on || status == kOk;
        activating = activating || (began && activate.under_way() && status == kBadState);
      }
      EXPECT_EQ(activate.join(), kOk) << distance_ps;
      EXPECT_EQ(scene.socket().notify(XSK_NOTIFY_FLAG_POKE_TX), kOk) << distance_ps;
      scene.end_traffic();
      seen_activating = seen_activating || activating;
      return activating;
    });
    EXPECT_TRUE(seen_activating);
  }
}

// 1.3, 1.4: of two calls one activates; the other finds it done, or waits to find it done.
CONFORMANCE(Transition, OneOfTwoActivationsWins) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    std::set<UINT32> seen;
    sweep(kPassEndPs, kPassStepPs * 5, [&](std::uint64_t distance_ps) {
      ActivateBesideTraffic scene(machine(), mode);
      scene.start_traffic();
      BackgroundCall first(
          machine(), [&] { return scene.socket().activate(); }, kPassEndPs / 2);
      BackgroundCall second(
          machine(), [&] { return scene.socket().activate(); }, distance_ps);
      const UINT32 one = first.join();
      const UINT32 other = second.join();
      EXPECT_EQ((std::multiset<UINT32>{one, other}), (std::multiset<UINT32>{kOk, kBadState})) << distance_ps;
      scene.end_traffic();
      seen.insert(one);
      return one;
    });
    EXPECT_EQ(seen, (std::set<UINT32>{kOk, kBadState}));
  }
}

// 1.3: an activation that the removal of the adapter overtakes says so, and the socket is not Bound again.
CONFORMANCE(Transition, RemovalBesideActivate) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    std::set<UINT32> seen;
    const auto trial = [&](std::uint64_t activate_ps, std::uint64_t remove_ps) {
      SCOPED_TRACE(testing::Message() << "activate " << activate_ps << ", remove " << remove_ps);
      ActivateBesideTraffic scene(machine(), mode);
      scene.start_traffic();
      BackgroundCall activate(
          machine(), [&] { return scene.socket().activate(); }, activate_ps);
      machine().kernel().sleep(remove_ps);
      machine().platform().remove_adapter(1);
      const UINT32 status = activate.join();
      EXPECT_TRUE(status == kOk || status == kDeleting || status == kBadState) << status;
      EXPECT_EQ(scene.socket().activate(), kBadState);
      EXPECT_EQ(scene.socket().bind(1, 0, XSK_BIND_FLAG_RX), kBadState);
      EXPECT_EQ(scene.socket().notify(XSK_NOTIFY_FLAG_POKE_TX), kBadState);
      EXPECT_EQ(scene.socket().get<XSK_ERROR>(XSK_SOCKOPT_TX_ERROR), XSK_ERROR_INTERFACE_DETACH);
      machine().settle();
      machine().platform().add_adapter(1);
      seen.insert(status);
      return status;
    };
    // From a removal that comes first to one that finds the call inside, or done.
    for (const std::uint64_t behind_ps : {0, 310'000, 350'000, 1'000'000}) {
      sweep(kPassEndPs, kPassStepPs * 3,
            [&](std::uint64_t distance_ps) { return trial(distance_ps, distance_ps + behind_ps); });
    }
    EXPECT_EQ(seen, (std::set<UINT32>{kOk, kDeleting, kBadState}));
  }
}

}  // namespace
}  // namespace ringproof::test
