// XskDescriptorGetAddress, GetLength, SetAddress and SetLength.

#include "testbench/conformance/descriptor_fragments.h"
#include "testbench/conformance/machine.h"
#include "testbench/conformance/socket.h"

namespace ringproof::test {
namespace {

using DescriptorHelpers = Conformance;

XSK_BUFFER_DESCRIPTOR* element(const XSK_RING& ring, UINT32 index) {
  return static_cast<XSK_BUFFER_DESCRIPTOR*>(XskRingGetElement(&ring, index));
}

CONFORMANCE(DescriptorHelpers, AReceivedFrameIsFoundAndSentBack) {
  SocketShape shape;
  shape.headroom = 100;
  ReadySocket socket(shape);
  const auto program = TestProgram::redirect_all(socket);
  socket.post({socket.chunk(3) + 5});
  machine().wire({udp_frame(200, 9)});
  machine().settle();
  UINT32 length = 0;
  UCHAR* data = fragment_get(element(socket.rx_ring, 0), &length);
  EXPECT_EQ(data, socket.umem() + socket.chunk(3) + 5 + 100);
  EXPECT_EQ(Bytes(data, data + length), udp_frame(200, 9));

  XSK_BUFFER_DESCRIPTOR* out = element(socket.tx_ring, 0);
  fragment_set(out, data, length);
  EXPECT_EQ(out->Address.BaseAddress, socket.chunk(3)) << "the start of the chunk";
  EXPECT_EQ(out->Address.Offset, 105u);
  EXPECT_EQ(out->Length, 200u);
  EXPECT_EQ(XskDescriptorGetAddress(out), data);
  XskRingProducerSubmit(&socket.tx_ring, 1);
  socket.poke_if_needed();
  machine().settle();
  EXPECT_EQ(machine().sent(), (std::vector<Bytes>{udp_frame(200, 9)}));
}

CONFORMANCE(DescriptorHelpers, EverySocketHasItsOwnUmem) {
  ReadySocket first;
  ReadySocket second;
  ASSERT_NE(first.umem(), second.umem());
  for (ReadySocket* socket : {&first, &second}) {
    for (const XSK_RING* ring : {&socket->tx_ring, &socket->rx_ring}) {
      XSK_BUFFER_DESCRIPTOR* descriptor = element(*ring, 7);
      EXPECT_TRUE(XskDescriptorSetAddress(descriptor, socket->umem() + 3 * 2048 + 11));
      EXPECT_EQ(XskDescriptorGetAddress(descriptor), socket->umem() + 3 * 2048 + 11);
      EXPECT_EQ(descriptor->Address.BaseAddress, 3u * 2048);
    }
  }
  // A pointer into the other's memory is outside.
  EXPECT_FALSE(XskDescriptorSetAddress(element(first.tx_ring, 0), second.umem()));
}

CONFORMANCE(DescriptorHelpers, OutsideIsRefusedWithoutWriting) {
  SocketShape shape;
  shape.extra_bytes = 100;  // not part of any chunk
  ReadySocket socket(shape);
  XSK_BUFFER_DESCRIPTOR* descriptor = element(socket.tx_ring, 0);
  const UINT64 before = 0x1234'0000'0000'0800;
  descriptor->Address.AddressAndOffset = before;
  UCHAR* end = socket.umem() + 64 * 2048;
  for (const void* outside : {static_cast<const void*>(end), static_cast<const void*>(socket.umem() - 1),
                              static_cast<const void*>(nullptr)}) {
    EXPECT_FALSE(XskDescriptorSetAddress(descriptor, outside));
    EXPECT_EQ(descriptor->Address.AddressAndOffset, before);
  }
  EXPECT_TRUE(XskDescriptorSetAddress(descriptor, end - 1));
  EXPECT_EQ(descriptor->Address.BaseAddress, 63u * 2048);
  EXPECT_EQ(descriptor->Address.Offset, 2047u);
  descriptor->Address.AddressAndOffset = 64 * 2048;
  EXPECT_EQ(XskDescriptorGetAddress(descriptor), nullptr);
}

CONFORMANCE(DescriptorHelpers, AnOffsetThatDoesNotFitBecomesTheBase) {
  SocketShape shape;
  shape.chunks = 2;
  shape.chunk_bytes = 100'000;
  ReadySocket socket(shape);
  XSK_BUFFER_DESCRIPTOR* descriptor = element(socket.tx_ring, 0);
  for (const UINT32 at : {0xFFFFu, 0x10000u}) {
    EXPECT_TRUE(XskDescriptorSetAddress(descriptor, socket.umem() + at));
    EXPECT_EQ(descriptor->Address.Offset, at == 0xFFFF ? 0xFFFFu : 0u);
    EXPECT_EQ(descriptor->Address.BaseAddress, at == 0xFFFF ? 0u : at);
    EXPECT_EQ(XskDescriptorGetAddress(descriptor), socket.umem() + at);
  }
}

CONFORMANCE(DescriptorHelpers, ACopyIsResolvedWhileThereIsOneUmem) {
  XSK_BUFFER_DESCRIPTOR copy{};
  copy.Length = 1;
  EXPECT_EQ(XskDescriptorGetAddress(&copy), nullptr);
  ReadySocket first;
  EXPECT_EQ(XskDescriptorGetAddress(&copy), first.umem());
  {
    const ReadySocket second;
    EXPECT_EQ(XskDescriptorGetAddress(&copy), nullptr);
    EXPECT_FALSE(XskDescriptorSetAddress(&copy, first.umem()));
  }
  EXPECT_TRUE(XskDescriptorSetAddress(&copy, first.umem() + 4096));
  EXPECT_EQ(copy.Address.BaseAddress, 4096u);
  EXPECT_EQ(XskDescriptorGetLength(&copy), 1u);
}

}  // namespace
}  // namespace ringproof::test
