// std::thread, std::mutex and sleep_for: two threads take turns in simulated time.
#include <chrono>
#include <cstdio>
#include <mutex>
#include <thread>

#define XDP_API_VERSION 3
#include <afxdp.h>

int main() {
  std::mutex lock;
  int turns = 0;
  const ULONGLONG before = GetTickCount64();
  const auto work = [&] {
    for (int i = 0; i < 5; ++i) {
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
      const std::lock_guard<std::mutex> guard(lock);
      ++turns;
    }
  };
  std::thread first(work);
  std::thread second(work);
  first.join();
  second.join();
  std::printf("%d turns in %llu ms, joinable %d\n", turns, GetTickCount64() - before, first.joinable());
  return 0;
}
