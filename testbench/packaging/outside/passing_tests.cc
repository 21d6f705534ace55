// passing_tests.cc: tests of somebody else that pass: explored, and with keys, locks, barriers and threads
// that are older than any machine, or outlive one.
#define XDP_API_VERSION 3
#include <afxdp_helper.h>
#include <pthread.h>
#include <ringproof/testbench_gtest.h>
#include <semaphore.h>
#include <sys/mman.h>
#include <xdpapi.h>

#include <atomic>
#include <chrono>
#include <memory>
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

// A socket that is bound to receive, with a UMEM of its own.
struct Receiver {
  static constexpr UINT64 kBytes = 16 * 2048;
  explicit Receiver(void* at = nullptr) {
    umem = at != nullptr ? at
                         : mmap(nullptr, kBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    EXPECT_EQ(XskCreate(&socket), 0);
    const XSK_UMEM_REG umem_of = {kBytes, 2048, 0, umem};
    registered = XskSetSockopt(socket, XSK_SOCKOPT_UMEM_REG, &umem_of, sizeof umem_of);
    if (registered != 0) return;
    const UINT32 size = 8;
    EXPECT_EQ(XskSetSockopt(socket, XSK_SOCKOPT_RX_RING_SIZE, &size, sizeof size), 0);
    EXPECT_EQ(XskSetSockopt(socket, XSK_SOCKOPT_RX_FILL_RING_SIZE, &size, sizeof size), 0);
    EXPECT_EQ(XskBind(socket, 1, 0, XSK_BIND_FLAG_RX), 0);
    EXPECT_EQ(XskActivate(socket, XSK_ACTIVATE_FLAG_NONE), 0);
    XSK_RING_INFO_SET info{};
    UINT32 length = sizeof info;
    EXPECT_EQ(XskGetSockopt(socket, XSK_SOCKOPT_RING_INFO, &info, &length), 0);
    XskRingInitialize(&fill, &info.Fill);
    XskRingInitialize(&rx, &info.Rx);
  }
  void post_one() {
    UINT32 index = 0;
    EXPECT_EQ(XskRingProducerReserve(&fill, 1, &index), 1u);
    *static_cast<UINT64*>(XskRingGetElement(&fill, index)) = 0;
    XskRingProducerSubmit(&fill, 1);
  }
  UINT32 received() {
    UINT32 index = 0;
    return XskRingConsumerReserve(&rx, 8, &index);
  }
  HANDLE redirect() const {
    XDP_RULE rule{};
    rule.Match = XDP_MATCH_ALL;
    rule.Action = XDP_PROGRAM_ACTION_REDIRECT;
    rule.Redirect.TargetType = XDP_REDIRECT_TARGET_TYPE_XSK;
    rule.Redirect.Target = socket;
    const XDP_HOOK_ID hook = {XDP_HOOK_L2, XDP_HOOK_RX, XDP_HOOK_INSPECT};
    HANDLE program = nullptr;
    EXPECT_EQ(XdpCreateProgram(1, &hook, 0, XDP_CREATE_PROGRAM_FLAG_NONE, &rule, 1, &program), 0);
    return program;
  }

  void* umem;
  HANDLE socket = nullptr;
  HRESULT registered = 0;
  XSK_RING fill{}, rx{};
};

// S-026: locked until the socket is closed, and gone then.
TEST(Memory, ThatASocketHoldsStaysUntilItIsClosed) {
  TestMachine machine;
  std::unique_ptr<Receiver> receiver;
  HANDLE program = nullptr;
  machine.call([&] {
    receiver = std::make_unique<Receiver>();
    program = receiver->redirect();
    receiver->post_one();
    EXPECT_EQ(munmap(receiver->umem, Receiver::kBytes), 0);
  });
  machine.inject(udp_frame(64, 1));
  machine.run_until_idle();
  machine.call([&] {
    EXPECT_EQ(receiver->received(), 1u);
    CloseHandle(program);
    CloseHandle(receiver->socket);
    const Receiver again(receiver->umem);
    EXPECT_EQ(static_cast<UINT32>(again.registered), 0x800703E6u);
    CloseHandle(again.socket);
  });
}

TEST(Memory, OfManySocketsStays) {
  TestMachine machine;
  std::vector<std::unique_ptr<Receiver>> receivers;
  HANDLE program = nullptr;
  machine.call([&] {
    for (int i = 0; i < 400; ++i) receivers.push_back(std::make_unique<Receiver>());
    program = receivers.back()->redirect();
    receivers.back()->post_one();
    EXPECT_EQ(munmap(receivers.back()->umem, Receiver::kBytes), 0);
  });
  machine.inject(udp_frame(64, 1));
  machine.run_until_idle();
  machine.call([&] {
    EXPECT_EQ(receivers.back()->received(), 1u);
    CloseHandle(program);
    for (const auto& receiver : receivers) CloseHandle(receiver->socket);
  });
}

}  // namespace
