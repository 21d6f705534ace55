// Only here are the headers of libxdp, whose folder has the name of one of ours.

#include <xdp/xsk.h>

#include <array>

#include "testbench/bench/ring_loops.h"

namespace ringproof::bench {
namespace {

struct Memory {
  alignas(64) std::uint32_t producer = 0;
  alignas(64) std::uint32_t consumer = 0;
  alignas(64) std::uint32_t flags = 0;
  alignas(64) std::array<xdp_desc, kRingSize> elements{};
};

struct alignas(4096) Ends {
  Ends() {
    producer.mask = consumer.mask = kRingSize - 1;
    producer.size = consumer.size = kRingSize;
    producer.producer = consumer.producer = &memory.producer;
    producer.consumer = consumer.consumer = &memory.consumer;
    producer.flags = consumer.flags = &memory.flags;
    producer.ring = consumer.ring = memory.elements.data();
    producer.cached_cons = kRingSize;  // the library keeps it larger by the size
  }

  Memory memory;
  alignas(64) xsk_ring_prod producer = {};
  alignas(64) xsk_ring_cons consumer = {};
};

}  // namespace

std::uint64_t move_with_libxdp(std::uint32_t batch, std::uint32_t batches) {
  static Ends ends;
  std::uint64_t sum = 0;
  for (std::uint32_t i = 0; i < batches; ++i) {
    __u32 index = 0;
    if (xsk_ring_prod__reserve(&ends.producer, batch, &index) != batch) return 0;
    for (__u32 j = 0; j < batch; ++j) {
      xdp_desc* element = xsk_ring_prod__tx_desc(&ends.producer, index + j);
      element->addr = index + j;
      element->len = 64;
    }
    xsk_ring_prod__submit(&ends.producer, batch);
    if (xsk_ring_cons__peek(&ends.consumer, batch, &index) != batch) return 0;
    for (__u32 j = 0; j < batch; ++j) {
      const xdp_desc* element = xsk_ring_cons__rx_desc(&ends.consumer, index + j);
      sum += element->addr + element->len;
    }
    xsk_ring_cons__release(&ends.consumer, batch);
  }
  return sum;
}

}  // namespace ringproof::bench
