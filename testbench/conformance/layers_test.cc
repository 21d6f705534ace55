// Native and generic interfaces of one port side by side.

#include "testbench/conformance/machine.h"
#include "testbench/conformance/socket.h"

namespace ringproof::test {
namespace {

using Layers = Conformance;

SocketShape generic_shape() {
  SocketShape shape;
  shape.bind_flags = XSK_BIND_FLAG_RX | XSK_BIND_FLAG_TX | XSK_BIND_FLAG_GENERIC;
  return shape;
}

CONFORMANCE(Layers, TheNativeProgramSeesAFrameFirstAndTheGenericOneWhatItPassed) {
  ReadySocket native;
  ReadySocket generic(generic_shape());
  const TestProgram first({TestProgram::redirect_port(native, 1)}, 0, XDP_CREATE_PROGRAM_FLAG_NATIVE);
  const auto second = TestProgram::redirect_all(generic, 0, XDP_CREATE_PROGRAM_FLAG_GENERIC);
  native.post_chunks(0, 4);
  generic.post_chunks(0, 4);
  machine().wire_as_one_batch({udp_frame(64, 0, 1), udp_frame(65, 0, 2), udp_frame(66, 0, 1)});
  const auto to_native = native.received();
  const auto to_generic = generic.received();
  ASSERT_EQ(to_native.size(), 2u);
  EXPECT_EQ(to_native[0].Length, 64u);
  EXPECT_EQ(to_native[1].Length, 66u);
  ASSERT_EQ(to_generic.size(), 1u);
  EXPECT_EQ(to_generic[0].Length, 65u);
}

CONFORMANCE(Layers, EachGetsTheCompletionsOfItsOwnFrames) {
  ReadySocket native;
  ReadySocket generic(generic_shape());
  native.send(1, udp_frame(100, 1));
  generic.send(2, udp_frame(200, 2));
  native.send(3, udp_frame(300, 3));
  machine().settle();
  EXPECT_EQ(native.completed(), (std::vector<std::uint64_t>{native.chunk(1), native.chunk(3)}));
  EXPECT_EQ(generic.completed(), (std::vector<std::uint64_t>{generic.chunk(2)}));
  EXPECT_EQ(machine().sent().size(), 3u);
}

}  // namespace
}  // namespace ringproof::test
