// rights.h: who a process is: tokens and security identifiers.
// Role     a process may do everything, save that one with a restricted token creates no objects of XDP
// Shapes   a token is restricted when the group of administrators is disabled in it (SidsToDisable,
//          LUA_TOKEN), or restricting groups are given and it is not among them; privileges are all granted
// Errors   FALSE or NULL, with the reason in GetLastError
// Source   Windows: access tokens, security identifiers; docs/windows-programs.md
#pragma once

#include "ringproof/win32/handles.h"

EXTERN_C_START

#define TOKEN_ASSIGN_PRIMARY 1U
#define TOKEN_DUPLICATE 2U
#define TOKEN_IMPERSONATE 4U
#define TOKEN_QUERY 8U
#define TOKEN_ADJUST_PRIVILEGES 0x20U
#define TOKEN_ADJUST_GROUPS 0x40U
#define TOKEN_ADJUST_DEFAULT 0x80U
#define TOKEN_ALL_ACCESS 0xF01FFU
#define SE_PRIVILEGE_ENABLED 2U
#define SE_LOCK_MEMORY_NAME TEXT("SeLockMemoryPrivilege")
#define SE_INC_BASE_PRIORITY_NAME TEXT("SeIncreaseBasePriorityPrivilege")
#define SE_DEBUG_NAME TEXT("SeDebugPrivilege")
typedef struct _LUID_AND_ATTRIBUTES {
  LUID Luid;
  DWORD Attributes;
} LUID_AND_ATTRIBUTES, *PLUID_AND_ATTRIBUTES;
typedef struct _TOKEN_PRIVILEGES {
  DWORD PrivilegeCount;
  LUID_AND_ATTRIBUTES Privileges[ANYSIZE_ARRAY];
} TOKEN_PRIVILEGES, *PTOKEN_PRIVILEGES;
RINGPROOF_API BOOL OpenProcessToken(HANDLE Process, DWORD Access, PHANDLE Token);
RINGPROOF_API BOOL LookupPrivilegeValueA(LPCSTR System, LPCSTR Name, PLUID Luid);
RINGPROOF_API BOOL LookupPrivilegeValueW(LPCWSTR System, LPCWSTR Name, PLUID Luid);
RINGPROOF_API BOOL AdjustTokenPrivileges(HANDLE Token, BOOL DisableAll, PTOKEN_PRIVILEGES NewState,
                                         DWORD BufferLength, PTOKEN_PRIVILEGES PreviousState,
                                         PDWORD ReturnLength);
#define LookupPrivilegeValue RINGPROOF_AW(LookupPrivilegeValue)

// ---- security identifiers ----

typedef PVOID PSID;
typedef struct _SID_IDENTIFIER_AUTHORITY {
  BYTE Value[6];
} SID_IDENTIFIER_AUTHORITY, *PSID_IDENTIFIER_AUTHORITY;
typedef struct _SID {
  BYTE Revision;
  BYTE SubAuthorityCount;
  SID_IDENTIFIER_AUTHORITY IdentifierAuthority;
  DWORD SubAuthority[ANYSIZE_ARRAY];
} SID, *PISID;
C_ASSERT(sizeof(SID) == 12);
typedef struct _SID_AND_ATTRIBUTES {
  PSID Sid;
  DWORD Attributes;
} SID_AND_ATTRIBUTES, *PSID_AND_ATTRIBUTES;
#define SID_REVISION 1
#define SID_MAX_SUB_AUTHORITIES 15
#define SECURITY_MAX_SID_SIZE (sizeof(SID) - sizeof(DWORD) + SID_MAX_SUB_AUTHORITIES * sizeof(DWORD))
#define SE_GROUP_ENABLED 4U
#define SE_GROUP_USE_FOR_DENY_ONLY 0x10U

typedef enum {
  WinNullSid = 0,
  WinWorldSid = 1,
  WinLocalSid = 2,
  WinNetworkSid = 9,
  WinInteractiveSid = 11,
  WinServiceSid = 12,
  WinAuthenticatedUserSid = 17,
  WinRestrictedCodeSid = 18,
  WinLocalSystemSid = 22,
  WinLocalServiceSid = 23,
  WinNetworkServiceSid = 24,
  WinBuiltinAdministratorsSid = 26,
  WinBuiltinUsersSid = 27,
  WinBuiltinGuestsSid = 28
} WELL_KNOWN_SID_TYPE;

// Of those above. ERROR_INSUFFICIENT_BUFFER: *SidSize says how much is needed.
RINGPROOF_API BOOL CreateWellKnownSid(WELL_KNOWN_SID_TYPE Type, PSID Domain, PSID Sid, DWORD* SidSize);
RINGPROOF_API BOOL IsWellKnownSid(PSID Sid, WELL_KNOWN_SID_TYPE Type);
RINGPROOF_API BOOL EqualSid(PSID First, PSID Second);
RINGPROOF_API BOOL IsValidSid(PSID Sid);
RINGPROOF_API DWORD GetLengthSid(PSID Sid);

// ---- tokens with fewer rights ----

#define DISABLE_MAX_PRIVILEGE 1U
#define SANDBOX_INERT 2U
#define LUA_TOKEN 4U
#define WRITE_RESTRICTED 8U
RINGPROOF_API BOOL CreateRestrictedToken(HANDLE Token, DWORD Flags, DWORD DisableSidCount,
                                         PSID_AND_ATTRIBUTES SidsToDisable, DWORD DeletePrivilegeCount,
                                         PLUID_AND_ATTRIBUTES PrivilegesToDelete, DWORD RestrictedSidCount,
                                         PSID_AND_ATTRIBUTES SidsToRestrict, PHANDLE NewToken);
// Whether the group counts; NULL for the token is the process's own. Administrators do, save in a restricted
// token; System does not.
RINGPROOF_API BOOL CheckTokenMembership(HANDLE Token, PSID Sid, PBOOL IsMember);

EXTERN_C_END
