// memory_kind.h: the memory models by name.
// Role     the one list of what --memory, scenario and failure files can ask for
// Source   docs/memory-models.md
#pragma once

#include <array>
#include <cstddef>
#include <cstdint>

namespace ringproof {

enum class MemoryKind : std::uint8_t { kSequential, kTso, kReleaseAcquire };
inline constexpr std::array<const char*, 3> kMemoryNames = {"sequential", "tso", "release-acquire"};

inline const char* memory_name(MemoryKind kind) { return kMemoryNames[static_cast<std::size_t>(kind)]; }

}  // namespace ringproof
