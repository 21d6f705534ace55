#include "sim/memory/memory_model.h"

namespace ringproof {

std::unique_ptr<MemoryModel> make_memory(MemoryKind kind, Chooser& chooser, MemoryMachine& machine) {
  switch (kind) {
    case MemoryKind::kTso:
      return make_tso(chooser, machine);
    case MemoryKind::kReleaseAcquire:
      return make_release_acquire(chooser, machine);
    default:
      return nullptr;
  }
}

}  // namespace ringproof
