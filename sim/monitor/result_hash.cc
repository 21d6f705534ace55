#include "sim/monitor/result_hash.h"

#include <cstring>
#include <initializer_list>

namespace ringproof {
namespace {

// First word of each event; the numbers are part of the hash and never change their meaning.
enum class Word : std::uint64_t {
  kNicDropped = 1,
  kWireOut = 2,
  kWireOutDropped = 3,
  kPassed = 4,
  kForwarded = 5,
  kDropped = 6,
  kDelivered = 7,
  kRingMoved = 8,
  kLocalFrame = 9,
  kStackReceived = 10,
  kStackLost = 11,
};

void add(Hash64& hash, Word first, std::initializer_list<std::uint64_t> rest) {
  hash.add_u64(static_cast<std::uint64_t>(first));
  for (const std::uint64_t word : rest) hash.add_u64(word);
}

std::uint64_t number(DropReason reason) { return static_cast<std::uint64_t>(reason); }

void add_text(Hash64& hash, const std::string& text) { hash.add_bytes(text.data(), text.size()); }

void add_counters(Hash64& hash, const RunResult& result) {
  for (const std::uint64_t count :
       {result.wire_in, result.wire_out, result.to_sockets, result.passed, result.forwarded}) {
    hash.add_u64(count);
  }
  hash.add_u64(result.dropped.size());
  for (const auto& [reason, count] : result.dropped) {
    add_text(hash, reason);
    hash.add_u64(count);
  }
  hash.add_u64(result.queues.size());
  for (const QueueResult& queue : result.queues) {
    add_text(hash, queue.port);
    hash.add_u64(queue.queue);
    add_text(hash, queue.direction);
    for (const std::uint64_t count : {queue.frames, queue.bytes, queue.dropped}) hash.add_u64(count);
  }
  for (const std::uint64_t latency : {result.latency_p50_ns, result.latency_p99_ns, result.latency_max_ns}) {
    hash.add_u64(latency);
  }
  add_text(hash, result.end_reason);
  hash.add_u64(result.application_ended ? 1 : 0);
  hash.add_u64(static_cast<std::uint64_t>(result.application_status));
  for (const ProgramResult& program : result.programs) {
    add_text(hash, program.name);
    hash.add_u64(program.ended ? 1 : 0);
    hash.add_u64(static_cast<std::uint64_t>(program.status));
  }
}

}  // namespace

ResultHash::Port& ResultHash::port(std::uint32_t number) {
  if (ports_.size() <= number) ports_.resize(number + 1);
  return ports_[number];
}

void ResultHash::nic_dropped(std::uint32_t port_number, std::uint64_t timestamp_ns, DropReason reason) {
  add(port(port_number).rx, Word::kNicDropped, {timestamp_ns, number(reason)});
}

void ResultHash::wire_out(std::uint32_t port_number, std::uint32_t queue, std::uint64_t time_ps,
                          Bytes bytes) {
  Hash64& hash = port(port_number).tx;
  add(hash, Word::kWireOut, {queue, time_ps});
  hash.add_bytes(bytes.data(), bytes.size());
}

void ResultHash::wire_out_dropped(std::uint32_t port_number, std::uint32_t queue, DropReason reason) {
  add(port(port_number).tx, Word::kWireOutDropped, {queue, number(reason)});
}

void ResultHash::local_frame_begun(std::uint32_t port_number, std::uint32_t queue, std::uint64_t frame,
                                   Bytes bytes) {
  add(host_, Word::kLocalFrame, {port_number, queue, frame});
  host_.add_bytes(bytes.data(), bytes.size());
}

void ResultHash::stack_received(std::uint32_t port_number, std::uint32_t queue, std::uint64_t time_ps,
                                Bytes bytes) {
  add(host_, Word::kStackReceived, {port_number, queue, time_ps});
  host_.add_bytes(bytes.data(), bytes.size());
}

void ResultHash::stack_lost(std::uint32_t port_number, std::uint32_t queue, DropReason reason) {
  add(host_, Word::kStackLost, {port_number, queue, number(reason)});
}

void ResultHash::frame_passed(std::uint32_t port_number, std::uint64_t timestamp_ns, std::uint64_t time_ps) {
  add(host_, Word::kPassed, {port_number, timestamp_ns, time_ps});
}

void ResultHash::frame_forwarded(std::uint32_t port_number, std::uint64_t timestamp_ns,
                                 std::uint64_t time_ps) {
  add(host_, Word::kForwarded, {port_number, timestamp_ns, time_ps});
}

void ResultHash::frame_dropped(std::uint32_t port_number, std::uint64_t timestamp_ns, DropReason reason) {
  add(host_, Word::kDropped, {port_number, timestamp_ns, number(reason)});
}

void ResultHash::frame_delivered(std::uint32_t port_number, std::uint64_t timestamp_ns, std::uint64_t socket,
                                 std::uint64_t address, Bytes bytes, std::uint64_t time_ps) {
  add(host_, Word::kDelivered, {port_number, timestamp_ns, socket, address, time_ps});
  host_.add_bytes(bytes.data(), bytes.size());
}

std::uint32_t& ResultHash::start(std::uint64_t socket, RingKind kind) {
  if (starts_.size() <= socket) starts_.resize(socket + 1);
  return starts_[socket][static_cast<std::size_t>(kind)];
}

void ResultHash::ring_created(std::uint64_t socket, RingKind kind, const RingShape& shape) {
  std::memcpy(&start(socket, kind), shape.base, sizeof(std::uint32_t));
}

void ResultHash::ring_moved(std::uint64_t socket, RingKind kind, Actor actor, std::uint32_t old,
                            std::uint32_t now, std::uint64_t time_ps) {
  // Where they begin is nothing that a run does: INV-07.
  const std::uint32_t begin = start(socket, kind);
  add(host_, Word::kRingMoved,
      {socket, static_cast<std::uint64_t>(kind), static_cast<std::uint64_t>(actor), old - begin, now - begin,
       time_ps});
}

std::uint64_t ResultHash::value(const RunResult& result) const {
  Hash64 all;
  all.add_u64(host_.value());
  all.add_u64(ports_.size());
  for (const Port& each : ports_) {
    all.add_u64(each.rx.value());
    all.add_u64(each.tx.value());
  }
  add_counters(all, result);
  return all.value();
}

}  // namespace ringproof
