// grown.h: a container that is as long as the largest index asked for.
// Role     what the monitors keep their places in: ports, queues, vectors
// Errors   none
// Source   docs/code-map.md
#pragma once

#include <cstddef>

namespace ringproof {

template <typename Container>
auto& grown(Container& container, std::size_t index) {
  if (container.size() <= index) container.resize(index + 1);
  return container[index];
}

}  // namespace ringproof
