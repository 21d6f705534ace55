// option_value.h: values of socket options on their way from and to an application.
// Role     length, alignment and access checks that the options share
// Units    lengths [bytes]
// Errors   kNoAccess for memory that cannot be read; what a length that is too short means is the option's
//          own
// Source   XDP for Windows: XskSetSockopt, XskGetSockopt
#pragma once

#include <cstdint>
#include <cstring>

#include "model/xdp/status.h"
#include "model/xdp/user_memory.h"

namespace ringproof::xdp {

constexpr std::uintptr_t kOptionAlignment = 4;

// Reads a value once. The length is a minimum; `too_short` is the answer below it.
template <typename Value>
Status read_option(const void* from, std::uint32_t length, Status too_short, Value* value) {
  if (length < sizeof(Value)) return too_short;
  if (reinterpret_cast<std::uintptr_t>(from) % kOptionAlignment != 0) return Status::kNoAccess;
  if (!copy_from_user(value, from, sizeof(Value))) return Status::kNoAccess;
  // What is declared beyond the value is ignored, but must be there.
  const auto* rest = static_cast<const unsigned char*>(from) + sizeof(Value);
  return user_readable(rest, length - sizeof(Value)) ? Status::kOk : Status::kNoAccess;
}

// REQUIRES: `room` bytes at `to` can be written. Leaves in `room` what was written.
template <typename Value>
Status write_option(void* to, std::uint32_t* room, Status too_short, const Value& value) {
  if (*room < sizeof(Value)) return too_short;
  std::memcpy(to, &value, sizeof(Value));
  *room = sizeof(Value);
  return Status::kOk;
}

}  // namespace ringproof::xdp
