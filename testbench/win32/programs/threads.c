// Threads: life, exit codes, suspension, queued calls, what belongs to a thread, processors.
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

int main(void) {
  DWORD code = 0;
  life();
  many_at_once();
  queued_calls();
  fiber_storage();
  processors();
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
