// status.h: results of the platform's operations, as an application sees them.
// Role     HRESULT values by the short names that the rules use
// Source   XDP for Windows, status codes; RtlNtStatusToDosError for the mapping
#pragma once

#include <cstdint>

namespace ringproof::xdp {

enum class Status : std::uint32_t {
  kOk = 0,
  kInvalidHandle = 0x80070006,
  kBadState = 0x80070016,
  kBadParameter = 0x80070057,
  kNotSupported = 0x80070032,
  kNotFound = 0x80070490,
  kAlreadyExists = 0x80071392,
  kTooSmall = 0x8007007A,
  kMoreData = 0x800700EA,
  kNoAccess = 0x800703E6,
  kNoResources = 0x800705AA,
  kNoMemory = 0x80070008,
  kDeleting = 0x80070005,
  kDenied = 0x80070005,
  kRemoved = 0x80070651,
  kTimeout = 0x800705B4,
  kPending = 0x800703E5,
  kCancelled = 0x800703E3,
  kNotReady = 0x80070015,
  kNoInterface = 0x80004002,
  kNoDriver = 0x80070002,
};

inline bool failed(Status status) { return (static_cast<std::uint32_t>(status) & 0x80000000u) != 0; }

}  // namespace ringproof::xdp
