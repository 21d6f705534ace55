// grown.h: a container that is as long as the largest index asked for.
// Role     what the monitors keep their places in: ports, queues, vectors
// Errors   none
// Source   docs/code-map.md
#pragma once

#include <cstddef>

namespace ringproof {

// Apart, so that what happens all the time is short enough to be inlined.
template <typename Container>
[[gnu::noinline, gnu::cold]] void grow_to(Container& container, std::size_t size) {
  container.resize(size);
}

template <typename Container>
auto& grown(Container& container, std::size_t index) {
  if (container.size() <= index) [[unlikely]]
    grow_to(container, index + 1);
  return container[index];
}

}  // namespace ringproof
