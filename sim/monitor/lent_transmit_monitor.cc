#include "sim/monitor/lent_transmit_monitor.h"

#include <afxdp.h>
#include <fmt/format.h>

#include <cstring>

#include "sim/monitor/grown.h"
#include "sim/monitor/vector_place.h"

namespace ringproof {
namespace {

constexpr std::uint64_t kBeatMask = 63;

}  // namespace

void LentTransmitMonitor::ring_created(std::uint64_t number, RingKind kind, const RingShape& shape) {
  if (kind == RingKind::kTx) sockets_[number].tx = shape;
}

void LentTransmitMonitor::ended(Queue& it) {
  if (it.socket != 0) --lent_;
  it.socket = it.memory = 0;
  it.last = 0;
  it.frames.clear();
}

void LentTransmitMonitor::hw_ring_changed(std::uint32_t port, std::uint32_t vector, std::uint32_t,
                                          std::uint32_t, std::uint64_t socket) {
  if (receives(vector)) return;
  Queue& it = grown(ports_, port)[vector];
  ended(it);
  it.socket = socket;
  if (socket != 0) ++lent_;
}

void LentTransmitMonitor::zero_copy_enabled(std::uint32_t port, std::uint32_t vector,
                                            const ZeroCopyTold& told, std::uint64_t) {
  if (!receives(vector)) grown(ports_, port)[vector].memory = told.memory;
}

// What it has read of frames that it never completes nobody can say.
void LentTransmitMonitor::device_reset(std::uint32_t port, std::uint64_t) {
  grown(ports_, port).for_each([this](std::uint32_t, Queue& it) { ended(it); });
}

void LentTransmitMonitor::hw_tx_posted(std::uint32_t port, std::uint32_t number, std::uint32_t index,
                                       Bytes bytes) {
  Queue& it = grown(ports_, port)[nic::kTxVectorBase + number];
  if (it.socket == 0) return;
  Frame& frame = it.frames.push();
  frame = {index, 0, 0, 0, 0, bytes.size()};
  const Socket* socket = sockets_.find(it.socket);
  if (bytes.empty() || socket == nullptr) return;
  frame.begin = static_cast<std::uint64_t>(bytes.data() - socket->umem.base);
  frame.first = frame.begin & ~kBeatMask;
  frame.bytes = ((frame.begin + frame.length + kBeatMask) & ~kBeatMask) - frame.first;
}

LentTransmitMonitor::Frame* LentTransmitMonitor::read_from(Queue& it, std::uint64_t offset,
                                                           std::uint64_t bytes) {
  Frame* again = nullptr;  // it has been read to its end before
  const std::size_t count = it.frames.size();
  for (std::size_t i = 0; i < count; ++i) {
    std::size_t at = it.last + i;
    if (at >= count) at -= count;
    Frame& frame = it.frames[at];
    if (!frame.covers(offset, bytes)) continue;
    if (frame.read < frame.bytes) {
      it.last = at;
      return &frame;
    }
    again = &frame;
  }
  return again;
}

void LentTransmitMonitor::dma(std::uint32_t port, std::uint32_t requester, bool write, std::uint64_t address,
                              std::uint32_t bytes, bool, std::uint64_t time_ps) {
  if (write || receives(requester)) return;
  Queue& it = grown(ports_, port)[requester];
  const Socket* socket = it.memory == 0 ? nullptr : sockets_.find(it.socket);
  if (socket == nullptr || address - it.memory >= socket->umem.total_bytes) return;
  const std::uint64_t offset = address - it.memory;
  log_.checked(Invariant::k13);
  if (Frame* frame = read_from(it, offset, bytes)) {
    frame->read += bytes;
    return;
  }
  if (changed(it)) {
    it.memory = 0;
    return;
  }
  log_.violated(Invariant::k13, Party::kDevice, Place::ring(it.socket, RingKind::kTx), it.trail, time_ps,
                [&] {
                  return fmt::format(
                      "the device read {} bytes at UMEM address {:#x}, which is in none of the {} frames "
                      "that it has to send",
                      bytes, offset, it.frames.size());
                });
}

// One for each descriptor, in order; without bytes for those that are not sent.
void LentTransmitMonitor::completion_written(std::uint32_t port, std::uint32_t vector, std::uint32_t,
                                             Bytes entry, bool, std::uint64_t time_ps) {
  if (receives(vector)) return;
  Queue& it = grown(ports_, port)[vector];
  if (it.memory == 0 || it.frames.empty()) return;
  const Frame frame = it.frames.front();
  it.trail.add("frame {0} completed, {1} bytes of it read", frame.index, frame.read, time_ps);
  log_.checked(Invariant::k23);
  if (!entry.empty() && frame.read < frame.bytes) {
    if (changed(it)) {
      it.memory = 0;
      return;
    }
    log_.violated(Invariant::k23, Party::kDevice, Place::ring(it.socket, RingKind::kTx), it.trail, time_ps,
                  [&] {
                    return fmt::format(
                        "frame {} was completed when {} of its {} bytes at UMEM address {:#x} had been read",
                        frame.index, frame.read, frame.bytes, frame.first);
                  });
  }
  it.frames.pop();
  if (it.last > 0) --it.last;
}

bool LentTransmitMonitor::changed(const Queue& it) {
  const Socket* socket = sockets_.find(it.socket);
  if (socket == nullptr || socket->tx.base == nullptr) return true;
  for (std::size_t i = 0; i < it.frames.size(); ++i) {
    const Frame& frame = it.frames[i];
    XSK_BUFFER_DESCRIPTOR now;
    std::memcpy(&now, socket->tx.element(frame.index), sizeof now);
    if (frame.bytes == 0) continue;
    if (now.Address.BaseAddress + now.Address.Offset != frame.begin || now.Length != frame.length)
      return true;
  }
  return false;
}

}  // namespace ringproof
