// random.h: a named stream of random numbers.
// Role     every purpose draws from a stream of its own, so a new draw in one place moves no other
// Shapes   64-bit outputs; the stream depends on (seed, name) only
// Source   xoshiro256** by Blackman and Vigna (public domain algorithm), seeded by splitmix64
#pragma once

#include <bit>
#include <cstdint>
#include <string_view>

namespace ringproof {

class RandomStream {
 public:
  RandomStream(std::uint64_t seed, std::string_view name);
  std::uint64_t next() {
    const std::uint64_t result = std::rotl(state_[1] * 5, 7) * 9;
    const std::uint64_t t = state_[1] << 17;
    state_[2] ^= state_[0];
    state_[3] ^= state_[1];
    state_[1] ^= state_[2];
    state_[0] ^= state_[3];
    state_[2] ^= t;
    state_[3] = std::rotl(state_[3], 45);
    return result;
  }
  // Uniform in [0, bound). REQUIRES: bound > 0.
  std::uint64_t below(std::uint64_t bound) {
    const std::uint64_t draw = next();
    return (draw <= ~std::uint64_t{0} - bound ? draw : redrawn(draw, bound)) % bound;
  }

 private:
  // Draws above the largest multiple of `bound` are thrown away, so that no value is favoured.
  std::uint64_t redrawn(std::uint64_t draw, std::uint64_t bound);

  std::uint64_t state_[4];
};

}  // namespace ringproof
