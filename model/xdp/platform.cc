#include "model/xdp/platform.h"

#include <utility>

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

Platform::Platform(Host& host, const TapList& taps, const std::vector<PortOfPlatform>& ports,
                   const PlatformSettings& settings)
    : host_(host), taps_(taps), settings_(settings), map_lock_(host) {
  for (const PortOfPlatform& port : ports) {
    auto rss =
        std::make_unique<RssControl>(*port.driver, host_, port.settings.rss, port.settings.rss_configured);
    adapters_.push_back({port, std::move(rss), nullptr, nullptr});
    make_interfaces(static_cast<std::uint32_t>(adapters_.size()), adapters_.back());
  }
}

void Platform::make_interfaces(std::uint32_t index, Adapter& adapter) {
  const PortOfPlatform& port = adapter.port;
  const auto make = [&](driver::Layer mode) {
    return std::make_unique<Interface>(index, mode, *port.driver, port.settings, host_, taps_, map_lock_);
  };
  if (port.settings.generic) adapter.generic = make(driver::Layer::kGeneric);
  if (port.settings.native) adapter.native = make(driver::Layer::kNative);
}

void Platform::remove_adapter(std::uint32_t index) {
  if (index == 0 || index > adapters_.size()) return;
  Adapter& adapter = adapters_[index - 1];
  std::vector<Interface*> leaving;
  for (std::unique_ptr<Interface>* interface : {&adapter.generic, &adapter.native}) {
    if (*interface == nullptr) continue;
    leaving.push_back(removed_.emplace_back(std::move(*interface)).get());
  }
  for (const HANDLE handle : handles_.handles_of<InterfaceHandle>()) {
    const auto opened = std::dynamic_pointer_cast<InterfaceHandle>(handles_.find(handle));
    if (opened != nullptr && opened->interface_index() == index) opened->adapter_removed();
  }
  ++adapter.removals;
  for (Interface* interface : leaving) interface->remove();
  --adapter.removals;
  host_.notify(removal_ended_);
}

void Platform::add_adapter(std::uint32_t index) {
  if (index == 0 || index > adapters_.size()) return;
  Adapter& adapter = adapters_[index - 1];
  // Two of them would work on the same queues of the driver, and take each other's completions.
  while (adapter.removals > 0) host_.wait(removal_ended_, kNever);
  if (adapter.generic == nullptr && adapter.native == nullptr) make_interfaces(index, adapter);
}

std::vector<Interface*> Platform::interfaces_of(std::uint32_t index) const {
  std::vector<Interface*> found;
  if (index == 0 || index > adapters_.size()) return found;
  const Adapter& adapter = adapters_[index - 1];
  for (const std::unique_ptr<Interface>* interface : {&adapter.generic, &adapter.native}) {
    if (*interface != nullptr) found.push_back(interface->get());
  }
  return found;
}

bool Platform::has_adapter(std::uint32_t index) const { return !interfaces_of(index).empty(); }

void Platform::set_mtu(std::uint32_t index, std::uint32_t bytes) {
  for (Interface* interface : interfaces_of(index)) interface->set_mtu(bytes);
}

void Platform::set_current_offloads(std::uint32_t index, bool rx_checksum, bool tx_checksum) {
  for (Interface* interface : interfaces_of(index)) interface->set_current(rx_checksum, tx_checksum);
}

void Platform::set_hardware_offloads(std::uint32_t index, const nic::Offloads& hardware) {
  for (Interface* interface : interfaces_of(index)) interface->set_hardware(hardware);
}

nic::Offloads Platform::current_offloads(std::uint32_t index) const {
  const std::vector<Interface*> interfaces = interfaces_of(index);
  return interfaces.empty() ? nic::Offloads() : interfaces.front()->current();
}

nic::Offloads Platform::hardware_offloads(std::uint32_t index) const {
  const std::vector<Interface*> interfaces = interfaces_of(index);
  return interfaces.empty() ? nic::Offloads() : interfaces.front()->hardware();
}

std::uint32_t Platform::mtu(std::uint32_t index) const {
  const std::vector<Interface*> interfaces = interfaces_of(index);
  return interfaces.empty() ? 0 : interfaces.front()->mtu();
}

namespace {

// Events and ports of the application are in the table as well; nobody is told of them.
bool is_ours(const KernelObject& object) {
  return dynamic_cast<const Socket*>(&object) != nullptr ||
         dynamic_cast<const Program*>(&object) != nullptr ||
         dynamic_cast<const XskMap*>(&object) != nullptr ||
         dynamic_cast<const InterfaceHandle*>(&object) != nullptr;
}

// What a call on an object of another kind answers: the device does not know the request, or is not asked at
// all.
Status mixed_up(const KernelObject& object) {
  return is_ours(object) ? Status::kNotSupported : Status::kInvalidHandle;
}

}  // namespace

void Platform::stop() {
  stopped_ = true;
  for (std::uint32_t index = 1; index <= adapters_.size(); ++index) remove_adapter(index);
  close_handles([](const KernelObject& object) { return is_ours(object); });
}

void Platform::start() {
  for (std::uint32_t index = 1; index <= adapters_.size(); ++index) add_adapter(index);
  stopped_ = false;
}

HANDLE Platform::open(std::shared_ptr<KernelObject> object) {
  const HANDLE handle = handles_.insert(std::move(object));
  taps_.tell(&Tap::handle_opened, std::uint64_t{reinterpret_cast<std::uintptr_t>(handle)});
  return handle;
}

Status Platform::create_socket(HANDLE* handle, bool affinity) {
  *handle = nullptr;
  if (stopped_) return Status::kNoDriver;
  if (!settings_.access.sockets) return Status::kDenied;
  if (host_.fault(FaultId::kAlc01, {.kinds = 1U << fault_kind::kHandle})) return Status::kNoMemory;
  if (host_.fault(FaultId::kAlc03, {.kinds = 1U << fault_kind::kHandles})) return Status::kNoResources;
  *handle = open(std::make_shared<Socket>(next_socket_++, host_, taps_, rings_, settings_.sockets, affinity));
  return Status::kOk;
}

Interface* Platform::find_interface(std::uint32_t index, const XDP_HOOK_ID& hook, bool generic, bool native) {
  if (index == 0 || index > adapters_.size()) return nullptr;
  const Adapter& adapter = adapters_[index - 1];
  // Native wins if it offers the hook and nobody asked for the other.
  if (!generic && adapter.native != nullptr && adapter.native->offers(hook)) return adapter.native.get();
  if (!native && adapter.generic != nullptr && adapter.generic->offers(hook)) return adapter.generic.get();
  return nullptr;
}

template <typename Kind>
Status Platform::find_object(HANDLE handle, std::shared_ptr<Kind>* object) const {
  *object = std::dynamic_pointer_cast<Kind>(handles_.find(handle));
  return *object == nullptr ? Status::kInvalidHandle : Status::kOk;
}

Status Platform::create_program(std::uint32_t interface_index, const XDP_HOOK_ID& hook, std::uint32_t queue,
                                std::uint32_t flags, const XDP_RULE* rules, std::uint32_t rule_count,
                                HANDLE* handle) {
  if (stopped_) return Status::kNoDriver;
  if (!settings_.access.programs) return Status::kDenied;
  const bool generic = (flags & XDP_CREATE_PROGRAM_FLAG_GENERIC) != 0;
  const bool native = (flags & XDP_CREATE_PROGRAM_FLAG_NATIVE) != 0;
  if ((flags & ~kProgramFlags) != 0 || (generic && native)) return Status::kBadParameter;
  const bool all_queues = (flags & XDP_CREATE_PROGRAM_FLAG_ALL_QUEUES) != 0;
  const ProgramRequest request{interface_index, hook, queue, all_queues, rules, rule_count};
  std::shared_ptr<Program> program;
  Interface* interface = nullptr;
  bool attaching = false;
  Status status = try_program(request, generic, native, &program, &interface, &attaching);
  if (failed(status) && attaching && !generic && !native && !interface->generic()) {
    // Nobody asked for native, so what it refuses is tried on the generic interface, from the beginning.
    status = try_program(request, true, false, &program, &interface, &attaching);
  }
  if (failed(status)) return status;
  *handle = open(std::move(program));
  return Status::kOk;
}

Status Platform::try_program(const ProgramRequest& request, bool generic, bool native,
                             std::shared_ptr<Program>* result, Interface** interface, bool* attaching) {
  *attaching = false;
  *interface = find_interface(request.interface_index, request.hook, generic, native);
  if (*interface == nullptr) return Status::kNotFound;
  if (host_.fault(FaultId::kAlc01, {.kinds = 1U << fault_kind::kProgram})) return Status::kNoMemory;
  if (host_.fault(FaultId::kAlc03, {.kinds = 1U << fault_kind::kRules})) return Status::kNoResources;
  const std::uint64_t number = next_program_++;
  auto program =
      std::make_shared<Program>(number, [this, number] { taps_.tell(&Tap::program_closed, number); });
  TargetLookup lookup;
  lookup.socket = [this](HANDLE named, std::shared_ptr<Socket>* socket) {
    return find_object(named, socket);
  };
  lookup.map = [this](HANDLE named, std::shared_ptr<XskMap>* map) { return find_object(named, map); };
  lookup.hold_port_set = [this, number](const void* bits) {
    taps_.tell(&Tap::port_set_held, number, bits, std::size_t{XDP_PORT_SET_BUFFER_SIZE});
    return Status::kOk;
  };
  Status status = read_rules(request.rules, request.rule_count, lookup, program->rules);
  if (!failed(status)) {
    for (Rule& rule : program->rules) rule.program = number;
    *attaching = true;
    status = attach(*program, **interface, request);
  }
  if (failed(status)) {
    program->close();
  } else {
    *result = std::move(program);
  }
  return status;
}

// One queue completely before the next; what was attached to the others is for the caller to take back.
Status Platform::attach(Program& program, Interface& interface, const ProgramRequest& request) {
  if (request.hook.SubLayer != XDP_HOOK_INSPECT) return Status::kNotSupported;
  interface.driver().wait_until_ready();
  if (interface.removed()) return request.all_queues ? Status::kNotFound : Status::kDeleting;
  const std::uint32_t first = request.all_queues ? 0 : request.queue;
  // An adapter without scaling says nothing of its queues, and is taken to have one.
  const RssAdapter& adapter = rss(request.interface_index).adapter();
  const bool many = request.all_queues && adapter.support != RssSupport::kNone;
  const std::uint32_t count = many ? adapter.queues : 1;
  for (std::uint32_t i = 0; i < count; ++i) {
    RxQueue* queue = nullptr;
    Status status = interface.rx_queue(request.hook, first + i, &queue);
    for (const Rule& rule : program.rules) {
      if (!failed(status)) status = check_target(rule);
    }
    if (!failed(status)) {
      // Room for the queue's list of rules.
      const FaultTarget here{
          .port = interface.port(), .queue = first + i, .kinds = 1U << fault_kind::kProgram};
      status = host_.fault(FaultId::kAlc01, here) ? Status::kNoMemory : queue->attach(program);
    }
    if (failed(status)) return status;
  }
  return Status::kOk;
}

Status Platform::create_map(std::int32_t type, HANDLE* handle) {
  *handle = nullptr;
  if (stopped_) return Status::kNoDriver;
  if (!settings_.access.maps) return Status::kDenied;
  if (type != XDP_MAP_TYPE_XSKMAP) return Status::kBadParameter;
  if (host_.fault(FaultId::kAlc01, {.kinds = 1U << fault_kind::kHandle})) return Status::kNoMemory;
  *handle = open(std::make_shared<XskMap>(next_map_++, map_lock_, taps_));
  return Status::kOk;
}

Status Platform::insert_into_map(HANDLE handle, const void* key, const void* value) {
  const InPlatform in_platform(host_);
  std::shared_ptr<XskMap> map;
  const Status found = find_object(handle, &map);
  if (failed(found)) return found;
  return insert_into(*map, key, value, [this](HANDLE named, std::shared_ptr<Socket>* socket) {
    return find_object(named, socket);
  });
}

Status Platform::remove_from_map(HANDLE handle, const void* key) {
  const InPlatform in_platform(host_);
  std::shared_ptr<XskMap> map;
  const Status found = find_object(handle, &map);
  return failed(found) ? found : remove_from(*map, key);
}

RxQueueCounters Platform::rx_counters(std::uint32_t index, bool generic, bool from_wire,
                                      std::uint32_t queue) const {
  for (const Interface* interface : interfaces_of(index)) {
    if (interface->generic() != generic) continue;
    const RxQueue* found = interface->find_rx_queue(from_wire ? XDP_HOOK_RX : XDP_HOOK_TX, queue);
    if (found != nullptr) return found->counters();
  }
  return {};
}

Status Platform::open_interface(std::uint32_t interface_index, HANDLE* handle) {
  *handle = nullptr;
  if (stopped_) return Status::kNoDriver;
  if (!settings_.access.interfaces) return Status::kDenied;
  const XDP_HOOK_ID hook = {XDP_HOOK_L2, XDP_HOOK_RX, XDP_HOOK_INSPECT};
  if (find_interface(interface_index, hook, false, false) == nullptr) return Status::kNotFound;
  if (host_.fault(FaultId::kAlc01, {.kinds = 1U << fault_kind::kHandle})) return Status::kNoMemory;
  if (host_.fault(FaultId::kAlc03, {.kinds = 1U << fault_kind::kHandles})) return Status::kNoResources;
  Adapter& adapter = adapters_[interface_index - 1];
  *handle = open(std::make_shared<InterfaceHandle>(next_interface_handle_++, interface_index, *adapter.rss,
                                                   *adapter.port.driver, host_));
  return Status::kOk;
}

bool Platform::close_handle(HANDLE handle) {
  const std::shared_ptr<KernelObject> object = handles_.remove(handle);
  if (object == nullptr) return false;
  const std::uint64_t value = reinterpret_cast<std::uintptr_t>(handle) & ~std::uintptr_t{3};
  if (is_ours(*object)) taps_.tell(&Tap::handle_closed, value);
  if (!handles_.names(*object)) object->close();
  return true;
}

HANDLE Platform::duplicate_handle(const std::shared_ptr<KernelObject>& object) {
  return is_ours(*object) ? open(object) : handles_.insert(object);
}

void Platform::close_handles(const std::function<bool(const KernelObject&)>& which) {
  const InPlatform in_platform(host_);
  for (const HANDLE handle : handles_.handles_of<Program>()) close_handle(handle);
  for (const HANDLE handle : handles_.handles_of<KernelObject>()) {
    const std::shared_ptr<KernelObject> object = handles_.find(handle);
    if (object != nullptr && which(*object)) close_handle(handle);
  }
}

void Platform::close_all_handles() {
  close_handles([](const KernelObject&) { return true; });
}

Status Platform::find_socket(HANDLE handle, std::shared_ptr<Socket>* socket) const {
  const std::shared_ptr<KernelObject> object = handles_.find(handle);
  if (object == nullptr) return Status::kInvalidHandle;
  *socket = std::dynamic_pointer_cast<Socket>(object);
  return *socket == nullptr ? mixed_up(*object) : Status::kOk;
}

Status Platform::find_interface_handle(HANDLE handle, std::shared_ptr<InterfaceHandle>* found) const {
  const std::shared_ptr<KernelObject> object = handles_.find(handle);
  if (object == nullptr) return Status::kInvalidHandle;
  *found = std::dynamic_pointer_cast<InterfaceHandle>(object);
  return *found == nullptr ? mixed_up(*object) : Status::kOk;
}

std::optional<UmemShape> Platform::umem_of(const volatile void* descriptor) const {
  if (const Socket* socket = rings_.find(descriptor).socket) return socket->umem();
  std::optional<UmemShape> only;
  for (const HANDLE handle : handles_.handles_of<Socket>()) {
    const std::optional<UmemShape> umem = std::static_pointer_cast<Socket>(handles_.find(handle))->umem();
    if (!umem.has_value()) continue;
    if (only.has_value()) return std::nullopt;
    only = umem;
  }
  return only;
}

void Platform::application_stored(const volatile void* address, std::uint32_t value) {
  const RingDirectory::Entry found = rings_.find(address);
  if (found.ring == nullptr) return;
  found.ring->application_stored(address, value);
  found.socket->application_stored(found.ring->kind());
}

}  // namespace ringproof::xdp
