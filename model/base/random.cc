#include "model/base/random.h"

#include "model/base/hash.h"

namespace ringproof {
namespace {

std::uint64_t split_mix(std::uint64_t& state) {
  state += 0x9E3779B97F4A7C15ull;
  std::uint64_t z = state;
  z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9ull;
  z = (z ^ (z >> 27)) * 0x94D049BB133111EBull;
  return z ^ (z >> 31);
}

}  // namespace

RandomStream::RandomStream(std::uint64_t seed, std::string_view name) {
  Hash64 hash;
  hash.add_u64(seed);
  hash.add_bytes(name.data(), name.size());
  std::uint64_t mix = hash.value();
  for (std::uint64_t& word : state_) word = split_mix(mix);
}

std::uint64_t RandomStream::redrawn(std::uint64_t draw, std::uint64_t bound) {
  constexpr std::uint64_t kMax = ~std::uint64_t{0};
  const std::uint64_t limit = kMax - (kMax % bound + 1) % bound;
  while (draw > limit) draw = next();
  return draw;
}

}  // namespace ringproof
