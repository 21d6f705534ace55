// coverage.cc: what g++ tells about branches taken, in the form that libFuzzer reads.
// Role     counts, per place in the code, how often it was passed in this input
// Shapes   a place is a hash of its distance from this function, so it is the same in every run
// Source   g++ -fsanitize-coverage=trace-pc; libFuzzer's interface of counters

#include <array>
#include <cstddef>
#include <cstdint>

extern "C" {

void __sanitizer_cov_8bit_counters_init(std::uint8_t* begin, std::uint8_t* end);

namespace {

constexpr unsigned kBits = 16;
std::array<std::uint8_t, std::size_t{1} << kBits> counters;

}  // namespace

// libFuzzer has an empty function of this name; the linker puts this one in its place.
void __wrap___sanitizer_cov_trace_pc() {
  const auto here = reinterpret_cast<std::uintptr_t>(&__wrap___sanitizer_cov_trace_pc);
  const auto place = reinterpret_cast<std::uintptr_t>(__builtin_return_address(0)) - here;
  ++counters[(place * 0x9E3779B97F4A7C15U) >> (64 - kBits)];
}

}  // extern "C"

namespace {

[[maybe_unused]] const bool registered = [] {
  __sanitizer_cov_8bit_counters_init(counters.data(), counters.data() + counters.size());
  return true;
}();

}  // namespace
