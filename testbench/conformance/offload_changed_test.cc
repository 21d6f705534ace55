// The notice of an offload that was switched: S-113.

#include <memory>
#include <utility>

#include "testbench/conformance/machine.h"
#include "testbench/conformance/socket.h"

namespace ringproof::test {
namespace {

class OffloadChanged : public Conformance {
 protected:
  // As an administrator switches the checksum offloads of the hardware.
  void switch_offloads(const Mode& mode, bool rx, bool tx) {
    const XDP_HOOK_ID hook = {XDP_HOOK_L2, XDP_HOOK_RX, XDP_HOOK_INSPECT};
    const bool generic = mode.bind_flag == XSK_BIND_FLAG_GENERIC;
    machine().platform().find_interface(1, hook, generic, !generic)->set_current(rx, tx);
    machine().settle();
  }
  // Which rings say so: a letter for each.
  static std::string changed(const ReadySocket& socket) {
    std::string result;
    if (XskRingOffloadChanged(&socket.fill)) result += 'F';
    if (XskRingOffloadChanged(&socket.rx_ring)) result += 'R';
    if (XskRingOffloadChanged(&socket.tx_ring)) result += 'T';
    if (XskRingOffloadChanged(&socket.completion)) result += 'C';
    return result;
  }
  static bool enabled(const RawSocket& socket, UINT32 option) {
    XDP_CHECKSUM_CONFIGURATION config{};
    UINT32 length = sizeof config;
    EXPECT_EQ(number(XskGetSockopt(socket.handle(), option, &config, &length)), kOk);
    return config.Enabled != 0;
  }
};

constexpr UINT32 kRxConfig = XSK_SOCKOPT_RX_OFFLOAD_CURRENT_CONFIG_CHECKSUM;
constexpr UINT32 kTxConfig = XSK_SOCKOPT_TX_OFFLOAD_CURRENT_CONFIG_CHECKSUM;

// S-113
CONFORMANCE(OffloadChanged, IsToldToWhoeverEnabledTheOffload) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    const auto with = [&](std::vector<UINT32> offloads) {
      SocketShape shape;
      shape.offloads = std::move(offloads);
      return shape.in(mode);
    };
    // The first socket decides what the queue can do for the others.
    const std::vector<UINT32> all = {XSK_SOCKOPT_RX_OFFLOAD_CHECKSUM, XSK_SOCKOPT_TX_OFFLOAD_CHECKSUM,
                                     XSK_SOCKOPT_TX_OFFLOAD_TIMESTAMP};
    const ReadySocket both(with(all));
    const ReadySocket rx(with({XSK_SOCKOPT_RX_OFFLOAD_CHECKSUM}));
    const ReadySocket tx(with({XSK_SOCKOPT_TX_OFFLOAD_CHECKSUM}));
    const ReadySocket others(with({XSK_SOCKOPT_RX_ORIGINAL_LENGTH, XSK_SOCKOPT_RX_OFFLOAD_TIMESTAMP,
                                   XSK_SOCKOPT_TX_OFFLOAD_TIMESTAMP}));
    const ReadySocket none(with({}));
    EXPECT_EQ(changed(both) + changed(rx) + changed(tx), "");
    // It is one configuration: a change of either direction is told to both.
    for (const auto& [rx_on, tx_on] : {std::pair{false, true}, {false, false}, {true, false}, {true, true}}) {
      switch_offloads(mode, rx_on, tx_on);
      EXPECT_EQ(changed(both), "RT");
      EXPECT_EQ(changed(rx), "R");
      EXPECT_EQ(changed(tx), "T");
      EXPECT_EQ(changed(others) + changed(none), "");
      EXPECT_EQ(enabled(both, kRxConfig), rx_on && tx_on);
      EXPECT_EQ(enabled(both, kTxConfig), rx_on && tx_on);
      EXPECT_EQ(enabled(rx, kRxConfig), rx_on && tx_on);
      EXPECT_EQ(enabled(tx, kTxConfig), rx_on && tx_on);
      EXPECT_EQ(changed(both) + changed(rx) + changed(tx), "");
    }
  }
}

// S-113: by the getter of that direction, whatever it answers.
CONFORMANCE(OffloadChanged, IsClearedByTheGetter) {
  for (const Mode& mode : kModes) {
    SCOPED_TRACE(mode.name);
    SocketShape shape;
    shape.offloads = {XSK_SOCKOPT_RX_OFFLOAD_CHECKSUM, XSK_SOCKOPT_TX_OFFLOAD_CHECKSUM};
    const ReadySocket socket(shape.in(mode));
    switch_offloads(mode, false, false);
    EXPECT_FALSE(enabled(socket, kRxConfig));
    EXPECT_EQ(changed(socket), "T");
    EXPECT_FALSE(enabled(socket, kTxConfig));
    EXPECT_EQ(changed(socket), "");
    // Each change is told.
    switch_offloads(mode, true, true);
    EXPECT_EQ(changed(socket), "RT");
    UINT32 length = 0;
    EXPECT_EQ(socket.try_get(kRxConfig, &length), kMoreData);
    EXPECT_EQ(changed(socket), "T");
    length = 1;
    EXPECT_EQ(socket.try_get(kTxConfig, &length), kTooSmall);
    EXPECT_EQ(changed(socket), "");
    EXPECT_TRUE(enabled(socket, kRxConfig));
    EXPECT_TRUE(enabled(socket, kTxConfig));
  }
}

// 11.2: TX hears of it while it is only bound, RX once it was activated.
CONFORMANCE(OffloadChanged, IsToldToABoundSocketForTxOnly) {
  SocketShape shape;
  shape.offloads = {XSK_SOCKOPT_RX_OFFLOAD_CHECKSUM, XSK_SOCKOPT_TX_OFFLOAD_CHECKSUM};
  shape.activated = false;
  const ReadySocket socket(shape);
  switch_offloads(kModes[0], false, false);
  EXPECT_EQ(changed(socket), "T");
}

// What stays as it was is no change.
CONFORMANCE(OffloadChanged, IsNotToldWithoutAChange) {
  SocketShape shape;
  shape.offloads = {XSK_SOCKOPT_RX_OFFLOAD_CHECKSUM, XSK_SOCKOPT_TX_OFFLOAD_CHECKSUM};
  const ReadySocket socket(shape);
  switch_offloads(kModes[0], true, true);
  EXPECT_EQ(changed(socket), "");
}

// Sockets come and go while the others are told.
CONFORMANCE(OffloadChanged, SocketsMayBeClosedMeanwhile) {
  SocketShape shape;
  shape.offloads = {XSK_SOCKOPT_RX_OFFLOAD_CHECKSUM, XSK_SOCKOPT_TX_OFFLOAD_CHECKSUM};
  const ReadySocket staying(shape);
  bool on = true;
  for (std::uint64_t distance_ps = 0; distance_ps < 900'000; distance_ps += 1'500) {
    auto first = std::make_unique<ReadySocket>(shape);
    const auto second = std::make_unique<ReadySocket>(shape);
    const std::uint32_t closer = machine().start_thread([&] {
      machine().kernel().sleep(distance_ps);
      first->close();
    });
    machine().kernel().sleep(300'000);  // as long as the way into a call
    on = !on;
    switch_offloads(kModes[0], on, on);
    machine().join(closer);
    EXPECT_EQ(changed(*second), "RT");
  }
}

}  // namespace
}  // namespace ringproof::test
