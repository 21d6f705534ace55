// random.h: a named stream of random numbers.
// Role     every purpose draws from a stream of its own, so a new draw in one place moves no other
// Shapes   64-bit outputs; the stream depends on (seed, name) only
// Source   xoshiro256** by Blackman and Vigna (public domain algorithm), seeded by splitmix64
#pragma once

#include <cstdint>
#include <string_view>

namespace ringproof {

class RandomStream {
 public:
  RandomStream(std::uint64_t seed, std::string_view name);
  std::uint64_t next();
  // Uniform in [0, bound). REQUIRES: bound > 0.
  std::uint64_t below(std::uint64_t bound);

 private:
  std::uint64_t state_[4];
};

}  // namespace ringproof
