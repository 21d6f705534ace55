#include "model/xdp/inspector.h"

#include <cstring>

namespace ringproof::xdp {
namespace {

constexpr std::size_t kEthernetBytes = 14;
constexpr std::size_t kIpv4Bytes = 20;
constexpr std::size_t kIpv6Bytes = 40;
constexpr std::size_t kUdpBytes = 8;
constexpr unsigned char kProtocolUdp = 17;
constexpr std::size_t kNoHeader = 0;  // no header begins at offset 0 but the Ethernet one

// Where the UDP header begins, if the frame has a whole one that the platform recognises. Lengths and
// checksums inside headers are not looked at; a VLAN tag or an IPv4 option hides what follows.
std::size_t udp_offset(Tap::Bytes frame) {
  if (frame.size() < kEthernetBytes) return kNoHeader;
  const unsigned ether_type = frame[12] * 256u + frame[13];
  std::size_t offset = kEthernetBytes;
  if (ether_type == 0x0800) {
    if (frame.size() < offset + kIpv4Bytes || (frame[offset] & 0x0F) != 5) return kNoHeader;
    if (frame[offset + 9] != kProtocolUdp) return kNoHeader;
    offset += kIpv4Bytes;
  } else if (ether_type == 0x86DD) {
    if (frame.size() < offset + kIpv6Bytes || frame[offset + 6] != kProtocolUdp) return kNoHeader;
    offset += kIpv6Bytes;
  } else {
    return kNoHeader;
  }
  if (frame.size() < offset + kUdpBytes) return kNoHeader;
  return offset;
}

class Frame {
 public:
  explicit Frame(Tap::Bytes bytes) : bytes_(bytes) {}

  bool matches(const Rule& rule) {
    if (rule.given.Match == XDP_MATCH_ALL) return true;
    parse();
    return udp_ != kNoHeader &&
           std::memcmp(&bytes_[udp_ + 2], &rule.given.Pattern.Port, sizeof rule.given.Pattern.Port) == 0;
  }

 private:
  void parse() {
    if (parsed_) return;
    udp_ = udp_offset(bytes_);
    parsed_ = true;
  }

  Tap::Bytes bytes_;
  bool parsed_ = false;
  std::size_t udp_ = kNoHeader;
};

}  // namespace

const Rule* first_match(std::span<const Rule> rules, Tap::Bytes frame) {
  Frame parsed(frame);
  for (const Rule& rule : rules) {
    if (parsed.matches(rule)) return &rule;
  }
  return nullptr;
}

}  // namespace ringproof::xdp
