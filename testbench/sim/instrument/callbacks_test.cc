// callbacks_test.cc: without a world the callbacks do what the operation says, and nothing else.

#include <gtest/gtest.h>

#include <cstdint>
#include <cstring>

extern "C" {
void __tsan_read4(void* address);
void __tsan_write_range(void* address, std::size_t bytes);
void* __tsan_memcpy(void* to, const void* from, std::size_t bytes);
unsigned __tsan_atomic32_load(const volatile unsigned* address, int order);
void __tsan_atomic64_store(volatile unsigned long* address, unsigned long value, int order);
unsigned char __tsan_atomic8_fetch_add(volatile unsigned char* address, unsigned char value, int order);
unsigned short __tsan_atomic16_fetch_nand(volatile unsigned short* address, unsigned short value, int order);
unsigned __tsan_atomic32_exchange(volatile unsigned* address, unsigned value, int order);
int __tsan_atomic32_compare_exchange_strong(volatile unsigned* address, unsigned* expected, unsigned value,
                                            int order, int failure);
unsigned __tsan_atomic32_compare_exchange_val(volatile unsigned* address, unsigned expected, unsigned value,
                                              int order, int failure);
__extension__ typedef unsigned __int128 Wide;
void __tsan_atomic128_store(volatile Wide* address, Wide value, int order);
Wide __tsan_atomic128_load(const volatile Wide* address, int order);
void __tsan_atomic_thread_fence(int order);
}

namespace ringproof {
namespace {

TEST(CallbacksWithoutAWorld, PlainAccessesChangeNothing) {
  unsigned word = 5;
  __tsan_read4(&word);
  __tsan_write_range(&word, sizeof word);
  __tsan_atomic_thread_fence(__ATOMIC_SEQ_CST);
  EXPECT_EQ(word, 5u);
}

TEST(CallbacksWithoutAWorld, BlocksAreCopied) {
  char to[6];
  EXPECT_EQ(__tsan_memcpy(to, "bytes", 6), to);
  EXPECT_STREQ(to, "bytes");
}

TEST(CallbacksWithoutAWorld, AtomicsOfEverySizeAreDone) {
  unsigned char byte = 255;
  EXPECT_EQ(__tsan_atomic8_fetch_add(&byte, 2, 0), 255);
  EXPECT_EQ(byte, 1);
  unsigned short half = 0xFF00;
  EXPECT_EQ(__tsan_atomic16_fetch_nand(&half, 0x0FF0, 0), 0xFF00);
  EXPECT_EQ(half, 0xF0FF);
  unsigned word = 1;
  EXPECT_EQ(__tsan_atomic32_exchange(&word, 2, 0), 1u);
  EXPECT_EQ(__tsan_atomic32_load(&word, 0), 2u);
  unsigned long wide = 0;
  __tsan_atomic64_store(&wide, 1UL << 40, 0);
  EXPECT_EQ(wide, 1UL << 40);
  alignas(16) Wide widest = 0;
  __tsan_atomic128_store(&widest, Wide{1} << 100, 0);
  EXPECT_TRUE(__tsan_atomic128_load(&widest, 0) == Wide{1} << 100);
}

TEST(CallbacksWithoutAWorld, CompareExchangeTellsWhatItFound) {
  unsigned word = 1;
  unsigned expected = 9;
  EXPECT_EQ(__tsan_atomic32_compare_exchange_strong(&word, &expected, 2, 0, 0), 0);
  EXPECT_EQ(expected, 1u);
  EXPECT_EQ(__tsan_atomic32_compare_exchange_strong(&word, &expected, 2, 0, 0), 1);
  EXPECT_EQ(__tsan_atomic32_compare_exchange_val(&word, 2, 3, 0, 0), 2u);
  EXPECT_EQ(word, 3u);
}

}  // namespace
}  // namespace ringproof
