// Maps of sockets, and rules that redirect through them. P-090 … P-103.

#include <array>
#include <cstring>
#include <memory>

#include "testbench/conformance/machine.h"
#include "testbench/conformance/memory_pages.h"
#include "testbench/conformance/programs.h"

namespace ringproof::test {
namespace {

const XDP_RULE kMatchAll = rule_all(XDP_PROGRAM_ACTION_DROP);

struct Maps : Conformance {
  xdp::RxQueueCounters counters(UINT32 queue = 0) {
    return machine().platform().rx_counters(1, true, true, queue);
  }
  void wire_on(UINT32 queue, UINT32 length) {
    machine().wire({WireFrame{.bytes = udp_frame(length, 1), .queue = queue}});
    machine().settle();
  }
  static std::vector<UINT32> lengths(ReadySocket& socket) {
    std::vector<UINT32> result;
    for (const XSK_BUFFER_DESCRIPTOR& buffer : socket.received()) result.push_back(buffer.Length);
    return result;
  }
};

SocketShape on_queue(UINT32 queue) {
  SocketShape shape;
  shape.queue = queue;
  return shape.in(kModes[1], kRxOnly);
}

struct PostedSocket : ReadySocket {
  explicit PostedSocket(UINT32 queue) : ReadySocket(on_queue(queue)) { post_chunks(0, 16); }
};

// P-090
CONFORMANCE(Maps, AreOfOneTypeOnly) {
  for (const UINT32 type : {1u, 0xFFFFFFFFu}) {
    Handle map;
    EXPECT_EQ(number(XdpMapCreate(map.out(), static_cast<XDP_MAP_TYPE>(type))), kBadParameter);
    EXPECT_EQ(map.get(), nullptr);
  }
}

// P-091: the key is judged before the value is looked at.
CONFORMANCE(Maps, HaveKeysBelow128) {
  const TestMap map;
  const RawSocket socket;
  EXPECT_EQ(map.insert(0, socket), kOk);
  EXPECT_EQ(map.insert(127, socket), kOk);
  for (const UINT32 key : {128u, 0xFFFFFFFFu}) {
    EXPECT_EQ(map.insert(key, socket), kBadParameter) << key;
    EXPECT_EQ(number(XdpMapInsert(map.handle(), &key, nullptr)), kBadParameter) << key;
  }
}

// P-092
CONFORMANCE(Maps, LoseAnEntryWhetherItIsThereOrNot) {
  const TestMap map;
  EXPECT_EQ(map.remove(128), kBadParameter);
  EXPECT_EQ(map.remove(5), kOk);
  EXPECT_EQ(map.remove(5), kOk);
}

// P-093
CONFORMANCE(Maps, KeepAnEntryThatAWrongValueWouldReplace) {
  PostedSocket socket(0);
  const TestMap map;
  const Handle program = program_of({.rules = {redirected(kMatchAll, map)}});
  EXPECT_EQ(map.insert(0, socket), kOk);
  HANDLE event = CreateEvent(nullptr, TRUE, FALSE, nullptr);
  for (const HANDLE wrong : {HANDLE{}, program.get(), map.handle(), event}) {
    EXPECT_EQ(map.insert(0, wrong), kInvalidHandle);
  }
  EXPECT_TRUE(CloseHandle(event));
  wire_on(0, 64);
  EXPECT_EQ(lengths(socket), (std::vector<UINT32>{64}));
}

// P-094, U-06: four bytes of alignment are enough. The map is looked for first, then the key read and judged,
// then the value read, then the socket looked for; a refusal leaves the entry alone.
CONFORMANCE(Maps, ReadKeyAndValueWithCare) {
  MemoryPages pages(2);
  pages.forbid(1);
  const TestMap map;
  PostedSocket socket(0);
  const UINT32 key = 0;
  const UINT32 beyond = 128;
  const HANDLE value = socket.handle();
  alignas(8) std::array<unsigned char, 24> bytes{};
  const auto insert = [&](const void* where, const void* what) {
    return number(XdpMapInsert(map.handle(), where, what));
  };
  EXPECT_EQ(insert(&key, &value), kOk);
  EXPECT_EQ(insert(nullptr, &value), kNoAccess);
  EXPECT_EQ(insert(pages.at(1), &value), kNoAccess);
  EXPECT_EQ(insert(nullptr, nullptr), kNoAccess);
  EXPECT_EQ(insert(&key, nullptr), kNoAccess);
  EXPECT_EQ(insert(&key, pages.at(1) - 4), kNoAccess) << "half of it is there";
  EXPECT_EQ(insert(&beyond, pages.at(1) - 4), kBadParameter);
  EXPECT_EQ(number(XdpMapDelete(map.handle(), nullptr)), kNoAccess);
  EXPECT_EQ(number(XdpMapDelete(map.handle(), pages.at(1))), kNoAccess);
  for (const std::size_t shift : {1u, 2u, 3u}) {
    EXPECT_EQ(insert(bytes.data() + shift, &value), kNoAccess) << shift;
    EXPECT_EQ(insert(&key, bytes.data() + shift), kNoAccess) << shift;
    EXPECT_EQ(number(XdpMapDelete(map.handle(), bytes.data() + shift)), kNoAccess) << shift;
  }
  const Handle program = program_of({.rules = {redirected(kMatchAll, map)}});
  wire_on(0, 64);
  EXPECT_EQ(lengths(socket), (std::vector<UINT32>{64}));
  // As late in their page, and as little aligned, as they may be.
  std::memcpy(bytes.data() + 4, &value, sizeof value);
  EXPECT_EQ(insert(pages.at_end(0, UINT32{127}), bytes.data() + 4), kOk);
  EXPECT_EQ(number(XdpMapDelete(map.handle(), pages.at_end(0, key))), kOk);
  wire_on(0, 64);
  EXPECT_EQ(counters().inspect_frames_dropped, 1u);
}

// 4.6, Q-15: upstream takes such a call for another one; here it is refused, whatever the key.
CONFORMANCE(Maps, AreNotWhatOtherHandlesName) {
  const RawSocket socket;
  const Handle program = program_of({.rules = {kMatchAll}});
  Handle interface;
  EXPECT_EQ(number(XdpInterfaceOpen(1, interface.out())), kOk);
  TestMap closed;
  const HANDLE was_open = closed.handle();
  closed.close();
  const UINT32 key = 0;
  const UINT32 beyond = 128;
  HANDLE value = socket.handle();
  for (const HANDLE wrong : {HANDLE{}, socket.handle(), program.get(), interface.get(), was_open,
                             reinterpret_cast<HANDLE>(UINT_PTR{0x5550})}) {
    for (const UINT32* each : {&key, &beyond, static_cast<const UINT32*>(nullptr)}) {
      EXPECT_EQ(number(XdpMapInsert(wrong, each, &value)), kInvalidHandle);
      EXPECT_EQ(number(XdpMapDelete(wrong, each)), kInvalidHandle);
    }
  }
  const TestMap map;
  EXPECT_EQ(number(XskActivate(map.handle(), XSK_ACTIVATE_FLAG_NONE)), kNotSupported);
}

// P-095
CONFORMANCE(Maps, TakeASocketInAnyState) {
  const TestMap map;
  SocketShape shape = on_queue(0);
  shape.activated = false;
  RawSocket unbound;
  EXPECT_EQ(map.insert(1, unbound), kOk);
  ReadySocket socket(shape);
  EXPECT_EQ(map.insert(0, socket), kOk);
  const Handle program = program_of({.rules = {redirected(kMatchAll, map)}});
  socket.post_chunks(0, 16);
  wire_on(0, 64);
  EXPECT_EQ(index_in(socket.rx_ring.SharedProducer), 0u);
  EXPECT_EQ(socket.activate(), kOk);
  wire_on(0, 65);
  EXPECT_EQ(lengths(socket), (std::vector<UINT32>{65}));
  EXPECT_EQ(counters().inspect_frames_redirected, 2u);
}

// P-096
CONFORMANCE_ON(Maps, SendTheFramesOfAQueueToItsEntry, settings.nic.rx_queues = 4) {
  PostedSocket first(0);
  PostedSocket third(2);
  const TestMap map;
  EXPECT_EQ(map.insert(0, first), kOk);
  EXPECT_EQ(map.insert(2, third), kOk);
  const Handle program = program_of({.rules = {redirected(kMatchAll, map)}, .flags = kGeneric | kAllQueues});
  for (UINT32 queue = 0; queue < 4; ++queue) wire_on(queue, 64 + queue);
  EXPECT_EQ(lengths(first), (std::vector<UINT32>{64}));
  EXPECT_EQ(lengths(third), (std::vector<UINT32>{66}));
  for (UINT32 queue = 0; queue < 4; ++queue) {
    EXPECT_EQ(counters(queue).inspect_frames_redirected, queue % 2 == 0 ? 1u : 0u) << queue;
    EXPECT_EQ(counters(queue).inspect_frames_dropped, queue % 2 == 0 ? 0u : 1u) << queue;
  }
  EXPECT_EQ(machine().passed(), 0u);
}

// P-097
CONFORMANCE_ON(Maps, LoseFramesOfASocketOnAnotherQueue, settings.nic.rx_queues = 2) {
  PostedSocket socket(1);
  const TestMap map;
  EXPECT_EQ(map.insert(0, socket), kOk);
  const Handle program = program_of({.rules = {redirected(kMatchAll, map)}});
  wire_on(0, 64);
  EXPECT_TRUE(socket.received().empty());
  EXPECT_EQ(socket.statistics().RxDropped, 0u);
  EXPECT_EQ(counters().inspect_frames_redirected, 1u);
}

// P-098, P-099: beside a stream of frames, the old socket gets nothing after the call.
CONFORMANCE(Maps, AChangeIsOverWhenTheCallReturns) {
  SocketShape shape = on_queue(0);
  shape.ring_size = 64;
  ReadySocket before(shape);
  ReadySocket after(shape);
  before.post_chunks(0, 64);
  after.post_chunks(0, 64);
  const TestMap map;
  EXPECT_EQ(map.insert(0, before), kOk);
  const Handle program = program_of({.rules = {redirected(kMatchAll, map)}});
  machine().wire(std::vector<Bytes>(40, udp_frame(64, 1)));
  while (index_in(before.rx_ring.SharedProducer) == 0) machine().sleep_us(1);
  EXPECT_EQ(map.insert(0, after), kOk);
  const UINT32 got = index_in(before.rx_ring.SharedProducer);
  machine().settle();
  EXPECT_EQ(index_in(before.rx_ring.SharedProducer), got);
  EXPECT_EQ(index_in(after.rx_ring.SharedProducer), 40 - got);
  EXPECT_EQ(map.remove(0), kOk);
  wire_on(0, 64);
  EXPECT_EQ(index_in(after.rx_ring.SharedProducer), 40 - got);
  EXPECT_EQ(counters().inspect_frames_dropped, 1u);
}

// P-100
CONFORMANCE(Maps, GoOnForTheProgramsThatUseThem) {
  PostedSocket socket(0);
  std::shared_ptr<xdp::Socket> object;
  ASSERT_FALSE(xdp::failed(machine().platform().find_socket(socket.handle(), &object)));
  const std::weak_ptr<xdp::Socket> alive = std::exchange(object, nullptr);
  TestMap map;
  EXPECT_EQ(map.insert(0, socket), kOk);
  Handle program = program_of({.rules = {redirected(kMatchAll, map)}});
  map.close();
  wire_on(0, 64);
  EXPECT_EQ(lengths(socket), (std::vector<UINT32>{64}));
  socket.close();
  EXPECT_FALSE(alive.expired());
  program.close();
  EXPECT_TRUE(alive.expired());
}

// P-101
CONFORMANCE(Maps, LoseTheFramesOfASocketThatClosed) {
  PostedSocket socket(0);
  const TestMap map;
  EXPECT_EQ(map.insert(0, socket), kOk);
  const Handle program =
      program_of({.rules = {redirected(kMatchAll, map), rule_all(XDP_PROGRAM_ACTION_PASS)}});
  socket.close();
  wire_on(0, 64);
  EXPECT_EQ(machine().passed(), 0u);
  EXPECT_EQ(counters().inspect_frames_redirected, 1u);
}

// P-102
CONFORMANCE(Maps, MayNameASocketManyTimes) {
  PostedSocket socket(0);
  const TestMap first;
  const TestMap second;
  for (const UINT32 key : {0u, 1u, 127u}) EXPECT_EQ(first.insert(key, socket), kOk);
  EXPECT_EQ(second.insert(0, socket), kOk);
  XDP_RULE port = rule_port(1, XDP_PROGRAM_ACTION_DROP);
  const Handle program = program_of({.rules = {redirected(port, first), redirected(kMatchAll, second)}});
  machine().wire_as_one_batch({udp_frame(64, 1, 1), udp_frame(65, 1, 2)});
  EXPECT_EQ(lengths(socket), (std::vector<UINT32>{64, 65}));
}

// Several threads insert and remove while frames flow: each frame goes to a socket or is counted as dropped.
CONFORMANCE(Maps, MayChangeWhileFramesFlow) {
  constexpr UINT32 kFrames = 60;
  SocketShape shape = on_queue(0);
  shape.ring_size = 64;
  ReadySocket first(shape);
  ReadySocket second(shape);
  first.post_chunks(0, 64);
  second.post_chunks(0, 64);
  const TestMap map;
  const Handle program = program_of({.rules = {redirected(kMatchAll, map)}});
  machine().wire(std::vector<Bytes>(kFrames, udp_frame(64, 1)));
  machine().start_thread([&] {
    for (int i = 0; i < 10; ++i) EXPECT_EQ(map.insert(0, first), kOk);
  });
  machine().start_thread([&] {
    for (int i = 0; i < 10; ++i) {
      EXPECT_EQ(map.insert(0, second), kOk);
      EXPECT_EQ(map.remove(0), kOk);
    }
  });
  machine().join_all();
  machine().settle();
  const UINT32 delivered = index_in(first.rx_ring.SharedProducer) + index_in(second.rx_ring.SharedProducer);
  EXPECT_EQ(delivered, counters().inspect_frames_redirected);
  EXPECT_EQ(counters().inspect_frames_redirected + counters().inspect_frames_dropped, kFrames);
}

}  // namespace
}  // namespace ringproof::test
