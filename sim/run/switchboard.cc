#include "sim/run/switchboard.h"

#include <algorithm>

namespace ringproof {
namespace {

constexpr std::size_t kAddressBytes = 6;
constexpr unsigned char kGroupBit = 1;

}  // namespace

std::size_t Switchboard::find(std::uint32_t port) const {
  const auto found = std::find_if(wires_.begin(), wires_.end(), [port](const WirePlan& wire) {
    return std::find(wire.ports.begin(), wire.ports.end(), port) != wire.ports.end();
  });
  return static_cast<std::size_t>(found - wires_.begin());
}

std::uint64_t Switchboard::shortest_ps() const {
  return std::min_element(wires_.begin(), wires_.end(),
                          [](const WirePlan& a, const WirePlan& b) { return a.latency_ps < b.latency_ps; })
      ->latency_ps;
}

std::vector<std::uint32_t> Switchboard::receivers(std::uint32_t from, std::span<const unsigned char> frame) {
  const std::size_t number = find(from);
  if (number == wires_.size()) return {};
  std::vector<std::uint32_t> others = wires_[number].ports;
  std::erase(others, from);
  // A frame without two addresses goes everywhere.
  if (!wires_[number].learns || frame.size() < 2 * kAddressBytes) return others;
  std::map<Address, std::uint32_t>& learned = learned_[number];
  Address to, sender;
  std::copy_n(frame.begin(), kAddressBytes, to.begin());
  std::copy_n(frame.begin() + kAddressBytes, kAddressBytes, sender.begin());
  if ((sender[0] & kGroupBit) == 0) learned[sender] = from;
  const auto known = learned.find(to);
  if ((to[0] & kGroupBit) != 0 || known == learned.end()) return others;
  if (known->second == from) return {};
  return {known->second};
}

}  // namespace ringproof
