#include "sim/app/handle_owners.h"

#include <vector>

namespace ringproof {

void HandleOwners::close_all_of(std::uint32_t process, xdp::Platform& platform) {
  std::vector<HANDLE> handles = platform.handles().handles_of<xdp::Program>();
  const std::vector<HANDLE> all = platform.handles().handles_of<xdp::KernelObject>();
  handles.insert(handles.end(), all.begin(), all.end());
  for (const HANDLE handle : handles) {
    const auto owners = owners_.find(key(handle));
    if (owners == owners_.end() || !owners->second.contains(process)) continue;
    if (left(handle, process)) platform.close_handle(handle);
  }
}

void HandleOwners::share(HANDLE handle, std::uint32_t from, std::uint32_t process) {
  const auto owners = owners_.find(key(handle));
  if (owners != owners_.end() && owners->second.contains(from)) owners->second.insert(process);
}

bool HandleOwners::left(HANDLE handle, std::uint32_t process) {
  const auto owners = owners_.find(key(handle));
  if (owners == owners_.end() || !owners->second.contains(process)) return true;  // not refused
  owners->second.erase(process);
  if (!owners->second.empty()) return false;
  owners_.erase(owners);
  return true;
}

}  // namespace ringproof
