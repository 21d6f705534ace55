// Threads of the C runtime, by way of CreateThread: include/win32/process.h names the calls.

#include <ringproof/app.h>
#include <ringproof/win32/process.h>
#include <ringproof/win32/threads.h>

#include <cstdint>
#include <memory>

namespace {

using ExStart = unsigned (*)(void*);
using Start = void (*)(void*);

// What a new thread of _beginthread is to do; CreateThread hands on one pointer.
struct Work {
  Start start;
  void* argument;
};

DWORD run(LPVOID parameter) {
  const std::unique_ptr<Work> work(static_cast<Work*>(parameter));
  work->start(work->argument);
  return 0;
}

}  // namespace

#pragma GCC visibility push(default)
extern "C" {

std::uintptr_t _beginthreadex(void* security, unsigned stack_bytes, ExStart start, void* argument,
                              unsigned flags, unsigned* id) {
  DWORD thread_id = 0;
  // The types of the start routine differ in the name of the integer alone.
  const HANDLE thread =
      CreateThread(static_cast<LPSECURITY_ATTRIBUTES>(security), stack_bytes,
                   reinterpret_cast<LPTHREAD_START_ROUTINE>(start), argument, flags, &thread_id);
  if (thread != nullptr && id != nullptr) *id = thread_id;
  return reinterpret_cast<std::uintptr_t>(thread);
}

std::uintptr_t _beginthread(Start start, unsigned stack_bytes, void* argument) {
  auto work = std::make_unique<Work>(Work{start, argument});
  const HANDLE thread = CreateThread(nullptr, stack_bytes, run, work.get(), 0, nullptr);
  if (thread == nullptr) return static_cast<std::uintptr_t>(-1);
  work.release();
  CloseHandle(thread);
  return reinterpret_cast<std::uintptr_t>(thread);
}

void _endthreadex(unsigned status) { ExitThread(status); }
void _endthread(void) { ExitThread(0); }
int _getpid(void) { return static_cast<int>(GetCurrentProcessId()); }

}  // extern "C"
#pragma GCC visibility pop
