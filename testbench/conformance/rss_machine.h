// rss_machine.h: a machine with four queues each way, and who sees what comes to each of them.
// Role     situation of the tests of receive-side scaling
// Shapes   queues poll on processors 8 to 11, so that is what the host's table says
// Errors   a frame that comes nowhere, or twice, fails the test
// Source   docs/interfaces.md
#pragma once

#include <algorithm>
#include <memory>
#include <vector>

#include "testbench/conformance/interface.h"
#include "testbench/conformance/machine.h"
#include "testbench/model/nic/rss_vectors.h"

namespace ringproof::test {

constexpr UINT32 kRssQueues = 4;
constexpr UINT32 kRssKeyBytes = 40;
constexpr UINT32 kRssTableBytes = 512;
constexpr UINT32 kAllHashTypes = XDP_RSS_HASH_TYPE_IPV4 | XDP_RSS_HASH_TYPE_TCP_IPV4 |
                                 XDP_RSS_HASH_TYPE_UDP_IPV4 | XDP_RSS_HASH_TYPE_IPV6 |
                                 XDP_RSS_HASH_TYPE_TCP_IPV6 | XDP_RSS_HASH_TYPE_UDP_IPV6;
constexpr unsigned char kUdpProtocol = 17;

using RssTable = std::vector<BYTE>;

// A socket on each queue, which gets everything that comes there.
class OnEveryQueue {
 public:
  explicit OnEveryQueue(Machine& machine) : machine_(machine) {
    for (UINT32 queue = 0; queue < kRssQueues; ++queue) {
      SocketShape shape;
      shape.bind_flags = XSK_BIND_FLAG_RX | XSK_BIND_FLAG_NATIVE;
      shape.queue = queue;
      sockets_.push_back(std::make_unique<ReadySocket>(shape));
      programs_.push_back(TestProgram::redirect_all(*sockets_.back(), queue));
    }
  }
  // The queue that the frame comes to.
  UINT32 queue_of(const Bytes& frame) {
    for (const auto& socket : sockets_) {
      if (index_in(socket->fill.SharedProducer) == index_in(socket->fill.SharedConsumer)) {
        EXPECT_EQ(socket->post_chunks(0, 1), 1u);
      }
    }
    machine_.wire({frame});
    machine_.settle();
    UINT32 found = kRssQueues;
    for (UINT32 queue = 0; queue < kRssQueues; ++queue) {
      if (sockets_[queue]->received().empty()) continue;
      EXPECT_EQ(found, kRssQueues) << "came twice";
      found = queue;
    }
    EXPECT_LT(found, kRssQueues) << "came nowhere";
    return found;
  }

 private:
  Machine& machine_;
  std::vector<std::unique_ptr<ReadySocket>> sockets_;
  std::vector<std::unique_ptr<TestProgram>> programs_;
};

class Rss : public Conformance {
 protected:
  Rss() { settings.nic.rx_queues = settings.nic.tx_queues = kRssQueues; }

  xdp::RssControl& control() { return machine().platform().rss(1); }
  void host_sets(const std::vector<std::uint8_t>& queues) {
    xdp::HostRss rss = control().host_default();
    rss.queues = queues;
    control().set_host(rss);
  }
  // The processors that the table names for queues in turn.
  static RssTable in_turn() {
    RssTable table;
    for (UINT32 i = 0; i < kRssTableBytes / sizeof(PROCESSOR_NUMBER); ++i) {
      table.push_back(static_cast<BYTE>(8 + i % kRssQueues));
    }
    return table;
  }
  // Frames of the published vectors go where their hash and this table of queues say.
  void expect_spread(OnEveryQueue& queues, const std::vector<UINT32>& table, bool with_ports = true) {
    for (const nic::RssVector& vector : nic::rss_vectors()) {
      const std::uint32_t hash = with_ports ? vector.with_ports : vector.addresses_only;
      EXPECT_EQ(queues.queue_of(nic::rss_frame(vector, kUdpProtocol)), table[hash % table.size()]) << hash;
    }
  }
};

inline std::vector<UINT32> all_of(UINT32 queue) { return {queue}; }
inline const std::vector<UINT32> kInTurn = {0, 1, 2, 3};  // as a table of 128 entries

}  // namespace ringproof::test
