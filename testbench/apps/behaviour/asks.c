// asks.c: sends UDP frames to another station, and waits until as many have come back.
// Role     one end of a wire between two ports
// Shapes   arguments: interface, frames (at most 24), number of the station that is asked; station i has the
//          MAC address 02:00:00:00:00:i, and this one is that of its interface
// Errors   a call that fails ends it with status 9
#include "one_socket.h"

enum { kFrameBytes = 64, kFramesMax = 24, kFirstOfReceived = 32 };

static void put_frame(UCHAR* at, UCHAR from, UCHAR to) {
  // Ethernet, IPv4 and UDP to port 1234, both without checksums.
  static const UCHAR kFrame[42] = {2,    0, 0,  0,  0, 0, 2,    0,    0,  0,    0, 0,  8,  0,
                                   0x45, 0, 0,  50, 0, 0, 0,    0,    64, 17,   0, 0,  10, 0,
                                   0,    1, 10, 0,  0, 2, 0x30, 0x39, 4,  0xD2, 0, 30, 0,  0};
  memset(at, 0, kFrameBytes);
  memcpy(at, kFrame, sizeof kFrame);
  at[5] = to;
  at[11] = from;
}

int main(int argc, char** argv) {
  const UINT32 frames = argc > 2 ? (UINT32)atoi(argv[2]) : 1;
  const UCHAR to = argc > 3 ? (UCHAR)atoi(argv[3]) : 2;
  UINT32 back = 0;
  UINT32 index;
  OneSocket one;
  XSK_NOTIFY_RESULT_FLAGS result;
  if (frames > kFramesMax) return 9;
  one_interface = argc > 1 ? (UINT32)atoi(argv[1]) : 1;
  open_socket(&one);
  post(&one, kFirstOfReceived, kFramesMax);
  attach(&one);
  Sleep(1);  // until the other end is there
  if (XskRingProducerReserve(&one.tx, frames, &index) != frames) return 9;
  for (UINT32 i = 0; i < frames; ++i) {
    XSK_BUFFER_DESCRIPTOR* descriptor = (XSK_BUFFER_DESCRIPTOR*)XskRingGetElement(&one.tx, index + i);
    memset(descriptor, 0, sizeof *descriptor);
    descriptor->Address.BaseAddress = (UINT64)i * kChunkBytes;
    descriptor->Length = kFrameBytes;
    put_frame(one.umem + (size_t)i * kChunkBytes, (UCHAR)one_interface, to);
  }
  XskRingProducerSubmit(&one.tx, frames);
  must(XskNotifySocket(one.socket, XSK_NOTIFY_FLAG_POKE_TX, 0, &result), "XskNotifySocket");
  while (back < frames) {
    const UINT32 count = XskRingConsumerReserve(&one.rx, 8, &index);
    for (UINT32 i = 0; i < count; ++i) {
      const XSK_BUFFER_DESCRIPTOR* got = (const XSK_BUFFER_DESCRIPTOR*)XskRingGetElement(&one.rx, index + i);
      const UCHAR* at = one.umem + got->Address.BaseAddress + got->Address.Offset;
      if (at[5] == one_interface && at[11] == to) ++back;
    }
    if (count > 0) XskRingConsumerRelease(&one.rx, count);
  }
  printf("%u came back\n", back);
  return 0;
}
