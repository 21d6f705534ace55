// The two fragments of the descriptor helpers, in C, exactly as programs are told to write them.

#include "testbench/conformance/descriptor_fragments.h"

UCHAR* fragment_get(XSK_BUFFER_DESCRIPTOR* Buffer, UINT32* Length) {
  // clang-format off
  UCHAR *PacketData = XskDescriptorGetAddress(Buffer);
  UINT32 PacketLength = XskDescriptorGetLength(Buffer);
  // clang-format on
  *Length = PacketLength;
  return PacketData;
}

void fragment_set(XSK_BUFFER_DESCRIPTOR* Buffer, VOID* PacketAddress, UINT32 PacketLength) {
  XskDescriptorSetAddress(Buffer, PacketAddress);
  XskDescriptorSetLength(Buffer, PacketLength);
}
