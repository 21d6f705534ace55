#include "model/nic/faulty_line.h"

#include <algorithm>
#include <cstring>

namespace ringproof::nic {
namespace {

constexpr std::size_t kTypeAt = 12;
constexpr std::size_t kEthernetBytes = 14;
constexpr std::size_t kAddressBytes = 12;  // of both addresses
constexpr std::size_t kTagBytes = 4;
constexpr std::uint64_t kTagsMax = 8;
constexpr std::size_t kFragmentAt = kEthernetBytes + 6;

bool is_ipv4(const std::vector<unsigned char>& bytes) {
  return bytes.size() > kFragmentAt + 1 && bytes[kTypeAt] == 0x08 && bytes[kTypeAt + 1] == 0x00;
}

void insert_tags(std::vector<unsigned char>& bytes, std::uint64_t count) {
  if (bytes.size() < kAddressBytes) return;
  for (std::uint64_t i = 0; i < count; ++i) {
    const unsigned char tag[kTagBytes] = {0x81, 0x00, 0x00, static_cast<unsigned char>(i + 1)};
    bytes.insert(bytes.begin() + kAddressBytes, tag, tag + kTagBytes);
  }
}

}  // namespace

std::vector<unsigned char>& FaultyLine::own_copy(SourceFrame& frame) {
  std::vector<unsigned char>& copy = copies_.emplace_back(frame.bytes.begin(), frame.bytes.end());
  frame.bytes = copy;
  return copy;
}

// What was held back and has let enough frames go before it, or all that is left at the end.
bool FaultyLine::next(SourceFrame& frame) {
  const auto ready =
      std::find_if(late_.begin(), late_.end(), [](const Late& each) { return each.after == 0; });
  bool found = ready != late_.end();
  if (found) {
    frame = ready->frame;
    late_.erase(ready);
  } else if (fetch(frame)) {
    found = true;
    for (Late& each : late_) --each.after;
  } else if (!late_.empty()) {
    found = true;
    frame = late_.front().frame;
    late_.pop_front();
  }
  frame.offset_ps = latest_offset_ps_ = std::max(frame.offset_ps, latest_offset_ps_);
  return found;
}

bool FaultyLine::fetch(SourceFrame& frame) {
  while (source_ != nullptr && source_->next(frame)) {
    reshape(frame);
    change_length(frame);
    change_headers(frame);
    damage(frame);
    lose(frame);
    const FaultStrike moved = ask(FaultId::kLnk03, frame.offset_ps);
    if (!moved) return true;
    const std::uint64_t distance = std::max<std::uint64_t>(moved.amount, 1);
    const bool twice = moved.kind == fault_kind::kDuplicate;
    late_.push_back({frame, distance + (twice ? 1 : 0)});  // the first one goes before it too
    if (twice) return true;
  }
  return false;
}

void FaultyLine::reshape(SourceFrame& frame) {
  if (still_burst_ == 0) {
    const FaultStrike burst = ask(FaultId::kLnk07, frame.offset_ps);
    if (!burst) return;
    burst_begin_ps_ = frame.offset_ps;
    burst_percent_ = burst.amount;
    still_burst_ = burst.extent;
  }
  if (still_burst_ > 0) --still_burst_;
  frame.offset_ps = burst_begin_ps_ + (frame.offset_ps - burst_begin_ps_) * burst_percent_ / 100;
}

void FaultyLine::lose(SourceFrame& frame) {
  if (still_lost_ == 0) {
    const FaultStrike loss = ask(FaultId::kLnk01, frame.offset_ps);
    if (!loss) return;
    still_lost_ = loss.amount;
  }
  if (still_lost_ > 0) --still_lost_;
  frame.fate = LineFate::kLost;
}

void FaultyLine::change_length(SourceFrame& frame) {
  const FaultStrike strike = ask(FaultId::kLnk04, frame.offset_ps);
  if (!strike) return;
  std::vector<unsigned char>& bytes = own_copy(frame);
  if (strike.kind == fault_kind::kResize) {
    bytes.resize(strike.amount);
  } else if (bytes.size() >= kEthernetBytes) {
    bytes[kTypeAt] = static_cast<unsigned char>(strike.amount >> 8);
    bytes[kTypeAt + 1] = static_cast<unsigned char>(strike.amount);
  }
  frame.bytes = bytes;
}

void FaultyLine::change_headers(SourceFrame& frame) {
  constexpr std::uint32_t kHere = 1U << fault_kind::kTruncate | 1U << fault_kind::kNestedVlan |
                                  1U << fault_kind::kIpOptions | 1U << fault_kind::kFragment;
  const FaultStrike strike = ask(FaultId::kLnk08, frame.offset_ps, kHere);
  if (!strike) return;
  std::vector<unsigned char>& bytes = own_copy(frame);
  switch (strike.kind) {
    case fault_kind::kTruncate:
      bytes.resize(std::min<std::size_t>(bytes.size(), std::max<std::uint64_t>(strike.amount, 1)));
      break;
    case fault_kind::kNestedVlan:
      insert_tags(bytes, 1 + strike.amount % kTagsMax);
      break;
    case fault_kind::kIpOptions:
      // IPv4: a header of 60 bytes; IPv6: a chain of extension headers begins with the hop-by-hop options.
      if (is_ipv4(bytes)) bytes[kEthernetBytes] = 0x4F;
      if (bytes.size() > kFragmentAt && bytes[kTypeAt] == 0x86) bytes[kFragmentAt] = 0;
      break;
    default:
      if (is_ipv4(bytes)) {
        bytes[kFragmentAt] = static_cast<unsigned char>(0x20 | (strike.amount >> 8 & 0x1F));
        bytes[kFragmentAt + 1] = static_cast<unsigned char>(strike.amount);
      }
  }
  frame.bytes = bytes;
}

// As many bits as the plan says, from a place that the draw chooses.
void FaultyLine::damage(SourceFrame& frame) {
  const FaultStrike strike = ask(FaultId::kLnk02, frame.offset_ps);
  if (!strike || frame.bytes.empty()) return;
  std::vector<unsigned char>& bytes = own_copy(frame);
  const std::uint64_t bits = bytes.size() * 8;
  for (std::uint64_t i = 0; i < strike.amount; ++i) {
    const std::uint64_t bit = (strike.draw + i * 977) % bits;
    bytes[bit / 8] = static_cast<unsigned char>(bytes[bit / 8] ^ (1U << bit % 8));
  }
  frame.bytes = bytes;
  if (strike.kind == fault_kind::kBadFcs) frame.fate = LineFate::kBadFcs;
}

}  // namespace ringproof::nic
