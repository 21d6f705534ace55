// Poll modes: what they change, and that they change nothing where nobody can be polled (3.9, 7.3, 7.4).

#include "testbench/conformance/machine.h"
#include "testbench/conformance/socket.h"
#include "testbench/conformance/waiting_thread.h"

namespace ringproof::test {
namespace {

constexpr UINT32 kPollModes[] = {XSK_POLL_MODE_BUSY, XSK_POLL_MODE_SOCKET};

class PollMode : public Conformance {
 protected:
  static void enter(const RawSocket& socket, UINT32 mode) {
    EXPECT_EQ(socket.set_number(XSK_SOCKOPT_POLL_MODE, mode), kOk) << mode;
  }
  // Which rings want a poke: a letter for each.
  static std::string wants_poke(const ReadySocket& socket) {
    std::string result;
    if (XskRingProducerNeedPoke(&socket.fill)) result += 'F';
    if (XskRingProducerNeedPoke(&socket.tx_ring)) result += 'T';
    if (XskRingProducerNeedPoke(&socket.rx_ring)) result += 'R';
    if (XskRingProducerNeedPoke(&socket.completion)) result += 'C';
    return result;
  }
  static void submit(ReadySocket& socket, UINT32 k) {
    socket.put(socket.chunk(k), udp_frame(64, static_cast<unsigned char>(k)));
    EXPECT_EQ(socket.submit({ReadySocket::descriptor(socket.chunk(k), 0, 64)}), 1u);
  }
  std::size_t sent() { return machine().sent().size(); }
};

// Interfaces that offer to be polled. Each test says so before its machine is made.
#define POLL_MODE(name) CONFORMANCE_ON(PollMode, name, settings.driver.polling = true)

// 3.9
POLL_MODE(IsRefusedWhileNotActive) {
  const RawSocket unbound;
  SocketShape shape;
  shape.activated = false;
  const ReadySocket bound(shape);
  for (const RawSocket* socket : {&unbound, static_cast<const RawSocket*>(&bound)}) {
    for (const UINT32 mode : {1u, 2u, 3u})
      EXPECT_EQ(socket->set_number(XSK_SOCKOPT_POLL_MODE, mode), kBadState);
    EXPECT_EQ(socket->set_number(XSK_SOCKOPT_POLL_MODE, XSK_POLL_MODE_DEFAULT), kOk);
    EXPECT_EQ(socket->set(XSK_SOCKOPT_POLL_MODE, UINT32{0}, 3), kBadParameter);
  }
}

// 3.9, 7.4: accepted, and everything goes on as before: the native interface cannot be polled here.
CONFORMANCE(PollMode, IsAHintThatNativeWithoutPollingIgnores) {
  for (const UINT32 mode : kPollModes) {
    ReadySocket socket;
    const auto program = TestProgram::redirect_all(socket);
    enter(socket, mode);
    EXPECT_EQ(wants_poke(socket), "T");
    EXPECT_EQ(socket.post_chunks(0, 1), 1u);
    machine().wire({udp_frame(64, 1)});
    machine().settle();
    EXPECT_EQ(socket.received().size(), 1u);
    submit(socket, 5);
    EXPECT_TRUE(socket.poke_if_needed());
    machine().settle();
    EXPECT_EQ(socket.completed().size(), 1u);
    EXPECT_EQ(wants_poke(socket), "T");
    EXPECT_EQ(socket.notify(kPokeRx | kPokeTx | kWaitRx, 1), kTimeout);
    enter(socket, XSK_POLL_MODE_DEFAULT);
    EXPECT_EQ(wants_poke(socket), "T");
  }
}

// 7.4: the generic interface never can.
POLL_MODE(IsAHintThatGenericIgnores) {
  for (const UINT32 mode : kPollModes) {
    ReadySocket socket(SocketShape{}.in(kModes[1]));
    const auto program = TestProgram::redirect_all(socket, 0, kModes[1].program_flag);
    enter(socket, mode);
    EXPECT_EQ(wants_poke(socket), "T");
    EXPECT_EQ(socket.post_chunks(0, 1), 1u);
    machine().wire({udp_frame(64, 1)});
    submit(socket, 5);
    EXPECT_TRUE(socket.poke_if_needed());
    machine().settle();
    EXPECT_EQ(socket.received().size(), 1u);
    EXPECT_EQ(socket.completed().size(), 1u);
    EXPECT_EQ(wants_poke(socket), "T");
  }
}

// 7.1, 7.4
POLL_MODE(BusyNeedsNoPokes) {
  ReadySocket socket;
  enter(socket, XSK_POLL_MODE_BUSY);
  EXPECT_EQ(wants_poke(socket), "");
  for (UINT32 k = 0; k < 5; ++k) {
    submit(socket, k);
    machine().sleep_us(20);
    EXPECT_EQ(wants_poke(socket), "");
  }
  machine().settle();
  EXPECT_EQ(sent(), 5u);
  EXPECT_EQ(socket.completed().size(), 5u);
}

// 7.4: however long there was nothing to do.
POLL_MODE(BusyNeedsNoPokesAfterALongPause) {
  ReadySocket socket;
  enter(socket, XSK_POLL_MODE_BUSY);
  for (const UINT32 pause_ms : {1u, 10u, 100u}) {
    machine().sleep_us(pause_ms * 1000);
    EXPECT_EQ(wants_poke(socket), "");
    const std::size_t before = sent();
    submit(socket, 0);
    machine().sleep_us(5'000);
    EXPECT_EQ(sent(), before + 1) << pause_ms;
    socket.completed();
  }
}

// 7.4: leaving it sets the flag by one pass, if there is nothing to do.
POLL_MODE(LeavingBusySetsTheFlag) {
  ReadySocket socket;
  enter(socket, XSK_POLL_MODE_BUSY);
  machine().sleep_us(50'000);
  EXPECT_EQ(wants_poke(socket), "");
  enter(socket, XSK_POLL_MODE_DEFAULT);
  machine().settle();
  EXPECT_EQ(wants_poke(socket), "T");
  submit(socket, 0);
  EXPECT_TRUE(socket.poke_if_needed());
  machine().settle();
  EXPECT_EQ(sent(), 1u);
}

// 7.1, 7.4
POLL_MODE(SocketModeWantsPokesAlways) {
  ReadySocket socket;
  enter(socket, XSK_POLL_MODE_SOCKET);
  EXPECT_EQ(wants_poke(socket), "FT");
  submit(socket, 0);
  EXPECT_EQ(socket.notify(kPokeTx | kWaitTx, 1), kOk);
  EXPECT_EQ(wants_poke(socket), "FT");
  enter(socket, XSK_POLL_MODE_DEFAULT);
  EXPECT_EQ(wants_poke(socket), "T");
}

// 7.4
POLL_MODE(SocketModeMovesNothingByItself) {
  ReadySocket socket;
  const auto program = TestProgram::redirect_all(socket);
  enter(socket, XSK_POLL_MODE_SOCKET);
  EXPECT_EQ(socket.post_chunks(0, 4), 4u);
  submit(socket, 5);
  machine().wire({udp_frame(64, 1)});
  machine().sleep_us(500);
  EXPECT_EQ(sent(), 0u);
  EXPECT_EQ(socket.received().size(), 0u);
  // A wait alone polls nothing either.
  EXPECT_EQ(socket.notify(kWaitRx | kWaitTx, 1), kTimeout);
  // A poke of one direction polls both.
  EXPECT_EQ(socket.notify(kPokeRx), kOk);
  machine().sleep_us(50);
  EXPECT_EQ(socket.received().size(), 1u);
  EXPECT_EQ(sent(), 1u);
  EXPECT_EQ(socket.completed().size(), 0u);
  EXPECT_EQ(socket.notify(kPokeTx), kOk);
  EXPECT_EQ(socket.completed().size(), 1u);
}

// 7.4: the wait that a poke carries polls until there is something, or until its time is over.
POLL_MODE(SocketModePollsWhileItWaits) {
  ReadySocket socket;
  const auto program = TestProgram::redirect_all(socket);
  enter(socket, XSK_POLL_MODE_SOCKET);
  EXPECT_EQ(socket.post_chunks(0, 4), 4u);
  UINT32 result = WaitingThread::kUntouched;
  std::uint64_t begin_us = machine().now_us();
  EXPECT_EQ(socket.notify(kPokeRx | kWaitRx, 0, &result), kTimeout);
  EXPECT_LE(machine().now_us(), begin_us + 5);
  EXPECT_EQ(socket.notify(kPokeRx | kWaitRx, 2, &result), kTimeout);
  EXPECT_GE(machine().now_us(), begin_us + 2'000);
  EXPECT_EQ(result, WaitingThread::kUntouched);
  for (const UINT32 timeout_ms : {10u, kNoTimeout}) {
    WaitingThread waiter(machine(), socket, kPokeRx | kWaitRx, timeout_ms);
    machine().sleep_us(500);
    EXPECT_TRUE(waiter.waits());
    machine().wire({udp_frame(64, 1)});
    waiter.join();
    EXPECT_LE(waiter.took_us(), 600u);
    EXPECT_EQ(waiter.status(), kOk);
    EXPECT_EQ(waiter.result(), kRxAvailable);
    EXPECT_EQ(socket.received().size(), 1u);
  }
  submit(socket, 5);
  EXPECT_EQ(socket.notify(kPokeTx | kWaitTx | kWaitRx, kNoTimeout, &result), kOk);
  EXPECT_EQ(result, kTxAvailable);
}

// 7.4: frames for which there is no room stay in the device instead of being dropped.
POLL_MODE(SocketModeTakesNoMoreThanThereIsRoomFor) {
  ReadySocket socket;
  const auto program = TestProgram::redirect_all(socket);
  enter(socket, XSK_POLL_MODE_SOCKET);
  machine().wire({udp_frame(64, 1), udp_frame(64, 2), udp_frame(64, 3)});
  EXPECT_EQ(socket.notify(kPokeRx | kWaitRx, 1), kTimeout);
  EXPECT_EQ(socket.post_chunks(0, 2), 2u);
  EXPECT_EQ(socket.notify(kPokeRx | kWaitRx, 1), kOk);
  EXPECT_EQ(socket.received().size(), 2u);
  EXPECT_EQ(socket.statistics().RxDropped, 0u);
  EXPECT_EQ(socket.post_chunks(2, 2), 2u);
  EXPECT_EQ(socket.notify(kPokeRx | kWaitRx, 1), kOk);
  EXPECT_EQ(socket.received().size(), 1u);
  EXPECT_EQ(socket.statistics().RxDropped, 0u);
}

// 7.4: whoever waits when the mode changes must look at the flags again.
POLL_MODE(EnteringSocketModeEndsAWait) {
  const ReadySocket socket;
  for (const UINT32 flags : {kWaitRx, kWaitTx, kWaitRx | kWaitTx}) {
    WaitingThread waiter(machine(), socket, flags);
    EXPECT_TRUE(waiter.waits());
    enter(socket, XSK_POLL_MODE_SOCKET);
    waiter.join();
    EXPECT_EQ(waiter.status(), kOk);
    EXPECT_EQ(waiter.result(), 0u);
    enter(socket, XSK_POLL_MODE_DEFAULT);
  }
}

// 7.4: what waited in the device comes by itself again.
POLL_MODE(LeavingSocketModeGivesThePollingBack) {
  ReadySocket socket;
  const auto program = TestProgram::redirect_all(socket);
  enter(socket, XSK_POLL_MODE_SOCKET);
  EXPECT_EQ(socket.post_chunks(0, 4), 4u);
  machine().wire({udp_frame(64, 1)});
  machine().sleep_us(100);
  EXPECT_EQ(socket.received().size(), 0u);
  enter(socket, XSK_POLL_MODE_DEFAULT);
  machine().settle();
  EXPECT_EQ(socket.received().size(), 1u);
}

// 7.4: a poll that waits becomes an ordinary wait when the mode is left.
POLL_MODE(LeavingSocketModeUnderAPollGoesOnWaiting) {
  ReadySocket socket;
  const auto program = TestProgram::redirect_all(socket);
  enter(socket, XSK_POLL_MODE_SOCKET);
  EXPECT_EQ(socket.post_chunks(0, 4), 4u);
  WaitingThread waiter(machine(), socket, kPokeRx | kWaitRx);
  enter(socket, XSK_POLL_MODE_DEFAULT);
  machine().sleep_us(200);
  EXPECT_TRUE(waiter.waits());
  machine().wire({udp_frame(64, 1)});
  waiter.join();
  EXPECT_EQ(waiter.status(), kOk);
  EXPECT_EQ(waiter.result(), kRxAvailable);
}

// A call that is made before the mode and gets its turn behind it, because another poke keeps both waiting.
class PollModeOvertakes : public PollMode {
 protected:
  static constexpr std::uint64_t kEnterPs = 700'000;

  // Calls `call` on a socket at `call_ps`, and leaves the socket when it is in the mode.
  template <typename Call>
  void trial(std::uint64_t poke_ps, std::uint64_t call_ps, Call call) {
    SCOPED_TRACE(testing::Message() << "poke at " << poke_ps << ", call at " << call_ps);
    ReadySocket socket;
    const auto poker = machine().start_thread([&] {
      machine().kernel().sleep(poke_ps);
      socket.poke();
    });
    const auto caller = machine().start_thread([&] {
      machine().kernel().sleep(call_ps);
      call(socket, call_ps < kEnterPs);
    });
    machine().kernel().sleep(kEnterPs);
    enter(socket, XSK_POLL_MODE_SOCKET);
    machine().join(poker);
    machine().join(caller);
    EXPECT_EQ(wants_poke(socket), "FT");
  }
  template <typename Call>
  void expect_at_any_moment(Call call) {
    for (std::uint64_t poke_ps = kEnterPs - 6'000; poke_ps < kEnterPs; poke_ps += 1'000) {
      for (std::uint64_t call_ps = poke_ps; call_ps <= kEnterPs + 8'000; call_ps += 1'000) {
        trial(poke_ps, call_ps, call);
      }
    }
  }
};

// 7.4: it ends as one that was blocked already, and clears no flag that stays set.
CONFORMANCE_ON(PollModeOvertakes, ACallThatWaits, settings.driver.polling = true) {
  expect_at_any_moment([](const ReadySocket& socket, bool before) {
    UINT32 result = WaitingThread::kUntouched;
    const UINT32 status = socket.notify(kPokeTx | kWaitTx, 1, &result);
    if (!before) return;
    EXPECT_EQ(status, kOk);
    EXPECT_EQ(result, 0u);
  });
}

// 7.4: with all that it waited for.
CONFORMANCE_ON(PollModeOvertakes, AnAsynchronousCall, settings.driver.polling = true) {
  expect_at_any_moment([this](const ReadySocket& socket, bool before) {
    if (!before) return;
    OVERLAPPED overlapped{};
    EXPECT_EQ(number(XskNotifyAsync(socket.handle(), static_cast<XSK_NOTIFY_FLAGS>(kPokeTx | kWaitTx),
                                    &overlapped)),
              kPending);
    machine().sleep_us(5);
    EXPECT_EQ(overlapped.Internal, 0u);
    EXPECT_EQ(overlapped.InternalHigh, kTxAvailable);
  });
}

// ---- one direction alone can be polled: the other one's hook is on the generic interface ----

SocketShape polled_one_way(bool rx) {
  SocketShape shape;
  shape.bind_flags = XSK_BIND_FLAG_RX | XSK_BIND_FLAG_TX;
  if (rx) {
    shape.tx_hook = XDP_HOOK_ID{XDP_HOOK_L2, XDP_HOOK_RX, XDP_HOOK_INJECT};
  } else {
    shape.rx_hook = XDP_HOOK_ID{XDP_HOOK_L2, XDP_HOOK_TX, XDP_HOOK_INSPECT};
  }
  return shape;
}

// 7.1, 7.3: frames to a queue that is not polled go and are asked for as in mode DEFAULT.
POLL_MODE(ADirectionThatCannotBePolledGoesOn) {
  const auto& up = machine().record_stack();
  for (const UINT32 mode : {UINT32{XSK_POLL_MODE_DEFAULT}, kPollModes[0], kPollModes[1]}) {
    SCOPED_TRACE(mode);
    ReadySocket socket(polled_one_way(true));
    enter(socket, mode);
    EXPECT_EQ(wants_poke(socket), mode == XSK_POLL_MODE_SOCKET ? "FT" : "T");
    for (UINT32 k = 0; k < 3; ++k) {
      const std::size_t before = up.size();
      submit(socket, k);
      EXPECT_TRUE(socket.poke_if_needed());
      machine().sleep_us(50);
      EXPECT_EQ(up.size(), before + 1);
      EXPECT_EQ(socket.completed().size(), 1u);
      EXPECT_EQ(wants_poke(socket), mode == XSK_POLL_MODE_SOCKET ? "FT" : "T");
    }
    submit(socket, 5);
    UINT32 result = 0;
    EXPECT_EQ(socket.notify(kPokeTx | kWaitTx, kNoTimeout, &result), kOk);
    EXPECT_EQ(result, kTxAvailable);
  }
}

// 7.4: the mode concerns the other direction alone.
POLL_MODE(AWaitForADirectionThatCannotBePolledGoesOn) {
  for (const bool rx : {true, false}) {
    SCOPED_TRACE(rx ? "RX is polled" : "TX is polled");
    const ReadySocket socket(polled_one_way(rx));
    for (const UINT32 flags : {kWaitRx, kWaitTx, kWaitRx | kWaitTx}) {
      WaitingThread waiter(machine(), socket, flags, 2);
      enter(socket, XSK_POLL_MODE_SOCKET);
      waiter.join();
      const bool ended = (flags & (rx ? kWaitRx : kWaitTx)) != 0;
      EXPECT_EQ(waiter.status(), ended ? kOk : kTimeout) << flags;
      enter(socket, XSK_POLL_MODE_DEFAULT);
    }
  }
}

// 7.4: what comes by itself ends a poll that waits for it.
POLL_MODE(APollSeesWhatCannotBePolled) {
  ReadySocket socket(polled_one_way(false));
  XDP_RULE rule = TestProgram::redirect(socket);
  const XDP_HOOK_ID hook = {XDP_HOOK_L2, XDP_HOOK_TX, XDP_HOOK_INSPECT};
  HANDLE program = nullptr;
  ASSERT_EQ(number(XdpCreateProgram(1, &hook, 0, XDP_CREATE_PROGRAM_FLAG_GENERIC, &rule, 1, &program)), kOk);
  EXPECT_EQ(socket.post_chunks(0, 1), 1u);
  enter(socket, XSK_POLL_MODE_SOCKET);
  EXPECT_EQ(wants_poke(socket), "T");
  WaitingThread waiter(machine(), socket, kPokeRx | kWaitRx);
  EXPECT_TRUE(waiter.waits());
  machine().stack_sends(udp_frame(64, 1));
  waiter.join();
  EXPECT_EQ(waiter.status(), kOk);
  EXPECT_EQ(waiter.result(), kRxAvailable);
  EXPECT_TRUE(CloseHandle(program));
}

// 3.9: an unknown mode is refused after the old one was left.
POLL_MODE(UnknownModeEndsTheOldOne) {
  ReadySocket socket;
  const auto program = TestProgram::redirect_all(socket);
  enter(socket, XSK_POLL_MODE_SOCKET);
  EXPECT_EQ(socket.set_number(XSK_SOCKOPT_POLL_MODE, 3), kBadParameter);
  EXPECT_EQ(wants_poke(socket), "T");
  EXPECT_EQ(socket.post_chunks(0, 1), 1u);
  machine().wire({udp_frame(64, 1)});
  machine().settle();
  EXPECT_EQ(socket.received().size(), 1u);
}

// 7.4: from one mode to the next without a stop between them.
POLL_MODE(ModesCanFollowEachOther) {
  ReadySocket socket;
  for (const UINT32 mode : {1u, 2u, 2u, 1u, 1u, 0u, 0u}) {
    enter(socket, mode);
    machine().sleep_us(50);
    EXPECT_EQ(wants_poke(socket), mode == 2 ? "FT" : (mode == 1 ? "" : "T")) << mode;
    submit(socket, 0);
    if (mode != 1) socket.poke();
    machine().sleep_us(50);
    if (mode == 2) socket.poke();
    EXPECT_EQ(socket.completed().size(), 1u) << mode;
  }
}

// 7.4, 9.1: the mode ends with the socket, or with its interface; the queue serves the next one.
POLL_MODE(EndsWithTheSocketOrTheInterface) {
  for (const UINT32 mode : kPollModes) {
    for (const bool detached : {false, true}) {
      ReadySocket old;
      enter(old, mode);
      if (detached) {
        machine().platform().remove_adapter(1);
        machine().platform().add_adapter(1);
      } else {
        old.close();
      }
      ReadySocket next;
      const auto program = TestProgram::redirect_all(next);
      EXPECT_EQ(wants_poke(next), "T");
      EXPECT_EQ(next.post_chunks(0, 1), 1u);
      machine().wire({udp_frame(64, 1)});
      next.send(5, udp_frame(64, 2));
      machine().settle();
      EXPECT_EQ(next.received().size(), 1u);
      EXPECT_EQ(next.completed().size(), 1u);
    }
  }
}

// 7.4, 9.1: frames that only a poll would have completed do not keep the close waiting.
POLL_MODE(CloseInSocketModeCompletesWhatIsOutstanding) {
  ReadySocket socket;
  enter(socket, XSK_POLL_MODE_SOCKET);
  submit(socket, 0);
  EXPECT_EQ(socket.notify(kPokeTx), kOk);
  machine().sleep_us(50);
  socket.close();
  EXPECT_EQ(sent(), 1u);
}

// 7.4, 8.2: a thread that polls when the socket is closed or detached finds it not active any more.
POLL_MODE(CloseOrDetachEndsAPoll) {
  for (const bool detached : {false, true}) {
    ReadySocket socket;
    enter(socket, XSK_POLL_MODE_SOCKET);
    WaitingThread waiter(machine(), socket, kPokeRx | kWaitRx);
    machine().sleep_us(100);
    EXPECT_TRUE(waiter.waits());
    if (detached) {
      machine().platform().remove_adapter(1);
    } else {
      socket.close();
    }
    waiter.join();
    EXPECT_EQ(waiter.status(), kBadState);
    if (detached) machine().platform().add_adapter(1);
  }
}

}  // namespace
}  // namespace ringproof::test
