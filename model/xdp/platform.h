// platform.h: the XDP platform: handles, and what the API can be asked to do.
// Role     owns every object that an application can name; one Platform is one simulated machine
// Threads  simulation thread; bind, close and program changes may block the calling task
// Errors   the Status of the first check that fails; out parameters are then null, and nothing has changed
// Source   XDP for Windows: handles and security, XdpCreateProgram
#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <vector>

#include "model/base/host.h"
#include "model/base/tap.h"
#include "model/driver/driver.h"
#include "model/xdp/handle_table.h"
#include "model/xdp/interface.h"
#include "model/xdp/interface_handle.h"
#include "model/xdp/program.h"
#include "model/xdp/public_api.h"
#include "model/xdp/ring_directory.h"
#include "model/xdp/rss_control.h"
#include "model/xdp/socket.h"
#include "model/xdp/status.h"
#include "model/xdp/xsk_map.h"

namespace ringproof::xdp {

// A port and the interfaces that it offers.
struct PortOfPlatform {
  driver::Driver* driver = nullptr;
  InterfaceSettings settings{};
};

// What the devices of the platform let the application open. Without it kDenied is the answer.
struct AccessSettings {
  bool programs = true;
  bool sockets = true;
  bool interfaces = true;
  bool maps = true;
};

struct PlatformSettings {
  SocketSettings sockets{};
  AccessSettings access{};
};

class Platform final : public InterfaceLookup {
 public:
  // Interface indices are 1, 2, … in the order of the ports.
  Platform(Host& host, const TapList& taps, const std::vector<PortOfPlatform>& ports,
           const PlatformSettings& settings);

  // `affinity`: see Socket.
  Status create_socket(HANDLE* handle, bool affinity = false);
  Status create_program(std::uint32_t interface_index, const XDP_HOOK_ID& hook, std::uint32_t queue,
                        std::uint32_t flags, const XDP_RULE* rules, std::uint32_t rule_count, HANDLE* handle);
  Status create_map(std::int32_t type, HANDLE* handle);
  // kInvalidHandle for a handle that is not open or names something else.
  Status insert_into_map(HANDLE map, const void* key, const void* value);
  Status remove_from_map(HANDLE map, const void* key);
  Status open_interface(std::uint32_t interface_index, HANDLE* handle);
  // A second handle to an open object, which is closed when the last of them is.
  HANDLE duplicate_handle(const std::shared_ptr<KernelObject>& object);
  // False for a handle that is not open.
  bool close_handle(HANDLE handle);
  // As the end of a process does it: programs first, so that nothing reaches a socket that goes away.
  void close_all_handles();

  HandleTable& handles() { return handles_; }
  // The socket, or the error for a handle that is not open or names something else.
  Status find_socket(HANDLE handle, std::shared_ptr<Socket>* socket) const;

  // The same for a handle that open_interface() gave.
  Status find_interface_handle(HANDLE handle, std::shared_ptr<InterfaceHandle>* found) const;

  // Control plane: the adapter goes away with both its interfaces, or comes back with new ones to which
  // nothing is attached: once what was there before is gone, so that its frames have come back. An index that
  // is not there is left alone.
  void remove_adapter(std::uint32_t index);
  void add_adapter(std::uint32_t index);
  bool has_adapter(std::uint32_t index) const;
  std::size_t adapter_count() const { return adapters_.size(); }
  // The same for both interfaces of an adapter that is there; see Interface. An adapter that comes back has
  // what its port has.
  void set_mtu(std::uint32_t index, std::uint32_t bytes);
  void set_current_offloads(std::uint32_t index, bool rx_checksum, bool tx_checksum);
  void set_hardware_offloads(std::uint32_t index, const nic::Offloads& hardware);
  // As they are; of an adapter that is not there, 0 and the defaults.
  std::uint32_t mtu(std::uint32_t index) const;
  nic::Offloads current_offloads(std::uint32_t index) const;
  nic::Offloads hardware_offloads(std::uint32_t index) const;

  // Receive-side scaling of an adapter, which outlives removal. REQUIRES: 1 to adapter_count().
  RssControl& rss(std::uint32_t index) { return *adapters_[index - 1].rss; }

  // Control plane: the platform's own driver is stopped, with everything that applications hold open; until
  // it starts again there is nothing to call. Stopping blocks until all of it is gone.
  void stop();
  void start();
  bool stopped() const { return stopped_; }

  // What a queue counts; zeros for one that nobody uses. `generic`: of that interface, else of the native
  // one; `from_wire` false: of frames that the host sends.
  RxQueueCounters rx_counters(std::uint32_t index, bool generic, bool from_wire, std::uint32_t queue) const;

  Interface* find_interface(std::uint32_t index, const XDP_HOOK_ID& hook, bool generic, bool native) override;

  // The UMEM of the socket whose ring holds the address; for any other address that of the only socket which
  // has one.
  std::optional<UmemShape> umem_of(const volatile void* descriptor) const;

  // An application stored into a word of shared memory.
  void application_stored(const volatile void* address, std::uint32_t value);

 private:
  // Programs first, then the others that are meant.
  void close_handles(const std::function<bool(const KernelObject&)>& which);

  struct Adapter {
    PortOfPlatform port;
    std::unique_ptr<RssControl> rss;
    std::unique_ptr<Interface> generic;
    std::unique_ptr<Interface> native;
    std::uint32_t removals = 0;  // under way
  };
  // What a call of XdpCreateProgram asks for.
  struct ProgramRequest {
    std::uint32_t interface_index;
    XDP_HOOK_ID hook;
    std::uint32_t queue;
    bool all_queues;
    const XDP_RULE* rules;
    std::uint32_t rule_count;
  };
  HANDLE open(std::shared_ptr<KernelObject> object);
  // The object of this kind that a handle names; kInvalidHandle if there is none.
  template <typename Kind>
  Status find_object(HANDLE handle, std::shared_ptr<Kind>* object) const;
  // From the interface on. `attached`: tells whether what failed was the attachment.
  Status try_program(const ProgramRequest& request, bool generic, bool native,
                     std::shared_ptr<Program>* result, Interface** interface, bool* attaching);
  void make_interfaces(std::uint32_t index, Adapter& adapter);
  std::vector<Interface*> interfaces_of(std::uint32_t index) const;
  Status attach(Program& program, Interface& interface, const ProgramRequest& request);

  Host& host_;
  const TapList& taps_;
  const PlatformSettings settings_;
  MapLock map_lock_;
  std::vector<Adapter> adapters_;
  Signal removal_ended_;                             // of any adapter
  std::vector<std::unique_ptr<Interface>> removed_;  // sockets and programs may still name their queues
  RingDirectory rings_;
  HandleTable handles_;
  std::uint64_t next_socket_ = 1;
  bool stopped_ = false;
  std::uint64_t next_program_ = 1;
  std::uint64_t next_map_ = 1;
  std::uint64_t next_interface_handle_ = 1;
};

}  // namespace ringproof::xdp
