// Two threads of a program: one receives so many frames, and tells the other, which waits for it. There are
// buffers for all of them, so none is lost however late the program is.
// Arguments: the interface, its queue, and how many frames.
#define XDP_API_VERSION 3
#include <afxdp_helper.h>
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <xdpapi.h>

#define CHUNKS 1024
#define CHUNK_BYTES 2048

static unsigned long wanted;
static unsigned long taken;  // by the receiving thread, and its own until it has ended
static HANDLE sock;
static XSK_RING rx;
static pthread_mutex_t lock = PTHREAD_MUTEX_INITIALIZER;
static pthread_cond_t ended = PTHREAD_COND_INITIALIZER;
static int done;

static void check(XDP_STATUS status, const char* what) {
  if (XDP_SUCCEEDED(status)) return;
  fprintf(stderr, "counts: %s failed: 0x%08x\n", what, (unsigned)status);
  exit(1);
}

static void* receive(void* unused) {
  while (taken < wanted) {
    XSK_NOTIFY_RESULT_FLAGS result;
    UINT32 index;
    const UINT32 count = XskRingConsumerReserve(&rx, CHUNKS, &index);
    if (count == 0) {
      check(XskNotifySocket(sock, XSK_NOTIFY_FLAG_WAIT_RX, INFINITE, &result), "XskNotifySocket");
      continue;
    }
    for (UINT32 i = 0; i < count; ++i) {
      const XSK_BUFFER_DESCRIPTOR* frame = (const XSK_BUFFER_DESCRIPTOR*)XskRingGetElement(&rx, index + i);
      const UCHAR* bytes = XskDescriptorGetAddress(frame);
      if (bytes != NULL && bytes[12] == 8 && bytes[13] == 0) ++taken;
    }
    XskRingConsumerRelease(&rx, count);
  }
  pthread_mutex_lock(&lock);
  done = 1;
  pthread_cond_signal(&ended);
  pthread_mutex_unlock(&lock);
  return unused;
}

static void create_socket(UINT32 interface, UINT32 queue) {
  const UINT32 size = CHUNKS;
  XSK_UMEM_REG umem = {0};
  XSK_RING_INFO_SET rings;
  UINT32 length = sizeof rings;
  XSK_RING fill;
  UINT32 index;
  umem.TotalSize = (UINT64)CHUNKS * CHUNK_BYTES;
  umem.ChunkSize = CHUNK_BYTES;
  umem.Address = calloc(CHUNKS, CHUNK_BYTES);
  check(XskCreate(&sock), "XskCreate");
  check(XskSetSockopt(sock, XSK_SOCKOPT_UMEM_REG, &umem, sizeof umem), "the UMEM");
  check(XskSetSockopt(sock, XSK_SOCKOPT_RX_RING_SIZE, &size, sizeof size), "the RX ring");
  check(XskSetSockopt(sock, XSK_SOCKOPT_RX_FILL_RING_SIZE, &size, sizeof size), "the FILL ring");
  check(XskBind(sock, interface, queue, XSK_BIND_FLAG_RX), "XskBind");
  check(XskActivate(sock, XSK_ACTIVATE_FLAG_NONE), "XskActivate");
  check(XskGetSockopt(sock, XSK_SOCKOPT_RING_INFO, &rings, &length), "the rings");
  XskRingInitialize(&rx, &rings.Rx);
  XskRingInitialize(&fill, &rings.Fill);
  for (UINT32 i = XskRingProducerReserve(&fill, CHUNKS, &index); i > 0; --i, ++index) {
    *(UINT64*)XskRingGetElement(&fill, index) = (UINT64)(i - 1) * CHUNK_BYTES;
  }
  XskRingProducerSubmit(&fill, CHUNKS);
}

int main(int argc, char** argv) {
  const XDP_HOOK_ID hook = {XDP_HOOK_L2, XDP_HOOK_RX, XDP_HOOK_INSPECT};
  XDP_RULE rule = {0};
  HANDLE program;
  pthread_t thread;
  if (argc != 4) return 2;
  const UINT32 interface = (UINT32)atoi(argv[1]);
  const UINT32 queue = (UINT32)atoi(argv[2]);
  wanted = strtoul(argv[3], NULL, 10);
  create_socket(interface, queue);
  rule.Match = XDP_MATCH_ALL;
  rule.Action = XDP_PROGRAM_ACTION_REDIRECT;
  rule.Redirect.TargetType = XDP_REDIRECT_TARGET_TYPE_XSK;
  rule.Redirect.Target = sock;
  check(XdpCreateProgram(interface, &hook, queue, XDP_CREATE_PROGRAM_FLAG_NONE, &rule, 1, &program),
        "the program");
  pthread_create(&thread, NULL, receive, NULL);
  pthread_mutex_lock(&lock);
  while (!done) pthread_cond_wait(&ended, &lock);
  pthread_mutex_unlock(&lock);
  pthread_join(thread, NULL);
  printf("counted %lu\n", taken);
  CloseHandle(program);
  CloseHandle(sock);
  return 0;
}
