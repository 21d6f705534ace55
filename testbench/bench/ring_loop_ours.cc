#define XDP_API_VERSION 3
#include <afxdp_helper.h>

#include <array>

#include "testbench/bench/ring_loops.h"

namespace ringproof::bench {
namespace {

struct Memory {
  alignas(64) std::uint32_t producer = 0;
  alignas(64) std::uint32_t consumer = 0;
  alignas(64) std::uint32_t flags = 0;
  alignas(64) std::array<XSK_BUFFER_DESCRIPTOR, kRingSize> elements{};
};

// One memory, seen from both sides; it lies as that of the other loop does.
struct alignas(4096) Ends {
  Ends() {
    XSK_RING_INFO info = {};
    info.Ring = reinterpret_cast<BYTE*>(&memory);
    info.DescriptorsOffset = offsetof(Memory, elements);
    info.ProducerIndexOffset = offsetof(Memory, producer);
    info.ConsumerIndexOffset = offsetof(Memory, consumer);
    info.FlagsOffset = offsetof(Memory, flags);
    info.Size = kRingSize;
    info.ElementStride = sizeof(XSK_BUFFER_DESCRIPTOR);
    XskRingInitialize(&producer, &info);
    XskRingInitialize(&consumer, &info);
  }

  Memory memory;
  alignas(64) XSK_RING producer;
  alignas(64) XSK_RING consumer;
};

}  // namespace

std::uint64_t move_with_ours(std::uint32_t batch, std::uint32_t batches) {
  static Ends ends;
  std::uint64_t sum = 0;
  for (std::uint32_t i = 0; i < batches; ++i) {
    UINT32 index = 0;
    if (XskRingProducerReserve(&ends.producer, batch, &index) != batch) return 0;
    for (UINT32 j = 0; j < batch; ++j) {
      auto* element = static_cast<XSK_BUFFER_DESCRIPTOR*>(XskRingGetElement(&ends.producer, index + j));
      element->Address.AddressAndOffset = index + j;
      element->Length = 64;
    }
    XskRingProducerSubmit(&ends.producer, batch);
    if (XskRingConsumerReserve(&ends.consumer, batch, &index) != batch) return 0;
    for (UINT32 j = 0; j < batch; ++j) {
      const auto* element =
          static_cast<const XSK_BUFFER_DESCRIPTOR*>(XskRingGetElement(&ends.consumer, index + j));
      sum += element->Address.AddressAndOffset + element->Length;
    }
    XskRingConsumerRelease(&ends.consumer, batch);
  }
  return sum;
}

}  // namespace ringproof::bench
