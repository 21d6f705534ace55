// options.c: socket options, right and wrong.
#include "soak.h"

void soak_set_something(struct worker* worker, struct socket* socket) {
  static const UINT32 switches[] = {XSK_SOCKOPT_RX_PROCESSOR_AFFINITY, XSK_SOCKOPT_TX_PROCESSOR_AFFINITY,
                                    XSK_SOCKOPT_TX_OFFLOAD_CHECKSUM,   XSK_SOCKOPT_RX_OFFLOAD_CHECKSUM,
                                    XSK_SOCKOPT_RX_ORIGINAL_LENGTH,    XSK_SOCKOPT_RX_OFFLOAD_TIMESTAMP,
                                    XSK_SOCKOPT_TX_OFFLOAD_TIMESTAMP};
  const UINT32 on = below(worker, 2);
  // Poll mode SOCKET is left out: there an asynchronous call may wait.
  const UINT32 poll_mode = below(worker, 3) == 0 ? XSK_POLL_MODE_BUSY : XSK_POLL_MODE_DEFAULT;
  XDP_HOOK_ID hook = {XDP_HOOK_L2, XDP_HOOK_RX, XDP_HOOK_INSPECT};
  switch (below(worker, 8)) {
    case 0:
      soak_set(worker, socket, XSK_SOCKOPT_POLL_MODE, &poll_mode, sizeof(poll_mode), FALSE);
      break;
    case 1:
      hook.Direction = (XDP_HOOK_DATAPATH_DIRECTION)below(worker, 2);
      hook.SubLayer = (XDP_HOOK_SUBLAYER)below(worker, 2);
      if (once_in(worker, 6)) hook.SubLayer = (XDP_HOOK_SUBLAYER)7;
      soak_set(worker, socket, below(worker, 2) == 0 ? XSK_SOCKOPT_RX_HOOK_ID : XSK_SOCKOPT_TX_HOOK_ID, &hook,
               sizeof(hook), socket->bound);
      break;
    default:
      soak_set(worker, socket, switches[below(worker, ARRAYSIZE(switches))], &on, sizeof(on), FALSE);
      break;
  }
}

void soak_set_something_wrong(struct worker* worker, struct socket* socket) {
  static const UINT32 to_set[] = {XSK_SOCKOPT_UMEM_REG,
                                  XSK_SOCKOPT_RX_RING_SIZE,
                                  XSK_SOCKOPT_RX_FILL_RING_SIZE,
                                  XSK_SOCKOPT_TX_RING_SIZE,
                                  XSK_SOCKOPT_RX_ORIGINAL_LENGTH,
                                  XSK_SOCKOPT_RX_HOOK_ID,
                                  XSK_SOCKOPT_RX_PROCESSOR_AFFINITY};
  static const UINT32 not_to_set[] = {XSK_SOCKOPT_RING_INFO,
                                      XSK_SOCKOPT_STATISTICS,
                                      XSK_SOCKOPT_RX_ERROR,
                                      XSK_SOCKOPT_TX_FRAME_LAYOUT_EXTENSION,
                                      16,
                                      999,
                                      1015};
  static const UINT32 no_sizes[] = {0, 3, 12, 0x80000000, 0xFFFFFFFF};
  static UCHAR memory[4096];
  XSK_UMEM_REG umem = {.TotalSize = sizeof(memory), .ChunkSize = 512, .Address = memory};
  const UINT32 option = to_set[below(worker, ARRAYSIZE(to_set))];
  const UINT32 one = 1;
  switch (below(worker, 5)) {
    case 0:
      soak_set(worker, socket, option, &one, 0, TRUE);
      break;
    case 1:
      soak_set(worker, socket, option, NULL, sizeof(umem), TRUE);
      break;
    case 2:
      soak_set(worker, socket, not_to_set[below(worker, ARRAYSIZE(not_to_set))], &one, sizeof(one), TRUE);
      break;
    case 3:
      soak_set(worker, socket, XSK_SOCKOPT_RX_RING_SIZE + below(worker, 4),
               &no_sizes[below(worker, ARRAYSIZE(no_sizes))], sizeof(UINT32), TRUE);
      break;
    default:
      switch (below(worker, 5)) {
        case 0:
          umem.TotalSize = 0;
          break;
        case 1:
          umem.ChunkSize = 0;
          break;
        case 2:
          umem.Headroom = 513;
          break;
        case 3:
          umem.ChunkSize = sizeof(memory) + 1;
          break;
        default:
          umem.Address = NULL;
          break;
      }
      soak_set(worker, socket, XSK_SOCKOPT_UMEM_REG, &umem, sizeof(umem), TRUE);
      break;
  }
}

void soak_get_something(struct worker* worker, HANDLE handle) {
  static const UINT32 lengths[] = {0, 1, 2, 4, 8, 10, 12, 32, 160, 256};
  UINT64 buffer[32];
  const UINT32 room = lengths[below(worker, ARRAYSIZE(lengths))];
  const UINT32 option = below(worker, 2) == 0 ? below(worker, 17) : 999 + below(worker, 17);
  UINT32 bytes = room;
  if (soak_check(worker, &soak_get_call, XskGetSockopt(handle, option, buffer, &bytes), FALSE) &&
      bytes > room) {
    soak_broken(worker, "XskGetSockopt wrote more than there is room");
  }
}

void soak_read_statistics(struct worker* worker, struct socket* socket) {
  XSK_STATISTICS statistics;
  UINT32 bytes = sizeof(statistics);
  const XDP_STATUS status = XskGetSockopt(socket->handle, XSK_SOCKOPT_STATISTICS, &statistics, &bytes);
  if (!soak_check(worker, &soak_get_call, status, FALSE)) {
    soak_broken(worker, "XSK_SOCKOPT_STATISTICS failed");
  } else if (statistics.RxInvalidDescriptors != 0 || statistics.TxInvalidDescriptors != 0) {
    soak_broken(worker, "a descriptor was refused, and all of them were right");
  }
}
