// Who has the say over receive-side scaling: I-032, I-042, I-043.

#include <map>

#include "testbench/conformance/rss_machine.h"

namespace ringproof::test {
namespace {

// I-042
CONFORMANCE(Rss, OneHandleAtATimeOwnsIt) {
  OpenInterface first;
  const OpenInterface second;
  EXPECT_EQ(first.set(RssWish{.processors = RssTable{8, 9}}), kOk);
  EXPECT_EQ(second.set(RssWish{.processors = RssTable{9}}), kBadState);
  EXPECT_EQ(second.rss().processors, (RssTable{8, 9}));
  EXPECT_EQ(first.set(RssWish{.processors = RssTable{10}}), kOk);
  first.close();
  EXPECT_EQ(second.set(RssWish{.processors = RssTable{9}}), kOk);
  EXPECT_EQ(second.rss().processors, (RssTable{9}));
}

// I-043: even while sockets exist; closing one that is not the owner restores nothing.
CONFORMANCE(Rss, ClosingTheOwnerRestoresWhatTheHostHas) {
  OnEveryQueue queues(machine());
  const OpenInterface watcher;
  OpenInterface owner;
  OpenInterface other;
  EXPECT_EQ(
      owner.set(RssWish{.hash_types = XDP_RSS_HASH_TYPE_IPV4, .key = Bytes(40), .processors = RssTable{9}}),
      kOk);
  other.close();
  EXPECT_EQ(watcher.rss().processors, (RssTable{9}));
  expect_spread(queues, all_of(0));
  owner.close();
  EXPECT_EQ(watcher.rss().processors, in_turn());
  EXPECT_EQ(watcher.rss().header.HashType, kAllHashTypes);
  EXPECT_EQ(watcher.rss().key, Bytes(nic::kDefaultRssKey.begin(), nic::kDefaultRssKey.end()));
  expect_spread(queues, kInTurn);
}

// 7.3: what the host asks for meanwhile is remembered.
CONFORMANCE(Rss, WhatTheHostChangesWhileItIsOwnedHoldsAfterwards) {
  OnEveryQueue queues(machine());
  const OpenInterface watcher;
  OpenInterface owner;
  EXPECT_EQ(owner.set(RssWish{.processors = RssTable{8, 9}}), kOk);
  host_sets({3, 2});
  EXPECT_EQ(watcher.rss().processors, (RssTable{8, 9}));
  expect_spread(queues, {0, 1});
  owner.close();
  EXPECT_EQ(watcher.rss().processors, (RssTable{11, 10}));
  expect_spread(queues, {3, 2});
}

CONFORMANCE(Rss, WhatTheHostTakesBackWhileItIsOwnedIsGoneAfterwards) {
  OnEveryQueue queues(machine());
  OpenInterface owner;
  EXPECT_EQ(owner.set(RssWish{.processors = RssTable{8, 9}}), kOk);
  control().set_host(std::nullopt);
  EXPECT_EQ(owner.set(RssWish{.processors = RssTable{9}}), kNotReady);
  expect_spread(queues, {0, 1});
  owner.close();
  UINT32 size = 0;
  EXPECT_EQ(OpenInterface().try_get(nullptr, &size), kBadState);
  expect_spread(queues, all_of(0));
}

// I-032: removal gives back what a handle has set, for good.
CONFORMANCE(Rss, RemovalRestoresWhatTheHostHas) {
  OpenInterface owner;
  EXPECT_EQ(owner.set(RssWish{.processors = RssTable{8, 9}}), kOk);
  machine().platform().remove_adapter(1);
  EXPECT_EQ(owner.set(RssWish{.processors = RssTable{9}}), kNotReady);
  machine().platform().add_adapter(1);
  OnEveryQueue queues(machine());
  const OpenInterface fresh;
  EXPECT_EQ(fresh.rss().processors, in_turn());
  EXPECT_EQ(owner.set(RssWish{.processors = RssTable{9}}), kNotReady);
  EXPECT_EQ(fresh.set(RssWish{.processors = RssTable{10, 9}}), kOk);
  owner.close();
  EXPECT_EQ(fresh.rss().processors, (RssTable{10, 9}));
  expect_spread(queues, {0, 1});
}

CONFORMANCE(Rss, TheEndOfTheProcessRestoresWhatTheHostHas) {
  OpenInterface owner;
  EXPECT_EQ(owner.set(RssWish{.processors = RssTable{8, 9}}), kOk);
  owner.forget();
  machine().platform().close_all_handles();
  EXPECT_EQ(OpenInterface().rss().processors, in_turn());
}

// One thread sets while another closes the handle under it: whoever comes first, nothing is left behind.
CONFORMANCE(Rss, ClosingWhileItIsBeingSetLeavesNothingBehind) {
  std::map<UINT32, UINT32> answers;
  for (std::uint64_t delay = 0; delay < 20; ++delay) {
    OpenInterface interface;
    UINT32 answer = 1;
    const auto setter =
        machine().start_thread([&] { answer = interface.set(RssWish{.processors = RssTable{9}}); });
    machine().kernel().sleep(delay * 50'000);
    interface.close();
    machine().join(setter);
    ++answers[answer];
    const OpenInterface other;
    EXPECT_EQ(other.rss().processors, in_turn());
    EXPECT_EQ(other.set(RssWish{}), kOk);
  }
  EXPECT_EQ(answers[kOk] + answers[kInvalidHandle], 20u);
  EXPECT_GT(answers[kOk], 0u);
  EXPECT_GT(answers[kInvalidHandle], 0u);
}

}  // namespace
}  // namespace ringproof::test
