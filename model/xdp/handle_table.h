// handle_table.h: what the handles of a simulated machine name.
// Role     one table for sockets, programs and every other object that an application can hold
// Shapes   handle values count up from 0x104 in steps of 4 and are never used again
// Threads  simulation thread; close() of an object may block the calling task
// Errors   a value that is not open finds nothing
// Source   XDP for Windows: handles and security
#pragma once

#include <cstdint>
#include <map>
#include <memory>
#include <vector>

#include "model/xdp/public_api.h"

namespace ringproof::xdp {

// Something that a handle can name.
class KernelObject {
 public:
  virtual ~KernelObject() = default;
  // The handle is gone. References that the platform holds may keep the object alive.
  virtual void close() = 0;
};

class HandleTable {
 public:
  HANDLE insert(std::shared_ptr<KernelObject> object) {
    const std::uintptr_t value = next_;
    next_ += 4;
    objects_.emplace(value, std::move(object));
    return reinterpret_cast<HANDLE>(value);
  }
  // Null for a value that is not open.
  std::shared_ptr<KernelObject> find(HANDLE handle) const {
    const auto found = objects_.find(key(handle));
    return found == objects_.end() ? nullptr : found->second;
  }
  // Takes the handle out of the table; what it named is for the caller to close.
  std::shared_ptr<KernelObject> remove(HANDLE handle) {
    const auto found = objects_.find(key(handle));
    if (found == objects_.end()) return nullptr;
    std::shared_ptr<KernelObject> object = std::move(found->second);
    objects_.erase(found);
    return object;
  }
  // Whether some handle still names the object.
  bool names(const KernelObject& object) const {
    for (const auto& [value, named] : objects_) {
      if (named.get() == &object) return true;
    }
    return false;
  }
  // The open handles whose objects are of this kind, oldest first.
  template <typename Kind>
  std::vector<HANDLE> handles_of() const {
    std::vector<HANDLE> handles;
    for (const auto& [value, object] : objects_) {
      if (dynamic_cast<const Kind*>(object.get()) != nullptr) {
        handles.push_back(reinterpret_cast<HANDLE>(value));
      }
    }
    return handles;
  }

 private:
  // The lowest two bits of a handle are the application's to use.
  static std::uintptr_t key(HANDLE handle) {
    return reinterpret_cast<std::uintptr_t>(handle) & ~std::uintptr_t{3};
  }

  std::map<std::uintptr_t, std::shared_ptr<KernelObject>> objects_;
  std::uintptr_t next_ = 0x104;
};

}  // namespace ringproof::xdp
