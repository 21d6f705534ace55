// Rules on frames that come over the wire: P-041, P-073, P-077. The rest of what rules look at is shown on
// frames alone, in testbench/model/xdp.

#include <vector>

#include "testbench/conformance/machine.h"
#include "testbench/conformance/socket.h"

namespace ringproof::test {
namespace {

using RuleMatching = Conformance;

constexpr UINT16 kPort = 1234;

// A frame to the port of the rule goes to the socket, whole; one to another port to the host.
void expect_steered_by_port(Machine& machine, const Bytes& frame) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    SocketShape shape;
    ReadySocket socket(shape.in(mode, kRxOnly));
    const TestProgram program({TestProgram::redirect_port(socket, kPort)}, 0, mode.program_flag);
    ASSERT_EQ(socket.post_chunks(0, 2), 2u);
    const std::size_t passed = machine.passed();
    machine.wire({udp_frame(frame.size(), 3, kPort + 1), frame});
    machine.settle();
    const auto received = socket.received();
    ASSERT_EQ(received.size(), 1u);
    EXPECT_EQ(socket.bytes_of(received[0]), frame);
    EXPECT_EQ(machine.passed(), passed + 1);
  }
}

// P-041
CONFORMANCE(RuleMatching, FrameThatNoRuleTakesIsPassed) {
  expect_steered_by_port(machine(), udp_frame(100, 7, kPort));
}

// P-073: cut at the end of the Ethernet header, inside the IP header and inside the UDP header.
CONFORMANCE_ON(RuleMatching, HeadersInTwoBuffersAreFound, settings.nic.rx_fragment_bytes = 14) {
  expect_steered_by_port(machine(), udp_frame(100, 7, kPort));
}

// P-077: and one buffer more than is taken as it is.
CONFORMANCE_ON(RuleMatching, FrameOfManyBuffersArrivesWhole, settings.nic.rx_fragment_bytes = 1) {
  for (const std::size_t bytes : {65, 66, 512}) expect_steered_by_port(machine(), udp_frame(bytes, 7, kPort));
}

}  // namespace
}  // namespace ringproof::test
