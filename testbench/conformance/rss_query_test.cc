// What programs are told of receive-side scaling: I-035 to I-037, I-047.

#include "testbench/conformance/memory_pages.h"
#include "testbench/conformance/rss_machine.h"

namespace ringproof::test {
namespace {

// I-035
CONFORMANCE(Rss, CapabilitiesSayTheirSizeFirst) {
  const OpenInterface interface;
  UINT32 size = 0;
  EXPECT_EQ(interface.try_capabilities(nullptr, &size), kMoreData);
  EXPECT_EQ(size, XDP_SIZEOF_RSS_CAPABILITIES_REVISION_2);
  XDP_RSS_CAPABILITIES capabilities;
  for (const UINT32 small : {1u, 4u, 24u, 27u}) {
    std::memset(&capabilities, 0xEE, sizeof capabilities);
    size = small;
    EXPECT_EQ(interface.try_capabilities(&capabilities, &size), kTooSmall);
    EXPECT_EQ(size, 0u);
    EXPECT_EQ(capabilities.Header.Revision, 0xEEEEEEEEu);
  }
  std::array<unsigned char, 40> room{};
  room.fill(0xEE);
  size = room.size();
  EXPECT_EQ(interface.try_capabilities(room.data(), &size), kOk);
  EXPECT_EQ(size, sizeof capabilities);
  EXPECT_EQ(room[sizeof capabilities], 0xEE);
  std::memcpy(&capabilities, room.data(), sizeof capabilities);
  EXPECT_EQ(capabilities.Header.Revision, XDP_RSS_CAPABILITIES_REVISION_2);
  EXPECT_EQ(capabilities.Header.Size, sizeof capabilities);
  EXPECT_EQ(capabilities.HashTypes, kAllHashTypes);
  EXPECT_EQ(capabilities.HashSecretKeySize, kRssKeyBytes);
  EXPECT_EQ(capabilities.NumberOfReceiveQueues, kRssQueues);
  EXPECT_EQ(capabilities.NumberOfIndirectionTableEntries, 128u);
}

// I-035: an adapter that does not say how long its table may be.
CONFORMANCE_ON(Rss, CapabilitiesOfAnOldAdapterAreShorter,
               settings.interface.rss = xdp::RssSupport::kNoTableSize) {
  const OpenInterface interface;
  UINT32 size = 0;
  EXPECT_EQ(interface.try_capabilities(nullptr, &size), kMoreData);
  EXPECT_EQ(size, XDP_SIZEOF_RSS_CAPABILITIES_REVISION_1);
  XDP_RSS_CAPABILITIES capabilities;
  XdpInitializeRssCapabilities(&capabilities);
  EXPECT_EQ(interface.try_capabilities(&capabilities, &size), kOk);
  EXPECT_EQ(capabilities.Header.Revision, XDP_RSS_CAPABILITIES_REVISION_1);
  EXPECT_EQ(capabilities.NumberOfReceiveQueues, kRssQueues);
  EXPECT_EQ(interface.set(RssWish{.processors = RssTable{8, 9}}), kOk);
}

CONFORMANCE_ON(Rss, AnAdapterWithoutRssSaysSoAndUsesQueueZero,
               settings.interface.rss = xdp::RssSupport::kNone) {
  OnEveryQueue queues(machine());
  const OpenInterface interface;
  UINT32 size = XDP_SIZEOF_RSS_CAPABILITIES_REVISION_1;
  XDP_RSS_CAPABILITIES capabilities;
  EXPECT_EQ(interface.try_capabilities(&capabilities, &size), kOk);
  EXPECT_EQ(capabilities.Header.Revision, XDP_RSS_CAPABILITIES_REVISION_1);
  EXPECT_EQ(capabilities.HashTypes + capabilities.HashSecretKeySize + capabilities.NumberOfReceiveQueues, 0u);
  EXPECT_EQ(interface.set(RssWish{.processors = RssTable{8, 9}}), kNotReady);
  expect_spread(queues, all_of(0));
}

// I-036
CONFORMANCE(Rss, GetSaysItsSizeFirst) {
  const OpenInterface interface;
  constexpr UINT32 kBytes = sizeof(XDP_RSS_CONFIGURATION) + kRssKeyBytes + kRssTableBytes;
  EXPECT_EQ(interface.rss_bytes(), kBytes);
  std::vector<unsigned char> room(kBytes, 0xEE);
  for (const UINT32 small : {1u, 24u, kBytes - 1}) {
    UINT32 size = small;
    EXPECT_EQ(interface.try_get(room.data(), &size), kTooSmall);
    EXPECT_EQ(size, 0u);
  }
  EXPECT_EQ(room, std::vector<unsigned char>(kBytes, 0xEE));
  EXPECT_EQ(interface.set(RssWish{.key = Bytes(16, 1), .processors = RssTable{8, 9}}), kOk);
  EXPECT_EQ(interface.rss_bytes(), sizeof(XDP_RSS_CONFIGURATION) + 16 + 2 * sizeof(PROCESSOR_NUMBER));
}

// I-037: before the host has said anything, there is nothing to get, and nothing to take over.
CONFORMANCE_ON(Rss, BeforeTheHostHasConfiguredItThereIsNone, settings.interface.rss_configured = false) {
  OnEveryQueue queues(machine());
  const OpenInterface interface;
  UINT32 size = 1024;
  std::array<unsigned char, 1024> room{};
  EXPECT_EQ(interface.try_get(room.data(), &size), kBadState);
  EXPECT_EQ(size, 0u);
  EXPECT_EQ(interface.try_get(nullptr, &size), kBadState);
  EXPECT_EQ(interface.set(RssWish{.processors = in_turn()}), kNotReady);
  expect_spread(queues, all_of(0));
  host_sets({2, 1});
  EXPECT_EQ(interface.rss().processors, (RssTable{10, 9}));
  expect_spread(queues, {2, 1});
  EXPECT_EQ(interface.set(RssWish{.processors = in_turn()}), kOk);
  expect_spread(queues, kInTurn);
}

// I-047
CONFORMANCE(Rss, GetSaysWhereKeyAndTableAre) {
  const OpenInterface interface;
  const RssAnswer host = interface.rss();
  EXPECT_EQ(host.header.Header.Revision, XDP_RSS_CONFIGURATION_REVISION_1);
  EXPECT_EQ(host.header.Header.Size, XDP_SIZEOF_RSS_CONFIGURATION_REVISION_1);
  EXPECT_EQ(host.header.Flags, 0u);
  EXPECT_EQ(host.header.HashType, kAllHashTypes);
  EXPECT_EQ(host.header.HashSecretKeyOffset, 24u);
  EXPECT_EQ(host.header.IndirectionTableOffset, 24u + kRssKeyBytes);
  EXPECT_EQ(host.key, Bytes(nic::kDefaultRssKey.begin(), nic::kDefaultRssKey.end()));
  EXPECT_EQ(host.processors, in_turn());
  EXPECT_EQ(interface.set(RssWish{.key = Bytes(8, 1), .more_flags = XDP_RSS_FLAG_DISABLED}), kOk);
  const RssAnswer own = interface.rss();
  EXPECT_EQ(own.header.Flags, 0u);
  EXPECT_EQ(own.header.HashSecretKeyOffset, 24u);
  EXPECT_EQ(own.header.IndirectionTableOffset, 32u);
}

CONFORMANCE(Rss, WhatTheHostSwitchedOffHasNoKeyAndNoTable) {
  OnEveryQueue queues(machine());
  const OpenInterface interface;
  xdp::HostRss off = control().host_default();
  off.hash_types = 0;
  control().set_host(off);
  EXPECT_EQ(interface.rss_bytes(), sizeof(XDP_RSS_CONFIGURATION));
  EXPECT_EQ(interface.rss().header.HashType, 0u);
  expect_spread(queues, all_of(0));
  // What a handle does not set it inherits, and with it that scaling is off; with hash types it is on again.
  EXPECT_EQ(interface.set(RssWish{.processors = RssTable{8, 9}}), kOk);
  expect_spread(queues, all_of(0));
  EXPECT_EQ(interface.set(RssWish{.hash_types = kAllHashTypes}), kOk);
  expect_spread(queues, {0, 1});
}

// ---- memory that is not there ----

CONFORMANCE(Rss, MemoryThatIsNotThereIsNoAccess) {
  MemoryPages memory(2);
  memory.forbid(1);
  const OpenInterface interface;
  unsigned char* const edge = memory.at(1) - 16;
  for (void* where :
       {static_cast<void*>(edge), static_cast<void*>(memory.at(1)), static_cast<void*>(nullptr)}) {
    UINT32 size = 28;
    EXPECT_EQ(interface.try_capabilities(where, &size), kNoAccess);
    EXPECT_EQ(size, 0u);
    size = 0xFFFFFFFF;
    EXPECT_EQ(interface.try_get(where, &size), kNoAccess);
    EXPECT_EQ(size, 0u);
    EXPECT_EQ(number(XdpRssSet(interface.handle(), static_cast<XDP_RSS_CONFIGURATION*>(where), 24)),
              kNoAccess);
  }
  EXPECT_EQ(number(XdpRssSet(interface.handle(), nullptr, 0)), kBadParameter);
  // A request at an odd address that ends where the memory does, and one that can only be read.
  const Bytes wish = RssWish{.processors = RssTable{8, 9}, .more_flags = 0}.bytes();
  unsigned char* const last = memory.at(1) - wish.size();
  std::memcpy(last, wish.data(), wish.size());
  memory.make_read_only(0);
  const auto* request = reinterpret_cast<const XDP_RSS_CONFIGURATION*>(last);
  EXPECT_EQ(number(XdpRssSet(interface.handle(), request, static_cast<UINT32>(wish.size()))), kOk);
  UINT32 size = 28;
  EXPECT_EQ(interface.try_capabilities(last, &size), kNoAccess);
}

CONFORMANCE(Rss, OddAddressesAreGood) {
  const OpenInterface interface;
  Bytes bytes = RssWish{.processors = RssTable{9}}.bytes();
  auto size = static_cast<UINT32>(bytes.size());
  bytes.insert(bytes.begin(), 0);
  EXPECT_EQ(
      number(XdpRssSet(interface.handle(), reinterpret_cast<XDP_RSS_CONFIGURATION*>(bytes.data() + 1), size)),
      kOk);
  bytes.resize(1 + interface.rss_bytes());
  size = static_cast<UINT32>(bytes.size() - 1);
  EXPECT_EQ(interface.try_get(bytes.data() + 1, &size), kOk);
}

}  // namespace
}  // namespace ringproof::test
