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
    if (left(handle, process) == Rest::kNobody) platform.close_handle(handle);
  }
}

void HandleOwners::share(HANDLE handle, std::uint32_t from, std::uint32_t process) {
  const auto owners = owners_.find(key(handle));
  if (owners != owners_.end() && owners->second.contains(from)) owners->second.insert(process);
}

HandleOwners::Rest HandleOwners::left(HANDLE handle, std::uint32_t process) {
  const auto owners = owners_.find(key(handle));
  if (owners == owners_.end()) return Rest::kNobody;  // it was opened outside of processes
  if (owners->second.erase(process) == 0) return Rest::kRefused;
  if (!owners->second.empty()) return Rest::kOthers;
  owners_.erase(owners);
  return Rest::kNobody;
}

}  // namespace ringproof
