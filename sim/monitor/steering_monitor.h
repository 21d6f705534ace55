// steering_monitor.h: whether each frame goes where rules and receive-side scaling send it.
// Role     INV-19: hash, queue and action of each frame equal the reference's, and the frame meets exactly
//          the end that its last judgement named
// Shapes   a frame that two interfaces of a port look at (native, then generic) is judged twice; the last one
//          that does not pass decides. What is told of receive-side scaling while a frame is between wire
//          and queue holds for it or does not. What a device that was reset knows of it is not judged by frames
//          that find all its queues off
// Errors   a wrong queue is the device's, a wrong rule or end the platform's. A program in the way of the
//          local sender is not fed yet
// Source   invariants-and-faults.md C; reference_steering.h, reference_rules.h
#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <utility>
#include <vector>

#include "model/base/tap.h"
#include "model/nic/nic_config.h"
#include "model/xdp/public_api.h"
#include "sim/monitor/frame_book.h"
#include "sim/monitor/invariant_log.h"
#include "sim/monitor/reference_steering.h"

namespace ringproof {

class SteeringMonitor final : public Tap {
 public:
  SteeringMonitor(InvariantLog& log, const std::vector<nic::NicConfig>& ports);

  // The test that feeds the port put this frame, which has just arrived, on a queue itself.
  void given(std::uint32_t port, std::uint64_t timestamp_ns, std::uint32_t queue);

  void wire_in(std::uint32_t port, std::uint64_t timestamp_ns, Bytes bytes) override;
  void rss_changed(std::uint32_t port, const RssTold& rss) override;
  void nic_dropped(std::uint32_t port, std::uint64_t timestamp_ns, DropReason reason) override;
  void nic_accepted(std::uint32_t port, std::uint32_t queue, std::uint64_t timestamp_ns) override;
  void rx_starved(std::uint32_t port, std::uint32_t queue, std::uint64_t timestamp_ns) override;
  void queue_enabled(std::uint32_t port, std::uint32_t vector, std::uint32_t start, std::uint32_t entries,
                     std::uint64_t time_ps) override;
  void device_reset(std::uint32_t port, std::uint64_t time_ps) override;
  void completion_written(std::uint32_t port, std::uint32_t vector, std::uint32_t slot, Bytes entry,
                          bool allowed, std::uint64_t time_ps) override;
  void rules_changed(const QueuePlace& place, std::uint64_t version,
                     std::span<const RuleTold> rules) override;
  void local_frame_begun(std::uint32_t port, std::uint32_t queue, std::uint64_t number, Bytes bytes) override;
  void frame_judged(const QueuePlace& place, const Judgement& judgement, Bytes bytes) override;
  void map_changed(std::uint64_t map, std::uint32_t key, std::uint64_t socket) override;
  void frame_passed(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t time_ps) override;
  void frame_forwarded(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t time_ps) override;
  void frame_dropped(std::uint32_t port, std::uint64_t timestamp_ns, DropReason reason) override;
  void frame_delivered(std::uint32_t port, std::uint64_t timestamp_ns, std::uint64_t socket,
                       std::uint64_t address, Bytes bytes, std::uint64_t time_ps) override;

 private:
  enum class End : std::uint8_t { kPass, kDrop, kRedirect, kForward, kUnknown };
  static const char* end_name(End end);

  struct PortRules {
    nic::RssKey key{};
    std::vector<std::uint8_t> table{};  // as it was told; empty: the queues in turn
    std::uint32_t queues = 1;
    std::uint32_t hash_types = reference::kAllHashTypes;
    bool reset = false;  // and no queue was enabled since
  };
  struct Queue {
    QueuePlace place;
    std::vector<XDP_RULE> rules;
    std::vector<std::uint64_t> sockets;  // by rule
    std::vector<std::uint64_t> maps;     // by rule
    EventTrail trail;
  };
  struct Choice {
    std::uint32_t hash = 0;
    std::uint32_t queue = 0;
    bool operator==(const Choice&) const = default;
  };
  struct Note {
    Choice choice;                       // as was told last
    std::vector<Choice> earlier;         // others that hold as well
    std::optional<std::uint32_t> given;  // the queue that a test chose
    Bytes bytes;                         // on the wire and in the MAC's buffer
    bool arriving = false;               // no queue has it yet
    bool hashed = false;                 // its hash is known
    End end = End::kPass;
    std::uint64_t socket = 0;  // of a redirect
  };

  static Choice choose(const PortRules& rules, Bytes bytes);
  template <typename Is>
  static bool any_choice(const Note& note, Is&& is);
  // The device has decided for this queue, whatever becomes of the frame there.
  void queue_chosen(std::uint32_t port, std::uint32_t queue, std::uint64_t timestamp_ns, const char* what);
  Queue& queue_at(const QueuePlace& place);
  // The socket that a redirect sends a frame to; 0: none.
  std::uint64_t target_of(const Queue& queue, std::uint32_t rule) const;
  void ended(std::uint32_t port, std::uint64_t timestamp_ns, End end, std::uint64_t socket);

  InvariantLog& log_;
  std::vector<PortRules> ports_;
  std::vector<Queue> queues_;                                                     // few; searched
  std::map<std::pair<std::uint64_t, std::uint32_t>, std::uint64_t> map_entries_;  // by map and key
  FrameBook<Note> frames_;
  std::uint64_t now_ps_ = 0;  // of the last event that said its time
};

}  // namespace ringproof
