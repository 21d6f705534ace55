#include "sim/app/handle_owners.h"

#include <vector>

namespace ringproof {

void HandleOwners::close_all_of(std::uint32_t process, xdp::Platform& platform) {
  std::vector<HANDLE> handles = platform.handles().handles_of<xdp::Program>();
  const std::vector<HANDLE> all = platform.handles().handles_of<xdp::KernelObject>();
  handles.insert(handles.end(), all.begin(), all.end());
  for (const HANDLE handle : handles) {
    const auto owner = owners_.find(reinterpret_cast<std::uintptr_t>(handle));
    if (owner != owners_.end() && owner->second == process) platform.close_handle(handle);
  }
}

}  // namespace ringproof
