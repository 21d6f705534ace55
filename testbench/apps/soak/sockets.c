// sockets.c: the life of a socket, with good and bad values.
#include "soak.h"

const struct call soak_get_call = {"XskGetSockopt", DONE | BAD_PARAMETER | TOO_SMALL | NO_ACCESS | BAD_STATE |
                                                        NOT_SUPPORTED | NOT_FOUND | MORE_DATA | NOT_READY};

static const struct call create_call = {"XskCreate", DONE | MEMORY};
static const struct call bind_call = {"XskBind", DONE | BAD_PARAMETER | NOT_FOUND | BAD_STATE |
                                                     NOT_SUPPORTED | MEMORY | NOT_READY | REMOVED | DENIED};
static const struct call activate_call = {"XskActivate",
                                          DONE | BAD_PARAMETER | BAD_STATE | MEMORY | DENIED | REMOVED};
static const struct call set_call = {
    "XskSetSockopt", DONE | BAD_PARAMETER | TOO_SMALL | NO_ACCESS | BAD_STATE | NOT_SUPPORTED | MEMORY};
static const struct call result_call = {"XskGetNotifyAsyncResult", DONE | ABORTED};

static void create(struct worker* worker, struct socket* socket) {
  if (!soak_check(worker, &create_call, XskCreate(&socket->handle), FALSE)) {
    socket->handle = NULL;
    return;
  }
  ++worker->created;
  AcquireSRWLockExclusive(&soak_lock);
  soak_known[socket->known_at] = socket->handle;
  ReleaseSRWLockExclusive(&soak_lock);
}

BOOL soak_set(struct worker* worker, struct socket* socket, UINT32 option, const void* value, UINT32 bytes,
              BOOL is_wrong) {
  return soak_check(worker, &set_call, XskSetSockopt(socket->handle, option, value, bytes), is_wrong);
}

static void register_umem(struct worker* worker, struct socket* socket) {
  const UINT32 chunk_bytes = 64u << below(worker, 6);
  XSK_UMEM_REG umem = {0};
  BOOL was_wrong = socket->registered;
  UCHAR* memory =
      (UCHAR*)VirtualAlloc(NULL, (SIZE_T)CHUNKS * chunk_bytes, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
  if (memory == NULL) return;
  umem.TotalSize = (UINT64)CHUNKS * chunk_bytes;
  umem.ChunkSize = chunk_bytes;
  umem.Headroom = below(worker, 3) * 16;
  umem.Address = memory;
  if (!soak_set(worker, socket, XSK_SOCKOPT_UMEM_REG, &umem, sizeof(umem), was_wrong)) {
    VirtualFree(memory, 0, MEM_RELEASE);
    return;
  }
  socket->umem = memory;
  socket->registered = TRUE;
  socket->chunk_bytes = chunk_bytes;
  socket->headroom = umem.Headroom;
}

static void size_ring(struct worker* worker, struct socket* socket, enum ring ring) {
  static const UINT32 options[RINGS] = {XSK_SOCKOPT_RX_FILL_RING_SIZE, XSK_SOCKOPT_TX_COMPLETION_RING_SIZE,
                                        XSK_SOCKOPT_RX_RING_SIZE, XSK_SOCKOPT_TX_RING_SIZE};
  const UINT32 entries = 1u << below(worker, 6);
  XSK_RING_INFO_SET info;
  const XSK_RING_INFO* infos[RINGS];
  UINT32 bytes = sizeof(info);
  if (!soak_set(worker, socket, options[ring], &entries, sizeof(entries), socket->sized[ring])) return;
  if (!soak_check(worker, &soak_get_call, XskGetSockopt(socket->handle, XSK_SOCKOPT_RING_INFO, &info, &bytes),
                  FALSE)) {
    soak_broken(worker, "XSK_SOCKOPT_RING_INFO failed for a ring that has a size");
    return;
  }
  infos[FILL] = &info.Fill;
  infos[COMPLETION] = &info.Completion;
  infos[RX] = &info.Rx;
  infos[TX] = &info.Tx;
  if (infos[ring]->Size != entries) soak_broken(worker, "a ring has another size than it was given");
  XskRingInitialize(&socket->rings[ring], infos[ring]);
  socket->sized[ring] = TRUE;
}

void soak_bind(struct worker* worker, struct socket* socket) {
  static const UINT32 directions[] = {XSK_BIND_FLAG_RX, XSK_BIND_FLAG_TX, XSK_BIND_FLAG_RX | XSK_BIND_FLAG_TX,
                                      XSK_BIND_FLAG_RX | XSK_BIND_FLAG_TX};
  static const UINT32 modes[] = {0, 0, 0, XSK_BIND_FLAG_GENERIC, XSK_BIND_FLAG_NATIVE};
  UINT32 flags = directions[below(worker, ARRAYSIZE(directions))] | modes[below(worker, ARRAYSIZE(modes))];
  UINT32 interface_index = soak_settings.interface_index;
  UINT32 queue = below(worker, soak_settings.queue_count);
  BOOL is_wrong = socket->bound;
  if (once_in(worker, 8)) queue = soak_settings.queue_count;
  switch (below(worker, 24)) {
    case 0:
      flags = below(worker, 2) == 0 ? 0 : XSK_BIND_FLAG_NATIVE;  // no direction
      is_wrong = TRUE;
      break;
    case 1:
      flags |= below(worker, 2) == 0 ? XSK_BIND_FLAG_NATIVE | XSK_BIND_FLAG_GENERIC : 0x10u;
      is_wrong = TRUE;
      break;
    case 2:
      interface_index = 0xFFFF;
      is_wrong = TRUE;
      break;
    default:
      break;
  }
  if (soak_check(worker, &bind_call, XskBind(socket->handle, interface_index, queue, (XSK_BIND_FLAGS)flags),
                 is_wrong)) {
    socket->bound = TRUE;
    socket->directions = flags & (XSK_BIND_FLAG_RX | XSK_BIND_FLAG_TX);
    socket->queue = queue;
  }
}

void soak_activate(struct worker* worker, struct socket* socket) {
  const UINT32 flags = once_in(worker, 16) ? 1 : 0;
  const BOOL is_wrong = flags != 0 || !socket->bound || !socket->registered || socket->active;
  if (soak_check(worker, &activate_call, XskActivate(socket->handle, (XSK_ACTIVATE_FLAGS)flags), is_wrong)) {
    socket->active = TRUE;
    ++worker->activated;
  }
}

// What brings the socket on; not always in the same order.
void soak_grow(struct worker* worker, struct socket* socket) {
  const enum ring ring = (enum ring)below(worker, RINGS);
  if (socket->handle == NULL) {
    create(worker, socket);
  } else if (!socket->bound && !once_in(worker, 3)) {
    soak_bind(worker, socket);
  } else if (!socket->registered) {
    register_umem(worker, socket);
  } else if (!socket->sized[ring]) {
    size_ring(worker, socket, ring);
  } else if (!socket->active && socket->bound) {
    soak_activate(worker, socket);
  }
}

// TRUE: the notification is over, and its `overlapped` is the program's again.
BOOL soak_collect(struct worker* worker, struct socket* socket) {
  XSK_NOTIFY_RESULT_FLAGS result;
  if (!HasOverlappedIoCompleted(&socket->overlapped)) return FALSE;
  if (soak_check(worker, &result_call, XskGetNotifyAsyncResult(&socket->overlapped, &result), FALSE)) {
    soak_check_result(worker, &result_call, result, socket->asked);
  }
  socket->asked = 0;
  return TRUE;
}

static void forget(struct socket* socket) {
  const HANDLE event = socket->overlapped.hEvent;
  const UINT32 known_at = socket->known_at;
  if (socket->umem != NULL) VirtualFree(socket->umem, 0, MEM_RELEASE);
  memset(socket, 0, sizeof(*socket));
  socket->overlapped.hEvent = event;
  socket->known_at = known_at;
}

void soak_close(struct worker* worker, struct socket* socket) {
  const HANDLE handle = socket->handle;
  if (handle == NULL) return;
  AcquireSRWLockExclusive(&soak_lock);
  soak_known[socket->known_at] = NULL;
  ReleaseSRWLockExclusive(&soak_lock);
  if (!CloseHandle(handle)) soak_broken(worker, "CloseHandle failed on a socket");
  if (socket->asked != 0) {
    if (WaitForSingleObject(socket->overlapped.hEvent, CLOSE_MS_MAX) != WAIT_OBJECT_0 ||
        !soak_collect(worker, socket)) {
      soak_broken(worker, "a notification outlived its socket");
    }
  }
  forget(socket);
}
