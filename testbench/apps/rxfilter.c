// rxfilter.c: attaches rules from the command line to the receive queues of an interface, and sleeps.
// Role     worked example of a program without a socket: every match type that XDP has, and the actions that
//          need no target
// Threads  one
// Errors   a wrong option or a call that fails: one line, exit 1
// Source   docs of the XDP for Windows API, sections "program.h" and "xdpapi.h"
#include "tool.h"

enum { RULES_MAX = 64 };

static const char usage[] =
    "rxfilter: rules for received frames, the first one that takes a frame decides\n"
    "\n"
    "  rxfilter -if N -rule MATCH ACTION [-rule MATCH ACTION ...] [options]\n"
    "\n"
    "  -if N            index of the interface\n"
    "  -rule ...        a rule, up to 64 of them\n"
    "  -queue N         only this receive queue; otherwise all\n"
    "  -mode MODE       native or generic; otherwise native, and generic if there is no native\n"
    "  -time MS         detach after so many milliseconds; otherwise never\n"
    "\n"
    "  ACTION           drop | pass | l2fwd (back out of the interface, Ethernet addresses exchanged)\n"
    "  MATCH            all\n"
    "                   udp\n"
    "                   udp-dst PORT | tcp-dst PORT | tcp-control-dst PORT (FIN, SYN, RST)\n"
    "                   udp-ports PORTS\n"
    "                   ipv4-udp-ports ADDRESS PORTS | ipv6-udp-ports ADDRESS PORTS\n"
    "                   ipv4-tcp-ports ADDRESS PORTS | ipv6-tcp-ports ADDRESS PORTS\n"
    "                   ipv4-dst ADDRESS[/BITS] | ipv6-dst ADDRESS[/BITS]\n"
    "                   inner-ipv4-dst ADDRESS[/BITS] | inner-ipv6-dst ADDRESS[/BITS] (UDP, IP in IP)\n"
    "                   ipv4-udp SOURCE PORT DESTINATION PORT | ipv6-udp SOURCE PORT DESTINATION PORT\n"
    "                   next-header NUMBER (IP protocol)\n"
    "                   icmpv4-echo-reply ADDRESS | icmpv6-echo-reply ADDRESS (destination)\n"
    "                   quic-src-cid PORT OFFSET ID | quic-dst-cid PORT OFFSET ID (ID in hexadecimal)\n"
    "                   tcp-quic-src-cid PORT OFFSET ID | tcp-quic-dst-cid PORT OFFSET ID\n"
    "  PORTS            53 or 53,1000-1999\n";

// What the words behind a match say.
enum values {
  NO_VALUE,
  PORT,
  PORT_SET,
  ADDRESS_AND_PORT_SET,
  ADDRESS_AND_MASK,
  ADDRESS,
  TUPLE,
  NUMBER,
  QUIC_FLOW
};

struct match {
  const char* name;
  XDP_MATCH_TYPE type;
  enum values values;
  int family;  // of its addresses
};

static const struct match matches[] = {
    {"all", XDP_MATCH_ALL, NO_VALUE, 0},
    {"udp", XDP_MATCH_UDP, NO_VALUE, 0},
    {"udp-dst", XDP_MATCH_UDP_DST, PORT, 0},
    {"tcp-dst", XDP_MATCH_TCP_DST, PORT, 0},
    {"tcp-control-dst", XDP_MATCH_TCP_CONTROL_DST, PORT, 0},
    {"udp-ports", XDP_MATCH_UDP_PORT_SET, PORT_SET, 0},
    {"ipv4-udp-ports", XDP_MATCH_IPV4_UDP_PORT_SET, ADDRESS_AND_PORT_SET, AF_INET},
    {"ipv6-udp-ports", XDP_MATCH_IPV6_UDP_PORT_SET, ADDRESS_AND_PORT_SET, AF_INET6},
    {"ipv4-tcp-ports", XDP_MATCH_IPV4_TCP_PORT_SET, ADDRESS_AND_PORT_SET, AF_INET},
    {"ipv6-tcp-ports", XDP_MATCH_IPV6_TCP_PORT_SET, ADDRESS_AND_PORT_SET, AF_INET6},
    {"ipv4-dst", XDP_MATCH_IPV4_DST_MASK, ADDRESS_AND_MASK, AF_INET},
    {"ipv6-dst", XDP_MATCH_IPV6_DST_MASK, ADDRESS_AND_MASK, AF_INET6},
    {"inner-ipv4-dst", XDP_MATCH_INNER_IPV4_DST_MASK_UDP, ADDRESS_AND_MASK, AF_INET},
    {"inner-ipv6-dst", XDP_MATCH_INNER_IPV6_DST_MASK_UDP, ADDRESS_AND_MASK, AF_INET6},
    {"ipv4-udp", XDP_MATCH_IPV4_UDP_TUPLE, TUPLE, AF_INET},
    {"ipv6-udp", XDP_MATCH_IPV6_UDP_TUPLE, TUPLE, AF_INET6},
    {"next-header", XDP_MATCH_IP_NEXT_HEADER, NUMBER, 0},
    {"icmpv4-echo-reply", XDP_MATCH_ICMPV4_ECHO_REPLY_IP_DST, ADDRESS, AF_INET},
    {"icmpv6-echo-reply", XDP_MATCH_ICMPV6_ECHO_REPLY_IP_DST, ADDRESS, AF_INET6},
    {"quic-src-cid", XDP_MATCH_QUIC_FLOW_SRC_CID, QUIC_FLOW, 0},
    {"quic-dst-cid", XDP_MATCH_QUIC_FLOW_DST_CID, QUIC_FLOW, 0},
    {"tcp-quic-src-cid", XDP_MATCH_TCP_QUIC_FLOW_SRC_CID, QUIC_FLOW, 0},
    {"tcp-quic-dst-cid", XDP_MATCH_TCP_QUIC_FLOW_DST_CID, QUIC_FLOW, 0},
};

struct filter {
  UINT32 interface_index;
  UINT32 queue;
  UINT32 time_ms;
  XDP_CREATE_PROGRAM_FLAGS flags;
  UINT32 rule_count;
  XDP_RULE rules[RULES_MAX];
  UINT8* port_sets[RULES_MAX];  // read for every frame, so they stay until the rules are detached
};

// ---- values ----

static BOOL read_port(struct tool* tool, UINT16* port) {
  UINT32 number;
  if (!tool_number(tool, 0, 65535, &number)) return FALSE;
  *port = htons((UINT16)number);
  return TRUE;
}

// The bit of a port is the one with the number that its two bytes in network order make when they are read as
// a number of this machine.
static void add_port(UINT8* set, UINT32 port) {
  const UINT16 bit = htons((UINT16)port);
  set[bit / 8] |= (UINT8)(1 << (bit % 8));
}

// "53,1000-1999": a comma ends a port or a range.
static BOOL add_ports(UINT8* set, const char* text) {
  while (*text != '\0') {
    char part[16];
    UINT64 first;
    UINT64 last;
    const size_t length = strcspn(text, ",");
    char* dash;
    if (length == 0 || length >= sizeof(part)) return FALSE;
    memcpy(part, text, length);
    part[length] = '\0';
    dash = strchr(part, '-');
    if (dash != NULL) *dash = '\0';
    if (!tool_parse_number(part, 0, 65535, &first)) return FALSE;
    last = first;
    if (dash != NULL && !tool_parse_number(dash + 1, first, 65535, &last)) return FALSE;
    for (UINT64 port = first; port <= last; ++port) add_port(set, (UINT32)port);
    text += length;
    if (*text == ',' && *++text == '\0') return FALSE;
  }
  return TRUE;
}

static BOOL read_ports(struct tool* tool, struct filter* filter, XDP_PORT_SET* ports) {
  const char* text = tool_word(tool);
  UINT8* set = (UINT8*)calloc(1, XDP_PORT_SET_BUFFER_SIZE);
  if (set == NULL) return tool_wrong(tool, "memory for a set of ports", NULL);
  filter->port_sets[filter->rule_count] = set;
  ports->PortSet = set;
  if (text != NULL && *text != '\0' && add_ports(set, text)) return TRUE;
  return tool_wrong(tool, "ports such as 53,1000-1999", text);
}

static BOOL wrong_address(const struct tool* tool, int family, BOOL with_bits, const char* text) {
  char expected[64];
  sprintf_s(expected, sizeof(expected), "an IPv%d address%s", family == AF_INET ? 4 : 6,
            with_bits ? " or ADDRESS/BITS" : "");
  return tool_wrong(tool, expected, text);
}

static BOOL read_address(struct tool* tool, int family, XDP_INET_ADDR* address) {
  const char* text = tool_word(tool);
  if (text != NULL && inet_pton(family, text, address) == 1) return TRUE;
  return wrong_address(tool, family, FALSE, text);
}

// A rule compares (destination AND mask) with the address: bits outside of the mask would never match.
static BOOL read_address_and_mask(struct tool* tool, int family, XDP_IP_ADDRESS_MASK* pattern) {
  const UINT32 bits_max = family == AF_INET ? 32 : 128;
  const char* text = tool_word(tool);
  char address[64];
  UINT64 bits = bits_max;
  const size_t length = text == NULL ? 0 : strcspn(text, "/");
  UINT8* address_bytes = (UINT8*)&pattern->Address;
  UINT8* mask_bytes = (UINT8*)&pattern->Mask;
  if (length == 0 || length >= sizeof(address)) return wrong_address(tool, family, TRUE, text);
  memcpy(address, text, length);
  address[length] = '\0';
  if (inet_pton(family, address, &pattern->Address) != 1 ||
      (text[length] == '/' && !tool_parse_number(text + length + 1, 0, bits_max, &bits))) {
    return wrong_address(tool, family, TRUE, text);
  }
  for (UINT32 i = 0; i < bits_max / 8; ++i) {
    const UINT32 here = bits < 8 ? (UINT32)bits : 8;
    mask_bytes[i] = (UINT8)(0xFF00 >> here);
    address_bytes[i] &= mask_bytes[i];
    bits -= here;
  }
  return TRUE;
}

static int hex_digit(char letter) {
  if (letter >= '0' && letter <= '9') return letter - '0';
  if (letter >= 'a' && letter <= 'f') return letter - 'a' + 10;
  if (letter >= 'A' && letter <= 'F') return letter - 'A' + 10;
  return -1;
}

static BOOL read_quic_flow(struct tool* tool, XDP_QUIC_FLOW* flow) {
  UINT32 offset;
  const char* text;
  size_t digits;
  if (!read_port(tool, &flow->UdpPort) || !tool_number(tool, 0, XDP_QUIC_MAX_CID_LENGTH, &offset))
    return FALSE;
  flow->CidOffset = (UCHAR)offset;
  text = tool_word(tool);
  digits = text == NULL ? 0 : strlen(text);
  if (digits == 0 || digits % 2 != 0 || digits / 2 + offset > XDP_QUIC_MAX_CID_LENGTH) {
    return tool_wrong(tool, "an ID of 2 to 40 hexadecimal digits, with its offset at most 20 bytes", text);
  }
  for (size_t i = 0; i < digits; i += 2) {
    const int high = hex_digit(text[i]);
    const int low = hex_digit(text[i + 1]);
    if (high < 0 || low < 0) return tool_wrong(tool, "an ID in hexadecimal digits", text);
    flow->CidData[i / 2] = (UCHAR)(high * 16 + low);
  }
  flow->CidLength = (UCHAR)(digits / 2);
  return TRUE;
}

static BOOL read_values(struct tool* tool, struct filter* filter, const struct match* match,
                        XDP_MATCH_PATTERN* pattern) {
  UINT32 number = 0;
  switch (match->values) {
    case NO_VALUE:
      return TRUE;
    case PORT:
      return read_port(tool, &pattern->Port);
    case PORT_SET:
      return read_ports(tool, filter, &pattern->PortSet);
    case ADDRESS_AND_PORT_SET:
      return read_address(tool, match->family, &pattern->IpPortSet.Address) &&
             read_ports(tool, filter, &pattern->IpPortSet.PortSet);
    case ADDRESS_AND_MASK:
      return read_address_and_mask(tool, match->family, &pattern->IpMask);
    case ADDRESS:
      return read_address(tool, match->family, &pattern->IpMask.Address);
    case TUPLE:
      return read_address(tool, match->family, &pattern->Tuple.SourceAddress) &&
             read_port(tool, &pattern->Tuple.SourcePort) &&
             read_address(tool, match->family, &pattern->Tuple.DestinationAddress) &&
             read_port(tool, &pattern->Tuple.DestinationPort);
    case NUMBER:
      if (!tool_number(tool, 0, 255, &number)) return FALSE;
      pattern->NextHeader = (UINT8)number;
      return TRUE;
    case QUIC_FLOW:
      return read_quic_flow(tool, &pattern->QuicFlow);
  }
  return FALSE;
}

// ---- the command line ----

static BOOL read_rule(struct tool* tool, struct filter* filter) {
  static const char* const action_names[] = {"drop", "pass", "l2fwd"};
  static const XDP_RULE_ACTION actions[] = {XDP_PROGRAM_ACTION_DROP, XDP_PROGRAM_ACTION_PASS,
                                            XDP_PROGRAM_ACTION_L2FWD};
  const char* name = tool_word(tool);
  const struct match* match = NULL;
  UINT32 action = 0;
  XDP_RULE* rule;
  if (filter->rule_count == RULES_MAX) return tool_wrong(tool, "at most 64 rules", "another one");
  for (size_t i = 0; name != NULL && i < ARRAYSIZE(matches); ++i) {
    if (strcmp(name, matches[i].name) == 0) match = &matches[i];
  }
  if (match == NULL) return tool_wrong(tool, "a match, see rxfilter -?", name);
  rule = &filter->rules[filter->rule_count];
  rule->Match = match->type;
  if (!read_values(tool, filter, match, &rule->Pattern) ||
      !tool_choice(tool, action_names, ARRAYSIZE(action_names), &action)) {
    return FALSE;
  }
  rule->Action = actions[action];
  ++filter->rule_count;
  return TRUE;
}

static BOOL read_words(struct tool* tool, struct filter* filter) {
  static const char* const mode_names[] = {"native", "generic"};
  const char* option;
  UINT32 mode = 0;
  filter->time_ms = INFINITE;
  filter->flags = XDP_CREATE_PROGRAM_FLAG_ALL_QUEUES;
  while ((option = tool_option(tool)) != NULL) {
    if (strcmp(option, "-if") == 0) {
      if (!tool_number(tool, 1, MAXUINT32, &filter->interface_index)) return FALSE;
    } else if (strcmp(option, "-rule") == 0) {
      if (!read_rule(tool, filter)) return FALSE;
    } else if (strcmp(option, "-queue") == 0) {
      if (!tool_number(tool, 0, 65535, &filter->queue)) return FALSE;
      filter->flags &= ~(UINT32)XDP_CREATE_PROGRAM_FLAG_ALL_QUEUES;
    } else if (strcmp(option, "-mode") == 0) {
      if (!tool_choice(tool, mode_names, ARRAYSIZE(mode_names), &mode)) return FALSE;
      filter->flags |= mode == 0 ? XDP_CREATE_PROGRAM_FLAG_NATIVE : XDP_CREATE_PROGRAM_FLAG_GENERIC;
    } else if (strcmp(option, "-time") == 0) {
      if (!tool_number(tool, 1, INFINITE - 1, &filter->time_ms)) return FALSE;
    } else {
      return tool_unknown(tool);
    }
  }
  if (!tool_has_interface(tool, filter->interface_index)) return FALSE;
  tool->option = "-rule";
  return filter->rule_count > 0 || tool_wrong(tool, "at least one rule", NULL);
}

// ---- from start to end ----

static BOOL run(const struct filter* filter) {
  static const XDP_HOOK_ID hook = {
      .Layer = XDP_HOOK_L2,
      .Direction = XDP_HOOK_RX,
      .SubLayer = XDP_HOOK_INSPECT,
  };
  HANDLE program;
  const XDP_STATUS status = XdpCreateProgram(filter->interface_index, &hook, filter->queue, filter->flags,
                                             filter->rules, filter->rule_count, &program);
  if (!tool_worked("rxfilter", status, "XdpCreateProgram")) return FALSE;
  printf("rxfilter: %u rules on interface %u, ", filter->rule_count, filter->interface_index);
  if ((filter->flags & XDP_CREATE_PROGRAM_FLAG_ALL_QUEUES) != 0) {
    printf("all queues\n");
  } else {
    printf("queue %u\n", filter->queue);
  }
  fflush(stdout);
  Sleep(filter->time_ms);
  CloseHandle(program);
  printf("rxfilter: detached after %u ms\n", filter->time_ms);
  return TRUE;
}

int main(int argc, char** argv) {
  static struct filter filter;
  struct tool tool = {.name = "rxfilter", .argc = argc, .argv = argv, .at = 1};
  BOOL worked;
  if (tool_wants_usage(argc, argv)) {
    fputs(usage, stdout);
    return 0;
  }
  worked = read_words(&tool, &filter) && run(&filter);
  for (UINT32 i = 0; i < RULES_MAX; ++i) free(filter.port_sets[i]);
  return worked ? 0 : 1;
}
