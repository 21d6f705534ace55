// The published testbench: everything that can be counted, at one moment.

#include <fmt/format.h>

#include <cstring>

#include "sim/testbench/testbench_impl.h"

namespace ringproof::testbench {
namespace {

// Where the words of a ring lie in its memory; see RingShape.
constexpr std::size_t kProducerAt = 0;
constexpr std::size_t kConsumerAt = 64;
constexpr std::size_t kFlagsAt = 128;

std::uint32_t word(const RingShape& ring, std::size_t at) {
  std::uint32_t value;
  std::memcpy(&value, ring.base + at, sizeof value);
  return value;
}

void add_counters(const RunResult& result, std::map<std::string, std::uint64_t>& counters) {
  counters["wire_in"] = result.wire_in;
  counters["wire_out"] = result.wire_out;
  counters["to_sockets"] = result.to_sockets;
  counters["passed"] = result.passed;
  counters["forwarded"] = result.forwarded;
  counters["host_stack.seen"] = result.stack.seen;
  counters["host_stack.passed"] = result.stack.passed;
  counters["host_stack.forwarded"] = result.stack.forwarded;
  counters["host_stack.to_sockets"] = result.stack.to_sockets;
  counters["host_stack.dropped"] = result.stack.dropped;
  counters["host_stack.received"] = result.stack.received;
  for (const auto& [reason, count] : result.dropped) counters["dropped." + reason] = count;
  for (const QueueResult& queue : result.queues) {
    const std::string name = fmt::format("{}.{}{}.", queue.port, queue.direction, queue.queue);
    counters[name + "frames"] = queue.frames;
    counters[name + "bytes"] = queue.bytes;
    counters[name + "dropped"] = queue.dropped;
    counters[name + "zero_copy"] = queue.zero_copy;
  }
}

// By the names of upstream's counter set; what is 0 all over is as good as not there.
void add_queue_counters(const std::string& instance, const xdp::RxQueueCounters& queue,
                        std::map<std::string, std::uint64_t>& counters) {
  if (queue == xdp::RxQueueCounters()) return;
  counters[instance + ".XskFramesDelivered"] = queue.xsk_frames_delivered;
  counters[instance + ".XskFramesDropped"] = queue.xsk_frames_dropped;
  counters[instance + ".XskInvalidDescriptors"] = queue.xsk_invalid_descriptors;
  counters[instance + ".XskFramesTruncated"] = queue.xsk_frames_truncated;
  counters[instance + ".InspectFramesPassed"] = queue.inspect_frames_passed;
  counters[instance + ".InspectFramesDropped"] = queue.inspect_frames_dropped;
  counters[instance + ".InspectFramesRedirected"] = queue.inspect_frames_redirected;
  counters[instance + ".InspectFramesForwarded"] = queue.inspect_frames_forwarded;
  counters[instance + ".InspectBatches"] = queue.inspect_batches;
  counters[instance + ".XskBytesCopied"] = queue.xsk_bytes_copied;
  counters[instance + ".XskFramesZeroCopy"] = queue.xsk_frames_zero_copy;
}

void add_queue_counters(const xdp::Platform& platform, std::uint32_t interface, std::uint32_t queues,
                        std::map<std::string, std::uint64_t>& counters) {
  for (const bool generic : {false, true}) {
    for (std::uint32_t queue = 0; queue < queues; ++queue) {
      add_queue_counters(fmt::format("{}.if_{}_queue_{}", generic ? "generic" : "native", interface, queue),
                         platform.rx_counters(interface, generic, true, queue), counters);
    }
  }
  for (std::uint32_t queue = 0; queue < queues; ++queue) {
    add_queue_counters(fmt::format("generic.if_{}_queue_{}_tx", interface, queue),
                       platform.rx_counters(interface, true, false, queue), counters);
  }
}

}  // namespace

Snapshot Testbench::Impl::snapshot() {
  Snapshot snapshot;
  snapshot.time = Time(static_cast<std::int64_t>(bench_->now_ps()));
  snapshot.step = bench_->kernel().steps();
  for (const auto& [socket, rings] : rings_.sockets()) {
    for (std::size_t kind = 0; kind < rings.size(); ++kind) {
      if (!rings[kind].has_value()) continue;
      const RingShape& ring = *rings[kind];
      snapshot.rings.push_back({socket, ring_kind_name(static_cast<RingKind>(kind)), ring.size,
                                word(ring, kProducerAt), word(ring, kConsumerAt), word(ring, kFlagsAt)});
    }
    for (const auto& chunk : bench_->monitors().ownership().chunks_of(socket)) {
      snapshot.buffers.push_back({socket, chunk.address, chunk.owner});
    }
  }
  RunResult result;
  bench_->monitors().accounts().fill(result);
  add_counters(result, snapshot.counters);
  for (std::uint32_t port = 0; port < bench_->machine().port_count(); ++port) {
    add_queue_counters(bench_->platform(), port + 1, bench_->driver(port).info().rx_queues,
                       snapshot.counters);
  }
  return snapshot;
}

const RingSnapshot& Snapshot::ring(std::string_view name, std::uint64_t socket) const {
  for (const RingSnapshot& each : rings) {
    if (each.ring == name && (socket == 0 || each.socket == socket)) return each;
  }
  throw std::invalid_argument(fmt::format("Snapshot::ring: expected a ring that is there, got {}{}", name,
                                          socket == 0 ? "" : fmt::format(" of socket {}", socket)));
}

std::size_t Snapshot::buffers_of(std::string_view owner) const {
  std::size_t count = 0;
  for (const BufferSnapshot& each : buffers) count += each.owner == owner ? 1 : 0;
  return count;
}

}  // namespace ringproof::testbench
