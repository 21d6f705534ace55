// Threads: life, exit codes, suspension, queued calls, what belongs to a thread, processors.
#include <stdlib.h>

#include "check.h"

static DWORD tls_index;
static volatile LONG counter;
static HANDLE go;

static DWORD WINAPI returns_seven(LPVOID parameter) {
  CHECK(parameter == &counter);
  return 7;
}

static DWORD WINAPI exits_with_eight(LPVOID parameter) {
  UNREFERENCED_PARAMETER(parameter);
  ExitThread(8);
}

static DWORD WINAPI adds(LPVOID parameter) {
  CHECK(TlsGetValue(tls_index) == NULL);
  CHECK(TlsSetValue(tls_index, parameter));
  CHECK(WaitForSingleObject(go, INFINITE) == WAIT_OBJECT_0);
  for (int i = 0; i < 1000; ++i) InterlockedIncrement(&counter);
  CHECK(TlsGetValue(tls_index) == parameter);
  return 0;
}

static VOID CALLBACK told(ULONG_PTR data) { counter = (LONG)data; }

static DWORD WINAPI sleeps_alertably(LPVOID parameter) {
  SetEvent((HANDLE)parameter);
  return SleepEx(INFINITE, TRUE);
}

static void life(void) {
  DWORD id = 0;
  DWORD code = 0;
  HANDLE thread = CreateThread(NULL, 0, returns_seven, (LPVOID)&counter, 0, &id);
  CHECK(thread != NULL && id != 0 && id % 4 == 0);
  CHECK(GetThreadId(thread) == id);
  CHECK(WaitForSingleObject(thread, INFINITE) == WAIT_OBJECT_0);
  CHECK(WaitForSingleObject(thread, 0) == WAIT_OBJECT_0);
  CHECK(GetExitCodeThread(thread, &code) && code == 7);
  CHECK(CloseHandle(thread));
  CHECK_FAILS(CloseHandle(thread), ERROR_INVALID_HANDLE);

  thread = CreateThread(NULL, 0, exits_with_eight, NULL, CREATE_SUSPENDED, NULL);
  CHECK(WaitForSingleObject(thread, 5) == WAIT_TIMEOUT);
  CHECK(GetExitCodeThread(thread, &code) && code == STILL_ACTIVE);
  CHECK(SuspendThread(thread) == 1);
  CHECK(ResumeThread(thread) == 2);
  CHECK(WaitForSingleObject(thread, 5) == WAIT_TIMEOUT);
  CHECK(ResumeThread(thread) == 1);
  CHECK(WaitForSingleObject(thread, INFINITE) == WAIT_OBJECT_0);
  CHECK(GetExitCodeThread(thread, &code) && code == 8);
  CHECK(ResumeThread(thread) == 0);
  CloseHandle(thread);
  CHECK_FAILS(GetExitCodeThread(thread, &code), ERROR_INVALID_HANDLE);
}

static void many_at_once(void) {
  HANDLE threads[8];
  go = CreateEvent(NULL, TRUE, FALSE, NULL);
  tls_index = TlsAlloc();
  CHECK(tls_index != TLS_OUT_OF_INDEXES);
  CHECK(TlsSetValue(tls_index, &go));
  counter = 0;
  for (int i = 0; i < 8; ++i) threads[i] = CreateThread(NULL, 0, adds, &threads[i], 0, NULL);
  CHECK(WaitForMultipleObjects(8, threads, FALSE, 1) == WAIT_TIMEOUT);
  SetEvent(go);
  CHECK(WaitForMultipleObjects(8, threads, TRUE, INFINITE) == WAIT_OBJECT_0);
  CHECK(counter == 8000);
  CHECK(TlsGetValue(tls_index) == &go);
  for (int i = 0; i < 8; ++i) CHECK(CloseHandle(threads[i]));
  CHECK(TlsFree(tls_index));
  CHECK_FAILS(TlsSetValue(tls_index, NULL), ERROR_INVALID_PARAMETER);
  CloseHandle(go);
}

static void queued_calls(void) {
  HANDLE started = CreateEvent(NULL, FALSE, FALSE, NULL);
  HANDLE thread = CreateThread(NULL, 0, sleeps_alertably, started, 0, NULL);
  DWORD code = 0;
  WaitForSingleObject(started, INFINITE);
  CHECK(QueueUserAPC(told, thread, 42));
  CHECK(WaitForSingleObject(thread, INFINITE) == WAIT_OBJECT_0);
  CHECK(GetExitCodeThread(thread, &code) && code == WAIT_IO_COMPLETION);
  CHECK(counter == 42);
  CHECK(QueueUserAPC(told, thread, 43) == 0);
  CHECK(QueueUserAPC(told, GetCurrentThread(), 44));
  CHECK(WaitForSingleObject(started, 1) == WAIT_TIMEOUT);
  CHECK(counter == 42);
  CHECK(WaitForSingleObjectEx(started, INFINITE, TRUE) == WAIT_IO_COMPLETION);
  CHECK(counter == 44);
  CloseHandle(thread);
  CloseHandle(started);
}

struct PortWait {
  HANDLE port;
  HANDLE begun;
};

static DWORD WINAPI waits_at_port(LPVOID parameter) {
  const struct PortWait* wait = (const struct PortWait*)parameter;
  OVERLAPPED_ENTRY entry;
  ULONG count = 9;
  SetEvent(wait->begun);
  CHECK_FAILS(GetQueuedCompletionStatusEx(wait->port, &entry, 1, &count, INFINITE, TRUE), WAIT_IO_COMPLETION);
  CHECK(count == 0);
  // What is there comes first.
  CHECK(GetQueuedCompletionStatusEx(wait->port, &entry, 1, &count, INFINITE, TRUE));
  CHECK(count == 1 && entry.lpCompletionKey == 5);
  return 0;
}

// Before the wait or in the middle of it: a call that is queued ends it.
static void queued_calls_at_port(DWORD milliseconds) {
  struct PortWait wait = {CreateIoCompletionPort(INVALID_HANDLE_VALUE, NULL, 0, 0),
                          CreateEvent(NULL, FALSE, FALSE, NULL)};
  HANDLE thread = CreateThread(NULL, 0, waits_at_port, &wait, 0, NULL);
  counter = 0;
  WaitForSingleObject(wait.begun, INFINITE);
  Sleep(milliseconds);
  CHECK(QueueUserAPC(told, thread, 45));
  CHECK(WaitForSingleObject(thread, 5) == WAIT_TIMEOUT);
  CHECK(counter == 45);
  CHECK(PostQueuedCompletionStatus(wait.port, 0, 5, NULL));
  CHECK(WaitForSingleObject(thread, INFINITE) == WAIT_OBJECT_0);
  CloseHandle(thread);
  CloseHandle(wait.begun);
  CloseHandle(wait.port);
}

static LONG fls_freed;
static VOID NTAPI fls_callback(PVOID data) { fls_freed += *(LONG*)data; }
static DWORD fls_index;

static DWORD WINAPI keeps_fls(LPVOID parameter) {
  CHECK(FlsSetValue(fls_index, parameter));
  return FlsGetValue(fls_index) == parameter ? 1 : 0;
}

static void fiber_storage(void) {
  LONG five = 5;
  fls_index = FlsAlloc(fls_callback);
  CHECK(fls_index != FLS_OUT_OF_INDEXES);
  HANDLE thread = CreateThread(NULL, 0, keeps_fls, &five, 0, NULL);
  CHECK(WaitForSingleObject(thread, INFINITE) == WAIT_OBJECT_0);
  CHECK(fls_freed == 5);
  CHECK(FlsGetValue(fls_index) == NULL);
  CHECK(FlsFree(fls_index));
  CloseHandle(thread);
}

static DWORD WINAPI keeps_fls_long(LPVOID parameter) {
  CHECK(FlsSetValue(fls_index, parameter));
  SetEvent(go);
  Sleep(5);
  CHECK_FAILS(FlsSetValue(fls_index, parameter), ERROR_INVALID_PARAMETER);
  return 0;
}

// What other threads keep is freed with the index, once.
static void fiber_storage_of_all(void) {
  LONG values[] = {1, 10, 100};
  HANDLE threads[2];
  fls_freed = 0;
  fls_index = FlsAlloc(fls_callback);
  go = CreateEvent(NULL, FALSE, FALSE, NULL);
  CHECK(FlsSetValue(fls_index, &values[0]));
  for (int i = 0; i < 2; ++i) {
    threads[i] = CreateThread(NULL, 0, keeps_fls_long, &values[i + 1], 0, NULL);
    WaitForSingleObject(go, INFINITE);
  }
  CHECK(FlsFree(fls_index));
  CHECK(fls_freed == 111);
  CHECK(WaitForMultipleObjects(2, threads, TRUE, INFINITE) == WAIT_OBJECT_0);
  CHECK(fls_freed == 111);
  for (int i = 0; i < 2; ++i) CloseHandle(threads[i]);
  CloseHandle(go);
}

static DWORD WINAPI counts(LPVOID parameter) {
  UNREFERENCED_PARAMETER(parameter);
  while (counter < 1000000) {
    InterlockedIncrement(&counter);
    SwitchToThread();
  }
  return 0;
}

static DWORD WINAPI suspends_itself(LPVOID parameter) {
  UNREFERENCED_PARAMETER(parameter);
  CHECK(SuspendThread(GetCurrentThread()) == 0);
  counter = 99;
  return 3;
}

static void suspension(void) {
  DWORD code = 0;
  counter = 0;
  HANDLE thread = CreateThread(NULL, 0, counts, NULL, 0, NULL);
  Sleep(1);
  CHECK(SuspendThread(thread) == 0 && SuspendThread(thread) == 1);
  const LONG before = counter;
  Sleep(5);
  CHECK(counter == before && before > 0);
  CHECK(ResumeThread(thread) == 2);
  Sleep(1);
  CHECK(counter == before);
  CHECK(ResumeThread(thread) == 1 && ResumeThread(thread) == 0);
  Sleep(1);
  CHECK(counter > before);
  // A wait goes on waiting; what it waits for is taken when the thread may run again.
  counter = 1000000;
  CHECK(WaitForSingleObject(thread, INFINITE) == WAIT_OBJECT_0);
  CHECK_FAILS(SuspendThread(thread) != (DWORD)-1, ERROR_ACCESS_DENIED);
  CloseHandle(thread);
  HANDLE started = CreateEvent(NULL, FALSE, FALSE, NULL);
  thread = CreateThread(NULL, 0, sleeps_alertably, started, 0, NULL);
  WaitForSingleObject(started, INFINITE);
  Sleep(1);
  counter = 0;
  CHECK(SuspendThread(thread) == 0);
  CHECK(QueueUserAPC(told, thread, 7));
  Sleep(2);
  CHECK(counter == 0);
  CHECK(ResumeThread(thread) == 1);
  CHECK(WaitForSingleObject(thread, INFINITE) == WAIT_OBJECT_0 && counter == 7);
  CloseHandle(thread);
  CloseHandle(started);
  thread = CreateThread(NULL, 0, suspends_itself, NULL, 0, NULL);
  CHECK(WaitForSingleObject(thread, 5) == WAIT_TIMEOUT);
  CHECK(counter == 7 && ResumeThread(thread) == 1);
  CHECK(WaitForSingleObject(thread, INFINITE) == WAIT_OBJECT_0 && counter == 99);
  CHECK(GetExitCodeThread(thread, &code) && code == 3);
  CloseHandle(thread);
}

static DWORD WINAPI says_processor(LPVOID parameter) {
  PROCESSOR_NUMBER number;
  UNREFERENCED_PARAMETER(parameter);
  GetCurrentProcessorNumberEx(&number);
  return number.Number;
}

static void processors(void) {
  GROUP_AFFINITY affinity = {0};
  GROUP_AFFINITY before;
  PROCESSOR_NUMBER ideal = {0, 6, 0};
  DWORD code = 0;
  DWORD count = GetActiveProcessorCount(ALL_PROCESSOR_GROUPS);
  CHECK(count == GetActiveProcessorCount(0) && count >= 2 && count <= 64);
  CHECK(GetActiveProcessorGroupCount() == 1);
  CHECK(GetNumaNodeProcessorMaskEx(0, &affinity));
  CHECK(affinity.Group == 0 && affinity.Mask == (count == 64 ? MAXUINT64 : (1ULL << count) - 1));
  CHECK_FAILS(GetNumaNodeProcessorMaskEx(1, &affinity), ERROR_INVALID_PARAMETER);

  CHECK(SetThreadAffinityMask(GetCurrentThread(), 1ULL << 3) == (1ULL << count) - 1);
  CHECK(GetCurrentProcessorNumber() == 3);
  affinity.Mask = 1ULL << 5;
  CHECK(SetThreadGroupAffinity(GetCurrentThread(), &affinity, &before));
  CHECK(before.Mask == 1ULL << 3 && GetCurrentProcessorNumber() == 5);
  CHECK(SetThreadAffinityMask(GetCurrentThread(), (1ULL << 5) | 1) == 1ULL << 5);
  CHECK(GetCurrentProcessorNumber() == 5);  // it may stay
  affinity.Group = 1;
  CHECK_FAILS(SetThreadGroupAffinity(GetCurrentThread(), &affinity, NULL), ERROR_INVALID_PARAMETER);

  HANDLE thread = CreateThread(NULL, 0, says_processor, NULL, CREATE_SUSPENDED, NULL);
  CHECK(SetThreadIdealProcessorEx(thread, &ideal, NULL));
  CHECK(ResumeThread(thread) == 1);
  WaitForSingleObject(thread, INFINITE);
  CHECK(GetExitCodeThread(thread, &code) && code == 6);
  CloseHandle(thread);

  CHECK(GetThreadPriority(GetCurrentThread()) == THREAD_PRIORITY_NORMAL);
  CHECK(SetThreadPriority(GetCurrentThread(), THREAD_PRIORITY_HIGHEST));
  CHECK(GetThreadPriority(GetCurrentThread()) == THREAD_PRIORITY_HIGHEST);
  CHECK_FAILS(SetThreadPriority(GetCurrentThread(), 99), ERROR_INVALID_PARAMETER);
  CHECK(SetPriorityClass(GetCurrentProcess(), REALTIME_PRIORITY_CLASS));
  CHECK(GetPriorityClass(GetCurrentProcess()) == REALTIME_PRIORITY_CLASS);
}

static DWORD WINAPI has_last_error(LPVOID parameter) {
  UNREFERENCED_PARAMETER(parameter);
  CHECK(GetLastError() == 0);
  SetLastError(5);
  Sleep(1);
  return GetLastError();
}

// The entries of one kind, one behind another; how many there are.
static DWORD count_entries(LOGICAL_PROCESSOR_RELATIONSHIP kind, const BYTE* list, DWORD bytes,
                           KAFFINITY* mask) {
  DWORD count = 0;
  for (DWORD at = 0; at < bytes;) {
    const SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX* entry = (const void*)(list + at);
    if (entry->Relationship == kind) {
      ++count;
      *mask |= kind == RelationGroup      ? entry->Group.GroupInfo[0].ActiveProcessorMask
               : kind == RelationNumaNode ? entry->NumaNode.GroupMask.Mask
                                          : entry->Processor.GroupMask[0].Mask;
    }
    at += entry->Size;
  }
  return count;
}

static void processor_list(void) {
  static const LOGICAL_PROCESSOR_RELATIONSHIP kinds[] = {RelationProcessorCore, RelationNumaNode,
                                                         RelationProcessorPackage, RelationGroup};
  const DWORD processors = GetActiveProcessorCount(0);
  DWORD all_bytes = 0, bytes = 0, sum = 0;
  CHECK_FAILS(GetLogicalProcessorInformationEx(RelationAll, NULL, &all_bytes), ERROR_INSUFFICIENT_BUFFER);
  BYTE* list = malloc(all_bytes);
  CHECK(GetLogicalProcessorInformationEx(RelationAll, (void*)list, &all_bytes));
  for (int i = 0; i < 4; ++i) {
    KAFFINITY mask = 0;
    CHECK(count_entries(kinds[i], list, all_bytes, &mask) == (i == 0 ? processors : 1));
    CHECK(mask == (1ULL << processors) - 1);
    bytes = 0;
    CHECK_FAILS(GetLogicalProcessorInformationEx(kinds[i], NULL, &bytes), ERROR_INSUFFICIENT_BUFFER);
    sum += bytes;
  }
  CHECK(sum == all_bytes);
  --all_bytes;
  CHECK_FAILS(GetLogicalProcessorInformationEx(RelationAll, (void*)list, &all_bytes),
              ERROR_INSUFFICIENT_BUFFER);
  CHECK(GetLogicalProcessorInformationEx(RelationCache, NULL, &bytes) && bytes == 0);
  CHECK_FAILS(GetLogicalProcessorInformationEx(77, (void*)list, &bytes), ERROR_INVALID_PARAMETER);
  free(list);
}

int main(void) {
  DWORD code = 0;
  life();
  many_at_once();
  queued_calls();
  queued_calls_at_port(0);
  queued_calls_at_port(2);
  fiber_storage();
  fiber_storage_of_all();
  suspension();
  processors();
  processor_list();
  SetLastError(99);
  HANDLE thread = CreateThread(NULL, 0, has_last_error, NULL, 0, NULL);
  WaitForSingleObject(thread, INFINITE);
  CHECK(GetExitCodeThread(thread, &code) && code == 5);
  CHECK(GetLastError() == 99);
  CHECK(GetCurrentThreadId() != GetThreadId(thread));
  HANDLE own = NULL;
  CHECK(DuplicateHandle(GetCurrentProcess(), GetCurrentThread(), GetCurrentProcess(), &own, 0, FALSE,
                        DUPLICATE_SAME_ACCESS));
  CHECK(GetThreadId(own) == GetCurrentThreadId());
  CloseHandle(own);
  CloseHandle(thread);
  return checks_end();
}
