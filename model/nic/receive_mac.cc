#include "model/nic/receive_mac.h"

#include <algorithm>
#include <utility>

#include "model/nic/checksum.h"

namespace ringproof::nic {

ReceiveMac::ReceiveMac(const NicConfig& config, std::uint32_t port, const ReceiveSideScaling& rss,
                       const TapList& taps)
    : config_(config), port_(port), rss_(rss), taps_(taps), wire_(config.gbps), line_(port) {}

void ReceiveMac::use(FaultPoints& faults) {
  faults_ = &faults;
  line_.use(faults);
}

void ReceiveMac::start(FrameSource& source, std::uint64_t at_ps) {
  source_ = &source;
  if (faults_ != &FaultPoints::none()) {
    line_.start(source, at_ps);
    source_ = &line_;
  }
  start_ps_ = at_ps;
  fetch();
}

void ReceiveMac::stop(std::uint64_t now_ps) {
  source_ = nullptr;
  if (!on_wire_ || begin_ps_ <= now_ps) return;
  on_wire_ = false;
  --frames_begun_;
}

void ReceiveMac::fetch() {
  SourceFrame frame;
  on_wire_ = source_ != nullptr && source_->next(frame);
  if (!on_wire_) {
    source_ = nullptr;
    return;
  }
  ++frames_begun_;
  wire_frame_ = frame;
  const std::uint64_t due_ps = start_ps_ + frame.offset_ps;
  begin_ps_ = std::max(due_ps, wire_.free_ps());
  arrival_ps_ = wire_.send(due_ps, frame.bytes.size());
}

void ReceiveMac::arrive() {
  if (!link_up_) return fetch();
  const std::span<const unsigned char> wire_bytes = wire_frame_.bytes;
  const std::uint64_t timestamp_ns =
      std::max(wire_frame_.timestamp_ns.value_or(arrival_ps_ / 1000), last_timestamp_ns_ + 1);
  last_timestamp_ns_ = timestamp_ns;
  taps_.tell(&Tap::wire_in, port_, timestamp_ns, wire_bytes);
  if (const DropReason refused = refusal(); refused != DropReason::kCount) {
    taps_.tell(&Tap::nic_dropped, port_, timestamp_ns, refused);
  } else {
    buffered_bytes_ += wire_bytes.size();
    buffer_.push_back({wire_bytes, timestamp_ns, rss_choice(), wire_frame_.queue.has_value(), meta()});
    const std::span<const std::uint32_t> buffers = wire_frame_.buffers;
    if (!buffers.empty()) buffers_[timestamp_ns].assign(buffers.begin(), buffers.end());
  }
  fetch();
}

std::uint32_t ReceiveMac::meta() const {
  if (!config_.offloads.rx_checksum) return 0;
  RxMeta meta = judge_checksums(wire_frame_.bytes);
  meta.layer3_verdict = wire_frame_.layer3.value_or(meta.layer3_verdict);
  meta.layer4_verdict = wire_frame_.layer4.value_or(meta.layer4_verdict);
  return pack_rx_meta(meta);
}

RssChoice ReceiveMac::rss_choice() const {
  RssChoice choice = rss_.choose(wire_frame_.bytes);
  choice.queue = wire_frame_.queue.value_or(choice.queue);
  return choice;
}

std::vector<std::uint32_t> ReceiveMac::take_buffers(std::uint64_t timestamp_ns) {
  const auto found = buffers_.find(timestamp_ns);
  if (found == buffers_.end()) return {};
  std::vector<std::uint32_t> lengths = std::move(found->second);
  buffers_.erase(found);
  return lengths;
}

DropReason ReceiveMac::refusal() {
  const std::span<const unsigned char> bytes = wire_frame_.bytes;
  if (wire_frame_.fate == LineFate::kLost) return DropReason::kLineLost;
  if (wire_frame_.fate == LineFate::kBadFcs) return DropReason::kBadFcs;
  if (faults_->holds(FaultId::kLnk05, arrival_ps_, {.port = port_})) return DropReason::kLinkDown;
  if (bytes.empty()) return DropReason::kRunt;
  if (bytes.size() > config_.max_frame_bytes()) return DropReason::kOversize;
  if (buffered_bytes_ + bytes.size() > config_.rx_fifo_bytes) return DropReason::kMacFifoFull;
  return DropReason::kCount;
}

void ReceiveMac::take() {
  buffered_bytes_ -= front()->bytes.size();
  ++taken_;
}

void ReceiveMac::decide(bool discarded, std::uint32_t queue) {
  const std::uint64_t timestamp_ns = buffer_.front().timestamp_ns;
  if (discarded) {
    taps_.tell(&Tap::rx_starved, port_, queue, timestamp_ns);
    taps_.tell(&Tap::nic_dropped, port_, timestamp_ns, DropReason::kNoDescriptor);
  } else {
    taps_.tell(&Tap::nic_accepted, port_, queue, timestamp_ns);
    if (decoder_ != nullptr) decoder_->accepted(queue, timestamp_ns);
  }
  forget();
}

void ReceiveMac::lose() {
  taps_.tell(&Tap::nic_dropped, port_, buffer_.front().timestamp_ns, DropReason::kNoDescriptor);
  forget();
}

void ReceiveMac::forget() {
  buffer_.pop_front();
  --taken_;
}

}  // namespace ringproof::nic
