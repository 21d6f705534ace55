#include "sim/monitor/progress_monitor.h"

#include <fmt/format.h>

#include <algorithm>

#include "sim/monitor/grown.h"
#include "sim/monitor/vector_place.h"

namespace ringproof {

ProgressMonitor::Queue& ProgressMonitor::queue(std::uint32_t port, std::uint32_t vector) {
  return grown(ports_, port).queues[vector];
}

ProgressMonitor::Socket* ProgressMonitor::find(std::uint64_t number) { return sockets_.find(number); }

std::string ProgressMonitor::times(std::uint64_t since_ps) const {
  const std::uint64_t lasted_ns = patience_.lasted_ps(since_ps, now_ps_) / 1000;
  if (quiet_) return fmt::format("for {} ns, and nothing happens any more", lasted_ns);
  return fmt::format("for {} ns, {} ns are allowed", lasted_ns, patience_.bound_ps() / 1000);
}

// ---- Frames with the device ----

void ProgressMonitor::nic_accepted(std::uint32_t port, std::uint32_t number, std::uint64_t timestamp_ns) {
  at(timestamp_ns * 1000);
  queue(port, number).frames.push(timestamp_ns);
}

void ProgressMonitor::judge_frames(std::uint32_t port, std::uint32_t vector, const Queue& it) {
  log_.checked(Invariant::k37);
  const std::uint64_t begin_ps = receives(vector) ? it.frames[0] * 1000 : it.frames[0];
  const std::uint64_t since_ps = std::max(begin_ps, it.free_ps);
  if (it.poller == Poller::kElsewhere || !too_long(since_ps)) return;
  const Party party = receives(vector) ? Party::kPlatform : Party::kDevice;
  log_.violated(Invariant::k37, party, place_of_vector(port, vector), it.trail, now_ps_, [&] {
    return fmt::format("{} {}",
                       receives(vector) ? "a frame that the NIC accepted was not taken by the driver"
                                        : "a posted descriptor was not completed",
                       times(since_ps));
  });
}

void ProgressMonitor::hw_rx_completed(std::uint32_t port, std::uint32_t number, std::uint32_t,
                                      std::uint64_t timestamp_ns, Bytes) {
  Queue& it = queue(port, number);
  if (!it.frames.empty()) judge_frames(port, number, it);
  // A frame whose entry could not be written is passed over.
  while (!it.frames.empty() && it.frames[0] <= timestamp_ns) it.frames.pop();
  Port& state = ports_[port];
  if (state.in_pass++ == 0) state.in_pass_ps = now_ps_;
  state.last_queue = number;
}

void ProgressMonitor::judge_pass(std::uint32_t port) {
  Port& state = ports_[port];
  if (!too_long(state.in_pass_ps)) return;
  const auto number = static_cast<std::uint32_t>(state.last_queue);
  log_.violated(Invariant::k37, Party::kPlatform, Place::rx_queue(port, number), state.queues[number].trail,
                now_ps_, [&] {
                  return fmt::format("{} frames that the driver took had no end {}", state.in_pass,
                                     times(state.in_pass_ps));
                });
}

void ProgressMonitor::frame_ended(std::uint32_t port, std::uint64_t timestamp_ns) {
  if (is_local_frame(timestamp_ns)) return;
  Port& state = grown(ports_, port);
  if (state.in_pass == 0) return;
  log_.checked(Invariant::k37);
  judge_pass(port);
  --state.in_pass;
  state.in_pass_ps = now_ps_;
}

void ProgressMonitor::frame_passed(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t time_ps) {
  at(time_ps);
  frame_ended(port, timestamp_ns);
}

void ProgressMonitor::frame_forwarded(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t time_ps) {
  at(time_ps);
  frame_ended(port, timestamp_ns);
}

void ProgressMonitor::frame_dropped(std::uint32_t port, std::uint64_t timestamp_ns, DropReason) {
  frame_ended(port, timestamp_ns);
}

void ProgressMonitor::frame_delivered(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t,
                                      std::uint64_t, Bytes, std::uint64_t time_ps) {
  at(time_ps);
  frame_ended(port, timestamp_ns);
}

void ProgressMonitor::hw_tx_posted(std::uint32_t port, std::uint32_t number, std::uint32_t, Bytes) {
  queue(port, nic::kTxVectorBase + number).frames.push(now_ps_);
}

void ProgressMonitor::hw_tx_completed(std::uint32_t port, std::uint32_t number, std::uint32_t) {
  const std::uint32_t vector = nic::kTxVectorBase + number;
  Queue& it = queue(port, vector);
  if (it.frames.empty()) return;
  judge_frames(port, vector, it);
  it.frames.pop();
}

void ProgressMonitor::poller_changed(std::uint32_t port, std::uint32_t vector, Poller poller,
                                     std::uint64_t time_ps) {
  at(time_ps);
  Queue& it = queue(port, vector);
  if (it.poller == Poller::kElsewhere) it.free_ps = time_ps;
  it.poller = poller;
}

void ProgressMonitor::index_published(std::uint32_t port, std::uint32_t vector, std::uint32_t index, bool,
                                      std::uint64_t time_ps) {
  at(time_ps);
  queue(port, vector).trail.add("index {0} published", index, 0, time_ps);
}

// What a queue had when it was switched off is given back in another way.
void ProgressMonitor::queue_disabled(std::uint32_t port, std::uint32_t vector, std::uint64_t time_ps) {
  at(time_ps);
  Queue& it = queue(port, vector);
  if (!it.frames.empty()) judge_frames(port, vector, it);
  it.frames.clear();
}

// The same: what was late by then was late.
void ProgressMonitor::device_reset(std::uint32_t port, std::uint64_t time_ps) {
  at(time_ps);
  grown(ports_, port).queues.for_each([&](std::uint32_t vector, Queue& it) {
    if (!it.frames.empty()) judge_frames(port, vector, it);
    it.frames.clear();
  });
}

// ---- TX entries of sockets ----

void ProgressMonitor::ring_created(std::uint64_t number, RingKind kind, const RingShape& shape) {
  Socket& it = sockets_[number];
  if (kind == RingKind::kTx) it.tx_entries = shape.size;
  if (kind == RingKind::kCompletion) it.completion_entries = shape.size;
}

bool ProgressMonitor::owed(const Socket& it) const {
  if (!it.joined || it.produced - it.consumed > it.tx_entries || !behind(it.consumed, it.poked)) return false;
  if (it.completions + it.outstanding >= it.completion_entries) return false;
  const Queue* queue = ports_[it.port].queues.find(it.vector);
  return queue == nullptr || queue->poller != Poller::kElsewhere;
}

void ProgressMonitor::judge_socket(std::uint64_t number, const Socket& it) {
  log_.checked(Invariant::k37);
  if (!too_long(it.since_ps)) return;
  log_.violated(Invariant::k37, Party::kPlatform, Place::ring(number, RingKind::kTx), it.trail, now_ps_, [&] {
    return fmt::format("{} entries were published and poked, and none of them was taken {}",
                       it.poked - it.consumed, times(it.since_ps));
  });
}

void ProgressMonitor::progressed(std::uint64_t number, Socket& it) {
  if (owed(it)) judge_socket(number, it);
  it.since_ps = now_ps_;
}

void ProgressMonitor::ring_moved(std::uint64_t number, RingKind kind, Actor actor, std::uint32_t old,
                                 std::uint32_t now, std::uint64_t time_ps) {
  at(time_ps);
  if (kind != RingKind::kTx && kind != RingKind::kCompletion) return;
  Socket* it = find(number);
  if (it == nullptr) return;
  if (kind == RingKind::kTx) {
    if (actor == Actor::kApplication) {
      it->produced = now;
      return;
    }
    it->trail.add("platform consumed TX {0}..{1}", old, now, time_ps);
    progressed(number, *it);
    it->consumed = now;
    return;
  }
  progressed(number, *it);
  if (actor == Actor::kApplication) {
    it->completions -= std::min(it->completions, now - old);
  } else {
    it->completions += now - old;
  }
}

void ProgressMonitor::tx_judged(std::uint64_t number, std::uint64_t, bool valid, Bytes) {
  Socket* it = find(number);
  if (it != nullptr && valid) ++it->outstanding;
}

void ProgressMonitor::tx_finished(std::uint64_t number, std::uint64_t, Bytes) {
  Socket* it = find(number);
  if (it == nullptr) return;
  progressed(number, *it);
  if (it->outstanding > 0) --it->outstanding;
}

void ProgressMonitor::tx_joined(std::uint64_t number, std::uint32_t port, std::uint32_t number_of_queue, bool,
                                bool to_wire) {
  Socket& it = sockets_[number];
  it.joined = true;
  it.port = port;
  it.vector = to_wire ? nic::kTxVectorBase + number_of_queue : Socket::kNoVector;
  grown(ports_, port);
}

void ProgressMonitor::tx_left(std::uint64_t number) {
  Socket* it = find(number);
  if (it == nullptr) return;
  // A program that gives up waiting closes its socket: what it waited for was owed until then.
  if (owed(*it)) judge_socket(number, *it);
  it->joined = false;
}

void ProgressMonitor::tx_poked(std::uint64_t number, bool begins, std::uint64_t time_ps) {
  at(time_ps);
  if (begins) return;
  Socket* it = find(number);
  if (it == nullptr) return;
  if (!owed(*it)) it->since_ps = time_ps;
  it->poked = it->produced;
  it->trail.add("poked with {0} entries published, {1} consumed", it->produced, it->consumed, time_ps);
}

void ProgressMonitor::socket_closed(std::uint64_t number) { sockets_.erase(number); }

void ProgressMonitor::finish(std::uint64_t end_ps, bool quiet) {
  at(end_ps);
  quiet_ = quiet;
  for (std::uint32_t port = 0; port < ports_.size(); ++port) {
    ports_[port].queues.for_each([&](std::uint32_t vector, const Queue& it) {
      if (!it.frames.empty()) judge_frames(port, vector, it);
    });
    if (ports_[port].in_pass > 0) judge_pass(port);
  }
  for (const auto& [number, socket] : sockets_) {
    if (owed(*socket)) judge_socket(number, *socket);
  }
}

}  // namespace ringproof
