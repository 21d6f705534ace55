// senders.c: several sockets that all have frames to send, and never enough room to send them all at once.
// Role     the program of scenarios about taking turns: two sockets share transmit queue 0, a third one has
//          queue 1
// Shapes   argument: how many frames each of them sends, 200 when there is none; rings of 16 entries, which
//          are kept full. The first byte of a frame says whose it is
// Errors   a call that fails ends it with status 9
#define XDP_API_VERSION 3
#include <afxdp.h>
#include <afxdp_helper.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xdpapi.h>

enum { SENDERS = 3, CHUNK_BYTES = 2048, RING_ENTRIES = 16, FRAME_BYTES = 60 };

struct sender {
  HANDLE socket;
  UCHAR* umem;
  XSK_RING tx;
  XSK_RING completion;
  UINT64 free_chunks[RING_ENTRIES];
  UINT32 free_count;
  UINT32 published;
  UINT32 completed;
};

static void must(XDP_STATUS status) {
  if (XDP_FAILED(status)) exit(9);
}

static void set(HANDLE socket, UINT32 option, const void* value, UINT32 bytes) {
  must(XskSetSockopt(socket, option, value, bytes));
}

static void open_sender(struct sender* sender, UINT32 number) {
  const UINT32 queue = number == 2 ? 1 : 0;
  const UINT32 size = RING_ENTRIES;
  XSK_RING_INFO_SET info;
  UINT32 bytes = sizeof(info);
  XSK_UMEM_REG umem = {0};
  sender->umem = (UCHAR*)calloc(RING_ENTRIES, CHUNK_BYTES);
  for (UINT32 i = 0; i < RING_ENTRIES; ++i) {
    sender->umem[i * CHUNK_BYTES] = (UCHAR)(2 + 4 * number);
    sender->free_chunks[i] = (UINT64)i * CHUNK_BYTES;
  }
  sender->free_count = RING_ENTRIES;
  umem.TotalSize = (UINT64)RING_ENTRIES * CHUNK_BYTES;
  umem.ChunkSize = CHUNK_BYTES;
  umem.Address = sender->umem;
  must(XskCreate(&sender->socket));
  must(XskBind(sender->socket, 1, queue, XSK_BIND_FLAG_TX));
  set(sender->socket, XSK_SOCKOPT_UMEM_REG, &umem, sizeof(umem));
  set(sender->socket, XSK_SOCKOPT_TX_RING_SIZE, &size, sizeof(size));
  set(sender->socket, XSK_SOCKOPT_TX_COMPLETION_RING_SIZE, &size, sizeof(size));
  must(XskActivate(sender->socket, XSK_ACTIVATE_FLAG_NONE));
  must(XskGetSockopt(sender->socket, XSK_SOCKOPT_RING_INFO, &info, &bytes));
  XskRingInitialize(&sender->tx, &info.Tx);
  XskRingInitialize(&sender->completion, &info.Completion);
}

static void publish(struct sender* sender, UINT32 frames) {
  UINT32 index;
  const UINT32 left = frames - sender->published;
  const UINT32 most = left < sender->free_count ? left : sender->free_count;
  const UINT32 count = XskRingProducerReserve(&sender->tx, most, &index);
  for (UINT32 i = 0; i < count; ++i) {
    XSK_BUFFER_DESCRIPTOR* frame = (XSK_BUFFER_DESCRIPTOR*)XskRingGetElement(&sender->tx, index + i);
    memset(frame, 0, sizeof(*frame));
    frame->Address.BaseAddress = sender->free_chunks[--sender->free_count];
    frame->Length = FRAME_BYTES;
  }
  sender->published += count;
  XskRingProducerSubmit(&sender->tx, count);
}

// Frames need not come back in the order in which they were published: an interface that is paused, say,
// gives back at once what it does not send.
static void take_completed(struct sender* sender) {
  UINT32 index;
  const UINT32 room = RING_ENTRIES - sender->free_count;
  const UINT32 count = XskRingConsumerReserve(&sender->completion, room, &index);
  for (UINT32 i = 0; i < count; ++i) {
    sender->free_chunks[sender->free_count++] = *(UINT64*)XskRingGetElement(&sender->completion, index + i);
  }
  if (count > 0) XskRingConsumerRelease(&sender->completion, count);
  sender->completed += count;
}

static void serve(struct sender* sender, UINT32 frames) {
  take_completed(sender);
  if (sender->published < frames) publish(sender, frames);
  XdpBarrierBetweenReleaseAndAcquire();
  if (XskRingProducerNeedPoke(&sender->tx)) {
    XSK_NOTIFY_RESULT_FLAGS result;
    must(XskNotifySocket(sender->socket, XSK_NOTIFY_FLAG_POKE_TX, 0, &result));
  }
}

int main(int argc, char** argv) {
  const UINT32 frames = argc > 1 ? (UINT32)atoi(argv[1]) : 200;
  static struct sender senders[SENDERS];
  UINT32 done = 0;
  for (UINT32 i = 0; i < SENDERS; ++i) open_sender(&senders[i], i);
  while (done < SENDERS * frames) {
    done = 0;
    for (UINT32 i = 0; i < SENDERS; ++i) {
      serve(&senders[i], frames);
      done += senders[i].completed;
    }
  }
  for (UINT32 i = 0; i < SENDERS; ++i) {
    CloseHandle(senders[i].socket);
    free(senders[i].umem);
  }
  return 0;
}
