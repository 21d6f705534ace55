// notifications.c: waits, now and later, and what ends them.
#include "soak.h"

const struct call soak_notify_call = {"XskNotifySocket",
                                      DONE | TIME_OVER | BAD_PARAMETER | BAD_STATE | REMOVED};

static const struct call async_call = {"XskNotifyAsync",
                                       DONE | PENDING | BAD_PARAMETER | BAD_STATE | REMOVED};
static const struct call closed_call = {"XskNotifySocket on a socket that is being closed",
                                        DONE | TIME_OVER | BAD_STATE | BAD_HANDLE | REMOVED};

// Only the owner takes from RX and COMPLETION: what it is told of is there.
static void check_ready(struct worker* worker, struct socket* socket, UINT32 result) {
  UINT32 index;
  if (((result & XSK_NOTIFY_RESULT_FLAG_RX_AVAILABLE) != 0 &&
       XskRingConsumerReserve(&socket->rings[RX], 1, &index) == 0) ||
      ((result & XSK_NOTIFY_RESULT_FLAG_TX_COMP_AVAILABLE) != 0 &&
       XskRingConsumerReserve(&socket->rings[COMPLETION], 1, &index) == 0)) {
    soak_broken(worker, "XskNotifySocket told of something that is not there");
  }
}

void soak_notify(struct worker* worker, struct socket* socket) {
  XSK_NOTIFY_RESULT_FLAGS result;
  const UINT32 flags = once_in(worker, 16) ? 0x10 * below(worker, 2) : 1 + below(worker, 15);
  const BOOL is_wrong = !socket->active || flags == 0 || flags > 15;
  const XDP_STATUS status = XskNotifySocket(socket->handle, (XSK_NOTIFY_FLAGS)flags,
                                            once_in(worker, 4) ? below(worker, 3) : 0, &result);
  if (!soak_check(worker, &soak_notify_call, status, is_wrong)) return;
  soak_check_result(worker, &soak_notify_call, result, flags);
  check_ready(worker, socket, result);
}

void soak_notify_later(struct worker* worker, struct socket* socket) {
  const UINT32 flags = 1 + below(worker, 15);
  XDP_STATUS status;
  if (socket->asked != 0) {
    if (once_in(worker, 2)) CancelIoEx(socket->handle, &socket->overlapped);
    soak_collect(worker, socket);
    return;
  }
  if (socket->overlapped.hEvent == NULL) socket->overlapped.hEvent = CreateEvent(NULL, TRUE, FALSE, NULL);
  if (socket->overlapped.hEvent == NULL) return;
  ResetEvent(socket->overlapped.hEvent);
  status = XskNotifyAsync(socket->handle, (XSK_NOTIFY_FLAGS)flags, &socket->overlapped);
  if (soak_check(worker, &async_call, status, !socket->active) || status == XDP_STATUS_PENDING)
    socket->asked = flags;
}

struct waiter {
  HANDLE socket;
  XDP_STATUS status;
};

static DWORD WINAPI wait_for_ever(LPVOID parameter) {
  struct waiter* waiter = (struct waiter*)parameter;
  XSK_NOTIFY_RESULT_FLAGS result;
  // Not quite: should the socket be closed before this call, the handle may be another's.
  waiter->status = XskNotifySocket(waiter->socket, XSK_NOTIFY_FLAG_WAIT_RX, 20, &result);
  return 0;
}

// The socket is closed while a thread waits for it.
void soak_close_under_wait(struct worker* worker, struct socket* socket) {
  struct waiter waiter = {socket->handle, XDP_STATUS_SUCCESS};
  HANDLE thread;
  if (socket->asked != 0) return;
  thread = CreateThread(NULL, 0, wait_for_ever, &waiter, 0, NULL);
  if (thread == NULL) return;
  if (once_in(worker, 2)) Sleep(below(worker, 2));
  soak_close(worker, socket);
  WaitForSingleObject(thread, INFINITE);
  CloseHandle(thread);
  soak_check(worker, &closed_call, waiter.status, FALSE);
}
