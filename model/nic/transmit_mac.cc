#include "model/nic/transmit_mac.h"

#include <algorithm>
#include <cstring>
#include <utility>

#include "model/base/check.h"

namespace ringproof::nic {

TransmitMac::TransmitMac(const NicConfig& config, std::uint32_t port, const TapList& taps)
    : offloads_(config.offloads),
      port_(port),
      taps_(taps),
      bits_per_us_(static_cast<std::uint64_t>(config.gbps * 1000)),
      wire_(config.gbps),
      timestamps_ns_(offloads_.tx_timestamp ? stamp_at(config.tx_queues, 0) : 0) {}

void TransmitMac::send(const TxTag& tag, std::vector<unsigned char> bytes, std::uint64_t now_ps) {
  if (!link_up_) return refuse(tag, DropReason::kLinkDown);
  taps_.tell(&Tap::tx_handed_over, port_, tag.queue, tag.index);
  const Insertion inserted = insert(tag, bytes);
  buffered_bytes_ += bytes.size();
  // The other side may ask for a pause: so many times 512 bit times.
  const FaultStrike pause =
      faults_->at(FaultId::kLnk06, now_ps, {.port = port_, .queue = kTxVectorBase + tag.queue});
  const std::uint64_t pause_ps = pause.amount * 512 * 1'000'000 / std::max<std::uint64_t>(bits_per_us_, 1);
  // The wire takes the frames in order, so this one's place on it is settled now.
  const std::uint64_t end_ps = wire_.send(now_ps + pause_ps, bytes.size());
  stamp(tag, end_ps / 1000);
  buffer_.push_back({tag.queue, end_ps, std::move(bytes), inserted});
}

void TransmitMac::refuse(const TxTag& tag, DropReason reason) {
  stamp(tag, 0);
  taps_.tell(&Tap::tx_handed_over, port_, tag.queue, tag.index);
  // Those in front have not left yet.
  if (drained()) return taps_.tell(&Tap::wire_out_dropped, port_, tag.queue, reason);
  buffer_.push_back({tag.queue, buffer_.back().end_ps, {}, {}, reason});
  buffered_bytes_ += buffer_.back().room_bytes();
}

Insertion TransmitMac::insert(const TxTag& tag, std::span<unsigned char> bytes) const {
  const TxRequest request = unpack_tx_request(tag.request);
  if (!offloads_.tx_checksum || request.nothing()) return {};
  const Insertion inserted = insert_checksums(request, bytes);
  if (!inserted.done()) taps_.tell(&Tap::tx_bad_offload, port_, tag.queue);
  return inserted;
}

void TransmitMac::stamp(const TxTag& tag, std::uint64_t timestamp_ns) {
  if (!offloads_.tx_timestamp) return;
  const std::size_t at = stamp_at(tag.queue, tag.index);
  SIM_CHECK(at < timestamps_ns_.size(), "a timestamp of a queue that is not there");
  timestamps_ns_.touch(at, at + sizeof timestamp_ns);
  std::memcpy(timestamps_ns_.data() + at, &timestamp_ns, sizeof timestamp_ns);
}

std::uint64_t TransmitMac::timestamp_ns(std::uint32_t queue, std::uint32_t index) const {
  if (!offloads_.tx_timestamp) return 0;
  const std::size_t at = stamp_at(queue, index);
  SIM_CHECK(at < timestamps_ns_.size(), "a timestamp of a queue that is not there");
  std::uint64_t timestamp_ns;
  std::memcpy(&timestamp_ns, timestamps_ns_.data() + at, sizeof timestamp_ns);
  return timestamp_ns;
}

void TransmitMac::leave() {
  const Leaving& frame = buffer_.front();
  if (faults_->holds(FaultId::kLnk05, frame.end_ps, {.port = port_})) {
    taps_.tell(&Tap::wire_out_dropped, port_, frame.queue, DropReason::kLinkDown);
  } else {
    for (const std::size_t at : {frame.inserted.layer3_at, frame.inserted.layer4_at}) {
      if (at != 0) taps_.tell(&Tap::tx_checksum_inserted, port_, frame.queue, static_cast<std::uint32_t>(at));
    }
    taps_.tell(&Tap::wire_out, port_, frame.queue, frame.end_ps, Tap::Bytes(frame.bytes));
  }
  pop();
  while (!drained() && buffer_.front().refused.has_value()) {
    taps_.tell(&Tap::wire_out_dropped, port_, buffer_.front().queue, *buffer_.front().refused);
    pop();
  }
}

void TransmitMac::pop() {
  buffered_bytes_ -= buffer_.front().room_bytes();
  buffer_.pop_front();
}

}  // namespace ringproof::nic
