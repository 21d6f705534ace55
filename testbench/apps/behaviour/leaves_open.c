// Sends as fast as the ring takes frames and returns with everything in flight and nothing closed.
#include "one_socket.h"

int main(void) {
  OneSocket one;
  UINT32 index;
  UINT32 i;
  XSK_NOTIFY_RESULT_FLAGS result;
  open_socket(&one);
  attach(&one);
  if (XskRingProducerReserve(&one.tx, kRingSize, &index) != kRingSize) return 9;
  for (i = 0; i < kRingSize; ++i) {
    XSK_BUFFER_DESCRIPTOR* buffer = (XSK_BUFFER_DESCRIPTOR*)XskRingGetElement(&one.tx, index + i);
    buffer->Address.AddressAndOffset = (UINT64)i * kChunkBytes;
    buffer->Length = 1000;
  }
  XskRingProducerSubmit(&one.tx, kRingSize);
  must(XskNotifySocket(one.socket, XSK_NOTIFY_FLAG_POKE_TX, 0, &result), "poke");
  return 0;
}
