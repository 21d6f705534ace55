// Threads of the C++ library, and everything they meet with: in simulated time.

#include <atomic>
#include <barrier>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <cstdio>
#include <future>
#include <latch>
#include <mutex>
#include <semaphore>
#include <set>
#include <shared_mutex>
#include <stdexcept>
#include <string>
#include <thread>
#include <vector>

namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

int failures = 0;

void expect(bool good, const char* what) {
  if (good) return;
  ++failures;
  std::printf("failed: %s\n", what);
}

std::vector<std::string> destroyed;
struct Named {
  std::string name = "nobody";
  ~Named() { destroyed.push_back(name); }
};
thread_local Named own_name;
thread_local int own_number = 7;

void conditions() {
  std::mutex mutex;
  std::condition_variable changed;
  std::vector<int> queue;
  int sum = 0;
  std::thread consumer([&] {
    for (int taken = 0; taken < 50; ++taken) {
      std::unique_lock lock(mutex);
      changed.wait(lock, [&] { return !queue.empty(); });
      sum += queue.back();
      queue.pop_back();
    }
  });
  for (int i = 1; i <= 50; ++i) {
    {
      const std::lock_guard lock(mutex);
      queue.push_back(i);
    }
    changed.notify_one();
    if (i % 10 == 0) std::this_thread::sleep_for(100us);
  }
  consumer.join();
  expect(sum == 1275, "a condition hands everything over");

  std::unique_lock lock(mutex);
  const auto begin = Clock::now();
  expect(changed.wait_for(lock, 3ms) == std::cv_status::timeout, "a wait for a condition ends");
  const auto waited = Clock::now() - begin;
  expect(waited >= 3ms && waited < 4ms, "after its time");
  std::timed_mutex timed;
  timed.lock();
  std::thread other([&] { expect(!timed.try_lock_for(2ms), "a lock that is held is not had in time"); });
  other.join();
  timed.unlock();
}

void shared_locks() {
  std::shared_mutex mutex;
  int value = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      for (int round = 0; round < 5; ++round) {
        {
          const std::unique_lock lock(mutex);
          const int seen = value;
          std::this_thread::yield();
          value = seen + 1;
        }
        const std::shared_lock lock(mutex);
        expect(value > 0, "readers see it");
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  expect(value == 20, "one writer at a time");
}

void once() {
  std::once_flag flag;
  int tries = 0;
  int made = 0;
  const auto make = [&] {
    std::this_thread::sleep_for(1ms);
    if (++tries == 1) throw std::runtime_error("the first fails");
    ++made;
  };
  std::vector<std::thread> threads;
  int caught = 0;
  for (int i = 0; i < 4; ++i) {
    threads.emplace_back([&] {
      try {
        std::call_once(flag, make);
      } catch (const std::runtime_error&) {
        ++caught;
      }
    });
  }
  for (std::thread& thread : threads) thread.join();
  expect(made == 1 && caught == 1 && tries == 2, "once, after one that failed");
}

void futures() {
  std::promise<int> promise;
  std::future<int> future = promise.get_future();
  expect(future.wait_for(1ms) == std::future_status::timeout, "nothing is promised yet");
  std::thread keeper([&] {
    std::this_thread::sleep_for(2ms);
    promise.set_value(5);
  });
  expect(future.get() == 5, "a promise is kept");
  keeper.join();
  std::future<int> task = std::async(std::launch::async, [] { return 6; });
  expect(task.get() == 6, "a task answers");
  std::future<int> bad = std::async(std::launch::async, []() -> int { throw std::runtime_error("no"); });
  try {
    bad.get();
    expect(false, "an exception comes through");
  } catch (const std::runtime_error& problem) {
    expect(std::string(problem.what()) == "no", "with its words");
  }
}

void atomics() {
  std::latch all_here(3);
  std::counting_semaphore<8> permits(0);
  std::barrier meeting(3);
  std::atomic<int> word = 0;
  std::atomic<int> rounds = 0;
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&] {
      all_here.arrive_and_wait();
      permits.acquire();
      word.wait(0);
      for (int round = 1; round <= 3; ++round) {
        ++rounds;
        meeting.arrive_and_wait();
        expect(rounds >= 3 * round, "nobody is a round behind");
      }
    });
  }
  all_here.wait();
  std::this_thread::sleep_for(1ms);
  permits.release(3);
  std::this_thread::sleep_for(1ms);
  word = 1;
  word.notify_all();
  for (std::thread& thread : threads) thread.join();
  expect(rounds == 9, "every round was met");
}

void thread_locals() {
  std::set<std::thread::id> ids = {std::this_thread::get_id()};
  std::mutex mutex;
  own_name.name = "main";
  own_number = 1;
  std::vector<std::thread> threads;
  for (int i = 0; i < 3; ++i) {
    threads.emplace_back([&, i] {
      expect(own_number == 7 && own_name.name == "nobody", "each thread begins anew");
      own_number = 10 + i;
      own_name.name = std::to_string(i);
      errno = 100 + i;
      std::this_thread::sleep_for(std::chrono::milliseconds(3 - i));
      expect(errno == 100 + i, "errno is its own");
      expect(own_number == 10 + i && own_name.name == std::to_string(i), "and keeps its own");
      const std::lock_guard lock(mutex);
      ids.insert(std::this_thread::get_id());
    });
  }
  for (std::thread& thread : threads) thread.join();
  expect(own_number == 1 && own_name.name == "main", "main keeps its own");
  expect(ids.size() == 4, "every thread has an id");
  expect(destroyed == std::vector<std::string>({"2", "1", "0"}), "variables are destroyed with their thread");
}

}  // namespace

int main() {
  conditions();
  shared_locks();
  once();
  futures();
  atomics();
  thread_locals();
  expect(std::thread::hardware_concurrency() == 16, "sixteen processors");
  std::printf("std: %d failed\n", failures);
  return failures == 0 ? 0 : 1;
}
