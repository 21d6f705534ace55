// What threads of a program do to each other, whenever each of them runs: nothing here depends on time.
#include <stdio.h>
#include <windows.h>

#define THREADS 8
#define ROUNDS 50

static LONG checks_made;
static LONG checks_failed;
static CRITICAL_SECTION section;
static SRWLOCK slim = SRWLOCK_INIT;
static CONDITION_VARIABLE grown = CONDITION_VARIABLE_INIT;
static INIT_ONCE once = INIT_ONCE_STATIC_INIT;
static HANDLE port;
static HANDLE places;  // a semaphore
static HANDLE go;
static LONG sum;        // by Interlocked operations
static int in_section;  // guarded by the section
static int in_slim;     // guarded by the slim lock
static LONG made;       // how often the once-only function ran
static LONG calls;      // queued calls and pool work
static DWORD slot;

static void check(int condition, const char* what) {
  InterlockedIncrement(&checks_made);
  if (condition) return;
  InterlockedIncrement(&checks_failed);
  printf("failed: %s\n", what);
}

static BOOL CALLBACK make_once(PINIT_ONCE unused, PVOID parameter, PVOID* context) {
  UNREFERENCED_PARAMETER(unused);
  InterlockedIncrement(&made);
  *context = parameter;
  return TRUE;
}

static VOID CALLBACK queued(ULONG_PTR data) { InterlockedExchangeAdd(&calls, (LONG)data); }

static DWORD WINAPI pooled(LPVOID parameter) {
  InterlockedExchangeAdd(&calls, 1);
  ReleaseSemaphore((HANDLE)parameter, 1, NULL);
  return 0;
}

static DWORD WINAPI works(LPVOID parameter) {
  check(TlsGetValue(slot) == NULL, "a slot is empty at first");
  TlsSetValue(slot, parameter);
  SetLastError((DWORD)(ULONG_PTR)parameter);
  check(WaitForSingleObject(go, INFINITE) == WAIT_OBJECT_0, "go");
  check(InitOnceExecuteOnce(&once, make_once, NULL, NULL), "once");
  for (int i = 0; i < ROUNDS; ++i) {
    InterlockedIncrement(&sum);
    EnterCriticalSection(&section);
    EnterCriticalSection(&section);
    ++in_section;
    LeaveCriticalSection(&section);
    LeaveCriticalSection(&section);
    AcquireSRWLockExclusive(&slim);
    ++in_slim;
    ReleaseSRWLockExclusive(&slim);
    WakeAllConditionVariable(&grown);
    if (i % 5 == 0) check(WaitForSingleObject(places, INFINITE) == WAIT_OBJECT_0, "a place");
    if (i % 5 == 0) ReleaseSemaphore(places, 1, NULL);
  }
  check(TlsGetValue(slot) == parameter, "the slot has its value");
  check(GetLastError() == 0, "the slot was in use");
  check(PostQueuedCompletionStatus(port, 1, (ULONG_PTR)parameter, NULL), "a packet");
  return (DWORD)(ULONG_PTR)parameter;
}

static DWORD WINAPI sleeps(LPVOID parameter) {
  SetEvent((HANDLE)parameter);
  return SleepEx(INFINITE, TRUE);
}

static void threads(void) {
  HANDLE handles[THREADS];
  DWORD code;
  DWORD bytes;
  ULONG_PTR key;
  ULONG_PTR keys = 0;
  LPOVERLAPPED overlapped;
  for (ULONG_PTR i = 0; i < THREADS; ++i) {
    handles[i] = CreateThread(NULL, 0, works, (LPVOID)(i + 1), 0, NULL);
    check(handles[i] != NULL, "a thread");
  }
  SetEvent(go);
  AcquireSRWLockExclusive(&slim);
  while (in_slim < THREADS * ROUNDS) SleepConditionVariableSRW(&grown, &slim, INFINITE, 0);
  ReleaseSRWLockExclusive(&slim);
  for (int i = 0; i < THREADS; ++i) {
    check(GetQueuedCompletionStatus(port, &bytes, &key, &overlapped, INFINITE), "a packet comes");
    keys += key;
  }
  check(WaitForMultipleObjects(THREADS, handles, TRUE, INFINITE) == WAIT_OBJECT_0, "all have ended");
  for (DWORD i = 0; i < THREADS; ++i) {
    check(GetExitCodeThread(handles[i], &code) && code == i + 1, "an exit code");
    CloseHandle(handles[i]);
  }
  check(keys == THREADS * (THREADS + 1) / 2, "each packet came once");
  check(sum == THREADS * ROUNDS && in_section == THREADS * ROUNDS, "nothing was lost");
  check(made == 1, "once is once");
}

static void calls_of_others(void) {
  HANDLE ready = CreateEvent(NULL, FALSE, FALSE, NULL);
  HANDLE done = CreateSemaphore(NULL, 0, THREADS, NULL);
  HANDLE thread = CreateThread(NULL, 0, sleeps, ready, 0, NULL);
  DWORD code;
  WaitForSingleObject(ready, INFINITE);
  check(QueueUserAPC(queued, thread, 100) != 0, "a call is queued");
  WaitForSingleObject(thread, INFINITE);
  check(GetExitCodeThread(thread, &code) && code == WAIT_IO_COMPLETION, "it was made");
  for (int i = 0; i < THREADS; ++i) check(QueueUserWorkItem(pooled, done, 0), "work");
  for (int i = 0; i < THREADS; ++i) WaitForSingleObject(done, INFINITE);
  check(calls == 100 + THREADS, "all calls were made");
  CloseHandle(thread);
  CloseHandle(done);
  CloseHandle(ready);
}

// Operations that threads of the system do.
static void pipes(void) {
  static const char name[] = "\\\\.\\pipe\\ringproof-free";
  OVERLAPPED overlapped = {0};
  DWORD bytes;
  int got = -1;
  HANDLE server =
      CreateNamedPipeA(name, PIPE_ACCESS_DUPLEX | FILE_FLAG_OVERLAPPED, PIPE_TYPE_BYTE, 1, 64, 64, 0, NULL);
  ConnectNamedPipe(server, &overlapped);
  HANDLE client = CreateFileA(name, GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0, NULL);
  check(client != INVALID_HANDLE_VALUE, "a client");
  check(GetOverlappedResult(server, &overlapped, &bytes, TRUE), "it is connected");
  for (int i = 0; i < ROUNDS / 10; ++i) {
    ReadFile(server, &got, sizeof got, NULL, &overlapped);
    check(WriteFile(client, &i, sizeof i, &bytes, NULL), "a write");
    check(GetOverlappedResult(server, &overlapped, &bytes, TRUE) && bytes == sizeof i, "a read");
    check(got == i, "what was written is read");
  }
  CloseHandle(client);
  CloseHandle(server);
}

static HANDLE broken;

static BOOL WINAPI on_break(DWORD event) {
  SetEvent(broken);
  return event == CTRL_BREAK_EVENT;
}

static void console(void) {
  broken = CreateEvent(NULL, FALSE, FALSE, NULL);
  check(SetConsoleCtrlHandler(on_break, TRUE), "a handler");
  check(GenerateConsoleCtrlEvent(CTRL_BREAK_EVENT, 0), "a console event");
  check(WaitForSingleObject(broken, INFINITE) == WAIT_OBJECT_0, "the handler ran");
  check(SetConsoleCtrlHandler(on_break, FALSE), "no handler any more");
  CloseHandle(broken);
}

int main(void) {
  InitializeCriticalSection(&section);
  slot = TlsAlloc();
  go = CreateEvent(NULL, TRUE, FALSE, NULL);
  places = CreateSemaphore(NULL, 2, 2, NULL);
  port = CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 0);
  threads();
  calls_of_others();
  pipes();
  console();
  Sleep(1);
  check(GetTickCount64() < 3600000, "the clock began with the run");
  CloseHandle(port);
  CloseHandle(places);
  CloseHandle(go);
  TlsFree(slot);
  DeleteCriticalSection(&section);
  printf("checks: %d made, %d failed\n", (int)checks_made, (int)checks_failed);
  return checks_failed == 0 ? 0 : 1;
}
