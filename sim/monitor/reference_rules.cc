#include "sim/monitor/reference_rules.h"

#include <algorithm>
#include <array>
#include <optional>

namespace ringproof::reference {
namespace {

using Bytes = Tap::Bytes;

template <std::size_t kSize>
using Header = std::array<unsigned char, kSize>;

// A place in a frame: a buffer, and a byte in it. Behind the last byte of a buffer is a place of that buffer.
class Place {
 public:
  explicit Place(Bytes one_buffer) : here_(one_buffer) {}
  Place(Bytes bytes, std::span<const std::uint32_t> buffers) : buffers_(buffers), rest_(bytes) {
    to_next_buffer();
  }

  std::size_t left_in_buffer() const { return here_.size(); }
  std::size_t left() const { return here_.size() + rest_.size(); }

  // The next byte, wherever it lies; nothing at the end of the frame.
  std::optional<unsigned char> next() {
    to_next_byte();
    if (here_.empty()) return std::nullopt;
    const unsigned char byte = here_[0];
    here_ = here_.subspan(1);
    return byte;
  }
  // Over empty buffers, and from the end of one to the next, if there is one with a byte.
  void to_next_byte() {
    while (here_.empty() && !buffers_.empty()) to_next_buffer();
  }
  // Moves on, if there are that many bytes.
  bool skip(std::size_t count) {
    if (left() < count) return false;
    for (std::size_t i = 0; i < count; ++i) next();
    return true;
  }
  // Takes a whole header out of the frame, or nothing.
  template <std::size_t kSize>
  std::optional<Header<kSize>> take() {
    if (left() < kSize) return std::nullopt;
    Header<kSize> header;
    for (unsigned char& byte : header) byte = *next();
    return header;
  }

 private:
  void to_next_buffer() {
    const std::size_t length = std::min<std::size_t>(buffers_[0], rest_.size());
    here_ = rest_.first(length);
    rest_ = rest_.subspan(length);
    buffers_ = buffers_.subspan(1);
  }

  std::span<const std::uint32_t> buffers_ = {};  // behind this one
  Bytes here_;                                   // what is left of this buffer
  Bytes rest_;                                   // of the frame, behind this buffer
};

// The frame as section 2.1 divides it. Whether what is behind a header is there is decided by bytes alone.
struct Frame {
  std::optional<Header<20>> ipv4;
  std::optional<Header<40>> ipv6;
  unsigned protocol = 0;
  std::optional<Header<8>> udp;
  std::optional<Header<20>> tcp;
  std::optional<Place> datagram;    // behind UDP or TCP
  std::optional<Place> ip_payload;  // of neither UDP nor TCP
};

void read_tcp(Frame& frame, Place at, bool all_in_first_buffer, const InspectorQuirks& quirks) {
  Place payload = at;
  const bool base_in_first_buffer = all_in_first_buffer && at.left_in_buffer() >= 20;
  const std::optional<Header<20>> tcp = at.take<20>();
  if (!tcp.has_value()) return;
  const std::size_t offset = (*tcp)[12] >> 4;
  if (offset < 5 && !(quirks.tcp_short_offset && base_in_first_buffer)) return;
  if (!payload.skip(offset * 4)) return;
  frame.tcp = tcp;
  frame.datagram = payload;
}

Frame read(Place at, const InspectorQuirks& quirks) {
  Frame frame;
  const std::size_t first_buffer = at.left_in_buffer();
  const auto ethernet = at.take<14>();
  if (!ethernet.has_value()) return frame;
  const unsigned ether_type = (*ethernet)[12] << 8 | (*ethernet)[13];
  std::size_t headers = 14;
  if (ether_type == 0x0800) {
    const auto ip = at.take<20>();
    if (!ip.has_value() || (*ip)[0] % 16 != 5) return frame;
    frame.ipv4 = ip;
    frame.protocol = (*ip)[9];
    headers += 20;
  } else if (ether_type == 0x86DD) {
    const auto ip = at.take<40>();
    if (!ip.has_value()) return frame;
    frame.ipv6 = ip;
    frame.protocol = (*ip)[6];
    headers += 40;
  } else {
    return frame;
  }
  if (frame.protocol == 17) {
    frame.udp = at.take<8>();
    if (frame.udp.has_value()) frame.datagram = at;
  } else if (frame.protocol == 6) {
    read_tcp(frame, at, first_buffer >= headers, quirks);
  } else {
    frame.ip_payload = at;
  }
  return frame;
}

// ---- Comparing: 2.3 ----

// Of a union of addresses, the bytes of the one or the other version.
Bytes bytes_of(const XDP_INET_ADDR& address, std::size_t count) {
  return {reinterpret_cast<const unsigned char*>(&address), count};
}

template <typename Header>
bool field_is(const Header& header, std::size_t at, Bytes wanted) {
  for (std::size_t i = 0; i < wanted.size(); ++i) {
    if (header[at + i] != wanted[i]) return false;
  }
  return true;
}

template <typename Header>
bool field_is(const Header& header, std::size_t at, UINT16 wanted) {
  return field_is(header, at, Bytes(reinterpret_cast<const unsigned char*>(&wanted), 2));
}

template <typename Header>
bool under_mask(const Header& header, std::size_t at, std::size_t count, const XDP_IP_ADDRESS_MASK& wanted) {
  const Bytes mask = bytes_of(wanted.Mask, count);
  const Bytes address = bytes_of(wanted.Address, count);
  for (std::size_t i = 0; i < count; ++i) {
    if ((header[at + i] & mask[i]) != address[i]) return false;
  }
  return true;
}

bool udp_to(const Frame& frame, UINT16 port) {
  return frame.udp.has_value() && field_is(*frame.udp, 2, port);
}
bool tcp_to(const Frame& frame, UINT16 port) {
  return frame.tcp.has_value() && field_is(*frame.tcp, 2, port);
}

bool v4_to(const Frame& frame, const XDP_INET_ADDR& address) {
  return frame.ipv4.has_value() && field_is(*frame.ipv4, 16, bytes_of(address, 4));
}
bool v6_to(const Frame& frame, const XDP_INET_ADDR& address) {
  return frame.ipv6.has_value() && field_is(*frame.ipv6, 24, bytes_of(address, 16));
}

bool udp_tuple(const Frame& frame, const XDP_TUPLE& wanted) {
  return udp_to(frame, wanted.DestinationPort) && field_is(*frame.udp, 0, wanted.SourcePort);
}

// 2.5: with hi and lo of the port as people say it, byte = lo * 32 + hi / 8, bit = hi mod 8.
template <typename Header>
bool in_set(const std::optional<Header>& udp_or_tcp, const XDP_PORT_SET& set) {
  if (!udp_or_tcp.has_value()) return false;
  const unsigned high = (*udp_or_tcp)[2];
  const unsigned low = (*udp_or_tcp)[3];
  return (set.PortSet[low * 32 + high / 8] & 1 << high % 8) != 0;
}

// ---- QUIC: 2.4 ----

struct ConnectionId {
  std::array<unsigned char, 255> bytes{};
  std::size_t size = 0;
};

// Of a long header that is complete within so many bytes.
std::optional<ConnectionId> source_id(Place at, std::size_t within) {
  std::size_t used = 0;
  const auto go = [&](std::size_t count) {
    used += count;
    return used <= within && at.skip(count);
  };
  const auto length = [&]() -> std::optional<unsigned> {
    return ++used <= within ? at.next() : std::nullopt;
  };
  if (!go(5)) return std::nullopt;
  const std::optional<unsigned> destination = length();
  if (!destination.has_value() || !go(*destination)) return std::nullopt;
  const std::optional<unsigned> source = length();
  if (!source.has_value() || used + *source > within || at.left() < *source) return std::nullopt;
  ConnectionId id;
  for (; id.size < *source; ++id.size) id.bytes[id.size] = *at.next();
  return id;
}

std::optional<ConnectionId> id_under_test(Place at, bool long_form) {
  at.to_next_byte();
  Place behind_flags = at;
  const std::optional<unsigned char> flags = behind_flags.next();
  if (!flags.has_value() || (*flags >= 0x80) != long_form) return std::nullopt;
  if (long_form) {
    const auto in_place = source_id(at, at.left_in_buffer());
    return in_place.has_value() ? in_place : source_id(at, 47);
  }
  ConnectionId id;
  while (id.size < 20 && behind_flags.left() > 0) id.bytes[id.size++] = *behind_flags.next();
  return id;
}

bool quic(const Frame& frame, bool long_form, const XDP_QUIC_FLOW& wanted) {
  const auto id = id_under_test(*frame.datagram, long_form);
  if (!id.has_value()) return false;
  const std::size_t end = wanted.CidOffset + wanted.CidLength;
  return id->size >= end && field_is(id->bytes, wanted.CidOffset, Bytes(wanted.CidData, wanted.CidLength));
}

// ---- Inside of IP ----

bool echo_reply(const Frame& frame, unsigned type, unsigned own_protocol, unsigned gathered_protocol,
                const InspectorQuirks& quirks) {
  if (!frame.ip_payload.has_value()) return false;
  if (!quirks.icmp_any_protocol && frame.protocol != own_protocol) return false;
  Place at = *frame.ip_payload;
  const bool anywhere = !quirks.icmp_in_one_buffer || frame.protocol == gathered_protocol;
  if (!anywhere && at.left_in_buffer() < 4) return false;
  const auto icmp = at.take<4>();
  return icmp.has_value() && (*icmp)[0] == type && (*icmp)[1] == 0;
}

bool inner_v4(const Frame& frame, const XDP_IP_ADDRESS_MASK& wanted) {
  if (!frame.ip_payload.has_value() || frame.protocol != 4) return false;
  Place at = *frame.ip_payload;
  const auto ip = at.take<20>();
  return ip.has_value() && (*ip)[0] / 16 == 4 && (*ip)[0] % 16 == 5 && (*ip)[9] == 17 &&
         under_mask(*ip, 16, 4, wanted);
}

bool inner_v6(const Frame& frame, const XDP_IP_ADDRESS_MASK& wanted) {
  if (!frame.ip_payload.has_value() || frame.protocol != 41) return false;
  Place at = *frame.ip_payload;
  const auto ip = at.take<40>();
  return ip.has_value() && (*ip)[0] / 16 == 6 && (*ip)[6] == 17 && under_mask(*ip, 24, 16, wanted);
}

// The table of 2.3, line by line.
bool takes(const XDP_RULE& rule, const Frame& frame, const InspectorQuirks& quirks) {
  const XDP_MATCH_PATTERN& wanted = rule.Pattern;
  switch (static_cast<int>(rule.Match)) {
    case 0:
      return true;
    case 1:
      return frame.udp.has_value();
    case 2:
      return udp_to(frame, wanted.Port);
    case 3:
      return frame.ipv4.has_value() && under_mask(*frame.ipv4, 16, 4, wanted.IpMask);
    case 4:
      return frame.ipv6.has_value() && under_mask(*frame.ipv6, 24, 16, wanted.IpMask);
    case 5:
      return udp_to(frame, wanted.QuicFlow.UdpPort) && quic(frame, true, wanted.QuicFlow);
    case 6:
      return udp_to(frame, wanted.QuicFlow.UdpPort) && quic(frame, false, wanted.QuicFlow);
    case 7:
      return v4_to(frame, wanted.Tuple.DestinationAddress) && udp_tuple(frame, wanted.Tuple) &&
             field_is(*frame.ipv4, 12, bytes_of(wanted.Tuple.SourceAddress, 4));
    case 8:
      return v6_to(frame, wanted.Tuple.DestinationAddress) && udp_tuple(frame, wanted.Tuple) &&
             field_is(*frame.ipv6, 8, bytes_of(wanted.Tuple.SourceAddress, 16));
    case 9:
      return in_set(frame.udp, wanted.PortSet);
    case 10:
      return v4_to(frame, wanted.IpPortSet.Address) && in_set(frame.udp, wanted.IpPortSet.PortSet);
    case 11:
      return v6_to(frame, wanted.IpPortSet.Address) && in_set(frame.udp, wanted.IpPortSet.PortSet);
    case 12:
      return v4_to(frame, wanted.IpPortSet.Address) && in_set(frame.tcp, wanted.IpPortSet.PortSet);
    case 13:
      return v6_to(frame, wanted.IpPortSet.Address) && in_set(frame.tcp, wanted.IpPortSet.PortSet);
    case 14:
      return tcp_to(frame, wanted.Port);
    case 15:
      return tcp_to(frame, wanted.QuicFlow.UdpPort) && quic(frame, true, wanted.QuicFlow);
    case 16:
      return tcp_to(frame, wanted.QuicFlow.UdpPort) && quic(frame, false, wanted.QuicFlow);
    case 17:
      return tcp_to(frame, wanted.Port) && ((*frame.tcp)[13] & 0x07) != 0;
    case 18:
      return (frame.ipv4.has_value() || frame.ipv6.has_value()) && frame.protocol == wanted.NextHeader;
    case 19:
      return inner_v4(frame, wanted.IpMask);
    case 20:
      return inner_v6(frame, wanted.IpMask);
    case 21:
      return v4_to(frame, wanted.IpMask.Address) && echo_reply(frame, 0, 1, 4, quirks);
    case 22:
      return v6_to(frame, wanted.IpMask.Address) && echo_reply(frame, 129, 58, 41, quirks);
    default:
      return false;
  }
}

// 2.2: without support for fragments there is nothing behind the first buffer, and one frame of too many is
// copied into one buffer.
Place beginning_of(const Arrival& frame) {
  if (frame.buffers.empty()) return Place(frame.bytes);
  if (frame.fragment_limit == 0) {
    return Place(frame.bytes.first(std::min<std::size_t>(frame.buffers[0], frame.bytes.size())));
  }
  const std::size_t further = frame.buffers.size() - 1;
  if (further > frame.fragment_limit) return Place(frame.bytes);
  return {frame.bytes, frame.buffers};
}

}  // namespace

std::uint32_t first_match(std::span<const XDP_RULE> rules, const Arrival& arrival) {
  const Frame frame = read(beginning_of(arrival), arrival.quirks);
  for (std::uint32_t i = 0; i < rules.size(); ++i) {
    if (takes(rules[i], frame, arrival.quirks)) return i;
  }
  return kNone;
}

}  // namespace ringproof::reference
