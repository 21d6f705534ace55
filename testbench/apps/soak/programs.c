// programs.c: programs, maps, interfaces, and sockets of other threads.
#include "soak.h"

static const struct call program_call = {"XdpCreateProgram", DONE | BAD_PARAMETER | NOT_FOUND |
                                                                 NOT_SUPPORTED | BAD_STATE | BAD_HANDLE |
                                                                 DENIED | MEMORY | NO_ACCESS | NOT_READY};
static const struct call map_call = {"XdpMapCreate", DONE | BAD_PARAMETER | MEMORY};
static const struct call insert_call = {"XdpMapInsert",
                                        DONE | BAD_PARAMETER | BAD_HANDLE | NO_ACCESS | MEMORY};
static const struct call delete_call = {"XdpMapDelete", DONE | BAD_PARAMETER | NO_ACCESS};
static const struct call interface_call = {"XdpInterfaceOpen", DONE | NOT_FOUND | MEMORY};
static const struct call ioctl_call = {"XskIoctl", NOT_SUPPORTED};

static HANDLE some_map(struct worker* worker) {
  return worker->map != NULL && once_in(worker, 2) ? worker->map : soak_common_map;
}

// TRUE: such a rule is refused.
static BOOL draw_rule(struct worker* worker, XDP_RULE* rule, const struct socket* target) {
  static const XDP_MATCH_TYPE matches[] = {XDP_MATCH_ALL,           XDP_MATCH_ALL,
                                           XDP_MATCH_UDP,           XDP_MATCH_UDP_DST,
                                           XDP_MATCH_IPV4_DST_MASK, XDP_MATCH_IP_NEXT_HEADER};
  memset(rule, 0, sizeof(*rule));
  rule->Match = matches[below(worker, ARRAYSIZE(matches))];
  if (rule->Match == XDP_MATCH_UDP_DST) rule->Pattern.Port = htons(1234);
  if (rule->Match == XDP_MATCH_IP_NEXT_HEADER) rule->Pattern.NextHeader = 17;
  switch (below(worker, 20)) {
    case 0:
      rule->Action = XDP_PROGRAM_ACTION_DROP;
      return FALSE;
    case 1:
      rule->Action = XDP_PROGRAM_ACTION_PASS;
      return FALSE;
    case 2:
      rule->Action = XDP_PROGRAM_ACTION_L2FWD;
      return FALSE;
    case 3:
      rule->Action = (XDP_RULE_ACTION)(XDP_PROGRAM_ACTION_EBPF + below(worker, 2));
      return TRUE;
    case 4:
      rule->Match = (XDP_MATCH_TYPE)23;
      return TRUE;
    case 5:
    case 6:
    case 7:
    case 8:
    case 9:
      rule->Action = XDP_PROGRAM_ACTION_REDIRECT;
      rule->Redirect.TargetType = XDP_REDIRECT_TARGET_TYPE_XSKMAP_BY_QUEUEID;
      rule->Redirect.Target = some_map(worker);
      return FALSE;
    default:
      rule->Action = XDP_PROGRAM_ACTION_REDIRECT;
      rule->Redirect.TargetType = XDP_REDIRECT_TARGET_TYPE_XSK;
      rule->Redirect.Target = target->handle;
      return rule->Redirect.Target == NULL;
  }
}

void soak_change_program(struct worker* worker) {
  static const UINT32 all_flags[] = {0,
                                     0,
                                     0,
                                     XDP_CREATE_PROGRAM_FLAG_ALL_QUEUES,
                                     XDP_CREATE_PROGRAM_FLAG_GENERIC,
                                     XDP_CREATE_PROGRAM_FLAG_NATIVE,
                                     XDP_CREATE_PROGRAM_FLAG_GENERIC | XDP_CREATE_PROGRAM_FLAG_NATIVE,
                                     8};
  static const XDP_HOOK_ID hook = {XDP_HOOK_L2, XDP_HOOK_RX, XDP_HOOK_INSPECT};
  HANDLE* program = &worker->programs[below(worker, PROGRAMS)];
  XDP_RULE rules[RULES_MAX];
  const UINT32 flags = all_flags[below(worker, ARRAYSIZE(all_flags))];
  const struct socket* target = any_socket(worker);
  const UINT32 queue = once_in(worker, 4) ? below(worker, soak_settings.queue_count + 1) : target->queue;
  const UINT32 count = once_in(worker, 8) ? 0 : 1 + below(worker, RULES_MAX);
  BOOL is_wrong = flags >= 8 || (flags & 3) == 3;
  XDP_STATUS status;
  if (*program != NULL) {
    if (once_in(worker, 2)) return;
    if (!CloseHandle(*program)) soak_broken(worker, "CloseHandle failed on a program");
    *program = NULL;
    return;
  }
  for (UINT32 i = 0; i < count; ++i) {
    if (draw_rule(worker, &rules[i], target)) is_wrong = TRUE;
  }
  status = XdpCreateProgram(soak_settings.interface_index, &hook, queue, (XDP_CREATE_PROGRAM_FLAGS)flags,
                            rules, count, program);
  if (!soak_check(worker, &program_call, status, is_wrong)) *program = NULL;
}

void soak_change_map(struct worker* worker) {
  static const UINT32 bad_keys[] = {128, 0xFFFFFFFF};
  const HANDLE map = some_map(worker);
  const struct socket* socket = any_socket(worker);
  UINT32 key = once_in(worker, 4) ? below(worker, soak_settings.queue_count) : socket->queue;
  BOOL is_wrong = FALSE;
  HANDLE value = socket->handle;
  if (worker->map == NULL) {
    const XDP_MAP_TYPE type = once_in(worker, 4) ? (XDP_MAP_TYPE)1 : XDP_MAP_TYPE_XSKMAP;
    if (!soak_check(worker, &map_call, XdpMapCreate(&worker->map, type), type != XDP_MAP_TYPE_XSKMAP))
      worker->map = NULL;
    return;
  }
  if (once_in(worker, 16)) {
    if (!CloseHandle(worker->map)) soak_broken(worker, "CloseHandle failed on a map");
    worker->map = NULL;
    return;
  }
  if (once_in(worker, 8)) {
    key = bad_keys[below(worker, ARRAYSIZE(bad_keys))];
    is_wrong = TRUE;
  }
  if (once_in(worker, 5)) {
    soak_check(worker, &delete_call, XdpMapDelete(map, &key), is_wrong);
    return;
  }
  if (once_in(worker, 8)) value = map;
  is_wrong = is_wrong || value == NULL || value == map;
  soak_check(worker, &insert_call, XdpMapInsert(map, &key, &value), is_wrong);
}

void soak_open_interface(struct worker* worker) {
  HANDLE handle;
  const BOOL is_wrong = once_in(worker, 4);
  const UINT32 index = is_wrong ? 0xFFFF : soak_settings.interface_index;
  if (!soak_check(worker, &interface_call, XdpInterfaceOpen(index, &handle), is_wrong)) return;
  if (!CloseHandle(handle)) soak_broken(worker, "CloseHandle failed on an interface");
}

// A socket of any thread, which cannot be closed meanwhile.
void soak_use_known_socket(struct worker* worker) {
  XSK_NOTIFY_RESULT_FLAGS result;
  const UINT32 flags = XSK_NOTIFY_FLAG_POKE_RX << below(worker, 2);
  HANDLE handle;
  AcquireSRWLockShared(&soak_lock);
  handle = soak_known[below(worker, soak_settings.thread_count * SOCKETS)];
  if (handle != NULL) {
    switch (below(worker, 3)) {
      case 0:
        soak_check(worker, &soak_notify_call, XskNotifySocket(handle, (XSK_NOTIFY_FLAGS)flags, 0, &result),
                   FALSE);
        break;
      case 1:
        soak_get_something(worker, handle);
        break;
      default:
        soak_check(worker, &ioctl_call, XskIoctl(handle, below(worker, 20), NULL, 0, NULL, NULL), FALSE);
        break;
    }
  }
  ReleaseSRWLockShared(&soak_lock);
}
