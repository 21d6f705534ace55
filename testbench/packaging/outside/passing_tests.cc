// passing_tests.cc: tests of somebody else that pass: explored, and with keys, locks, barriers and threads
// that are older than any machine, or outlive one.
#include <pthread.h>
#include <ringproof/testbench_gtest.h>
#include <semaphore.h>

#include <atomic>
#include <chrono>
#include <thread>
#include <vector>

namespace {

using namespace ringproof::testbench;
using namespace std::chrono_literals;

TEST(Explored, ManySchedules) {
  Exploring exploring;
  exploring.schedules = 20;
  expect_all_schedules_pass(exploring, [](Testbench& machine) {
    int ran = 0;
    const Thread one = machine.start("one", [&] { ++ran; });
    machine.join(machine.start("two", [&] { ++ran; }));
    machine.join(one);
    EXPECT_EQ(ran, 2);
  });
}

// Made by an initialiser of the test program, as libraries do.
pthread_key_t early_key() {
  pthread_key_t key = 0;
  EXPECT_EQ(pthread_key_create(&key, nullptr), 0);
  return key;
}
const pthread_key_t early = early_key();
int value, other_value;

TEST(Keys, OlderThanTheMachineIsTheHosts) {
  ASSERT_EQ(pthread_setspecific(early, &value), 0);
  {
    TestMachine machine;
    EXPECT_EQ(pthread_getspecific(early), &value);
    machine.join(machine.start("app", [&] {
      EXPECT_EQ(pthread_getspecific(early), &value);
      pthread_key_t own = 0;
      EXPECT_EQ(pthread_key_create(&own, nullptr), 0);
      EXPECT_EQ(pthread_getspecific(own), nullptr);
      EXPECT_EQ(pthread_setspecific(own, &other_value), 0);
      EXPECT_EQ(pthread_getspecific(early), &value);
      EXPECT_EQ(pthread_setspecific(early, &other_value), 0);
      EXPECT_EQ(pthread_key_delete(own), 0);
    }));
    EXPECT_EQ(pthread_getspecific(early), &other_value);
  }
  EXPECT_EQ(pthread_getspecific(early), &other_value);
  EXPECT_EQ(pthread_setspecific(early, nullptr), 0);
}

// As a library does that makes its key when it is first used, in whatever machine that happens.
pthread_key_t lazy;
pthread_once_t lazy_once = PTHREAD_ONCE_INIT;
void make_lazy() { EXPECT_EQ(pthread_key_create(&lazy, nullptr), 0); }

TEST(Keys, OfAThreadOutlivesItsMachine) {
  for (int i = 0; i < 3; ++i) {
    TestMachine machine;
    const auto body = [](int* own) {
      pthread_once(&lazy_once, make_lazy);
      EXPECT_EQ(pthread_getspecific(lazy), nullptr);
      EXPECT_EQ(pthread_setspecific(lazy, own), 0);
      pthread_t thread;
      pthread_create(
          &thread, nullptr, [](void*) { return pthread_getspecific(lazy); }, nullptr);
      void* of_other = own;
      pthread_join(thread, &of_other);
      EXPECT_EQ(of_other, nullptr);
      EXPECT_EQ(pthread_getspecific(lazy), own);
    };
    const Thread one = machine.start("one", [&] { body(&value); });
    machine.join(machine.start("two", [&] { body(&other_value); }));
    machine.join(one);
  }
  EXPECT_EQ(pthread_getspecific(lazy), nullptr);
  EXPECT_EQ(pthread_setspecific(lazy, &value), 0);
  EXPECT_EQ(pthread_getspecific(lazy), &value);
  EXPECT_EQ(pthread_key_delete(lazy), 0);
  EXPECT_NE(pthread_setspecific(lazy, &value), 0);
}

TEST(Keys, GiveTheirValuesBackWhenAThreadEnds) {
  static int given_back, one = 1;
  TestMachine machine;
  const auto body = [] {
    pthread_key_t key = 0;
    EXPECT_EQ(pthread_key_create(&key, [](void* memory) { given_back += *static_cast<int*>(memory); }), 0);
    EXPECT_EQ(pthread_setspecific(key, &one), 0);
  };
  machine.join(machine.start("one", body));
  EXPECT_EQ(given_back, 1);
  machine.join(machine.start("two", body));
  EXPECT_EQ(given_back, 2);
}

TEST(Keys, HaveAnEnd) {
  TestMachine machine;
  machine.join(machine.start("app", [] {
    std::vector<pthread_key_t> keys(PTHREAD_KEYS_MAX);
    for (pthread_key_t& key : keys) ASSERT_EQ(pthread_key_create(&key, nullptr), 0);
    pthread_key_t more = 0;
    EXPECT_EQ(pthread_key_create(&more, nullptr), EAGAIN);
    for (const pthread_key_t key : keys) EXPECT_EQ(pthread_key_delete(key), 0);
    EXPECT_EQ(pthread_key_delete(keys.front()), EINVAL);
  }));
}

template <typename Lock, typename Try, typename Unlock>
void goes_through_a_machine(Lock lock, Try try_lock, Unlock unlock) {
  ASSERT_EQ(lock(), 0);
  {
    TestMachine machine;
    EXPECT_EQ(unlock(), 0);
    machine.join(machine.start("app", [&] {
      EXPECT_EQ(lock(), 0);
      EXPECT_EQ(unlock(), 0);
    }));
    EXPECT_EQ(lock(), 0);
  }
  EXPECT_EQ(try_lock(), EBUSY);
  EXPECT_EQ(unlock(), 0);
}

TEST(Locks, AreHeldIntoAMachineAndOutOfIt) {
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  goes_through_a_machine([&] { return pthread_mutex_lock(&mutex); },
                         [&] { return pthread_mutex_trylock(&mutex); },
                         [&] { return pthread_mutex_unlock(&mutex); });
  pthread_rwlock_t shared = PTHREAD_RWLOCK_INITIALIZER;
  goes_through_a_machine([&] { return pthread_rwlock_wrlock(&shared); },
                         [&] { return pthread_rwlock_trywrlock(&shared); },
                         [&] { return pthread_rwlock_unlock(&shared); });
}

// A thread of the application stands still in the middle of what it does, and holds the lock of the test.
TEST(Locks, OfAThreadThatStandsStillDoNotStopTheTest) {
  TestMachine machine;
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  const Thread app = machine.start("app", [&] {
    pthread_mutex_lock(&mutex);
    const struct timespec second = {1, 0};
    nanosleep(&second, nullptr);
    pthread_mutex_unlock(&mutex);
  });
  machine.run_for(1ms);
  EXPECT_EQ(pthread_mutex_lock(&mutex), 0);
  EXPECT_EQ(pthread_mutex_unlock(&mutex), 0);
  machine.join(app);
}

TEST(Barriers, OlderThanTheMachineLetThreadsMeet) {
  pthread_barrier_t barrier;
  ASSERT_EQ(pthread_barrier_init(&barrier, nullptr, 2), 0);
  ASSERT_EQ(pthread_barrier_init(&barrier, nullptr, 0), EINVAL);
  for (int i = 0; i < 2; ++i) {
    TestMachine machine;
    int last_ones = 0;
    const auto body = [&] {
      for (int round = 0; round < 3; ++round) {
        const int answer = pthread_barrier_wait(&barrier);
        EXPECT_TRUE(answer == 0 || answer == PTHREAD_BARRIER_SERIAL_THREAD);
        if (answer == PTHREAD_BARRIER_SERIAL_THREAD) ++last_ones;
      }
    };
    const Thread one = machine.start("one", body);
    machine.join(machine.start("two", body));
    machine.join(one);
    EXPECT_EQ(last_ones, 3);
  }
  EXPECT_EQ(pthread_barrier_destroy(&barrier), 0);
}

TEST(Semaphores, OlderThanTheMachineLetThreadsWaitForTheTest) {
  sem_t semaphore;
  ASSERT_EQ(sem_init(&semaphore, 0, 1), 0);
  TestMachine machine;
  const Thread app = machine.start("app", [&] {
    sem_wait(&semaphore);
    sem_wait(&semaphore);
  });
  machine.run_for(1ms);
  EXPECT_FALSE(app.ended());
  sem_post(&semaphore);
  machine.join(app);
}

// A thread of the host goes its own way, beside the machine.
TEST(Threads, OlderThanTheMachineAreTheHosts) {
  std::atomic<bool> go_on = true;
  std::atomic<std::uint64_t> rounds = 0;
  pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
  std::thread old([&] {
    while (go_on) {
      pthread_mutex_lock(&mutex);
      pthread_setspecific(early, &other_value);
      EXPECT_EQ(pthread_getspecific(early), &other_value);
      pthread_mutex_unlock(&mutex);
      ++rounds;
    }
  });
  {
    TestMachine machine;
    const std::uint64_t before = rounds;
    machine.join(machine.start("app", [] {
      for (int i = 0; i < 10'000; ++i) sched_yield();
    }));
    while (rounds < before + 100) {
    }
    go_on = false;
    old.join();
  }
  EXPECT_EQ(pthread_getspecific(early), nullptr);
}

}  // namespace
