// crt_intrin.h: Microsoft's intrinsics that windows.h brings along.
// Role     bits, barriers and traps under their names
// Source   Windows: compiler intrinsics, x64 list
#pragma once

#include "ringproof/win32/crt_base.h"

RINGPROOF_C_BEGIN

RINGPROOF_API uint64_t ringproof_crt_cycles(void);
// Ends the program.
RINGPROOF_API __attribute__((noreturn)) void ringproof_crt_fast_fail(unsigned code);

#define __debugbreak() __builtin_trap()
#define __fastfail(code) ringproof_crt_fast_fail(code)
#define __ud2() __builtin_trap()
#define FAST_FAIL_LEGACY_GS_VIOLATION 0
#define FAST_FAIL_INVALID_ARG 5
#define FAST_FAIL_FATAL_APP_EXIT 7

// The compiler moves nothing across; the processor may.
#define _ReadWriteBarrier() __asm__ __volatile__("" ::: "memory")
#define _ReadBarrier() _ReadWriteBarrier()
#define _WriteBarrier() _ReadWriteBarrier()

// 0 when no bit is set, and `*index` keeps its value.
static inline unsigned char ringproof_lowest_bit(uint32_t* index, uint64_t mask) {
  if (mask == 0) return 0;
  *index = (uint32_t)__builtin_ctzll(mask);
  return 1;
}
static inline unsigned char ringproof_highest_bit(uint32_t* index, uint64_t mask) {
  if (mask == 0) return 0;
  *index = 63 - (uint32_t)__builtin_clzll(mask);
  return 1;
}
#define _BitScanForward(index, mask) ringproof_lowest_bit((uint32_t*)(index), (uint32_t)(mask))
#define _BitScanForward64(index, mask) ringproof_lowest_bit((uint32_t*)(index), (uint64_t)(mask))
#define _BitScanReverse(index, mask) ringproof_highest_bit((uint32_t*)(index), (uint32_t)(mask))
#define _BitScanReverse64(index, mask) ringproof_highest_bit((uint32_t*)(index), (uint64_t)(mask))
#define __popcnt16(value) ((unsigned short)__builtin_popcount((unsigned short)(value)))
#define __popcnt(value) ((unsigned)__builtin_popcount(value))
#define __popcnt64(value) ((unsigned long long)__builtin_popcountll(value))
static inline unsigned ringproof_lzcnt32(unsigned value) {
  return value == 0 ? 32 : (unsigned)__builtin_clz(value);
}
static inline unsigned long long ringproof_lzcnt64(unsigned long long value) {
  return value == 0 ? 64 : (unsigned long long)__builtin_clzll(value);
}
static inline unsigned char ringproof_bit_of_words(const int32_t* base, int32_t bit) {
  return (unsigned char)((base[bit >> 5] >> (bit & 31)) & 1);
}
static inline unsigned char ringproof_bit_of_long_words(const long long* base, long long bit) {
  return (unsigned char)((base[bit >> 6] >> (bit & 63)) & 1);
}
#define _bittest(base, bit) ringproof_bit_of_words((const int32_t*)(base), (bit))
#define _bittest64(base, bit) ringproof_bit_of_long_words((base), (bit))

__extension__ typedef unsigned __int128 ringproof_uint128;
static inline unsigned long long ringproof_umul128(unsigned long long a, unsigned long long b,
                                                   unsigned long long* high) {
  const ringproof_uint128 product = (ringproof_uint128)a * b;
  if (high != NULL) *high = (unsigned long long)(product >> 64);
  return (unsigned long long)product;
}
static inline unsigned long long ringproof_umulh(unsigned long long a, unsigned long long b) {
  return (unsigned long long)(((ringproof_uint128)a * b) >> 64);
}
#define _umul128(a, b, high) ringproof_umul128((a), (b), (high))
#define __umulh(a, b) ringproof_umulh((a), (b))

RINGPROOF_C_END
