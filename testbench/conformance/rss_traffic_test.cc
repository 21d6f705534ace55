// Where frames go when a program spreads them: I-045, I-046.

#include "testbench/conformance/rss_machine.h"

namespace ringproof::test {
namespace {

class RssTraffic : public Rss {
 protected:
  // I-046 and the quirk of I-045.
  void spread_by_first_appearance() {
    OnEveryQueue queues(machine());
    expect_spread(queues, kInTurn);
    OpenInterface interface;
    // Processors 12, 3, 0 become queues 0, 1, 2.
    EXPECT_EQ(interface.set(RssWish{.processors = RssTable{12, 12, 3, 12, 0, 3, 0, 12}}), kOk);
    expect_spread(queues, {0, 0, 1, 0, 2, 1, 2, 0});
    EXPECT_EQ(interface.set(RssWish{.processors = RssTable{15, 1}, .more_flags = XDP_RSS_FLAG_DISABLED}),
              kOk);
    expect_spread(queues, {0, 1});
    interface.close();
    expect_spread(queues, kInTurn);
  }
};

// I-046
CONFORMANCE(RssTraffic, QueuesFollowTheFirstAppearanceOfTheirProcessors) { spread_by_first_appearance(); }
CONFORMANCE_ON(RssTraffic, QueuesFollowTheFirstAppearanceOfTheirProcessorsOnTheFunctionalEngine,
               settings.engine = EngineKind::kFunctional) {
  spread_by_first_appearance();
}

// I-045
CONFORMANCE(RssTraffic, DisabledIsIgnored) {
  OnEveryQueue queues(machine());
  const OpenInterface interface;
  EXPECT_EQ(interface.set(RssWish{.more_flags = XDP_RSS_FLAG_DISABLED}), kOk);
  expect_spread(queues, kInTurn);
  EXPECT_EQ(interface.rss().header.HashType, kAllHashTypes);
}

CONFORMANCE(RssTraffic, HashTypesAndKeyDecide) {
  OnEveryQueue queues(machine());
  const OpenInterface interface;
  const RssTable table = {8, 9, 10, 11};
  EXPECT_EQ(interface.set(RssWish{
                .hash_types = XDP_RSS_HASH_TYPE_IPV4 | XDP_RSS_HASH_TYPE_IPV6 | XDP_RSS_HASH_TYPE_TCP_IPV4,
                .processors = table}),
            kOk);
  expect_spread(queues, kInTurn, false);  // UDP by its addresses
  EXPECT_EQ(interface.set(RssWish{.hash_types = XDP_RSS_HASH_TYPE_TCP_IPV4}), kOk);
  expect_spread(queues, all_of(0));  // not at all
  EXPECT_EQ(interface.set(RssWish{.hash_types = kAllHashTypes, .key = Bytes(40)}), kOk);
  expect_spread(queues, all_of(0));  // every hash is 0
  // A key that is shorter goes on with zeros.
  Bytes half(nic::kDefaultRssKey.begin(), nic::kDefaultRssKey.begin() + 20);
  EXPECT_EQ(interface.set(RssWish{.key = half}), kOk);
  nic::RssKey padded{};
  std::copy(half.begin(), half.end(), padded.begin());
  nic::ReceiveSideScaling expected(padded, kRssQueues);
  for (const nic::RssVector& vector : nic::rss_vectors()) {
    const Bytes frame = nic::rss_frame(vector, kUdpProtocol);
    EXPECT_EQ(queues.queue_of(frame), expected.choose(frame).hash % kRssQueues);
  }
}

// Each queue polls on the processor that the table names it by, and goes home afterwards.
CONFORMANCE(RssTraffic, QueuesPollOnTheirProcessors) {
  const auto cpus = [this] {
    std::vector<UINT32> result;
    for (UINT32 queue = 0; queue < kRssQueues; ++queue) {
      result.push_back(machine().driver().cpu(queue, driver::Direction::kRx));
    }
    return result;
  };
  OnEveryQueue queues(machine());
  OpenInterface interface;
  EXPECT_EQ(interface.set(RssWish{.processors = RssTable{1, 2, 1, 2}}), kOk);
  EXPECT_EQ(cpus(), (std::vector<UINT32>{1, 2, 10, 11}));
  expect_spread(queues, {0, 1});
  EXPECT_EQ(interface.set(RssWish{.processors = RssTable{5}}), kOk);
  EXPECT_EQ(cpus(), (std::vector<UINT32>{5, 9, 10, 11}));
  // What somebody else moves meanwhile stays where it is.
  machine().driver().set_cpu(0, driver::Direction::kRx, 7);
  interface.close();
  EXPECT_EQ(cpus(), (std::vector<UINT32>{7, 9, 10, 11}));
  EXPECT_EQ(OpenInterface().rss().processors.front(), 7u);
}

// Changed over and over while frames come: each of them goes by one setting or the other (INV-19), and none
// is lost.
class RssUnderLoad : public Rss {
 protected:
  void change_under_load() {
    constexpr UINT32 kFrames = 200;
    std::vector<Bytes> frames;
    for (UINT32 i = 0; i < kFrames; ++i)
      frames.push_back(udp_frame(64, 1, static_cast<std::uint16_t>(i + 1)));
    const std::size_t before = machine().passed();
    machine().wire(frames);
    for (UINT32 i = 0; i < 10; ++i) {
      OpenInterface interface;
      EXPECT_EQ(interface.set(RssWish{.processors = RssTable{static_cast<BYTE>(i), 12}}), kOk);
      machine().sleep_us(1);
      EXPECT_EQ(interface.set(RssWish{.key = Bytes(40, static_cast<unsigned char>(i))}), kOk);
      interface.close();
    }
    machine().settle();
    EXPECT_EQ(machine().passed() - before, kFrames);
  }
};

CONFORMANCE(RssUnderLoad, EveryFrameGoesByOneSettingOrTheOther) { change_under_load(); }
CONFORMANCE_ON(RssUnderLoad, EveryFrameGoesByOneSettingOrTheOtherOnTheFunctionalEngine,
               settings.engine = EngineKind::kFunctional) {
  change_under_load();
}

}  // namespace
}  // namespace ringproof::test
