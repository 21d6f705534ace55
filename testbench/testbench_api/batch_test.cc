// Frames as a test describes them: buffers, queue, verdicts, time; batches; what goes up to the host stack.

#include <set>

#include "testbench/testbench_api/one_socket.h"

namespace ringproof::testbench {
namespace {

class TwoQueues : public OneSocket {
 protected:
  static Options options() {
    Options two;
    two.queues = 2;
    return two;
  }
  TwoQueues() : OneSocket(options()) {}
};

Frame to_queue(std::uint32_t queue, unsigned char mark) {
  Frame frame(udp_frame(64, mark));
  frame.queue = queue;
  return frame;
}

TEST_F(TwoQueues, AFrameGoesToTheQueueThatTheTestNames) {
  PassUp stack = machine.pass_up();
  give_buffers(4);
  machine.inject({to_queue(0, 1), to_queue(1, 2), to_queue(0, 3)});
  machine.run_until_idle();
  EXPECT_EQ(received(), (std::vector<Bytes>{udp_frame(64, 1), udp_frame(64, 3)}));
  ASSERT_EQ(stack.waiting(), 1u);
  EXPECT_EQ(stack.peek(0).queue, 1u);
  EXPECT_EQ(stack.peek(0).bytes, udp_frame(64, 2));
}

TEST_F(TwoQueues, AQueueThatIsNotThereIsRefused) {
  EXPECT_THROW(machine.inject(to_queue(2, 1)), std::invalid_argument);
  EXPECT_THROW(machine.inject(udp_frame(64, 1), 2), std::invalid_argument);
}

using Frames = OneSocket;

TEST_F(Frames, AFrameOfSeveralBuffersArrivesWhole) {
  give_buffers(1);
  Frame frame;
  frame.buffers = {{{9, 1, 2, 3}, 1, 2}, {{4, 5, 6}, 0, {}}, {Bytes(60, 7), 20, 30}};
  machine.inject(frame);
  machine.run_until_idle();
  Bytes whole = {1, 2, 4, 5, 6};
  whole.insert(whole.end(), 30, 7);
  EXPECT_EQ(received(), std::vector<Bytes>{whole});
}

TEST_F(Frames, ABufferThatIsShorterThanItSaysIsRefused) {
  Frame frame;
  frame.buffers = {{{1, 2, 3}, 2, 2}};
  EXPECT_THROW(machine.inject(frame), std::invalid_argument);
}

TEST_F(Frames, ATimestampIsReportedAndThoseAfterItAreLater) {
  close();
  PassUp stack = machine.pass_up();
  Frame frame(udp_frame(64, 1));
  frame.timestamp_ns = 5'000'000;
  machine.inject({frame, udp_frame(64, 2)});
  machine.run_until_idle();
  ASSERT_EQ(stack.waiting(), 2u);
  EXPECT_EQ(stack.peek(0).timestamp_ns, 5'000'000u);
  EXPECT_EQ(stack.peek(1).timestamp_ns, 5'000'001u);
  open();
}

// The application believes the device, whatever the bytes say.
TEST_F(Frames, TheTestChoosesTheVerdictOfAChecksum) {
  close();
  machine.call([this] {
    test::SocketShape shape;
    shape.offloads = {XSK_SOCKOPT_RX_OFFLOAD_CHECKSUM};
    socket.emplace(shape);
    program = test::TestProgram::redirect_all(*socket);
  });
  give_buffers(2);
  Frame bad(udp_frame(64, 1));
  bad.layer4 = Checksum::kBad;
  machine.inject({bad, udp_frame(64, 2)});
  machine.run_until_idle();
  std::vector<unsigned> verdicts;
  machine.call([&] {
    UINT16 offset = 0;
    UINT32 size = sizeof offset;
    XskGetSockopt(socket->handle(), XSK_SOCKOPT_RX_FRAME_CHECKSUM_EXTENSION, &offset, &size);
    for (UINT32 i = 0; i < 2; ++i) {
      const auto* entry = static_cast<unsigned char*>(XskRingGetElement(&socket->rx_ring, i));
      verdicts.push_back(reinterpret_cast<const XDP_FRAME_CHECKSUM*>(entry + offset)->Layer4);
    }
  });
  EXPECT_EQ(verdicts, (std::vector<unsigned>{XdpFrameRxChecksumEvaluationFailed,
                                             XdpFrameRxChecksumEvaluationSucceeded}));
}

TEST_F(Frames, ABatchIsShownAtOnce) {
  give_buffers(8);
  for (unsigned char i = 0; i < 8; ++i) machine.enqueue(udp_frame(64, i));
  machine.run_until_idle();
  EXPECT_TRUE(received().empty());
  machine.flush({.cpu = 3});
  EXPECT_EQ(received().size(), 8u);
}

TEST_F(Frames, ABatchOfLowResourcesGoesBothWays) {
  constexpr std::uint16_t kOurs = 7, kOthers = 8;
  machine.call([&] {
    program.reset();
    program = std::make_unique<test::TestProgram>(
        std::vector<XDP_RULE>{test::TestProgram::redirect_port(*socket, kOurs)}, 0,
        XDP_CREATE_PROGRAM_FLAG_NATIVE);
  });
  give_buffers(8);
  const PassUp others = machine.pass_up();
  std::vector<Bytes> to_us, to_others;
  const std::set<unsigned char> ours = {0, 3, 5, 6};
  for (unsigned char i = 0; i < 8; ++i) {
    const Bytes frame = udp_frame(64, i, ours.contains(i) ? kOurs : kOthers);
    (ours.contains(i) ? to_us : to_others).push_back(frame);
    machine.enqueue(frame);
  }
  machine.flush({.low_resources = true});
  EXPECT_EQ(received(), to_us);
  ASSERT_EQ(others.count(), to_others.size());
  for (std::size_t i = 0; i < to_others.size(); ++i) EXPECT_EQ(others.peek(i).bytes, to_others[i]);
}

TEST_F(Frames, WhatIsPassedUpCanBeReleasedOrDropped) {
  close();
  PassUp marked = machine.pass_up({.bytes = {7}, .offset = 60});
  PassUp all = machine.pass_up();
  for (const unsigned char mark : {7, 8, 7}) machine.inject(udp_frame(64, mark));
  machine.run_until_idle();
  EXPECT_EQ(all.count(), 3u);
  EXPECT_EQ(marked.count(), 2u);
  marked.release(0);
  marked.drop(0);
  EXPECT_EQ(marked.waiting(), 0u);
  EXPECT_EQ(marked.released(), 1u);
  EXPECT_EQ(marked.dropped(), 1u);
  EXPECT_THROW(marked.peek(0), std::invalid_argument);
  open();
}

}  // namespace
}  // namespace ringproof::testbench
