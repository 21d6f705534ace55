// Tokens and security identifiers: include/ringproof/win32/rights.h.

#include <ringproof/win32/errors.h>
#include <ringproof/win32/rights.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <functional>
#include <memory>
#include <string>

#include "sim/win32/crt_text.h"
#include "sim/win32/process_object.h"
#include "sim/win32/state.h"

using ringproof::ApiCall;
using ringproof::fail_with;
using ringproof::find_object;
using ringproof::Token;

namespace {

// Authority, and the numbers behind it.
struct WellKnown {
  WELL_KNOWN_SID_TYPE type;
  BYTE authority;
  BYTE count;
  std::array<DWORD, 2> numbers;
};
constexpr WellKnown kWellKnown[] = {
    {WinNullSid, 0, 1, {0}},
    {WinWorldSid, 1, 1, {0}},
    {WinLocalSid, 2, 1, {0}},
    {WinNetworkSid, 5, 1, {2}},
    {WinInteractiveSid, 5, 1, {4}},
    {WinServiceSid, 5, 1, {6}},
    {WinAuthenticatedUserSid, 5, 1, {11}},
    {WinRestrictedCodeSid, 5, 1, {12}},
    {WinLocalSystemSid, 5, 1, {18}},
    {WinLocalServiceSid, 5, 1, {19}},
    {WinNetworkServiceSid, 5, 1, {20}},
    {WinBuiltinAdministratorsSid, 5, 2, {32, 544}},
    {WinBuiltinUsersSid, 5, 2, {32, 545}},
    {WinBuiltinGuestsSid, 5, 2, {32, 546}},
};
constexpr DWORD kHeadBytes = sizeof(SID) - sizeof(DWORD);

DWORD length_of(const SID* sid) { return kHeadBytes + sid->SubAuthorityCount * DWORD{sizeof(DWORD)}; }

bool is(PSID given, WELL_KNOWN_SID_TYPE type) {
  const auto* sid = static_cast<const SID*>(given);
  const auto* known = std::find_if(std::begin(kWellKnown), std::end(kWellKnown),
                                   [type](const WellKnown& entry) { return entry.type == type; });
  return known != std::end(kWellKnown) && sid->SubAuthorityCount == known->count &&
         sid->IdentifierAuthority.Value[5] == known->authority &&
         std::memcmp(sid->SubAuthority, known->numbers.data(), known->count * sizeof(DWORD)) == 0;
}

bool has_administrators(const SID_AND_ATTRIBUTES* sids, DWORD count) {
  return std::any_of(sids, sids + count, [](const SID_AND_ATTRIBUTES& entry) {
    return is(entry.Sid, WinBuiltinAdministratorsSid);
  });
}

}  // namespace

extern "C" {

BOOL OpenProcessToken(HANDLE Process, DWORD, PHANDLE Handle) {
  const ApiCall call("OpenProcessToken");
  if (!call.has_world()) return FALSE;
  const auto process = call.world().win32->find_process(Process);
  if (process == nullptr) return fail_with(ERROR_INVALID_HANDLE);
  const bool restricted = call.world().win32->process(process->number).restricted;
  *Handle = call.world().open_handle(std::make_shared<Token>(restricted));
  return TRUE;
}

BOOL LookupPrivilegeValueA(LPCSTR, LPCSTR Name, PLUID Luid) {
  const std::string name = Name;
  if (name.rfind("Se", 0) != 0) return fail_with(ERROR_NO_SUCH_PRIVILEGE);
  *Luid = {static_cast<DWORD>(std::hash<std::string>()(name) % 64 + 2), 0};
  return TRUE;
}

BOOL LookupPrivilegeValueW(LPCWSTR, LPCWSTR Name, PLUID Luid) {
  return LookupPrivilegeValueA(
      nullptr, ringproof::win32::to_utf8(reinterpret_cast<const char16_t*>(Name)).c_str(), Luid);
}

BOOL AdjustTokenPrivileges(HANDLE Handle, BOOL, PTOKEN_PRIVILEGES, DWORD, PTOKEN_PRIVILEGES PreviousState,
                           PDWORD ReturnLength) {
  const ApiCall call("AdjustTokenPrivileges");
  if (find_object<Token>(call, Handle) == nullptr) return fail_with(ERROR_INVALID_HANDLE);
  if (PreviousState != nullptr) PreviousState->PrivilegeCount = 0;
  if (ReturnLength != nullptr) *ReturnLength = 0;
  SetLastError(ERROR_SUCCESS);
  return TRUE;
}

BOOL CreateWellKnownSid(WELL_KNOWN_SID_TYPE Type, PSID, PSID Sid, DWORD* SidSize) {
  const auto* known = std::find_if(std::begin(kWellKnown), std::end(kWellKnown),
                                   [Type](const WellKnown& entry) { return entry.type == Type; });
  if (known == std::end(kWellKnown) || SidSize == nullptr) return fail_with(ERROR_INVALID_PARAMETER);
  const DWORD needed = kHeadBytes + known->count * DWORD{sizeof(DWORD)};
  const bool fits = Sid != nullptr && *SidSize >= needed;
  *SidSize = needed;
  if (!fits) return fail_with(ERROR_INSUFFICIENT_BUFFER);
  auto* sid = static_cast<SID*>(Sid);
  sid->Revision = SID_REVISION;
  sid->SubAuthorityCount = known->count;
  sid->IdentifierAuthority = {{0, 0, 0, 0, 0, known->authority}};
  std::memcpy(sid->SubAuthority, known->numbers.data(), known->count * sizeof(DWORD));
  return TRUE;
}

BOOL IsWellKnownSid(PSID Sid, WELL_KNOWN_SID_TYPE Type) { return is(Sid, Type) ? TRUE : FALSE; }

BOOL EqualSid(PSID First, PSID Second) {
  const DWORD bytes = length_of(static_cast<const SID*>(First));
  const bool equal =
      bytes == length_of(static_cast<const SID*>(Second)) && std::memcmp(First, Second, bytes) == 0;
  return equal ? TRUE : FALSE;
}

BOOL IsValidSid(PSID Sid) {
  const auto* sid = static_cast<const SID*>(Sid);
  const bool valid =
      sid != nullptr && sid->Revision == SID_REVISION && sid->SubAuthorityCount <= SID_MAX_SUB_AUTHORITIES;
  return valid ? TRUE : FALSE;
}

DWORD GetLengthSid(PSID Sid) { return length_of(static_cast<const SID*>(Sid)); }

BOOL CreateRestrictedToken(HANDLE Existing, DWORD Flags, DWORD DisableSidCount,
                           PSID_AND_ATTRIBUTES SidsToDisable, DWORD, PLUID_AND_ATTRIBUTES,
                           DWORD RestrictedSidCount, PSID_AND_ATTRIBUTES SidsToRestrict, PHANDLE NewToken) {
  const ApiCall call("CreateRestrictedToken");
  const auto token = find_object<Token>(call, Existing);
  if (token == nullptr) return fail_with(ERROR_INVALID_HANDLE);
  call.acted();
  const bool disabled = (Flags & LUA_TOKEN) != 0 || has_administrators(SidsToDisable, DisableSidCount) ||
                        (RestrictedSidCount > 0 && !has_administrators(SidsToRestrict, RestrictedSidCount));
  *NewToken = call.world().open_handle(std::make_shared<Token>(token->restricted || disabled));
  return TRUE;
}

BOOL CheckTokenMembership(HANDLE Handle, PSID Sid, PBOOL IsMember) {
  const ApiCall call("CheckTokenMembership");
  if (!call.has_world()) return FALSE;
  const auto token = find_object<Token>(call, Handle);
  if (Handle != nullptr && token == nullptr) return fail_with(ERROR_INVALID_HANDLE);
  const bool restricted = token == nullptr ? call.world().win32->process().restricted : token->restricted;
  const bool administrators = is(Sid, WinBuiltinAdministratorsSid);
  const bool everybody = is(Sid, WinWorldSid) || is(Sid, WinBuiltinUsersSid) ||
                         is(Sid, WinAuthenticatedUserSid) || is(Sid, WinInteractiveSid);
  *IsMember = everybody || (administrators && !restricted) ? TRUE : FALSE;
  return TRUE;
}

}  // extern "C"
