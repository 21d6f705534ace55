#include "model/xdp/program.h"

#include "model/xdp/rx_queue.h"
#include "model/xdp/user_memory.h"

namespace ringproof::xdp {
namespace {

bool is_quic(XDP_MATCH_TYPE match) {
  return match == XDP_MATCH_QUIC_FLOW_SRC_CID || match == XDP_MATCH_QUIC_FLOW_DST_CID ||
         match == XDP_MATCH_TCP_QUIC_FLOW_SRC_CID || match == XDP_MATCH_TCP_QUIC_FLOW_DST_CID;
}

// The match types and actions whose data path is there; the others are refused after the checks that the
// specification puts first.
bool works(const XDP_RULE& rule) {
  const bool match = rule.Match == XDP_MATCH_ALL || rule.Match == XDP_MATCH_UDP_DST;
  const bool action = rule.Action == XDP_PROGRAM_ACTION_DROP || rule.Action == XDP_PROGRAM_ACTION_PASS ||
                      (rule.Action == XDP_PROGRAM_ACTION_REDIRECT &&
                       rule.Redirect.TargetType == XDP_REDIRECT_TARGET_TYPE_XSK);
  return match && action;
}

Status read_rule(const XDP_RULE& rule, const SocketLookup& find_socket, Rule& result) {
  if (rule.Match < XDP_MATCH_ALL || rule.Match > XDP_MATCH_ICMPV6_ECHO_REPLY_IP_DST) {
    return Status::kBadParameter;
  }
  if (is_quic(rule.Match) &&
      std::uint32_t{rule.Pattern.QuicFlow.CidOffset} + std::uint32_t{rule.Pattern.QuicFlow.CidLength} >
          XDP_QUIC_MAX_CID_LENGTH) {
    return Status::kBadParameter;
  }
  if (rule.Action < XDP_PROGRAM_ACTION_DROP || rule.Action > XDP_PROGRAM_ACTION_EBPF) {
    return Status::kBadParameter;
  }
  if (rule.Action == XDP_PROGRAM_ACTION_REDIRECT) {
    if (rule.Redirect.TargetType != XDP_REDIRECT_TARGET_TYPE_XSK &&
        rule.Redirect.TargetType != XDP_REDIRECT_TARGET_TYPE_XSKMAP_BY_QUEUEID) {
      return Status::kBadParameter;
    }
    if (rule.Redirect.TargetType == XDP_REDIRECT_TARGET_TYPE_XSK) {
      result.target = find_socket(rule.Redirect.Target);
      if (result.target == nullptr) return Status::kInvalidHandle;
    }
  }
  if (rule.Action == XDP_PROGRAM_ACTION_EBPF) return Status::kBadParameter;  // from user mode
  if (!works(rule)) return Status::kNotSupported;
  result.given = rule;
  result.match = rule.Match;
  result.port = rule.Pattern.Port;
  result.action = rule.Action;
  return Status::kOk;
}

}  // namespace

void Program::close() {
  while (!queues.empty()) queues.back()->detach(*this);
}

Status read_rules(const XDP_RULE* rules, std::uint32_t count, const SocketLookup& find_socket,
                  std::vector<Rule>& result) {
  if (count == 0) return Status::kOk;
  if (reinterpret_cast<std::uintptr_t>(rules) % alignof(XDP_RULE) != 0) return Status::kNoAccess;
  if (!user_readable(rules, std::uint64_t{count} * sizeof(XDP_RULE))) return Status::kNoAccess;
  const std::vector<XDP_RULE> copies(rules, rules + count);
  for (const XDP_RULE& copy : copies) {
    Rule rule;
    const Status status = read_rule(copy, find_socket, rule);
    if (failed(status)) return status;
    result.push_back(std::move(rule));
  }
  return Status::kOk;
}

}  // namespace ringproof::xdp
