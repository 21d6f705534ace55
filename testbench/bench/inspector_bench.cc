// How many frames a second the rules decide, by match type, and how that grows with the number of rules.
//
// Every rule of a program is of one type, and only the last one takes the frame, of 64 bytes or as many as
// its headers need. `--smoke` runs everything once; other options are those of the benchmark library
// (`--benchmark_filter=…`). The last line tells the slowest and the fastest type for each length of program,
// by CPU time.

#include <benchmark/benchmark.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <ctime>
#include <string>
#include <vector>

#include "model/xdp/inspector.h"
#include "testbench/model/xdp/rule_examples.h"

namespace ringproof::xdp {
namespace {

constexpr std::size_t kFrameBytesMin = 64;
constexpr std::array<std::size_t, 3> kCounts = {1, 16, 1024};
constexpr std::array kNames = {
    "ALL",
    "UDP",
    "UDP_DST",
    "IPV4_DST_MASK",
    "IPV6_DST_MASK",
    "QUIC_FLOW_SRC_CID",
    "QUIC_FLOW_DST_CID",
    "IPV4_UDP_TUPLE",
    "IPV6_UDP_TUPLE",
    "UDP_PORT_SET",
    "IPV4_UDP_PORT_SET",
    "IPV6_UDP_PORT_SET",
    "IPV4_TCP_PORT_SET",
    "IPV6_TCP_PORT_SET",
    "TCP_DST",
    "TCP_QUIC_FLOW_SRC_CID",
    "TCP_QUIC_FLOW_DST_CID",
    "TCP_CONTROL_DST",
    "IP_NEXT_HEADER",
    "INNER_IPV4_DST_MASK_UDP",
    "INNER_IPV6_DST_MASK_UDP",
    "ICMPV4_ECHO_REPLY_IP_DST",
    "ICMPV6_ECHO_REPLY_IP_DST",
};

// Of one frame [ns of CPU time], by type and length of program; of the last time that the library measured
// it.
std::array<std::array<double, kCounts.size()>, kNames.size()> frame_ns;

double cpu_ns() {
  timespec now{};
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) * 1e9 + static_cast<double>(now.tv_nsec);
}

// The same type with a pattern that misses the frame in the last byte that is compared; types without a
// pattern are missed by a rule of the other protocol.
XDP_RULE missing(const Example& example) {
  static const PortSet kEmpty;
  XDP_RULE rule = example.rule;
  switch (rule.Match) {
    case XDP_MATCH_ALL:
    case XDP_MATCH_UDP:
      return port_rule(XDP_MATCH_TCP_DST);
    case XDP_MATCH_UDP_PORT_SET:
      return kEmpty.rule();
    case XDP_MATCH_IPV4_UDP_PORT_SET:
    case XDP_MATCH_IPV6_UDP_PORT_SET:
    case XDP_MATCH_IPV4_TCP_PORT_SET:
    case XDP_MATCH_IPV6_TCP_PORT_SET:
      rule.Pattern.IpPortSet.PortSet.PortSet = kEmpty.bits();
      return rule;
    case XDP_MATCH_QUIC_FLOW_SRC_CID:
    case XDP_MATCH_QUIC_FLOW_DST_CID:
    case XDP_MATCH_TCP_QUIC_FLOW_SRC_CID:
    case XDP_MATCH_TCP_QUIC_FLOW_DST_CID:
      rule.Pattern.QuicFlow.CidData[rule.Pattern.QuicFlow.CidLength - 1] ^= 1;
      return rule;
    case XDP_MATCH_IPV4_UDP_TUPLE:
    case XDP_MATCH_IPV6_UDP_TUPLE:
      rule.Pattern.Tuple.DestinationAddress.Ipv4.S_un.S_addr ^= 0x80;
      return rule;
    case XDP_MATCH_IPV4_DST_MASK:
    case XDP_MATCH_IPV6_DST_MASK:
    case XDP_MATCH_INNER_IPV4_DST_MASK_UDP:
    case XDP_MATCH_INNER_IPV6_DST_MASK_UDP:
    case XDP_MATCH_ICMPV4_ECHO_REPLY_IP_DST:
    case XDP_MATCH_ICMPV6_ECHO_REPLY_IP_DST:
      rule.Pattern.IpMask.Address.Ipv4.S_un.S_addr ^= 0x80;
      return rule;
    default:
      rule.Pattern.Port ^= 1;
      return rule;
  }
}

void decide(benchmark::State& state, const Example& example, std::size_t which) {
  std::vector<Rule> rules(kCounts[which]);
  for (Rule& rule : rules) rule.given = missing(example);
  rules.back().given = example.rule;
  Bytes frame = example.frame;
  frame.resize(std::max(frame.size(), kFrameBytesMin));
  const InspectorQuirks quirks;
  if (first_match(rules, {frame}, quirks) != &rules.back()) {
    state.SkipWithError("another rule takes the frame");
    return;
  }
  const double begin_ns = cpu_ns();
  std::uint64_t frames = 0;
  for ([[maybe_unused]] auto each : state) {
    benchmark::DoNotOptimize(first_match(rules, {frame}, quirks));
    ++frames;
  }
  const double each_ns = (cpu_ns() - begin_ns) / static_cast<double>(frames);
  frame_ns[example.rule.Match][which] = each_ns;
  state.counters["frames/s"] = 1e9 / each_ns;
}

// The slowest and the fastest type.
template <typename Figure>
std::string range(Figure figure) {
  std::size_t low = 0;
  std::size_t high = 0;
  for (std::size_t type = 0; type < kNames.size(); ++type) {
    if (figure(type) < figure(low)) low = type;
    if (figure(type) > figure(high)) high = type;
  }
  return fmt::format("{:.3g} ({}) to {:.3g} ({})", figure(low), kNames[low], figure(high), kNames[high]);
}

int run(int argc, char* argv[]) {
  const bool smoke = argc > 1 && std::string(argv[1]) == "--smoke";
  for (const Example& example : examples()) {
    for (std::size_t which = 0; which < kCounts.size(); ++which) {
      const std::string name = fmt::format("{}/{}", kNames[example.rule.Match], kCounts[which]);
      auto* bench = benchmark::RegisterBenchmark(
          name.c_str(), [example, which](benchmark::State& state) { decide(state, example, which); });
      if (smoke) {
        bench->Iterations(1);
      } else {
        bench->MinTime(0.1);
      }
    }
  }
  benchmark::Initialize(&argc, argv);
  benchmark::RunSpecifiedBenchmarks();
  // Some were left out by a filter.
  if (std::any_of(frame_ns.begin(), frame_ns.end(), [](const auto& each) { return each.back() == 0; }))
    return 0;
  std::string line = "bench_inspector:";
  for (std::size_t which = 0; which < kCounts.size(); ++which) {
    line += fmt::format(" {} rules {} frames/s;", kCounts[which],
                        range([&](std::size_t type) { return 1e9 / frame_ns[type][which]; }));
  }
  const auto further_ns = [](std::size_t type) {
    return (frame_ns[type].back() - frame_ns[type].front()) / static_cast<double>(kCounts.back() - 1);
  };
  fmt::print("{} a further rule costs {} ns\n", line, range(further_ns));
  return 0;
}

}  // namespace
}  // namespace ringproof::xdp

// The SystemC library wants one of these in every program.
extern "C" __attribute__((visibility("default"))) int sc_main(int argc, char* argv[]) {
  return ringproof::xdp::run(argc, argv);
}

int main(int argc, char* argv[]) { return sc_main(argc, argv); }
