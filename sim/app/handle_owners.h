// handle_owners.h: which process has which handle.
// Role     closes what a process leaves open when it ends and others go on
// Threads  simulation thread; closing may block the calling task
// Source   docs/applications.md, "Several programs"
#pragma once

#include <cstdint>
#include <map>
#include <set>

#include "model/base/tap.h"
#include "model/xdp/platform.h"
#include "sim/host/host_kernel.h"

namespace ringproof {

class HandleOwners final : public Tap {
 public:
  explicit HandleOwners(const HostKernel& kernel) : kernel_(kernel) {}

  // The running task opened something.
  void opened(HANDLE handle) { handle_opened(reinterpret_cast<std::uintptr_t>(handle)); }
  // A process has the handle instead of the running one.
  void give(HANDLE handle, std::uint32_t process) { owners_[key(handle)] = {process}; }
  // A process gets the same handle as one that has it; nothing when that has not.
  void share(HANDLE handle, std::uint32_t from, std::uint32_t process);
  enum class Rest : std::uint8_t { kNobody, kOthers, kRefused };
  // A process closes the handle. Nobody has it then, others do, so that it stays open, or they alone had it.
  Rest left(HANDLE handle, std::uint32_t process);
  // As the end of a process does it: programs first, so that nothing reaches a socket that goes away.
  void close_all_of(std::uint32_t process, xdp::Platform& platform);

  // Tap
  void handle_opened(std::uint64_t handle) override {
    if (kernel_.in_application()) owners_[handle] = {kernel_.current_process()};
  }
  void handle_closed(std::uint64_t handle) override { owners_.erase(handle); }

 private:
  // The lowest two bits of a handle are the application's to use.
  static std::uint64_t key(HANDLE handle) {
    return reinterpret_cast<std::uintptr_t>(handle) & ~std::uintptr_t{3};
  }

  const HostKernel& kernel_;
  std::map<std::uint64_t, std::set<std::uint32_t>> owners_;
};

}  // namespace ringproof
