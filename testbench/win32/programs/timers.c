// Clocks, timers, thread pools, in simulated time.
#include "check.h"

static volatile LONG fired;
static VOID CALLBACK on_timer(PVOID parameter, BOOLEAN by_timer) {
  CHECK(by_timer);
  InterlockedAdd(&fired, *(LONG*)parameter);
}
static VOID CALLBACK on_work(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_WORK work) {
  UNREFERENCED_PARAMETER(instance);
  UNREFERENCED_PARAMETER(work);
  Sleep(1);
  InterlockedIncrement((LONG*)context);
}
static VOID CALLBACK on_pool_timer(PTP_CALLBACK_INSTANCE instance, PVOID context, PTP_TIMER timer) {
  UNREFERENCED_PARAMETER(instance);
  UNREFERENCED_PARAMETER(timer);
  InterlockedIncrement((LONG*)context);
}
static VOID CALLBACK on_apc_timer(LPVOID argument, DWORD low, DWORD high) {
  CHECK(low != 0 && high != 0);
  ++*(LONG*)argument;
}
static VOID CALLBACK on_wait(PVOID context, BOOLEAN timed_out) {
  InterlockedAdd((LONG*)context, timed_out ? 100 : 1);
}
static BOOL WINAPI on_console(DWORD event) {
  InterlockedAdd(&fired, (LONG)event + 1000);
  return TRUE;
}

static ULONGLONG milliseconds_since(LARGE_INTEGER begin) {
  LARGE_INTEGER now, frequency;
  QueryPerformanceCounter(&now);
  QueryPerformanceFrequency(&frequency);
  return (ULONGLONG)((now.QuadPart - begin.QuadPart) * 1000 / frequency.QuadPart);
}

static void clocks(void) {
  LARGE_INTEGER begin, frequency;
  CHECK(QueryPerformanceFrequency(&frequency) && frequency.QuadPart == 10000000);
  CHECK(QueryPerformanceCounter(&begin));
  ULONGLONG ticks = GetTickCount64();
  Sleep(20);
  CHECK(milliseconds_since(begin) == 20);
  CHECK(GetTickCount64() - ticks == 20 || GetTickCount64() - ticks == 21);
  CHECK(GetTickCount() == (DWORD)GetTickCount64());

  SYSTEMTIME now, other;
  FILETIME file, file2;
  GetSystemTime(&now);
  CHECK(now.wYear == 1970 && now.wMonth == 1 && now.wDay == 1 && now.wDayOfWeek == 4 && now.wHour == 0);
  CHECK(SystemTimeToFileTime(&now, &file) && FileTimeToSystemTime(&file, &other));
  CHECK(memcmp(&now, &other, sizeof now) == 0);
  GetSystemTimeAsFileTime(&file2);
  CHECK(CompareFileTime(&file, &file2) <= 0);
  SYSTEMTIME leap = {2024, 2, 4, 29, 23, 59, 58, 999};
  CHECK(SystemTimeToFileTime(&leap, &file));
  CHECK(file.dwHighDateTime == 0x01DA6B6B && file.dwLowDateTime == 0x66BA0270);
  CHECK(FileTimeToSystemTime(&file, &other) && memcmp(&leap, &other, sizeof leap) == 0);
  leap.wYear = 2023;
  CHECK_FAILS(SystemTimeToFileTime(&leap, &file), ERROR_INVALID_PARAMETER);
}

static void waitable_timers(void) {
  LARGE_INTEGER due, begin;
  LONG calls = 0;
  HANDLE timer = CreateWaitableTimer(NULL, FALSE, NULL);
  QueryPerformanceCounter(&begin);
  due.QuadPart = -50000;  // 5 ms
  CHECK(SetWaitableTimer(timer, &due, 3, NULL, NULL, FALSE));
  CHECK(WaitForSingleObject(timer, 4) == WAIT_TIMEOUT);
  CHECK(WaitForSingleObject(timer, INFINITE) == WAIT_OBJECT_0 && milliseconds_since(begin) == 5);
  CHECK(WaitForSingleObject(timer, INFINITE) == WAIT_OBJECT_0 && milliseconds_since(begin) == 8);
  CHECK(CancelWaitableTimer(timer));
  CHECK(WaitForSingleObject(timer, 10) == WAIT_TIMEOUT);
  CHECK(SetWaitableTimer(timer, &due, 0, on_apc_timer, &calls, FALSE));
  CHECK(SleepEx(100, TRUE) == WAIT_IO_COMPLETION || calls == 1);
  CHECK(calls == 1);
  // A timer has one call waiting at most, and none when it is over.
  CHECK(SetWaitableTimer(timer, &due, 1, on_apc_timer, &calls, FALSE));
  Sleep(9);
  CHECK(SleepEx(0, TRUE) == WAIT_IO_COMPLETION && calls == 2);
  Sleep(3);
  CHECK(CancelWaitableTimer(timer));
  SleepEx(0, TRUE);
  CHECK(calls == 2);
  CHECK(CloseHandle(timer));
}

static void queues(void) {
  LONG one = 1;
  LONG ten = 10;
  HANDLE queue = CreateTimerQueue();
  HANDLE once = NULL;
  HANDLE often = NULL;
  fired = 0;
  CHECK(CreateTimerQueueTimer(&once, queue, on_timer, &ten, 4, 0, WT_EXECUTEDEFAULT));
  CHECK(CreateTimerQueueTimer(&often, NULL, on_timer, &one, 1, 2, WT_EXECUTEDEFAULT));
  Sleep(10);  // at 1, 3, 5, 7 and 9, and once
  CHECK(fired == 15);
  CHECK(DeleteTimerQueueTimer(NULL, often, INVALID_HANDLE_VALUE));
  Sleep(10);
  CHECK(fired == 15);
  CHECK(DeleteTimerQueueEx(queue, INVALID_HANDLE_VALUE));
  CHECK_FAILS(DeleteTimerQueueEx(queue, NULL), ERROR_INVALID_HANDLE);
}

// Takes 5 ms.
static VOID CALLBACK on_slow_timer(PVOID parameter, BOOLEAN by_timer) {
  UNREFERENCED_PARAMETER(by_timer);
  Sleep(5);
  InterlockedIncrement((LONG*)parameter);
}

static HANDLE slow_timer(HANDLE queue, LONG* ended) {
  HANDLE timer = NULL;
  CHECK(CreateTimerQueueTimer(&timer, queue, on_slow_timer, ended, 1, 0, WT_EXECUTEDEFAULT));
  return timer;
}

// Whoever deletes what a callback is under way for hears when it has ended.
static void deleted_while_called(void) {
  LONG ended = 0;
  HANDLE gone = CreateEvent(NULL, FALSE, FALSE, NULL);
  HANDLE timer = slow_timer(NULL, &ended);
  Sleep(2);
  CHECK(DeleteTimerQueueTimer(NULL, timer, gone));
  CHECK(WaitForSingleObject(gone, 0) == WAIT_TIMEOUT && ended == 0);
  CHECK_FAILS(DeleteTimerQueueTimer(NULL, timer, NULL), ERROR_INVALID_HANDLE);
  CHECK(WaitForSingleObject(gone, INFINITE) == WAIT_OBJECT_0 && ended == 1);
  timer = slow_timer(NULL, &ended);
  CHECK_FAILS(DeleteTimerQueueTimer(NULL, timer, timer), ERROR_INVALID_HANDLE);
  Sleep(2);
  CHECK_FAILS(DeleteTimerQueueTimer(NULL, timer, NULL), ERROR_IO_PENDING);
  CHECK(ended == 1);
  timer = slow_timer(NULL, &ended);
  Sleep(2);
  CHECK(DeleteTimerQueueTimer(NULL, timer, INVALID_HANDLE_VALUE) && ended == 3);
  timer = slow_timer(NULL, &ended);
  CHECK(DeleteTimerQueueTimer(NULL, timer, gone));  // before it was due
  CHECK(WaitForSingleObject(gone, 0) == WAIT_OBJECT_0);
  Sleep(10);
  CHECK(ended == 3);

  HANDLE queue = CreateTimerQueue();
  slow_timer(queue, &ended);
  Sleep(1);
  slow_timer(queue, &ended);
  Sleep(2);
  CHECK(DeleteTimerQueueEx(queue, gone));
  CHECK(WaitForSingleObject(gone, 1) == WAIT_TIMEOUT);
  CHECK(WaitForSingleObject(gone, INFINITE) == WAIT_OBJECT_0 && ended == 5);
  queue = CreateTimerQueue();
  slow_timer(queue, &ended);
  Sleep(2);
  CHECK_FAILS(DeleteTimerQueueEx(queue, NULL), ERROR_IO_PENDING);
  queue = CreateTimerQueue();
  slow_timer(queue, &ended);
  Sleep(2);
  CHECK(DeleteTimerQueueEx(queue, INVALID_HANDLE_VALUE) && ended == 7);
  CloseHandle(gone);
}

static HANDLE slow_wait(HANDLE event, LONG* ended) {
  HANDLE wait = NULL;
  CHECK(RegisterWaitForSingleObject(&wait, event, on_slow_timer, ended, INFINITE, WT_EXECUTEDEFAULT));
  SetEvent(event);
  return wait;
}

static void unregistered_while_called(void) {
  LONG ended = 0;
  HANDLE gone = CreateEvent(NULL, FALSE, FALSE, NULL);
  HANDLE event = CreateEvent(NULL, FALSE, FALSE, NULL);
  HANDLE wait = slow_wait(event, &ended);
  Sleep(1);
  CHECK(UnregisterWaitEx(wait, gone));
  CHECK(WaitForSingleObject(gone, 0) == WAIT_TIMEOUT && ended == 0);
  CHECK(WaitForSingleObject(gone, INFINITE) == WAIT_OBJECT_0 && ended == 1);
  wait = slow_wait(event, &ended);
  Sleep(1);
  CHECK_FAILS(UnregisterWaitEx(wait, NULL), ERROR_IO_PENDING);
  Sleep(10);
  wait = slow_wait(event, &ended);
  Sleep(1);
  CHECK(UnregisterWaitEx(wait, INVALID_HANDLE_VALUE) && ended == 3);
  CHECK(RegisterWaitForSingleObject(&wait, event, on_slow_timer, &ended, INFINITE, WT_EXECUTEDEFAULT));
  CHECK(UnregisterWaitEx(wait, gone) && WaitForSingleObject(gone, 0) == WAIT_OBJECT_0);
  // Never a call after the end, however close the two come together.
  wait = slow_wait(event, &ended);
  CHECK(UnregisterWaitEx(wait, INVALID_HANDLE_VALUE));
  const LONG at_end = ended;
  Sleep(10);
  CHECK(ended == at_end);
  CloseHandle(event);
  CloseHandle(gone);
}

static DWORD WINAPI item(LPVOID context) {
  SetEvent((HANDLE)context);
  return 0;
}

static void pools(void) {
  LONG done = 0;
  LONG ticks = 0;
  LONG waited = 0;
  HANDLE event = CreateEvent(NULL, FALSE, FALSE, NULL);
  PTP_WORK work = CreateThreadpoolWork(on_work, &done, NULL);
  for (int i = 0; i < 10; ++i) SubmitThreadpoolWork(work);
  WaitForThreadpoolWorkCallbacks(work, FALSE);
  CHECK(done == 10);
  CloseThreadpoolWork(work);
  CHECK(QueueUserWorkItem(item, event, 0) && WaitForSingleObject(event, INFINITE) == WAIT_OBJECT_0);

  PTP_TIMER timer = CreateThreadpoolTimer(on_pool_timer, &ticks, NULL);
  ULARGE_INTEGER due;
  FILETIME when;
  due.QuadPart = (ULONGLONG)-20000LL;
  when.dwLowDateTime = due.LowPart;
  when.dwHighDateTime = due.HighPart;
  SetThreadpoolTimer(timer, &when, 2, 0);
  CHECK(IsThreadpoolTimerSet(timer));
  Sleep(7);
  SetThreadpoolTimer(timer, NULL, 0, 0);
  WaitForThreadpoolTimerCallbacks(timer, TRUE);
  CHECK(ticks == 3 && !IsThreadpoolTimerSet(timer));
  CloseThreadpoolTimer(timer);

  HANDLE wait = NULL;
  CHECK(RegisterWaitForSingleObject(&wait, event, on_wait, &waited, 4, WT_EXECUTEDEFAULT));
  SetEvent(event);
  Sleep(1);
  CHECK(waited == 1);
  Sleep(5);
  CHECK(waited == 101);
  CHECK(UnregisterWaitEx(wait, INVALID_HANDLE_VALUE));
  CloseHandle(event);
}

int main(void) {
  clocks();
  waitable_timers();
  queues();
  pools();
  deleted_while_called();
  unregistered_while_called();
  fired = 0;
  CHECK(SetConsoleCtrlHandler(on_console, TRUE));
  CHECK(GenerateConsoleCtrlEvent(CTRL_C_EVENT, 0));
  Sleep(1);
  CHECK(fired == 1000);
  CHECK(SetConsoleCtrlHandler(on_console, FALSE));
  CHECK_FAILS(SetConsoleCtrlHandler(on_console, FALSE), ERROR_INVALID_PARAMETER);
  return checks_end();
}
