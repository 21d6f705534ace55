// xsksoak.c: random calls and random traffic, with good and bad values, for as long as one likes.
// Role     worked example of a stress test: it knows little about what happens, and checks what must hold
//          whatever happens: statuses are of the documented kinds, what is wrong is refused, and every chunk
//          that comes back is one that was given
// Threads  as many as are asked for; soak/soak.h tells what each has, and who may touch it
// Errors   a check that fails: one line with thread, step and seed, exit 1; a wrong option: one line, exit 1
// Source   docs of the XDP for Windows API, sections "afxdp.h", "afxdp_helper.h" and "xdpapi.h"
#include "soak/soak.h"

static const char usage[] =
    "xsksoak: random calls and traffic; the same words do the same again\n"
    "\n"
    "  xsksoak -if N [options]\n"
    "\n"
    "  -if N        index of the interface\n"
    "  -seed N      what is drawn (1)\n"
    "  -steps N     actions of each thread (1000)\n"
    "  -threads N   up to 16 (2)\n"
    "  -queues N    queues 0 to N-1 are used, and now and then one too many (1)\n";

struct settings soak_settings = {.seed = 1, .steps = 1000, .thread_count = 2, .queue_count = 1};
volatile LONG soak_failures;
HANDLE soak_common_map;
SRWLOCK soak_lock = SRWLOCK_INIT;
HANDLE soak_known[THREADS_MAX * SOCKETS];

// ---- a thread ----

static void act_on_socket(struct worker* worker, struct socket* socket, UINT32 drawn) {
  if (drawn < 40) {
    soak_move_frames(worker, socket);
  } else if (drawn < 48) {
    soak_notify(worker, socket);
  } else if (drawn < 56) {
    soak_notify_later(worker, socket);
  } else if (drawn < 60) {
    soak_set_something(worker, socket);
  } else if (drawn < 64) {
    soak_set_something_wrong(worker, socket);
  } else if (drawn < 66) {
    soak_get_something(worker, socket->handle);
  } else if (drawn < 68) {
    soak_read_statistics(worker, socket);
  } else if (drawn == 68) {
    if (once_in(worker, 8)) soak_close(worker, socket);
  } else if (drawn == 69) {
    if (once_in(worker, 8)) soak_close_under_wait(worker, socket);
  } else if (drawn == 70) {
    soak_bind(worker, socket);
  } else {
    soak_activate(worker, socket);
  }
}

static void act(struct worker* worker) {
  struct socket* socket = any_socket(worker);
  const UINT32 drawn = below(worker, 154);
  if (drawn < 72 && socket->handle != NULL) {
    act_on_socket(worker, socket, drawn);
  } else if (drawn < 124) {
    soak_grow(worker, socket);
  } else if (drawn < 138) {
    soak_change_program(worker);
  } else if (drawn < 148) {
    soak_change_map(worker);
  } else if (drawn < 151) {
    soak_use_known_socket(worker);
  } else if (drawn == 151) {
    soak_open_interface(worker);
  } else {
    Sleep(once_in(worker, 4) ? 1 : 0);
  }
}

static DWORD WINAPI work(LPVOID parameter) {
  struct worker* worker = (struct worker*)parameter;
  for (worker->step = 1; worker->step <= soak_settings.steps && ReadAcquire(&soak_failures) == 0;
       ++worker->step)
    act(worker);
  for (UINT32 i = 0; i < PROGRAMS; ++i) {
    if (worker->programs[i] != NULL) CloseHandle(worker->programs[i]);
  }
  for (UINT32 i = 0; i < SOCKETS; ++i) {
    soak_close(worker, &worker->sockets[i]);
    if (worker->sockets[i].overlapped.hEvent != NULL) CloseHandle(worker->sockets[i].overlapped.hEvent);
  }
  if (worker->map != NULL) CloseHandle(worker->map);
  return 0;
}

// ---- from start to end ----

static void print_results(const struct worker* workers) {
  struct worker total = {0};
  for (UINT32 i = 0; i < soak_settings.thread_count; ++i) {
    total.created += workers[i].created;
    total.activated += workers[i].activated;
    total.received += workers[i].received;
    total.sent += workers[i].sent;
    total.completed += workers[i].completed;
    for (UINT32 kind = 0; kind < STATUS_KINDS; ++kind) total.statuses[kind] += workers[i].statuses[kind];
  }
  printf("xsksoak: %u threads, %u steps each, seed %u\n", soak_settings.thread_count, soak_settings.steps,
         soak_settings.seed);
  printf("sockets: %llu created, %llu activated\n", total.created, total.activated);
  printf("frames: %llu received, %llu sent, %llu completed\n", total.received, total.sent, total.completed);
  for (UINT32 kind = 0; kind < STATUS_KINDS; ++kind) {
    if (total.statuses[kind] > 0)
      printf("status 0x%08x: %llu\n", soak_status_values[kind], total.statuses[kind]);
  }
}

static BOOL run(struct worker* workers) {
  BOOL all_well = TRUE;
  if (!tool_worked("xsksoak", XdpMapCreate(&soak_common_map, XDP_MAP_TYPE_XSKMAP), "XdpMapCreate"))
    return FALSE;
  for (UINT32 i = 0; i < soak_settings.thread_count; ++i) {
    workers[i].number = i;
    workers[i].random = (UINT64)soak_settings.seed << 32 | i;
    for (UINT32 k = 0; k < SOCKETS; ++k) workers[i].sockets[k].known_at = i * SOCKETS + k;
    workers[i].thread = CreateThread(NULL, 0, work, &workers[i], 0, NULL);
    all_well = all_well && workers[i].thread != NULL;
  }
  for (UINT32 i = 0; i < soak_settings.thread_count; ++i) {
    if (workers[i].thread == NULL) continue;
    WaitForSingleObject(workers[i].thread, INFINITE);
    CloseHandle(workers[i].thread);
  }
  CloseHandle(soak_common_map);
  if (!all_well) fprintf(stderr, "xsksoak: no thread: error %u\n", (UINT32)GetLastError());
  print_results(workers);
  return all_well && soak_failures == 0;
}

static BOOL read_words(struct tool* tool) {
  const char* option;
  while ((option = tool_option(tool)) != NULL) {
    BOOL good;
    if (strcmp(option, "-if") == 0) {
      good = tool_number(tool, 1, MAXUINT32, &soak_settings.interface_index);
    } else if (strcmp(option, "-seed") == 0) {
      good = tool_number(tool, 0, MAXUINT32, &soak_settings.seed);
    } else if (strcmp(option, "-steps") == 0) {
      good = tool_number(tool, 1, MAXUINT32 - 1, &soak_settings.steps);
    } else if (strcmp(option, "-threads") == 0) {
      good = tool_number(tool, 1, THREADS_MAX, &soak_settings.thread_count);
    } else if (strcmp(option, "-queues") == 0) {
      good = tool_number(tool, 1, 64, &soak_settings.queue_count);
    } else {
      good = tool_unknown(tool);
    }
    if (!good) return FALSE;
  }
  return tool_has_interface(tool, soak_settings.interface_index);
}

int main(int argc, char** argv) {
  static struct worker workers[THREADS_MAX];
  struct tool tool = {.name = "xsksoak", .argc = argc, .argv = argv, .at = 1};
  if (tool_wants_usage(argc, argv)) {
    fputs(usage, stdout);
    return 0;
  }
  return read_words(&tool) && run(workers) ? 0 : 1;
}
