// one_socket.h: a socket on interface 1, queue 0, or as one_interface and one_queue say, ready to receive and
// send.
// Role     what the small test applications have in common
// Shapes   64 chunks of 2048 bytes; rings of 64 entries; fill entries are posted by the caller
// Errors   a call that fails ends the application with status 9 and its name
#pragma once

#define XDP_API_VERSION 3
#include <afxdp.h>
#include <afxdp_helper.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xdpapi.h>

enum { kChunks = 64, kChunkBytes = 2048, kRingSize = 64 };

static UINT32 one_interface = 1;
static UINT32 one_queue = 0;

typedef struct {
  HANDLE socket;
  HANDLE program;
  UCHAR* umem;
  XSK_RING fill, rx, tx, completion;
} OneSocket;

static inline void must(XDP_STATUS status, const char* what) {
  if (XDP_FAILED(status)) {
    printf("%s failed: 0x%08x\n", what, (unsigned)status);
    exit(9);
  }
}

// For frames of these directions: from the wire (RX) or from the host's stack (TX), and to either.
static inline void open_socket_on(OneSocket* one, XDP_HOOK_DATAPATH_DIRECTION from,
                                  XDP_HOOK_DATAPATH_DIRECTION to) {
  const XDP_HOOK_ID rx_hook = {XDP_HOOK_L2, from, XDP_HOOK_INSPECT};
  const XDP_HOOK_ID tx_hook = {XDP_HOOK_L2, to, XDP_HOOK_INJECT};
  XSK_UMEM_REG umem = {0};
  XSK_RING_INFO_SET info;
  UINT32 size = kRingSize;
  UINT32 length = sizeof(info);
  one->program = NULL;
  one->umem = (UCHAR*)calloc(kChunks, kChunkBytes);
  umem.TotalSize = (UINT64)kChunks * kChunkBytes;
  umem.ChunkSize = kChunkBytes;
  umem.Address = one->umem;
  must(XskCreate(&one->socket), "XskCreate");
  must(XskSetSockopt(one->socket, XSK_SOCKOPT_RX_HOOK_ID, &rx_hook, sizeof(rx_hook)), "RX hook");
  must(XskSetSockopt(one->socket, XSK_SOCKOPT_TX_HOOK_ID, &tx_hook, sizeof(tx_hook)), "TX hook");
  must(XskBind(one->socket, one_interface, one_queue, (XSK_BIND_FLAGS)(XSK_BIND_FLAG_RX | XSK_BIND_FLAG_TX)),
       "XskBind");
  must(XskSetSockopt(one->socket, XSK_SOCKOPT_UMEM_REG, &umem, sizeof(umem)), "UMEM_REG");
  must(XskSetSockopt(one->socket, XSK_SOCKOPT_RX_FILL_RING_SIZE, &size, sizeof(size)), "FILL size");
  must(XskSetSockopt(one->socket, XSK_SOCKOPT_RX_RING_SIZE, &size, sizeof(size)), "RX size");
  must(XskSetSockopt(one->socket, XSK_SOCKOPT_TX_RING_SIZE, &size, sizeof(size)), "TX size");
  must(XskSetSockopt(one->socket, XSK_SOCKOPT_TX_COMPLETION_RING_SIZE, &size, sizeof(size)),
       "COMPLETION size");
  must(XskActivate(one->socket, XSK_ACTIVATE_FLAG_NONE), "XskActivate");
  must(XskGetSockopt(one->socket, XSK_SOCKOPT_RING_INFO, &info, &length), "RING_INFO");
  XskRingInitialize(&one->fill, &info.Fill);
  XskRingInitialize(&one->completion, &info.Completion);
  XskRingInitialize(&one->rx, &info.Rx);
  XskRingInitialize(&one->tx, &info.Tx);
}

static inline void open_socket(OneSocket* one) { open_socket_on(one, XDP_HOOK_RX, XDP_HOOK_TX); }

// Posts chunks [first, first + count).
static inline void post(OneSocket* one, UINT32 first, UINT32 count) {
  UINT32 index;
  UINT32 i;
  if (XskRingProducerReserve(&one->fill, count, &index) != count) exit(9);
  for (i = 0; i < count; ++i) {
    *(UINT64*)XskRingGetElement(&one->fill, index + i) = (UINT64)(first + i) * kChunkBytes;
  }
  XskRingProducerSubmit(&one->fill, count);
}

// Redirects everything that arrives at the queue to the socket.
static inline void attach(OneSocket* one) {
  XDP_RULE rule;
  const XDP_HOOK_ID hook = {XDP_HOOK_L2, XDP_HOOK_RX, XDP_HOOK_INSPECT};
  memset(&rule, 0, sizeof(rule));
  rule.Match = XDP_MATCH_ALL;
  rule.Action = XDP_PROGRAM_ACTION_REDIRECT;
  rule.Redirect.TargetType = XDP_REDIRECT_TARGET_TYPE_XSK;
  rule.Redirect.Target = one->socket;
  must(XdpCreateProgram(one_interface, &hook, one_queue, XDP_CREATE_PROGRAM_FLAG_NONE, &rule, 1,
                        &one->program),
       "XdpCreateProgram");
}
