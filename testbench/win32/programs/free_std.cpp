// Threads of the C++ library beside objects of Windows: a thread that has not called anything yet is one too.
#include <windows.h>

#include <atomic>
#include <chrono>
#include <cstdio>
#include <thread>
#include <vector>

int main() {
  const HANDLE event = CreateEvent(nullptr, FALSE, FALSE, nullptr);
  // Nothing is left to happen but that this thread wakes up, which the machine does not see coming.
  std::thread late([event] {
    std::this_thread::sleep_for(std::chrono::milliseconds(50));
    SetEvent(event);
  });
  const bool woken = WaitForSingleObject(event, INFINITE) == WAIT_OBJECT_0;
  late.join();

  std::atomic<int> made{0};
  std::vector<std::thread> threads;
  for (int i = 0; i < 8; ++i) {
    threads.emplace_back([&made, event] {
      SetLastError(7);
      if (GetCurrentThreadId() != 0 && SetEvent(event) && GetLastError() == 7) ++made;
    });
  }
  for (std::thread& thread : threads) thread.join();
  CloseHandle(event);
  std::printf("woken %d, made %d\n", woken, made.load());
  return woken && made == 8 ? 0 : 1;
}
