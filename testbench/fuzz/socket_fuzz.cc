// socket_fuzz.cc: a hostile application, drawn from the bytes of a libFuzzer input.
// Role     any order of API calls, any values in rings and options, several threads, adapters that come and
//          go; an honest socket beside it must not notice
// Shapes   an input is a list of operations; each takes the bytes it needs, 0 when there are none left
// Errors   a violated invariant of the platform or the device, a hang, a sanitizer's finding, or an honest
//          socket that loses frames ends the process
// Source   docs/sockets.md

#include <ringproof/app.h>

#include <algorithm>
#include <array>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <utility>
#include <vector>

#include "testbench/conformance/interface.h"
#include "testbench/conformance/machine.h"
#include "testbench/conformance/socket.h"

namespace ringproof::test {
namespace {

constexpr std::size_t kArenaBytes = std::size_t{1} << 18;
constexpr std::size_t kSlots = 3;
constexpr UINT16 kHonestPort = 7777;
constexpr std::size_t kThreads = 3;

class Input {
 public:
  Input(const unsigned char* data, std::size_t size) : data_(data), size_(size) {}
  bool empty() const { return size_ == 0; }
  unsigned byte() {
    if (size_ == 0) return 0;
    --size_;
    return *data_++;
  }
  std::uint32_t word() {
    std::uint32_t value = 0;
    for (int i = 0; i < 4; ++i) value = value << 8 | byte();
    return value;
  }
  // Values at which checks tend to change their mind.
  std::uint32_t number() {
    static constexpr std::array<std::uint32_t, 14> kEdges = {
        0, 1, 2, 3, 4, 8, 16, 64, 2048, 0x7FFFFFFF, 0x80000000, 0xFFFFFFFF, 0xFFFFFFF0, 4096};
    const unsigned choice = byte();
    return choice < 224 ? kEdges[choice % kEdges.size()] : word();
  }
  // The next `bytes` bytes as an input of their own.
  Input part(std::size_t bytes) {
    const std::size_t given = std::min(bytes, size_);
    Input result(data_, given);
    data_ += given;
    size_ -= given;
    return result;
  }

 private:
  const unsigned char* data_;
  std::size_t size_;
};

// What the hostile application holds; its threads share it.
class Hostile {
 public:
  explicit Hostile(Machine& machine) : machine_(machine) {}

  void play(Input input) {
    while (!input.empty()) step(input);
  }
  // Nothing that it did to the world lasts: held frames go on, the adapter is there.
  void restore() {
    machine_.driver().hold_tx(nullptr);
    machine_.driver().release_all_tx();
    for (HANDLE& program : programs_) close(program);
    for (HANDLE& map : maps_) close(map);
    close(interface_);
    for (Slot& slot : slots_) close_slot(slot);
  }
  bool adapter_left() const { return adapter_left_; }

 private:
  struct Slot {
    HANDLE handle = nullptr;
    XSK_RING_INFO_SET info{};
  };

  static void close(HANDLE& handle) {
    const HANDLE closing = std::exchange(handle, nullptr);
    if (closing != nullptr) CloseHandle(closing);
  }
  static void close_slot(Slot& slot) {
    slot.info = {};
    close(slot.handle);
  }

  void step(Input& input) {
    Slot& slot = slots_[input.byte() % kSlots];
    switch (input.byte() % 30) {
      case 0:
        if (slot.handle == nullptr) XskCreate(&slot.handle);
        break;
      case 1:
        close_slot(slot);
        break;
      case 2:
      case 3:
        XskBind(slot.handle, 1 + (input.byte() > 250 ? 1 : 0), input.byte() % 16 == 0 ? input.word() : 0,
                static_cast<XSK_BIND_FLAGS>(input.byte() % 32));
        break;
      case 4:
        XskActivate(slot.handle, static_cast<XSK_ACTIVATE_FLAGS>(input.byte() > 250 ? 1 : 0));
        break;
      case 5:
        register_umem(slot, input);
        break;
      case 6: {
        const UINT32 size = 1U << input.byte() % 8;
        XskSetSockopt(slot.handle, XSK_SOCKOPT_RX_RING_SIZE + input.byte() % 4, &size, sizeof size);
        look_at_rings(slot);
        break;
      }
      case 7:
        set_option(slot, input);
        break;
      case 8:
        get_option(slot, input);
        break;
      case 9:
      case 10: {
        XSK_NOTIFY_RESULT_FLAGS result;
        XskNotifySocket(slot.handle, static_cast<XSK_NOTIFY_FLAGS>(input.byte() % 32), input.byte() % 4,
                        &result);
        break;
      }
      case 11:
      case 12:
        write_word(slot, input);
        break;
      case 13:
      case 14:
        write_element(slot, input);
        break;
      case 15:
      case 16:
        produce(slot, input);
        break;
      case 17:
        consume(slot);
        break;
      case 18:
        attach(slot, input);
        break;
      case 19:
        close(programs_[input.byte() % programs_.size()]);
        break;
      case 20:
        receive(input);
        break;
      case 21:
        machine_.sleep_us(input.byte());
        break;
      case 22:
        disturb(input);
        break;
      case 23:
        notify_async(slot, input);
        break;
      case 24:
        CancelIoEx(slot.handle,
                   input.byte() % 2 == 0 ? nullptr : &requests_[input.byte() % requests_.size()]);
        break;
      case 25: {
        HANDLE& map = maps_[input.byte() % maps_.size()];
        if (map == nullptr) {
          XdpMapCreate(&map, static_cast<XDP_MAP_TYPE>(input.byte() > 250 ? 1 : 0));
        } else if (input.byte() % 4 == 0) {
          close(map);
        }
        break;
      }
      case 26:
        change_map(slot, input);
        break;
      case 27:
        set_rss(input);
        break;
      case 28:
        set_quic(input);
        break;
      default:
        if (threads_++ < kThreads) {
          machine_.start_thread([this, part = input.part(input.byte())] { play(part); });
        }
        break;
    }
  }

  void look_at_rings(Slot& slot) const {
    UINT32 length = sizeof slot.info;
    XSK_RING_INFO_SET info{};
    const HANDLE handle = slot.handle;
    const bool known = number(XskGetSockopt(handle, XSK_SOCKOPT_RING_INFO, &info, &length)) == kOk;
    // Somebody may have closed the socket meanwhile.
    if (known && slot.handle == handle) slot.info = info;
  }

  void register_umem(const Slot& slot, Input& input) {
    XSK_UMEM_REG umem{};
    const std::uint32_t offset = input.byte() * 16u;
    umem.Address = arena_.data() + offset;
    umem.TotalSize = input.byte() % 8 == 0 ? input.number() : kArenaBytes - offset;
    umem.ChunkSize = input.byte() % 4 == 0 ? input.number() : 2048;
    umem.Headroom = input.byte() % 4 == 0 ? input.number() : 0;
    if (umem.TotalSize > kArenaBytes - offset) umem.TotalSize = kArenaBytes - offset;
    XskSetSockopt(slot.handle, XSK_SOCKOPT_UMEM_REG, &umem, sizeof umem);
  }

  // One that is under way already is left alone: its memory belongs to the system.
  void notify_async(const Slot& slot, Input& input) {
    OVERLAPPED& request = requests_[input.byte() % requests_.size()];
    if (request.Internal == 0x103) return;
    XskNotifyAsync(slot.handle, static_cast<XSK_NOTIFY_FLAGS>(input.byte() % 32), &request);
    if (input.byte() % 4 == 0) request.Internal = 0;  // a careless program uses it again
  }

  static UINT32 any_option(Input& input) {
    const unsigned option = input.byte() % 32;
    return option < 16 ? option : 1000 + option - 16;
  }

  void set_option(Slot& slot, Input& input) {
    const UINT32 option = any_option(input);
    if (option == XSK_SOCKOPT_UMEM_REG) return;  // with addresses that are ours only
    alignas(8) std::array<std::uint32_t, 16> value{};
    value[0] = input.number();
    value[1] = input.byte() % 4;
    value[2] = input.byte() % 4;
    const bool hook = option == XSK_SOCKOPT_RX_HOOK_ID || option == XSK_SOCKOPT_TX_HOOK_ID;
    if (hook && input.byte() % 4 != 0) value[0] = XDP_HOOK_L2;
    const void* from = input.byte() > 250 ? nullptr : value.data();
    XskSetSockopt(slot.handle, option, from, input.byte() % 64);
    look_at_rings(slot);
  }

  static void get_option(const Slot& slot, Input& input) {
    alignas(8) std::array<unsigned char, 256> value{};
    UINT32 length = input.byte();
    XskGetSockopt(slot.handle, any_option(input), value.data(), &length);
  }

  static XSK_RING_INFO* ring(Slot& slot, Input& input) {
    const std::array<XSK_RING_INFO*, 4> rings = {&slot.info.Fill, &slot.info.Completion, &slot.info.Rx,
                                                 &slot.info.Tx};
    XSK_RING_INFO* chosen = rings[input.byte() % rings.size()];
    return chosen->Ring == nullptr ? nullptr : chosen;
  }
  static void store(BYTE* address, std::uint32_t value) {
    __atomic_store_n(reinterpret_cast<std::uint32_t*>(address), value, __ATOMIC_RELEASE);
  }
  static std::uint32_t load(const BYTE* address) {
    return __atomic_load_n(reinterpret_cast<const std::uint32_t*>(address), __ATOMIC_ACQUIRE);
  }

  // Plain stores: no schedule point lies between the look at the ring and the store.
  static void write_word(Slot& slot, Input& input) {
    const std::array<UINT32, 3> offsets = {0, 64, 128};
    const UINT32 offset = offsets[input.byte() % offsets.size()];
    const bool relative = input.byte() % 2 == 0;
    const std::uint32_t value = input.number();
    XSK_RING_INFO* info = ring(slot, input);
    if (info == nullptr) return;
    store(info->Ring + offset, relative ? load(info->Ring + offset) + value : value);
  }

  static void write_element(Slot& slot, Input& input) {
    const std::uint32_t index = input.byte();
    std::array<std::uint32_t, 10> element{};
    for (std::uint32_t& word : element) word = input.byte() % 2 == 0 ? input.number() : input.byte() * 2048u;
    XSK_RING_INFO* info = ring(slot, input);
    if (info == nullptr) return;
    std::memcpy(info->Ring + info->DescriptorsOffset + std::size_t{index % info->Size} * info->ElementStride,
                element.data(), std::min<std::size_t>(info->ElementStride, sizeof element));
  }

  // Entries as a well-behaved program would post them.
  static void produce(Slot& slot, Input& input) {
    const bool fill = input.byte() % 2 == 0;
    const std::uint32_t count = input.byte() % 8;
    const std::uint32_t length = 1 + input.byte() * 8u;
    const XSK_RING_INFO& info = fill ? slot.info.Fill : slot.info.Tx;
    if (info.Ring == nullptr) return;
    std::uint32_t producer = load(info.Ring);
    for (std::uint32_t i = 0; i < count; ++i, ++producer) {
      const XSK_BUFFER_DESCRIPTOR buffer = ReadySocket::descriptor((producer % 64) * 2048ull, 0, length);
      std::memcpy(
          info.Ring + info.DescriptorsOffset + std::size_t{producer & (info.Size - 1)} * info.ElementStride,
          &buffer, fill ? 8 : 16);
    }
    store(info.Ring, producer);
  }

  static void consume(const Slot& slot) {
    for (const XSK_RING_INFO& info : {slot.info.Rx, slot.info.Completion}) {
      if (info.Ring != nullptr) store(info.Ring + 64, load(info.Ring));
    }
  }

  void attach(const Slot& slot, Input& input) {
    HANDLE& program = programs_[input.byte() % programs_.size()];
    if (program != nullptr) return;
    std::vector<XDP_RULE> rules(input.byte() % 4);
    for (XDP_RULE& rule : rules) {
      rule.Match = static_cast<XDP_MATCH_TYPE>(input.byte() % 24);
      rule.Pattern = any_pattern(rule.Match, input);
      rule.Action = static_cast<XDP_RULE_ACTION>(input.byte() % 5);
      const bool to_map = input.byte() % 2 == 0;
      rule.Redirect.TargetType =
          to_map ? XDP_REDIRECT_TARGET_TYPE_XSKMAP_BY_QUEUEID : XDP_REDIRECT_TARGET_TYPE_XSK;
      rule.Redirect.Target = to_map ? maps_[input.byte() % maps_.size()] : slot.handle;
    }
    const XDP_HOOK_ID hook = {XDP_HOOK_L2, input.byte() % 4 == 0 ? XDP_HOOK_TX : XDP_HOOK_RX,
                              XDP_HOOK_INSPECT};
    const UINT32 queue = input.byte() > 250 ? 7 : 0;
    XdpCreateProgram(1, &hook, queue, static_cast<XDP_CREATE_PROGRAM_FLAGS>(input.byte() % 8), rules.data(),
                     static_cast<UINT32>(rules.size()), &program);
  }

  XDP_MATCH_PATTERN any_pattern(XDP_MATCH_TYPE match, Input& input) {
    XDP_MATCH_PATTERN pattern{};
    // Pointers are those of memory that is ours, or none.
    XDP_PORT_SET ports{};
    ports.PortSet = input.byte() > 250 ? nullptr : arena_.data() + input.byte() * 16u;
    if (match == XDP_MATCH_UDP_PORT_SET) {
      pattern.PortSet = ports;
    } else if (match >= XDP_MATCH_IPV4_UDP_PORT_SET && match <= XDP_MATCH_IPV6_TCP_PORT_SET) {
      pattern.IpPortSet.PortSet = ports;
    } else {
      std::array<unsigned char, sizeof pattern> bytes{};
      for (unsigned char& byte : bytes) byte = static_cast<unsigned char>(input.byte());
      std::memcpy(&pattern, bytes.data(), sizeof pattern);
      if (input.byte() % 2 == 0) pattern.Port = 0xD204;  // 1234
    }
    return pattern;
  }

  void change_map(const Slot& slot, Input& input) {
    const HANDLE map = input.byte() > 250 ? slot.handle : maps_[input.byte() % maps_.size()];
    const UINT32 key = input.byte() % 4 == 0 ? input.number() : 0;
    const HANDLE value = slot.handle;
    if (input.byte() % 3 == 0) {
      XdpMapDelete(map, input.byte() > 250 ? nullptr : &key);
    } else {
      XdpMapInsert(map, &key, input.byte() > 250 ? nullptr : &value);
    }
  }

  // The handle of the interface, now and then a new one.
  HANDLE interface_handle(Input& input) {
    if (input.byte() % 16 == 0) close(interface_);
    if (interface_ == nullptr) XdpInterfaceOpen(1, &interface_);
    return interface_;
  }

  void set_rss(Input& input) {
    const HANDLE interface = interface_handle(input);
    alignas(8) std::array<unsigned char, 128> request{};
    XDP_RSS_CONFIGURATION configuration;
    XdpInitializeRssConfiguration(&configuration, sizeof configuration);
    configuration.Flags = input.byte() % 16;
    configuration.HashType = input.number();
    configuration.HashSecretKeyOffset = static_cast<UINT16>(input.byte());
    configuration.HashSecretKeySize = static_cast<UINT16>(input.byte());
    configuration.IndirectionTableOffset = static_cast<UINT16>(input.byte());
    configuration.IndirectionTableSize = static_cast<UINT16>(input.byte());
    for (unsigned char& byte : request) byte = static_cast<unsigned char>(input.byte() % 16);
    std::memcpy(request.data(), &configuration, sizeof configuration);
    XdpRssSet(interface, reinterpret_cast<const XDP_RSS_CONFIGURATION*>(request.data()), input.byte() % 129);
    UINT32 length = input.byte() % 129;
    XdpRssGet(interface, reinterpret_cast<XDP_RSS_CONFIGURATION*>(request.data()), &length);
  }

  void set_quic(Input& input) {
    const HANDLE interface = interface_handle(input);
    std::array<XDP_QUIC_CONNECTION, 2> connections{};
    for (XDP_QUIC_CONNECTION& connection : connections) {
      XdpInitializeQuicConnection(&connection, sizeof connection);
      if (input.byte() > 240) connection.Header.Size = input.number();
      connection.Operation = input.byte() % 2 == 0 ? XDP_QUIC_OPERATION_ADD : XDP_QUIC_OPERATION_REMOVE;
      connection.ConnectionIdLength = static_cast<UINT8>(input.byte() % 24);
      connection.UdpPort = static_cast<UINT16>(input.byte() % 4);
    }
    XdpQeoSet(interface, connections.data(),
              input.byte() > 240 ? input.number() % sizeof connections : sizeof connections);
  }

  void receive(Input& input) {
    std::vector<Bytes> frames;
    const unsigned kind = input.byte();
    const unsigned count = 1 + kind % 8;
    for (unsigned i = 0; i < count; ++i) {
      frames.push_back(udp_frame(60 + input.byte() * 6u, static_cast<unsigned char>(i)));
    }
    if (kind < 64) {
      for (const Bytes& frame : frames) {
        if (frame.size() <= machine_.driver().info().max_frame_bytes) machine_.stack_sends(frame);
      }
    } else {
      machine_.wire(std::move(frames));
    }
  }

  void disturb(Input& input) {
    const XDP_HOOK_ID hook = {XDP_HOOK_L2, XDP_HOOK_RX, XDP_HOOK_INSPECT};
    xdp::Interface* generic = machine_.platform().find_interface(1, hook, true, false);
    switch (input.byte() % 8) {
      case 0:
        adapter_left_ = true;
        machine_.driver().release_all_tx();
        machine_.platform().remove_adapter(1);
        machine_.platform().add_adapter(1);
        break;
      case 1:
        machine_.driver().release_all_tx();
        if (generic != nullptr) generic->set_mtu(68 + input.byte());
        break;
      case 2:
        if (generic != nullptr) generic->set_current(input.byte() % 2 == 0, input.byte() % 2 == 0);
        break;
      case 3:
        machine_.driver().set_paused(true);
        machine_.sleep_us(input.byte());
        machine_.driver().set_paused(false);
        break;
      default:
        break;
    }
  }

  Machine& machine_;
  std::vector<unsigned char> arena_ = std::vector<unsigned char>(kArenaBytes);
  std::array<Slot, kSlots> slots_;
  std::array<HANDLE, 3> programs_{};
  std::array<HANDLE, 2> maps_{};
  HANDLE interface_ = nullptr;
  std::array<OVERLAPPED, 4> requests_{};
  std::size_t threads_ = 0;
  bool adapter_left_ = false;
};

void require(bool held, const char* what) {
  if (held) return;
  std::fprintf(stderr, "the honest socket: expected %s\n", what);
  std::abort();
}

void check_honest(Machine& machine, ReadySocket& honest) {
  machine.settle();
  static_cast<void>(honest.received());
  honest.post_chunks(0, 2);
  machine.wire({udp_frame(200, 1, kHonestPort), udp_frame(300, 2, kHonestPort)});
  machine.settle();
  const auto received = honest.received();
  require(received.size() == 2, "two frames");
  require(honest.bytes_of(received[1]) == udp_frame(300, 2, kHonestPort), "the bytes of the second frame");
  const std::size_t before = machine.sent().size();
  honest.send(40, udp_frame(400, 3));
  machine.settle();
  require(machine.sent().size() == before + 1 && machine.sent().back() == udp_frame(400, 3),
          "its own frame sent");
  require(honest.completed() == std::vector<std::uint64_t>{honest.chunk(40)}, "one completion");
}

void run(const unsigned char* data, std::size_t size) {
  Input input(data, size);
  MachineSettings settings;
  const unsigned kind = input.byte();
  settings.platform.sockets.strict = (kind & 1) != 0;
  settings.platform.sockets.ring_bytes_max = std::uint64_t{1} << 20;
  settings.driver.polling = (kind & 2) != 0;
  settings.nic.rx_fragment_bytes = (kind & 4) != 0 ? 256 : 0;
  settings.nic.tx_ring_entries = 8;
  settings.seed = kind;
  Machine machine(settings);
  machine.expect_application_violations();
  machine.run([&] {
    Hostile hostile(machine);
    ReadySocket honest;
    const TestProgram program({TestProgram::redirect_port(honest, kHonestPort)}, 0,
                              XDP_CREATE_PROGRAM_FLAG_NATIVE);
    hostile.play(input);
    machine.join_all();
    hostile.restore();
    if (!hostile.adapter_left()) check_honest(machine, honest);
  });
  if (testing::UnitTest::GetInstance()->ad_hoc_test_result().Failed()) std::abort();
}

}  // namespace
}  // namespace ringproof::test

// The packaged SystemC library asks for it; nothing here elaborates a module.
extern "C" __attribute__((visibility("default"))) int sc_main(int, char**) { return 0; }

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  ringproof::test::run(data, size);
  return 0;
}
