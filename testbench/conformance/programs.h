// programs.h: programs and maps for tests, through the published calls only.
// Role     rules in a few words; handles that are closed with their object
// Shapes   without a word a program is for frames from the wire, on queue 0 of interface 1, in generic mode
// Errors   none of its own: what a call answers is for the test to judge
// Source   include/xdpapi.h
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <utility>
#include <vector>

#include "testbench/conformance/socket.h"

namespace ringproof::test {

constexpr XDP_HOOK_ID kRxInspect = {XDP_HOOK_L2, XDP_HOOK_RX, XDP_HOOK_INSPECT};
constexpr XDP_HOOK_ID kTxInspect = {XDP_HOOK_L2, XDP_HOOK_TX, XDP_HOOK_INSPECT};
constexpr XDP_HOOK_ID kRxInject = {XDP_HOOK_L2, XDP_HOOK_RX, XDP_HOOK_INJECT};
constexpr XDP_HOOK_ID kTxInject = {XDP_HOOK_L2, XDP_HOOK_TX, XDP_HOOK_INJECT};

constexpr UINT32 kGeneric = XDP_CREATE_PROGRAM_FLAG_GENERIC;
constexpr UINT32 kNative = XDP_CREATE_PROGRAM_FLAG_NATIVE;
constexpr UINT32 kAllQueues = XDP_CREATE_PROGRAM_FLAG_ALL_QUEUES;

inline UINT16 net(UINT16 port) { return static_cast<UINT16>((port >> 8) | (port << 8)); }

// Everything, or a UDP port, and what becomes of it.
inline XDP_RULE rule_all(XDP_RULE_ACTION action) {
  XDP_RULE rule{};
  rule.Match = XDP_MATCH_ALL;
  rule.Action = action;
  return rule;
}
inline XDP_RULE rule_port(UINT16 port, XDP_RULE_ACTION action) {
  XDP_RULE rule = rule_all(action);
  rule.Match = XDP_MATCH_UDP_DST;
  rule.Pattern.Port = net(port);
  return rule;
}
inline XDP_RULE redirected(XDP_RULE rule, const RawSocket& socket) {
  rule.Action = XDP_PROGRAM_ACTION_REDIRECT;
  rule.Redirect.TargetType = XDP_REDIRECT_TARGET_TYPE_XSK;
  rule.Redirect.Target = socket.handle();
  return rule;
}

class Handle {
 public:
  Handle() = default;
  ~Handle() { close(); }
  Handle(Handle&& other) noexcept : handle_(std::exchange(other.handle_, nullptr)) {}
  Handle& operator=(Handle&& other) noexcept {
    close();
    handle_ = std::exchange(other.handle_, nullptr);
    return *this;
  }
  void close() {
    if (handle_ != nullptr) {
      EXPECT_TRUE(CloseHandle(handle_));
    }
    handle_ = nullptr;
  }
  HANDLE get() const { return handle_; }
  HANDLE* out() { return &handle_; }

 private:
  HANDLE handle_ = nullptr;
};

struct ProgramRequest {
  std::vector<XDP_RULE> rules{};
  UINT32 flags = kGeneric;
  UINT32 queue = 0;
  XDP_HOOK_ID hook = kRxInspect;
  UINT32 interface = 1;
};

inline UINT32 create(const ProgramRequest& request, Handle& program) {
  return number(XdpCreateProgram(request.interface, &request.hook, request.queue,
                                 static_cast<XDP_CREATE_PROGRAM_FLAGS>(request.flags), request.rules.data(),
                                 static_cast<UINT32>(request.rules.size()), program.out()));
}
// The answer alone; what was made is closed again.
inline UINT32 try_create(const ProgramRequest& request) {
  Handle program;
  const UINT32 status = create(request, program);
  EXPECT_EQ(program.get() != nullptr, status == kOk);
  return status;
}
// REQUIRES: it succeeds.
inline Handle program_of(const ProgramRequest& request) {
  Handle program;
  EXPECT_EQ(create(request, program), kOk);
  return program;
}

class TestMap {
 public:
  TestMap() { EXPECT_EQ(number(XdpMapCreate(handle_.out(), XDP_MAP_TYPE_XSKMAP)), kOk); }

  HANDLE handle() const { return handle_.get(); }
  void close() { handle_.close(); }
  UINT32 insert(UINT32 key, HANDLE value) const { return number(XdpMapInsert(handle_.get(), &key, &value)); }
  UINT32 insert(UINT32 key, const RawSocket& socket) const { return insert(key, socket.handle()); }
  UINT32 remove(UINT32 key) const { return number(XdpMapDelete(handle_.get(), &key)); }

 private:
  Handle handle_;
};

inline XDP_RULE redirected(XDP_RULE rule, const TestMap& map) {
  rule.Action = XDP_PROGRAM_ACTION_REDIRECT;
  rule.Redirect.TargetType = XDP_REDIRECT_TARGET_TYPE_XSKMAP_BY_QUEUEID;
  rule.Redirect.Target = map.handle();
  return rule;
}

}  // namespace ringproof::test
