// raw_memory.h: memory of a whole segment, whatever a sanitizer has laid between its variables.
// Role     reads and writes as a loader does; an address sanitizer's red zones are ordinary memory then
// Shapes   [bytes]
// Errors   none
// Source   docs/design/many-worlds.md
#pragma once

#include <cstddef>
#include <vector>

namespace ringproof {

// Of these bytes, without the zeros at the end.
std::vector<unsigned char> raw_bytes(const unsigned char* memory, std::size_t bytes);
void raw_write(unsigned char* memory, const std::vector<unsigned char>& bytes);
void raw_zero(unsigned char* memory, std::size_t bytes);

}  // namespace ringproof
