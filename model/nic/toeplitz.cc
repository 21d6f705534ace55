#include "model/nic/toeplitz.h"

#include <algorithm>

namespace ringproof::nic {
namespace {

using Bytes = std::span<const unsigned char>;

constexpr std::size_t kEthernetBytes = 14;
constexpr std::size_t kTagBytes = 4;
constexpr unsigned kTypeIpv4 = 0x0800;
constexpr unsigned kTypeIpv6 = 0x86DD;
constexpr unsigned kTypeVlan = 0x8100;
constexpr unsigned char kTcp = 6;
constexpr unsigned char kUdp = 17;

unsigned be16(Bytes bytes, std::size_t at) { return bytes[at] * 256u + bytes[at + 1]; }

// The bytes that are hashed: addresses, and ports where the frame has them.
struct Tuple {
  std::array<unsigned char, Toeplitz::kInputBytesMax> bytes{};
  std::size_t size = 0;
  void add(Bytes more) {
    std::copy(more.begin(), more.end(), bytes.begin() + static_cast<std::ptrdiff_t>(size));
    size += more.size();
  }
};

// The hash types that a version of IP can have.
struct TypesOfIp {
  std::uint32_t addresses;
  std::uint32_t tcp;
  std::uint32_t udp;
};
constexpr TypesOfIp kIpv4Types = {rss_hash::kIpv4, rss_hash::kTcpIpv4, rss_hash::kUdpIpv4};
constexpr TypesOfIp kIpv6Types = {rss_hash::kIpv6, rss_hash::kTcpIpv6, rss_hash::kUdpIpv6};

// Where a frame has what can be hashed.
struct Header {
  Bytes addresses;        // empty: it is neither IPv4 nor IPv6
  std::size_t ports = 0;  // 0: none
  unsigned char protocol = 0;
};

Header header_of(Bytes frame) {
  std::size_t ip = kEthernetBytes;
  if (frame.size() < ip) return {};
  unsigned type = be16(frame, ip - 2);
  if (type == kTypeVlan && frame.size() >= ip + kTagBytes) {
    ip += kTagBytes;
    type = be16(frame, ip - 2);
  }
  Header header;
  if (type == kTypeIpv4 && frame.size() >= ip + 20) {
    const bool fragment = (be16(frame, ip + 6) & 0x3FFF) != 0;
    const std::size_t header_bytes = (frame[ip] & 0x0Fu) * 4u;
    header = {frame.subspan(ip + 12, 8), fragment ? 0 : ip + header_bytes, frame[ip + 9]};
  } else if (type == kTypeIpv6 && frame.size() >= ip + 40) {
    header = {frame.subspan(ip + 8, 32), ip + 40, frame[ip + 6]};
  }
  if (frame.size() < header.ports + 4) header.ports = 0;
  return header;
}

// With ports if they are asked for and there, else the addresses if those are asked for.
Tuple tuple_of(Bytes frame, std::uint32_t wanted) {
  const Header header = header_of(frame);
  Tuple tuple;
  if (header.addresses.empty()) return tuple;
  const TypesOfIp& types = header.addresses.size() == 8 ? kIpv4Types : kIpv6Types;
  const std::uint32_t type = header.protocol == kTcp ? types.tcp : header.protocol == kUdp ? types.udp : 0;
  const bool with_ports = (wanted & type) != 0 && header.ports != 0;
  if (with_ports || (wanted & types.addresses) != 0) tuple.add(header.addresses);
  if (with_ports) tuple.add(frame.subspan(header.ports, 4));
  return tuple;
}

}  // namespace

std::size_t hashed_bytes(Bytes frame) {
  const Header header = header_of(frame);
  const bool has_ports = header.ports != 0 && (header.protocol == kTcp || header.protocol == kUdp);
  return has_ports ? header.ports + 4 : 0;
}

Toeplitz::Toeplitz(const RssKey& key) : table_(table_of(key)) {}

// Making a table takes longer than a short run; the one that was made last is likely to be the one wanted.
std::shared_ptr<const Toeplitz::Table> Toeplitz::table_of(const RssKey& key) {
  // Never destroyed: an application that calls exit() ends the objects of the thread before the run ends.
  static thread_local auto& last_table = *new std::shared_ptr<const Table>;
  static thread_local RssKey last_key;
  if (last_table != nullptr && last_key == key) return last_table;
  const auto table = std::make_shared<Table>();
  // Bit i of the input, if set, adds the 32 bits of the key that begin at bit i.
  for (std::size_t position = 0; position < kInputBytesMax; ++position) {
    std::uint64_t window = 0;  // 40 bits of the key from this byte on
    for (std::size_t i = 0; i < 5; ++i) {
      window = (window << 8) | (position + i < key.size() ? key[position + i] : 0u);
    }
    for (unsigned value = 0; value < 256; ++value) {
      std::uint32_t sum = 0;
      for (unsigned bit = 0; bit < 8; ++bit) {
        if ((value & (0x80u >> bit)) != 0) sum ^= static_cast<std::uint32_t>(window >> (8 - bit));
      }
      (*table)[position][value] = sum;
    }
  }
  last_key = key;
  last_table = table;
  return table;
}

std::uint32_t Toeplitz::hash(Bytes input) const {
  std::uint32_t result = 0;
  for (std::size_t i = 0; i < input.size(); ++i) result ^= (*table_)[i][input[i]];
  return result;
}

ReceiveSideScaling::ReceiveSideScaling(const RssKey& key, std::uint32_t queues)
    : settings_{key, {}, rss_hash::kAll}, toeplitz_(key) {
  std::uint32_t i = 0;
  for (std::uint8_t& queue : settings_.table) queue = static_cast<std::uint8_t>(i++ % queues);
}

void ReceiveSideScaling::set(const RssSettings& settings) {
  if (settings.key != settings_.key) toeplitz_ = Toeplitz(settings.key);
  settings_ = settings;
}

RssChoice ReceiveSideScaling::choose(Bytes frame) const {
  const Tuple tuple = tuple_of(frame, settings_.hash_types);
  RssChoice choice;
  choice.hash = toeplitz_.hash(Bytes(tuple.bytes.data(), tuple.size));
  choice.queue = settings_.table[choice.hash % RssSettings::kTableEntries];
  return choice;
}

}  // namespace ringproof::nic
