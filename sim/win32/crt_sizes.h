// crt_sizes.h: the size letters of Microsoft's format languages.
// Role     shared by printf and scanf
// Source   Windows: size specification of format strings
#pragma once

namespace ringproof::win32 {

// kWide: %ws. kPointer: what is as wide as a pointer, %I and the C standard's z, t, j.
enum class Size { kPlain, kByte, kShort, kLong, kLongLong, k32, k64, kPointer, kWide, kLongDouble };

inline bool is_64_bits(Size size) {
  return size == Size::kLongLong || size == Size::k64 || size == Size::kPointer;
}

// Moves on behind the size.
template <typename Unit>
Size parse_size(const Unit*& at) {
  const auto is = [&](int i, char letter) { return at[i] == static_cast<Unit>(letter); };
  const auto take = [&](int units, Size size) {
    at += units;
    return size;
  };
  if (is(0, 'h')) return is(1, 'h') ? take(2, Size::kByte) : take(1, Size::kShort);
  if (is(0, 'l')) return is(1, 'l') ? take(2, Size::kLongLong) : take(1, Size::kLong);
  if (is(0, 'I') && is(1, '6') && is(2, '4')) return take(3, Size::k64);
  if (is(0, 'I') && is(1, '3') && is(2, '2')) return take(3, Size::k32);
  if (is(0, 'I') || is(0, 'z') || is(0, 't') || is(0, 'j')) return take(1, Size::kPointer);
  if (is(0, 'w')) return take(1, Size::kWide);
  if (is(0, 'L')) return take(1, Size::kLongDouble);
  return Size::kPlain;
}

}  // namespace ringproof::win32
