// Polls with std::atomic and a compare-exchange, and ends when a frame has come.
#include <atomic>

#include "one_socket.h"

int main() {
  OneSocket one;
  open_socket(&one);
  post(&one, 0, 8);
  attach(&one);
  auto& producer = *reinterpret_cast<std::atomic<UINT32>*>(one.rx.SharedProducer);
  auto& consumer = *reinterpret_cast<std::atomic<UINT32>*>(one.rx.SharedConsumer);
  while (producer.load(std::memory_order_acquire) == consumer.load(std::memory_order_relaxed)) {
  }
  UINT32 expected = 0;
  const bool changed = consumer.compare_exchange_strong(expected, 1);
  std::printf("changed %d, now %u\n", changed, consumer.load());
  return 0;
}
