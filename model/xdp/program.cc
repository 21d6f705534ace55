#include "model/xdp/program.h"

#include <cstring>
#include <utility>

#include "model/xdp/rx_queue.h"
#include "model/xdp/user_memory.h"

namespace ringproof::xdp {
namespace {

bool is_quic(XDP_MATCH_TYPE match) {
  return match == XDP_MATCH_QUIC_FLOW_SRC_CID || match == XDP_MATCH_QUIC_FLOW_DST_CID ||
         match == XDP_MATCH_TCP_QUIC_FLOW_SRC_CID || match == XDP_MATCH_TCP_QUIC_FLOW_DST_CID;
}

// The port set of a rule that has one, or null.
const XDP_PORT_SET* port_set_of(const XDP_RULE& rule) {
  switch (rule.Match) {
    case XDP_MATCH_UDP_PORT_SET:
      return &rule.Pattern.PortSet;
    case XDP_MATCH_IPV4_UDP_PORT_SET:
    case XDP_MATCH_IPV6_UDP_PORT_SET:
    case XDP_MATCH_IPV4_TCP_PORT_SET:
    case XDP_MATCH_IPV6_TCP_PORT_SET:
      return &rule.Pattern.IpPortSet.PortSet;
    default:
      return nullptr;
  }
}

Status check_match(const XDP_RULE& rule, const TargetLookup& lookup) {
  if (rule.Match < XDP_MATCH_ALL || rule.Match > XDP_MATCH_ICMPV6_ECHO_REPLY_IP_DST) {
    return Status::kBadParameter;
  }
  const XDP_QUIC_FLOW& flow = rule.Pattern.QuicFlow;
  if (is_quic(rule.Match) &&
      std::uint32_t{flow.CidOffset} + std::uint32_t{flow.CidLength} > XDP_QUIC_MAX_CID_LENGTH) {
    return Status::kBadParameter;
  }
  const XDP_PORT_SET* ports = port_set_of(rule);
  if (ports == nullptr) return Status::kOk;
  if (ports->Reserved != nullptr) return Status::kBadParameter;
  if (!user_readable(ports->PortSet, XDP_PORT_SET_BUFFER_SIZE)) return Status::kNoAccess;
  return lookup.hold_port_set(ports->PortSet);
}

Status find_target(const TargetLookup& lookup, Rule& rule) {
  const HANDLE handle = rule.given.Redirect.Target;
  switch (rule.given.Redirect.TargetType) {
    case XDP_REDIRECT_TARGET_TYPE_XSK:
      return lookup.socket(handle, &rule.target);
    case XDP_REDIRECT_TARGET_TYPE_XSKMAP_BY_QUEUEID:
      return lookup.map(handle, &rule.map);
    default:
      return Status::kBadParameter;
  }
}

Status check_action(const TargetLookup& lookup, Rule& rule) {
  const XDP_RULE_ACTION action = rule.given.Action;
  if (action < XDP_PROGRAM_ACTION_DROP || action > XDP_PROGRAM_ACTION_EBPF) return Status::kBadParameter;
  if (action == XDP_PROGRAM_ACTION_REDIRECT) return find_target(lookup, rule);
  // Only the kernel's own callers may.
  return action == XDP_PROGRAM_ACTION_EBPF ? Status::kBadParameter : Status::kOk;
}

}  // namespace

void Program::close() {
  detach();
  at_end_();
}

void Program::detach() {
  while (!queues.empty()) queues.back()->detach(*this);
}

Status read_rules(const XDP_RULE* rules, std::uint32_t count, const TargetLookup& lookup,
                  std::vector<Rule>& result) {
  if (count == 0) return Status::kOk;
  const std::uint64_t bytes = std::uint64_t{count} * sizeof(XDP_RULE);
  if (!argument_aligned(rules) || !user_readable(rules, bytes)) return Status::kNoAccess;
  std::vector<XDP_RULE> copies(count);
  std::memcpy(copies.data(), static_cast<const void*>(rules), bytes);
  for (const XDP_RULE& copy : copies) {
    Rule rule{copy, nullptr, nullptr, 0};
    Status status = check_match(copy, lookup);
    if (!failed(status)) status = check_action(lookup, rule);
    if (failed(status)) return status;
    result.push_back(std::move(rule));
  }
  return Status::kOk;
}

}  // namespace ringproof::xdp
