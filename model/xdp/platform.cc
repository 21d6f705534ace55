#include "model/xdp/platform.h"

namespace ringproof::xdp {
namespace {

constexpr std::uint32_t kProgramFlags =
    XDP_CREATE_PROGRAM_FLAG_GENERIC | XDP_CREATE_PROGRAM_FLAG_NATIVE | XDP_CREATE_PROGRAM_FLAG_ALL_QUEUES;

Status check_target(const Rule& rule) {
  if (rule.target == nullptr) return Status::kOk;
  if (rule.target->state() < Socket::State::kBound) return Status::kBadState;
  return rule.target->has_rx() ? Status::kOk : Status::kNotSupported;
}

}  // namespace

Platform::Platform(Host& host, const TapList& taps, const std::vector<driver::Driver*>& drivers)
    : host_(host), taps_(taps) {
  for (driver::Driver* driver : drivers) {
    const auto index = static_cast<std::uint32_t>(interfaces_.size() + 1);
    interfaces_.push_back(std::make_unique<Interface>(index, *driver, host, taps));
  }
}

Status Platform::create_socket(HANDLE* handle) {
  *handle = handles_.insert(std::make_shared<Socket>(next_socket_++, host_, taps_, rings_));
  return Status::kOk;
}

Interface* Platform::find_interface(std::uint32_t index, const XDP_HOOK_ID& hook, bool generic, bool) {
  // Only native interfaces are there, and they offer two hooks.
  const bool inspect_received =
      hook.Layer == XDP_HOOK_L2 && hook.Direction == XDP_HOOK_RX && hook.SubLayer == XDP_HOOK_INSPECT;
  const bool inject_sent =
      hook.Layer == XDP_HOOK_L2 && hook.Direction == XDP_HOOK_TX && hook.SubLayer == XDP_HOOK_INJECT;
  if (generic || (!inspect_received && !inject_sent)) return nullptr;
  if (index == 0 || index > interfaces_.size()) return nullptr;
  return interfaces_[index - 1].get();
}

Status Platform::create_program(std::uint32_t interface_index, const XDP_HOOK_ID& hook, std::uint32_t queue,
                                std::uint32_t flags, const XDP_RULE* rules, std::uint32_t rule_count,
                                HANDLE* handle) {
  const bool generic = (flags & XDP_CREATE_PROGRAM_FLAG_GENERIC) != 0;
  const bool native = (flags & XDP_CREATE_PROGRAM_FLAG_NATIVE) != 0;
  if ((flags & ~kProgramFlags) != 0 || (generic && native)) return Status::kBadParameter;
  Interface* interface = find_interface(interface_index, hook, generic, native);
  if (interface == nullptr) return Status::kNotFound;

  auto program = std::make_shared<Program>();
  const SocketLookup lookup = [this](HANDLE named) {
    std::shared_ptr<Socket> socket;
    static_cast<void>(find_socket(named, &socket));
    return socket;
  };
  const Status read = read_rules(rules, rule_count, lookup, program->rules);
  if (failed(read)) return read;
  if (hook.SubLayer != XDP_HOOK_INSPECT) return Status::kNotSupported;

  interface->driver().wait_until_ready();
  const bool all_queues = (flags & XDP_CREATE_PROGRAM_FLAG_ALL_QUEUES) != 0;
  const std::uint32_t first = all_queues ? 0 : queue;
  const std::uint32_t count = all_queues ? interface->driver().info().rx_queues : 1;
  for (std::uint32_t i = 0; i < count; ++i) {
    for (const Rule& rule : program->rules) {
      const Status target = check_target(rule);
      if (failed(target)) {
        program->close();
        return target;
      }
    }
    const Status attached = interface->rx_queue(first + i).attach(*program);
    if (failed(attached)) {
      program->close();
      return attached;
    }
  }
  *handle = handles_.insert(std::move(program));
  return Status::kOk;
}

bool Platform::close_handle(HANDLE handle) {
  const std::shared_ptr<KernelObject> object = handles_.remove(handle);
  if (object == nullptr) return false;
  object->close();
  return true;
}

void Platform::close_all_handles() {
  for (const HANDLE handle : handles_.handles_of<Socket>()) {
    std::static_pointer_cast<Socket>(handles_.find(handle))->abandon_calls();
  }
  for (const HANDLE handle : handles_.handles_of<Program>()) close_handle(handle);
  for (const HANDLE handle : handles_.handles_of<KernelObject>()) close_handle(handle);
}

Status Platform::find_socket(HANDLE handle, std::shared_ptr<Socket>* socket) const {
  const std::shared_ptr<KernelObject> object = handles_.find(handle);
  if (object == nullptr) return Status::kInvalidHandle;
  *socket = std::dynamic_pointer_cast<Socket>(object);
  return *socket == nullptr ? Status::kNotSupported : Status::kOk;
}

void Platform::application_stored(const volatile void* address, std::uint32_t value) {
  if (SharedRing* ring = rings_.find(address).ring) ring->application_stored(address, value);
}

}  // namespace ringproof::xdp
