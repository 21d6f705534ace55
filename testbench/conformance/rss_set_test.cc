// What programs can ask of receive-side scaling: I-038 to I-041, I-044.

#include <functional>

#include "testbench/conformance/rss_machine.h"

namespace ringproof::test {
namespace {

// I-038
CONFORMANCE(Rss, WhatIsNotSetStaysAsItIs) {
  const OpenInterface interface;
  const RssAnswer before = interface.rss();
  EXPECT_EQ(interface.set(RssWish{.processors = RssTable{3, 5}}), kOk);
  EXPECT_EQ(interface.rss().header.HashType, before.header.HashType);
  EXPECT_EQ(interface.rss().key, before.key);
  EXPECT_EQ(interface.rss().processors, (RssTable{3, 5}));
  EXPECT_EQ(interface.set(RssWish{.key = Bytes(kRssKeyBytes, 7)}), kOk);
  EXPECT_EQ(interface.set(RssWish{.hash_types = XDP_RSS_HASH_TYPE_TCP_IPV6}), kOk);
  EXPECT_EQ(interface.set(RssWish{}), kOk);
  EXPECT_EQ(interface.rss().processors, (RssTable{3, 5}));
  EXPECT_EQ(interface.rss().key, Bytes(kRssKeyBytes, 7));
  EXPECT_EQ(interface.rss().header.HashType, XDP_RSS_HASH_TYPE_TCP_IPV6);
}

// Changes nothing, whatever is wrong with it.
class RssRefusals : public Rss {
 protected:
  void expect_refused(const OpenInterface& interface, const Bytes& request, UINT32 answer) {
    EXPECT_EQ(interface.set(request), answer);
    EXPECT_EQ(interface.rss().processors, in_turn());
    // Nor did it make the handle the owner.
    const OpenInterface other;
    EXPECT_EQ(other.set(RssWish{}), kOk);
  }
  // A request whose header the test changes.
  static Bytes changed(const RssWish& wish, const std::function<void(XDP_RSS_CONFIGURATION&)>& change) {
    Bytes bytes = wish.bytes();
    XDP_RSS_CONFIGURATION header;
    std::memcpy(&header, bytes.data(), sizeof header);
    change(header);
    std::memcpy(bytes.data(), &header, sizeof header);
    return bytes;
  }
};

// I-039
CONFORMANCE(RssRefusals, TablesThatCannotBe) {
  const OpenInterface interface;
  for (const UINT16 size : {0, 6, 12, 516}) {
    SCOPED_TRACE(size);
    const Bytes bytes = changed(RssWish{.processors = RssTable(256, 8)},
                                [&](XDP_RSS_CONFIGURATION& header) { header.IndirectionTableSize = size; });
    expect_refused(interface, bytes, kBadParameter);
  }
}

// I-040
CONFORMANCE(RssRefusals, KeysThatAreTooLong) {
  const OpenInterface interface;
  expect_refused(interface, RssWish{.key = Bytes(41)}.bytes(), kBadParameter);
  const Bytes not_set = changed(RssWish{.key = Bytes(41)}, [](auto& header) { header.Flags = 0; });
  EXPECT_EQ(interface.set(not_set), kOk);
}

// I-041
CONFORMANCE(RssRefusals, OffsetsBeyondTheBuffer) {
  const OpenInterface interface;
  expect_refused(interface, changed(RssWish{}, [](auto& header) { header.HashSecretKeyOffset = 25; }),
                 kBadParameter);
  expect_refused(interface, changed(RssWish{}, [](auto& header) { header.IndirectionTableOffset = 0xFFFF; }),
                 kBadParameter);
  expect_refused(interface, changed(RssWish{}, [](auto& header) { header.IndirectionTableSize = 1; }),
                 kBadParameter);
}

CONFORMANCE(RssRefusals, HeadersThatAreNotKnown) {
  const OpenInterface interface;
  expect_refused(interface, Bytes(23), kBadParameter);
  expect_refused(interface, changed(RssWish{}, [](auto& header) { header.Header.Revision = 0; }),
                 kBadParameter);
  expect_refused(interface, changed(RssWish{}, [](auto& header) { header.Header.Size = 23; }), kBadParameter);
  expect_refused(interface, RssWish{.more_flags = 0x10}.bytes(), kBadParameter);
  expect_refused(interface, RssWish{.hash_types = 0x200}.bytes(), kBadParameter);
}

// I-044
CONFORMANCE(RssRefusals, ProcessorsThatAreNotThereOrTooMany) {
  const OpenInterface interface;
  const auto last = static_cast<BYTE>(machine().kernel().cpu_count() - 1);
  const auto beyond = static_cast<BYTE>(last + 1);
  expect_refused(interface, RssWish{.processors = RssTable{8, beyond}}.bytes(), kBadParameter);
  expect_refused(interface, RssWish{.processors = RssTable{0, 1, 2, 3, 4, 0, 0, 0}}.bytes(), kNotSupported);
  // One that does not exist is said first.
  expect_refused(interface, RssWish{.processors = RssTable{0, 1, 2, 3, 4, 0, 0, 0xFF}}.bytes(),
                 kBadParameter);
  Bytes group = RssWish{.processors = RssTable{8}}.bytes();
  group[sizeof(XDP_RSS_CONFIGURATION)] = 1;
  expect_refused(interface, group, kBadParameter);
  EXPECT_EQ(interface.set(RssWish{.processors = RssTable{0, 1, 2, last, 0, 1, 2, last}}), kOk);
}

CONFORMANCE(RssRefusals, HashTypesThatTheAdapterLacks) {
  const OpenInterface interface;
  for (const UINT32 type : {XDP_RSS_HASH_TYPE_TCP_IPV6_EX, XDP_RSS_HASH_TYPE_UDP_IPV6_EX}) {
    expect_refused(interface, RssWish{.hash_types = type}.bytes(), kNotSupported);
  }
  // That of the addresses alone is not looked at.
  EXPECT_EQ(interface.set(RssWish{.hash_types = XDP_RSS_HASH_TYPE_IPV6_EX}), kOk);
}

}  // namespace
}  // namespace ringproof::test
