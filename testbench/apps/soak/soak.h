// soak.h: what the files of xsksoak share.
// Role     a thread draws actions; each file has those of one kind
// Shapes   a thread has 3 sockets with UMEMs of 16 chunks, 3 programs and a map; another map belongs to all
//          threads
// Threads  rings, programs and maps of a thread are touched by that thread only. Sockets are also poked and
//          asked by others, which hold `soak_lock` shared meanwhile; who closes a socket takes it out of
//          `soak_known` before
// Errors   a check that fails is told, and ends all threads
#pragma once

#include "../tool.h"

enum {
  THREADS_MAX = 16,
  SOCKETS = 3,
  PROGRAMS = 3,
  CHUNKS = 16,
  RULES_MAX = 3,
  CLOSE_MS_MAX = 10000,  // a notification still under way so long after the close of its socket is lost
};

// ---- statuses, and which of them a call may answer ----

enum {
  DONE = 1 << 0,
  TIME_OVER = 1 << 1,
  PENDING = 1 << 2,
  NO_ACCESS = 1 << 3,
  MORE_DATA = 1 << 4,
  BAD_HANDLE = 1 << 5,
  BAD_PARAMETER = 1 << 6,
  NO_MEMORY = 1 << 7,
  DENIED = 1 << 8,
  TOO_SMALL = 1 << 9,
  NO_RESOURCES = 1 << 10,
  NOT_READY = 1 << 11,
  NOT_SUPPORTED = 1 << 12,
  ABORTED = 1 << 13,
  BAD_STATE = 1 << 14,
  NOT_FOUND = 1 << 15,
  REMOVED = 1 << 16,
  STATUS_KINDS = 17,
  MEMORY = NO_MEMORY | NO_RESOURCES,
};

struct call {
  const char* name;
  UINT32 may;  // answer
};

extern const UINT32 soak_status_values[STATUS_KINDS];
extern const struct call soak_get_call;
extern const struct call soak_notify_call;

// ---- what a thread has ----

enum ring { FILL, COMPLETION, RX, TX, RINGS };
enum place { FREE, GIVEN_TO_FILL, GIVEN_TO_TX };

struct socket {
  HANDLE handle;
  UINT32 known_at;  // its place in `soak_known`
  BOOL bound;
  UINT32 queue;       // that it is bound to
  UINT32 directions;  // XSK_BIND_FLAG_RX, XSK_BIND_FLAG_TX
  BOOL active;
  UCHAR* umem;
  BOOL registered;
  UINT32 chunk_bytes;
  UINT32 headroom;
  BOOL sized[RINGS];
  XSK_RING rings[RINGS];
  UINT8 places[CHUNKS];
  XDP_OVERLAPPED overlapped;
  UINT32 asked;  // flags of the notification under way; 0: none
};

struct worker {
  UINT32 number;
  HANDLE thread;
  UINT64 random;
  UINT32 step;
  struct socket sockets[SOCKETS];
  HANDLE programs[PROGRAMS];
  HANDLE map;
  UINT64 statuses[STATUS_KINDS];
  UINT64 created;
  UINT64 activated;
  UINT64 received;
  UINT64 sent;
  UINT64 completed;
};

struct settings {
  UINT32 interface_index;
  UINT32 seed;
  UINT32 steps;
  UINT32 thread_count;
  UINT32 queue_count;
};

extern struct settings soak_settings;
extern volatile LONG soak_failures;
extern HANDLE soak_common_map;
extern SRWLOCK soak_lock;  // of `soak_known`
extern HANDLE soak_known[THREADS_MAX * SOCKETS];

// splitmix64
static inline UINT64 draw(struct worker* worker) {
  UINT64 value = worker->random += 0x9E3779B97F4A7C15u;
  value = (value ^ (value >> 30)) * 0xBF58476D1CE4E5B9u;
  value = (value ^ (value >> 27)) * 0x94D049BB133111EBu;
  return value ^ (value >> 31);
}

static inline UINT32 below(struct worker* worker, UINT32 count) { return (UINT32)(draw(worker) % count); }

static inline BOOL once_in(struct worker* worker, UINT32 count) { return below(worker, count) == 0; }

static inline struct socket* any_socket(struct worker* worker) {
  return &worker->sockets[below(worker, SOCKETS)];
}

// ---- checks.c ----

void soak_broken(struct worker* worker, const char* what);
// TRUE: the call succeeded. A status that is not documented for it is a failure; so is success of `is_wrong`.
BOOL soak_check(struct worker* worker, const struct call* call, XDP_STATUS status, BOOL is_wrong);
// The flags that a notification tells of are among those that were asked for.
void soak_check_result(struct worker* worker, const struct call* call, UINT32 result, UINT32 asked);
// The chunk comes back from where it was put.
BOOL soak_take_back(struct worker* worker, struct socket* socket, enum ring ring, UINT64 address,
                    UINT8 place);
// What the driver has not taken yet and what it has handed back is no more than what it was given.
void soak_check_conservation(struct worker* worker, struct socket* socket, enum ring forth, enum ring back,
                             UINT8 place);

// ---- sockets.c: the life of a socket ----

BOOL soak_set(struct worker* worker, struct socket* socket, UINT32 option, const void* value, UINT32 bytes,
              BOOL is_wrong);
void soak_bind(struct worker* worker, struct socket* socket);
void soak_activate(struct worker* worker, struct socket* socket);
// What brings the socket on; not always in the same order.
void soak_grow(struct worker* worker, struct socket* socket);
// TRUE: the notification is over, and its `overlapped` is the program's again.
BOOL soak_collect(struct worker* worker, struct socket* socket);
void soak_close(struct worker* worker, struct socket* socket);

// ---- options.c ----

void soak_set_something(struct worker* worker, struct socket* socket);
void soak_set_something_wrong(struct worker* worker, struct socket* socket);
void soak_get_something(struct worker* worker, HANDLE handle);
void soak_read_statistics(struct worker* worker, struct socket* socket);

// ---- rings.c ----

void soak_move_frames(struct worker* worker, struct socket* socket);

// ---- notifications.c ----

void soak_notify(struct worker* worker, struct socket* socket);
// Asks for an asynchronous notification, or cancels or collects the one under way.
void soak_notify_later(struct worker* worker, struct socket* socket);
// The socket is closed while a thread waits for it.
void soak_close_under_wait(struct worker* worker, struct socket* socket);

// ---- programs.c: programs, maps, interfaces, sockets of other threads ----

void soak_change_program(struct worker* worker);
void soak_change_map(struct worker* worker);
void soak_open_interface(struct worker* worker);
// A socket of any thread, which cannot be closed meanwhile.
void soak_use_known_socket(struct worker* worker);
