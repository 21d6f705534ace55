// Objects and locks: events, mutexes, semaphores, and what lives in a program's own memory.
#include <string>
#include <thread>
#include <vector>

#include "check.h"

static HANDLE in_thread(LPTHREAD_START_ROUTINE start, void* parameter) {
  return CreateThread(nullptr, 0, start, parameter, 0, nullptr);
}

static void join(HANDLE thread) {
  CHECK(WaitForSingleObject(thread, INFINITE) == WAIT_OBJECT_0);
  CHECK(CloseHandle(thread));
}

static void events() {
  HANDLE automatic = CreateEventA(nullptr, FALSE, TRUE, nullptr);
  CHECK(WaitForSingleObject(automatic, 0) == WAIT_OBJECT_0);
  CHECK(WaitForSingleObject(automatic, 3) == WAIT_TIMEOUT);
  HANDLE manual = CreateEventW(nullptr, TRUE, FALSE, L"ringproof \x4e00");
  CHECK(GetLastError() == ERROR_SUCCESS);
  HANDLE again = CreateEventW(nullptr, TRUE, FALSE, L"ringproof \x4e00");
  CHECK(again != nullptr && again != manual && GetLastError() == ERROR_ALREADY_EXISTS);
  CHECK_FAILS(CreateMutexW(nullptr, FALSE, L"ringproof \x4e00"), ERROR_INVALID_HANDLE);
  CHECK_FAILS(OpenEventA(EVENT_ALL_ACCESS, FALSE, "no such event"), ERROR_FILE_NOT_FOUND);
  SetEvent(again);
  HANDLE both[] = {automatic, manual};
  CHECK(WaitForMultipleObjects(2, both, FALSE, 0) == WAIT_OBJECT_0 + 1);
  CHECK(WaitForMultipleObjects(2, both, TRUE, 1) == WAIT_TIMEOUT);
  SetEvent(automatic);
  CHECK(WaitForMultipleObjects(2, both, TRUE, 1) == WAIT_OBJECT_0);
  CHECK(WaitForSingleObject(automatic, 0) == WAIT_TIMEOUT);
  CHECK(CompareObjectHandles(manual, again));
  CloseHandle(again);
  CHECK(WaitForSingleObject(manual, 0) == WAIT_OBJECT_0);
  CHECK_FAILS(WaitForMultipleObjects(0, both, FALSE, 0) != WAIT_FAILED, ERROR_INVALID_PARAMETER);
  CloseHandle(manual);
  CloseHandle(automatic);
  CHECK_FAILS(WaitForSingleObject(automatic, 0) != WAIT_FAILED, ERROR_INVALID_HANDLE);
}

static void mutexes() {
  HANDLE mutex = CreateMutex(nullptr, TRUE, nullptr);
  CHECK(WaitForSingleObject(mutex, 0) == WAIT_OBJECT_0);  // it is ours already
  HANDLE other = in_thread(
      [](LPVOID parameter) -> DWORD {
        CHECK(WaitForSingleObject(parameter, 2) == WAIT_TIMEOUT);
        CHECK_FAILS(ReleaseMutex(parameter), ERROR_NOT_OWNER);
        CHECK(WaitForSingleObject(parameter, INFINITE) == WAIT_OBJECT_0);
        return 0;  // without giving it back
      },
      mutex);
  Sleep(10);
  CHECK(ReleaseMutex(mutex) && ReleaseMutex(mutex));
  CHECK_FAILS(ReleaseMutex(mutex), ERROR_NOT_OWNER);
  join(other);
  CHECK(WaitForSingleObject(mutex, INFINITE) == WAIT_ABANDONED);
  CHECK(ReleaseMutex(mutex));
  CHECK(WaitForSingleObject(mutex, INFINITE) == WAIT_OBJECT_0);
  CloseHandle(mutex);
}

static void semaphores() {
  CHECK_FAILS(CreateSemaphore(nullptr, 3, 2, nullptr), ERROR_INVALID_PARAMETER);
  HANDLE semaphore = CreateSemaphore(nullptr, 1, 3, nullptr);
  LONG before = -1;
  CHECK(WaitForSingleObject(semaphore, 0) == WAIT_OBJECT_0);
  CHECK(WaitForSingleObject(semaphore, 1) == WAIT_TIMEOUT);
  CHECK(ReleaseSemaphore(semaphore, 2, &before) && before == 0);
  CHECK_FAILS(ReleaseSemaphore(semaphore, 2, nullptr), ERROR_TOO_MANY_POSTS);
  CHECK(WaitForSingleObject(semaphore, 0) == WAIT_OBJECT_0);
  HANDLE event = CreateEvent(nullptr, FALSE, TRUE, nullptr);
  CHECK(SignalObjectAndWait(semaphore, event, 0, FALSE) == WAIT_OBJECT_0);
  CHECK(ReleaseSemaphore(semaphore, 1, &before) && before == 2);
  CloseHandle(event);
  CloseHandle(semaphore);
}

struct Shared {
  CRITICAL_SECTION section;
  SRWLOCK slim = SRWLOCK_INIT;
  CONDITION_VARIABLE changed = CONDITION_VARIABLE_INIT;
  INIT_ONCE once = INIT_ONCE_STATIC_INIT;
  SYNCHRONIZATION_BARRIER barrier;
  std::vector<int> queue;
  int made = 0;
  int last_ones = 0;
  long long sum = 0;
  volatile LONG word = 0;
};

static DWORD WINAPI produce(LPVOID parameter) {
  auto& shared = *static_cast<Shared*>(parameter);
  for (int i = 1; i <= 20; ++i) {
    EnterCriticalSection(&shared.section);
    EnterCriticalSection(&shared.section);
    shared.queue.push_back(i);
    LeaveCriticalSection(&shared.section);
    LeaveCriticalSection(&shared.section);
    WakeConditionVariable(&shared.changed);
    if (i % 5 == 0) Sleep(1);
  }
  return 0;
}

static DWORD WINAPI consume(LPVOID parameter) {
  auto& shared = *static_cast<Shared*>(parameter);
  for (int taken = 0; taken < 20; ++taken) {
    EnterCriticalSection(&shared.section);
    while (shared.queue.empty()) {
      CHECK(SleepConditionVariableCS(&shared.changed, &shared.section, INFINITE));
    }
    shared.sum += shared.queue.back();
    shared.queue.pop_back();
    LeaveCriticalSection(&shared.section);
  }
  return 0;
}

static BOOL CALLBACK make(PINIT_ONCE, PVOID parameter, PVOID* context) {
  auto& shared = *static_cast<Shared*>(parameter);
  Sleep(2);
  ++shared.made;
  *context = &shared;
  return TRUE;
}

static DWORD WINAPI meet(LPVOID parameter) {
  auto& shared = *static_cast<Shared*>(parameter);
  PVOID context = nullptr;
  CHECK(InitOnceExecuteOnce(&shared.once, make, &shared, &context) && context == &shared);
  for (int round = 0; round < 3; ++round) {
    AcquireSRWLockShared(&shared.slim);
    const int seen = shared.last_ones;
    ReleaseSRWLockShared(&shared.slim);
    CHECK(seen == round);
    if (EnterSynchronizationBarrier(&shared.barrier, 0)) {
      AcquireSRWLockExclusive(&shared.slim);
      ++shared.last_ones;
      ReleaseSRWLockExclusive(&shared.slim);
    }
    EnterSynchronizationBarrier(&shared.barrier, 0);
  }
  return 0;
}

static DWORD WINAPI wakes_word(LPVOID parameter) {
  auto& shared = *static_cast<Shared*>(parameter);
  Sleep(3);
  InterlockedExchange(&shared.word, 9);
  WakeByAddressAll(const_cast<LONG*>(&shared.word));
  return 0;
}

static void locks_in_memory() {
  Shared shared;
  CHECK(InitializeCriticalSectionAndSpinCount(&shared.section, 4000));
  CHECK(TryEnterCriticalSection(&shared.section));
  LeaveCriticalSection(&shared.section);
  HANDLE pair[] = {in_thread(consume, &shared), in_thread(produce, &shared), in_thread(produce, &shared),
                   in_thread(consume, &shared)};
  for (HANDLE thread : pair) join(thread);
  CHECK(shared.sum == 2 * 210 && shared.queue.empty());
  EnterCriticalSection(&shared.section);
  CHECK_FAILS(SleepConditionVariableCS(&shared.changed, &shared.section, 2), ERROR_TIMEOUT);
  LeaveCriticalSection(&shared.section);

  CHECK(InitializeSynchronizationBarrier(&shared.barrier, 3, -1));
  HANDLE three[] = {in_thread(meet, &shared), in_thread(meet, &shared), in_thread(meet, &shared)};
  for (HANDLE thread : three) join(thread);
  CHECK(shared.made == 1 && shared.last_ones == 3);

  AcquireSRWLockShared(&shared.slim);
  CHECK(TryAcquireSRWLockShared(&shared.slim));
  CHECK(!TryAcquireSRWLockExclusive(&shared.slim));
  ReleaseSRWLockShared(&shared.slim);
  ReleaseSRWLockShared(&shared.slim);
  CHECK(TryAcquireSRWLockExclusive(&shared.slim));
  CHECK(!TryAcquireSRWLockShared(&shared.slim));
  CHECK_FAILS(SleepConditionVariableSRW(&shared.changed, &shared.slim, 1, 0), ERROR_TIMEOUT);
  ReleaseSRWLockExclusive(&shared.slim);

  LONG zero = 0;
  CHECK_FAILS(WaitOnAddress(&shared.word, &zero, sizeof zero, 1), ERROR_TIMEOUT);
  HANDLE waker = in_thread(wakes_word, &shared);
  while (ReadAcquire(&shared.word) == 0) CHECK(WaitOnAddress(&shared.word, &zero, sizeof zero, INFINITE));
  CHECK(shared.word == 9);
  join(waker);
  CHECK_FAILS(WaitOnAddress(&shared.word, &zero, 3, 0), ERROR_INVALID_PARAMETER);
  DeleteCriticalSection(&shared.section);
}

// Whoever comes out of a barrier may free it.
static DWORD WINAPI meets_and_frees(LPVOID parameter) {
  auto* barrier = static_cast<SYNCHRONIZATION_BARRIER*>(parameter);
  if (EnterSynchronizationBarrier(barrier, 0)) {
    FillMemory(barrier, sizeof *barrier, 0xFF);
    delete barrier;
  }
  return 0;
}

static void barriers_that_are_freed() {
  for (int round = 0; round < 5; ++round) {
    auto* barrier = new SYNCHRONIZATION_BARRIER;
    CHECK(InitializeSynchronizationBarrier(barrier, 2, -1));
    HANDLE pair[] = {in_thread(meets_and_frees, barrier), in_thread(meets_and_frees, barrier)};
    for (HANDLE thread : pair) join(thread);
  }
}

static volatile LONG spinning = 0;

static void spins() {
  HANDLE setter = in_thread(
      [](LPVOID) -> DWORD {
        Sleep(5);
        InterlockedIncrement(&spinning);
        return 0;
      },
      nullptr);
  while (InterlockedCompareExchange(&spinning, 2, 1) != 1) YieldProcessor();
  CHECK(spinning == 2);
  join(setter);
  BOOLEAN volatile done = FALSE;
  HANDLE other = in_thread(
      [](LPVOID parameter) -> DWORD {
        Sleep(1);
        WriteBooleanRelease(static_cast<BOOLEAN volatile*>(parameter), TRUE);
        return 0;
      },
      const_cast<BOOLEAN*>(&done));
  while (!ReadBooleanAcquire(&done)) {
  }
  join(other);
  LONG64 wide = 1;
  CHECK(InterlockedAdd64(&wide, 4) == 5 && InterlockedExchangeAdd64(&wide, 1) == 5 && wide == 6);
  PVOID pointer = nullptr;
  CHECK(InterlockedCompareExchangePointer(&pointer, &wide, nullptr) == nullptr && pointer == &wide);
  LONG bits = 0;
  CHECK(!InterlockedBitTestAndSet(&bits, 4) && InterlockedBitTestAndSet(&bits, 4) && bits == 16);
  CHECK(InterlockedOr(&bits, 3) == 16 && InterlockedAnd(&bits, 2) == 19 && bits == 2);
}

// Buffers of a pool that several threads share.
struct Pooled {
  SLIST_ENTRY entry;
  LONG volatile owners;
};
struct Pool {
  SLIST_HEADER buffers;
  Pooled memory[4];
};

static DWORD takes_and_gives(LPVOID parameter) {
  Pool* pool = static_cast<Pool*>(parameter);
  for (int taken = 0; taken < 20;) {
    auto* buffer = reinterpret_cast<Pooled*>(InterlockedPopEntrySList(&pool->buffers));
    if (buffer == nullptr) continue;
    CHECK(InterlockedIncrement(&buffer->owners) == 1);
    if (taken % 4 == 0) Sleep(1);
    CHECK(InterlockedDecrement(&buffer->owners) == 0);
    InterlockedPushEntrySList(&pool->buffers, &buffer->entry);
    ++taken;
  }
  return 0;
}

static void pool_without_a_lock() {
  alignas(16) static Pool pool;
  InitializeSListHead(&pool.buffers);
  for (Pooled& buffer : pool.memory) InterlockedPushEntrySList(&pool.buffers, &buffer.entry);
  HANDLE threads[6];
  for (HANDLE& thread : threads) thread = in_thread(takes_and_gives, &pool);
  for (HANDLE thread : threads) join(thread);
  CHECK(QueryDepthSList(&pool.buffers) == 4);
}

static void lists_in_order() {
  alignas(16) static SLIST_HEADER list;
  alignas(16) static SLIST_ENTRY entry[4];
  InitializeSListHead(&list);
  CHECK(InterlockedPopEntrySList(&list) == nullptr && QueryDepthSList(&list) == 0);
  CHECK(InterlockedPushEntrySList(&list, &entry[0]) == nullptr);
  CHECK(InterlockedPushEntrySList(&list, &entry[1]) == &entry[0]);
  entry[2].Next = &entry[3];
  CHECK(InterlockedPushListSList(&list, &entry[2], &entry[3], 2) == &entry[1]);
  CHECK(QueryDepthSList(&list) == 4 && RtlFirstEntrySList(&list) == &entry[2]);
  CHECK(InterlockedPopEntrySList(&list) == &entry[2] && InterlockedPopEntrySList(&list) == &entry[3]);
  CHECK(InterlockedFlushSList(&list) == &entry[1] && entry[1].Next == &entry[0] && entry[0].Next == nullptr);
  CHECK(InterlockedFlushSList(&list) == nullptr && QueryDepthSList(&list) == 0);
}

int main() {
  lists_in_order();
  pool_without_a_lock();
  events();
  mutexes();
  semaphores();
  locks_in_memory();
  barriers_that_are_freed();
  spins();
  std::wstring wide = L"eight ";
  for (int i = 0; i < 40; ++i) wide += L"and more ";
  CHECK(wide.size() == 6 + 40 * 9 && wide.substr(6, 3) == L"and" && sizeof(wchar_t) == 2);
  return checks_end();
}
