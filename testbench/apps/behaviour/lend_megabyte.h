// lend_megabyte.h: a megabyte becomes the packet buffers of a socket that nobody closes.
#pragma once

#include "one_socket.h"

enum { kBytes = 1 << 20 };

static void lend(void* memory) {
  HANDLE socket;
  XSK_UMEM_REG umem = {0};
  umem.TotalSize = kBytes;
  umem.ChunkSize = kChunkBytes;
  umem.Address = memory;
  if (memory == NULL) exit(9);
  memset(memory, 1, kBytes);
  must(XskCreate(&socket), "XskCreate");
  must(XskSetSockopt(socket, XSK_SOCKOPT_UMEM_REG, &umem, sizeof(umem)), "UMEM_REG");
}
