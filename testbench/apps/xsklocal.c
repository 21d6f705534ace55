// xsklocal.c: a program between the host's own stack and the port: what the stack sends to UDP port 53 is
// answered on the spot, and the wire sees nothing of that.
// Role     the example for the hooks {TX, INSPECT} and {RX, INJECT}; interface 1, queue 0
// Shapes   runs until it is stopped
// Errors   a call that fails ends it with status 9
#include "behaviour/one_socket.h"

enum { kEthernetBytes = 14, kIpBytes = 20, kMacBytes = 6 };

// To whoever sent it: addresses and ports change places, and no checksum changes by that.
static void exchange(UCHAR* first, UCHAR* second, UINT32 bytes) {
  for (UINT32 i = 0; i < bytes; ++i) {
    const UCHAR kept = first[i];
    first[i] = second[i];
    second[i] = kept;
  }
}

static void answer(UCHAR* frame) {
  exchange(frame, frame + kMacBytes, kMacBytes);
  exchange(frame + kEthernetBytes + 12, frame + kEthernetBytes + 16, 4);
  exchange(frame + kEthernetBytes + kIpBytes, frame + kEthernetBytes + kIpBytes + 2, 2);
}

static HANDLE program(XDP_HOOK_DATAPATH_DIRECTION direction, XDP_RULE rule) {
  const XDP_HOOK_ID hook = {XDP_HOOK_L2, direction, XDP_HOOK_INSPECT};
  HANDLE made;
  rule.Match = XDP_MATCH_UDP_DST;
  rule.Pattern.Port = 53 << 8;
  must(XdpCreateProgram(1, &hook, 0, XDP_CREATE_PROGRAM_FLAG_NONE, &rule, 1, &made), "XdpCreateProgram");
  return made;
}

static void notify(OneSocket* one, UINT32 flags, const char* what) {
  XSK_NOTIFY_RESULT_FLAGS result;
  must(XskNotifySocket(one->socket, (XSK_NOTIFY_FLAGS)flags, 0xFFFFFFFF, &result), what);
}

// Chunks that were sent are good for receiving again.
static void recycle(OneSocket* one) {
  UINT32 from;
  UINT32 to;
  while (XskRingConsumerReserve(&one->completion, 1, &from) == 1) {
    if (XskRingProducerReserve(&one->fill, 1, &to) != 1) exit(8);
    *(UINT64*)XskRingGetElement(&one->fill, to) = *(UINT64*)XskRingGetElement(&one->completion, from);
    XskRingConsumerRelease(&one->completion, 1);
    XskRingProducerSubmit(&one->fill, 1);
  }
}

static void answer_all(OneSocket* one) {
  UINT32 from;
  UINT32 to;
  while (XskRingConsumerReserve(&one->rx, 1, &from) == 1) {
    const XSK_BUFFER_DESCRIPTOR frame = *(XSK_BUFFER_DESCRIPTOR*)XskRingGetElement(&one->rx, from);
    if (XskRingProducerReserve(&one->tx, 1, &to) != 1) exit(8);
    answer(one->umem + frame.Address.BaseAddress + frame.Address.Offset);
    *(XSK_BUFFER_DESCRIPTOR*)XskRingGetElement(&one->tx, to) = frame;
    XskRingConsumerRelease(&one->rx, 1);
    XskRingProducerSubmit(&one->tx, 1);
    XdpBarrierBetweenReleaseAndAcquire();
    if (XskRingProducerNeedPoke(&one->tx)) notify(one, XSK_NOTIFY_FLAG_POKE_TX, "poke");
  }
}

int main(void) {
  OneSocket one;
  XDP_RULE to_socket = {.Action = XDP_PROGRAM_ACTION_REDIRECT};
  open_socket_on(&one, XDP_HOOK_TX, XDP_HOOK_RX);
  post(&one, 0, kChunks / 2);
  to_socket.Redirect.TargetType = XDP_REDIRECT_TARGET_TYPE_XSK;
  to_socket.Redirect.Target = one.socket;
  program(XDP_HOOK_TX, to_socket);
  program(XDP_HOOK_RX, (XDP_RULE){.Action = XDP_PROGRAM_ACTION_PASS});
  for (;;) {
    notify(&one, XSK_NOTIFY_FLAG_WAIT_RX | XSK_NOTIFY_FLAG_WAIT_TX, "wait");
    answer_all(&one);
    recycle(&one);
  }
}
