// What a socket tells about its rings and its options, before and after they are there.
#include "one_socket.h"

static void show(const char* name, const XSK_RING_INFO* info) {
  printf("%s: size %u stride %u offsets %u %u %u %u aligned %d\n", name, info->Size, info->ElementStride,
         info->ProducerIndexOffset, info->ConsumerIndexOffset, info->FlagsOffset, info->DescriptorsOffset,
         info->Ring != NULL && ((ULONG_PTR)info->Ring % 4096) == 0);
}

static void try_option(HANDLE socket, UINT32 option, UINT32 length) {
  char value[200];
  UINT32 got = length;
  const XDP_STATUS status = XskGetSockopt(socket, option, value, &got);
  printf("get %u, %u bytes: 0x%08x, %u\n", option, length, (unsigned)status, got);
}

int main(void) {
  OneSocket one;
  HANDLE fresh;
  XSK_RING_INFO_SET info;
  UINT32 length = sizeof(info);
  UINT32 bad = 3;
  must(XskCreate(&fresh), "XskCreate");
  must(XskGetSockopt(fresh, XSK_SOCKOPT_RING_INFO, &info, &length), "RING_INFO");
  show("unsized", &info.Rx);
  printf("ring size 3: 0x%08x\n",
         (unsigned)XskSetSockopt(fresh, XSK_SOCKOPT_RX_RING_SIZE, &bad, sizeof(bad)));
  printf("ring size unreadable: 0x%08x\n", (unsigned)XskSetSockopt(fresh, XSK_SOCKOPT_RX_RING_SIZE, NULL, 4));
  printf("activate unbound: 0x%08x\n", (unsigned)XskActivate(fresh, XSK_ACTIVATE_FLAG_NONE));
  printf("bind interface 9: 0x%08x\n", (unsigned)XskBind(fresh, 9, 0, XSK_BIND_FLAG_RX));
  printf("bind nothing: 0x%08x\n", (unsigned)XskBind(fresh, 1, 0, XSK_BIND_FLAG_NONE));
  printf("bind tx queue 99: 0x%08x\n", (unsigned)XskBind(fresh, 1, 99, XSK_BIND_FLAG_TX));
  try_option(fresh, XSK_SOCKOPT_RING_INFO, 159);
  try_option(fresh, XSK_SOCKOPT_STATISTICS, 32);
  try_option(fresh, XSK_SOCKOPT_UMEM_REG, 32);
  open_socket(&one);
  must(XskGetSockopt(one.socket, XSK_SOCKOPT_RING_INFO, &info, &length), "RING_INFO");
  show("rx", &info.Rx);
  show("fill", &info.Fill);
  printf("bind twice: 0x%08x\n", (unsigned)XskBind(one.socket, 1, 0, XSK_BIND_FLAG_RX));
  printf("need poke: tx %d fill %d\n", XskRingProducerNeedPoke(&one.tx), XskRingProducerNeedPoke(&one.fill));
  return 0;
}
