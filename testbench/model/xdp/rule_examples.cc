#include "testbench/model/xdp/rule_examples.h"

namespace ringproof::xdp {
namespace {

const PortSet& port_set() {
  static const PortSet kSet = [] {
    PortSet set;
    set.set(kPort);
    return set;
  }();
  return kSet;
}

const Bytes kMask4 = {255, 192, 0, 0};
const Bytes kPrefix4 = {10, 0, 0, 0};
const Bytes kMask6 = {0xFF, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};
const Bytes kPrefix6 = {0xFC, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0};

}  // namespace

std::vector<Example> examples() {
  const PortSet& ports = port_set();
  const Bytes udp4 = over_v4(kUdp, udp());
  const Bytes udp6 = over_v6(kUdp, udp());
  const Bytes id = connection_id(4, 50);
  const Bytes long_quic = quic_long(connection_id(8, 20), connection_id(8, 48));
  const Bytes short_quic = quic_short(connection_id(8, 48));
  return {
      {rule_of(XDP_MATCH_ALL), {1, 2, 3}},
      {rule_of(XDP_MATCH_UDP), udp6},
      {port_rule(XDP_MATCH_UDP_DST), udp4},
      {mask_rule(XDP_MATCH_IPV4_DST_MASK, kPrefix4, kMask4), over_v4(200, {})},
      {mask_rule(XDP_MATCH_IPV6_DST_MASK, kPrefix6, kMask6), over_v6(200, {})},
      {quic_rule(XDP_MATCH_QUIC_FLOW_SRC_CID, id, 2), over_v4(kUdp, joined({udp(), long_quic}))},
      {quic_rule(XDP_MATCH_QUIC_FLOW_DST_CID, id, 2), over_v6(kUdp, joined({udp(), short_quic}))},
      {tuple_rule(4), udp4},
      {tuple_rule(6), udp6},
      {ports.rule(), udp6},
      {ports.rule(XDP_MATCH_IPV4_UDP_PORT_SET, kDestination4), udp4},
      {ports.rule(XDP_MATCH_IPV6_UDP_PORT_SET, kDestination6), udp6},
      {ports.rule(XDP_MATCH_IPV4_TCP_PORT_SET, kDestination4), over_v4(kTcp, tcp())},
      {ports.rule(XDP_MATCH_IPV6_TCP_PORT_SET, kDestination6), over_v6(kTcp, tcp(kPort, 8))},
      {port_rule(XDP_MATCH_TCP_DST), over_v6(kTcp, tcp())},
      {quic_rule(XDP_MATCH_TCP_QUIC_FLOW_SRC_CID, id, 2), over_v6(kTcp, joined({tcp(kPort, 7), long_quic}))},
      {quic_rule(XDP_MATCH_TCP_QUIC_FLOW_DST_CID, id, 2),
       over_v4(kTcp, joined({tcp(kPort, 15), short_quic}))},
      {port_rule(XDP_MATCH_TCP_CONTROL_DST), over_v4(kTcp, tcp(kPort, 10, 0x02))},
      {[] {
         XDP_RULE rule = rule_of(XDP_MATCH_IP_NEXT_HEADER);
         rule.Pattern.NextHeader = 0xFD;
         return rule;
       }(),
       over_v6(0xFD, {})},
      {mask_rule(XDP_MATCH_INNER_IPV4_DST_MASK_UDP, kPrefix4, kMask4), over_v6(kIpInIp, ipv4(kUdp))},
      {mask_rule(XDP_MATCH_INNER_IPV6_DST_MASK_UDP, kPrefix6, kMask6), over_v4(kIpv6InIp, ipv6(kUdp))},
      {mask_rule(XDP_MATCH_ICMPV4_ECHO_REPLY_IP_DST, kDestination4, {}), over_v4(kIcmp, icmp(0))},
      {mask_rule(XDP_MATCH_ICMPV6_ECHO_REPLY_IP_DST, kDestination6, {}), over_v6(kIcmpv6, icmp(129))},
  };
}

}  // namespace ringproof::xdp
