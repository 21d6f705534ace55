// echo.h: a small, correct echo program in pieces.
// Role     what the programs with seeded mistakes have in common; each replaces one piece by a wrong one
//          where SEEDED is 1, and by a correct one in its twin
// Shapes   one socket on interface 1, queue 0; chunks of 2048 bytes; sizes as the program says
// Errors   status 9: a call of the set-up failed; 3: chunks are missing at the end; 4: a frame was never sent
#pragma once

#define XDP_API_VERSION 3
#include <afxdp.h>
#include <afxdp_helper.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xdpapi.h>

enum { kChunkBytes = 2048, kBatch = 4, kQuietMs = 2, kSendMs = 20, kMaxChunks = 64 };

typedef struct Echo {
  HANDLE socket, program;
  UCHAR* umem;
  XSK_RING fill, rx, tx, completion;
  UINT32 chunks;
  UINT32 outstanding;                // handed over for sending, completion not seen yet
  UINT32 (*send_one)(struct Echo*);  // of programs that send frame by frame
} Echo;

typedef struct {
  UINT32 chunks, fill, rx, tx, completion, headroom;
} EchoShape;

static inline void must(XDP_STATUS status, const char* what) {
  if (XDP_FAILED(status)) {
    printf("%s failed: 0x%08x\n", what, (unsigned)status);
    exit(9);
  }
}

static inline void set_size(HANDLE socket, UINT32 option, UINT32 size) {
  must(XskSetSockopt(socket, option, &size, sizeof(size)), "ring size");
}

static inline void open_echo(Echo* echo, EchoShape shape) {
  XSK_UMEM_REG umem = {0};
  XSK_RING_INFO_SET info;
  UINT32 length = sizeof(info);
  memset(echo, 0, sizeof(*echo));
  echo->chunks = shape.chunks;
  echo->umem = (UCHAR*)calloc(shape.chunks, kChunkBytes);
  umem.TotalSize = (UINT64)shape.chunks * kChunkBytes;
  umem.ChunkSize = kChunkBytes;
  umem.Headroom = shape.headroom;
  umem.Address = echo->umem;
  must(XskCreate(&echo->socket), "XskCreate");
  must(XskBind(echo->socket, 1, 0, (XSK_BIND_FLAGS)(XSK_BIND_FLAG_RX | XSK_BIND_FLAG_TX)), "XskBind");
  must(XskSetSockopt(echo->socket, XSK_SOCKOPT_UMEM_REG, &umem, sizeof(umem)), "UMEM_REG");
  set_size(echo->socket, XSK_SOCKOPT_RX_FILL_RING_SIZE, shape.fill);
  set_size(echo->socket, XSK_SOCKOPT_RX_RING_SIZE, shape.rx);
  set_size(echo->socket, XSK_SOCKOPT_TX_RING_SIZE, shape.tx);
  set_size(echo->socket, XSK_SOCKOPT_TX_COMPLETION_RING_SIZE, shape.completion);
  must(XskActivate(echo->socket, XSK_ACTIVATE_FLAG_NONE), "XskActivate");
  must(XskGetSockopt(echo->socket, XSK_SOCKOPT_RING_INFO, &info, &length), "RING_INFO");
  XskRingInitialize(&echo->fill, &info.Fill);
  XskRingInitialize(&echo->rx, &info.Rx);
  XskRingInitialize(&echo->tx, &info.Tx);
  XskRingInitialize(&echo->completion, &info.Completion);
}

static inline void post_all(Echo* echo) {
  UINT32 index;
  UINT32 i;
  const UINT32 count = XskRingProducerReserve(&echo->fill, echo->chunks, &index);
  if (count != echo->chunks) exit(9);
  for (i = 0; i < count; ++i) {
    *(UINT64*)XskRingGetElement(&echo->fill, index + i) = (UINT64)i * kChunkBytes;
  }
  XskRingProducerSubmit(&echo->fill, count);
}

static inline void attach(Echo* echo) {
  const XDP_HOOK_ID hook = {XDP_HOOK_L2, XDP_HOOK_RX, XDP_HOOK_INSPECT};
  XDP_RULE rule;
  memset(&rule, 0, sizeof(rule));
  rule.Match = XDP_MATCH_ALL;
  rule.Action = XDP_PROGRAM_ACTION_REDIRECT;
  rule.Redirect.TargetType = XDP_REDIRECT_TARGET_TYPE_XSK;
  rule.Redirect.Target = echo->socket;
  must(XdpCreateProgram(1, &hook, 0, XDP_CREATE_PROGRAM_FLAG_NONE, &rule, 1, &echo->program),
       "XdpCreateProgram");
}

// Nothing is received from here on.
static inline void detach(Echo* echo) {
  if (echo->program != NULL) CloseHandle(echo->program);
  echo->program = NULL;
}

static inline void close_echo(Echo* echo) {
  detach(echo);
  CloseHandle(echo->socket);
  free(echo->umem);
}

// ---- one turn ----

static inline void poke(Echo* echo, XSK_NOTIFY_FLAGS flags) {
  XSK_NOTIFY_RESULT_FLAGS result;
  if (flags != XSK_NOTIFY_FLAG_NONE) XskNotifySocket(echo->socket, flags, 0, &result);
}

static inline void poke_if_needed(Echo* echo) {
  UINT32 flags = XSK_NOTIFY_FLAG_NONE;
  XdpBarrierBetweenReleaseAndAcquire();
  if (XskRingProducerNeedPoke(&echo->fill)) flags |= XSK_NOTIFY_FLAG_POKE_RX;
  if (XskRingProducerNeedPoke(&echo->tx)) flags |= XSK_NOTIFY_FLAG_POKE_TX;
  poke(echo, (XSK_NOTIFY_FLAGS)flags);
}

// Waits for frames or completions; FALSE when nothing came for `milliseconds`.
static inline BOOLEAN wait_for(Echo* echo, XSK_NOTIFY_FLAGS flags, UINT32 milliseconds) {
  XSK_NOTIFY_RESULT_FLAGS result;
  return XDP_SUCCEEDED(XskNotifySocket(echo->socket, flags, milliseconds, &result));
}

static inline const XSK_BUFFER_DESCRIPTOR* received(Echo* echo, UINT32 index) {
  return &((const XSK_FRAME_DESCRIPTOR*)XskRingGetElement(&echo->rx, index))->Buffer;
}

static inline void put_tx(Echo* echo, UINT32 index, XSK_BUFFER_DESCRIPTOR buffer) {
  ((XSK_FRAME_DESCRIPTOR*)XskRingGetElement(&echo->tx, index))->Buffer = buffer;
}

static inline void put_fill(Echo* echo, UINT32 index, UINT64 chunk) {
  *(UINT64*)XskRingGetElement(&echo->fill, index) = chunk;
}

// Sends back what has arrived, as far as TX has room. The number of frames.
static inline UINT32 echo_received(Echo* echo) {
  UINT32 from = 0;
  UINT32 to = 0;
  UINT32 i;
  UINT32 count = XskRingConsumerReserve(&echo->rx, kBatch, &from);
  if (count > 0) count = XskRingProducerReserve(&echo->tx, count, &to);
  if (count == 0) return 0;
  for (i = 0; i < count; ++i) put_tx(echo, to + i, *received(echo, from + i));
  XskRingProducerSubmit(&echo->tx, count);
  XskRingConsumerRelease(&echo->rx, count);
  echo->outstanding += count;
  return count;
}

// A frame in RX and room for it in TX; FALSE when one of them is missing.
static inline BOOLEAN find_one(Echo* echo, UINT32* from, UINT32* to) {
  return XskRingConsumerReserve(&echo->rx, 1, from) != 0 && XskRingProducerReserve(&echo->tx, 1, to) != 0;
}

static inline void copy_one(Echo* echo, UINT32 from, UINT32 to) { put_tx(echo, to, *received(echo, from)); }

// What is left to do once the frame is in TX. The number of frames.
static inline UINT32 one_is_sent(Echo* echo) {
  XskRingConsumerRelease(&echo->rx, 1);
  ++echo->outstanding;
  return 1;
}

// Lets chunks whose frames were sent receive again. The number of chunks.
static inline UINT32 recycle(Echo* echo) {
  UINT32 from = 0;
  UINT32 to = 0;
  UINT32 i;
  UINT32 count = XskRingConsumerReserve(&echo->completion, kBatch, &from);
  if (count > 0) count = XskRingProducerReserve(&echo->fill, count, &to);
  if (count == 0) return 0;
  for (i = 0; i < count; ++i) {
    put_fill(echo, to + i, *(const UINT64*)XskRingGetElement(&echo->completion, from + i));
  }
  XskRingProducerSubmit(&echo->fill, count);
  XskRingConsumerRelease(&echo->completion, count);
  echo->outstanding -= count;
  return count;
}

// ---- the end ----

// Everything that was handed over comes back; otherwise the frames were never sent.
static inline void drain(Echo* echo) {
  while (echo->outstanding > 0) {
    // Sending may have stopped for want of room in COMPLETION.
    if (recycle(echo) > 0) {
      poke_if_needed(echo);
    } else if (!wait_for(echo, XSK_NOTIFY_FLAG_WAIT_TX, kSendMs)) {
      exit(4);
    }
  }
}

static inline UINT32 entries_of(const XSK_RING* ring) {
  return ringproof_load32(ring->SharedProducer, RINGPROOF_ACQUIRE) -
         ringproof_load32(ring->SharedConsumer, RINGPROOF_ACQUIRE);
}

// All chunks are in the FILL ring again, but for those with frames that came too late to be looked at.
static inline void account(Echo* echo) {
  const UINT32 left = entries_of(&echo->fill) + entries_of(&echo->rx);
  if (left != echo->chunks) {
    printf("%u of %u chunks are left\n", left, echo->chunks);
    exit(3);
  }
}

static inline int finish(Echo* echo) {
  detach(echo);
  drain(echo);
  account(echo);
  close_echo(echo);
  return 0;
}

// Runs turns until nothing comes any more.
static inline int run_echo(Echo* echo, UINT32 (*turn)(Echo*)) {
  const XSK_NOTIFY_FLAGS both = (XSK_NOTIFY_FLAGS)(XSK_NOTIFY_FLAG_WAIT_RX | XSK_NOTIFY_FLAG_WAIT_TX);
  post_all(echo);
  attach(echo);
  do {
    while (turn(echo) > 0) {
    }
  } while (wait_for(echo, both, kQuietMs));
  return finish(echo);
}

static inline UINT32 turn_of_one(Echo* echo) {
  UINT32 moved = recycle(echo);
  moved += echo->send_one(echo);
  poke_if_needed(echo);
  return moved;
}

// A program that sends frame by frame. `send_one` returns the number of frames that it sent.
static inline int run_one_by_one(EchoShape shape, UINT32 (*send_one)(Echo*)) {
  Echo echo;
  open_echo(&echo, shape);
  echo.send_one = send_one;
  return run_echo(&echo, turn_of_one);
}
