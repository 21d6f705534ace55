// The Windows names that programs of XDP for Windows use, with their types: a name that lacks, or has another
// type, does not compile, and one without a function behind it is not linked.
//
// From rxfilter, xdpcap, xskfwd, xskmaprx, xskrestricted, rssconfig, pktcmd, ringperf, xskbench and spinxsk.
#include <afxdp_helper.h>
#include <bcrypt.h>
#include <crtdbg.h>
#include <cxplat.h>
#include <intsafe.h>
#include <iphlpapi.h>
#include <malloc.h>
#include <mstcpip.h>
#include <netiodef.h>
#include <process.h>
#include <stdio.h>
#include <stdlib.h>
#include <strsafe.h>
#include <wchar.h>
#include <windows.h>
#include <winsock2.h>
#include <ws2ipdef.h>
#include <ws2tcpip.h>
#include <xdpapi.h>

#define FUNCTION(name, result, parameters) \
  { #name, (void (*)(void))(result(*) parameters)name }

struct Name {
  const char* name;
  void (*function)(void);
};
extern const struct Name kFunctions[];

const struct Name kFunctions[] = {
    // handles, events, threads
    FUNCTION(CloseHandle, BOOL, (HANDLE)),
    FUNCTION(CreateEventW, HANDLE, (LPSECURITY_ATTRIBUTES, BOOL, BOOL, LPCWSTR)),
    FUNCTION(SetEvent, BOOL, (HANDLE)),
    FUNCTION(ResetEvent, BOOL, (HANDLE)),
    FUNCTION(WaitForSingleObject, DWORD, (HANDLE, DWORD)),
    FUNCTION(CreateThread, HANDLE,
             (LPSECURITY_ATTRIBUTES, SIZE_T, LPTHREAD_START_ROUTINE, LPVOID, DWORD, LPDWORD)),
    FUNCTION(ResumeThread, DWORD, (HANDLE)),
    FUNCTION(SuspendThread, DWORD, (HANDLE)),
    FUNCTION(GetCurrentThread, HANDLE, (void)),
    FUNCTION(CreateNamedPipeW, HANDLE,
             (LPCWSTR, DWORD, DWORD, DWORD, DWORD, DWORD, DWORD, LPSECURITY_ATTRIBUTES)),
    FUNCTION(ConnectNamedPipe, BOOL, (HANDLE, LPOVERLAPPED)),
    FUNCTION(CreateProcessAsUserW, BOOL,
             (HANDLE, LPCWSTR, LPWSTR, LPSECURITY_ATTRIBUTES, LPSECURITY_ATTRIBUTES, BOOL, DWORD, LPVOID,
              LPCWSTR, LPSTARTUPINFOW, LPPROCESS_INFORMATION)),
    FUNCTION(CreateRestrictedToken, BOOL,
             (HANDLE, DWORD, DWORD, PSID_AND_ATTRIBUTES, DWORD, PLUID_AND_ATTRIBUTES, DWORD,
              PSID_AND_ATTRIBUTES, PHANDLE)),
    FUNCTION(CreateWellKnownSid, BOOL, (WELL_KNOWN_SID_TYPE, PSID, PSID, DWORD*)),
    FUNCTION(GetThreadPriority, int, (HANDLE)),
    FUNCTION(SetThreadPriority, BOOL, (HANDLE, int)),
    FUNCTION(SetPriorityClass, BOOL, (HANDLE, DWORD)),
    FUNCTION(SetThreadIdealProcessor, DWORD, (HANDLE, DWORD)),
    FUNCTION(SetThreadGroupAffinity, BOOL, (HANDLE, const GROUP_AFFINITY*, PGROUP_AFFINITY)),
    FUNCTION(GetNumaNodeProcessorMaskEx, BOOL, (USHORT, PGROUP_AFFINITY)),
    FUNCTION(GetActiveProcessorCount, DWORD, (WORD)),
    FUNCTION(GetLogicalProcessorInformationEx, BOOL,
             (LOGICAL_PROCESSOR_RELATIONSHIP, PSYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX, PDWORD)),
    FUNCTION(GetActiveProcessorGroupCount, WORD, (void)),
    FUNCTION(GetCurrentProcessorNumberEx, VOID, (PPROCESSOR_NUMBER)),
    FUNCTION(InitializeCriticalSection, VOID, (LPCRITICAL_SECTION)),
    FUNCTION(EnterCriticalSection, VOID, (LPCRITICAL_SECTION)),
    FUNCTION(LeaveCriticalSection, VOID, (LPCRITICAL_SECTION)),
    FUNCTION(DeleteCriticalSection, VOID, (LPCRITICAL_SECTION)),
    FUNCTION(InitializeSRWLock, VOID, (PSRWLOCK)),
    FUNCTION(AcquireSRWLockShared, VOID, (PSRWLOCK)),
    FUNCTION(AcquireSRWLockExclusive, VOID, (PSRWLOCK)),
    FUNCTION(ReleaseSRWLockShared, VOID, (PSRWLOCK)),
    FUNCTION(ReleaseSRWLockExclusive, VOID, (PSRWLOCK)),
    FUNCTION(CancelIoEx, BOOL, (HANDLE, LPOVERLAPPED)),
    FUNCTION(CreateIoCompletionPort, HANDLE, (HANDLE, HANDLE, ULONG_PTR, DWORD)),
    FUNCTION(GetQueuedCompletionStatus, BOOL, (HANDLE, LPDWORD, PULONG_PTR, LPOVERLAPPED*, DWORD)),
    FUNCTION(SetConsoleCtrlHandler, BOOL, (PHANDLER_ROUTINE, BOOL)),
    FUNCTION(_beginthreadex, uintptr_t,
             (void*, unsigned, _beginthreadex_proc_type, void*, unsigned, unsigned*)),
    // memory, time, process
    FUNCTION(VirtualAlloc, LPVOID, (LPVOID, SIZE_T, DWORD, DWORD)),
    FUNCTION(VirtualFree, BOOL, (LPVOID, SIZE_T, DWORD)),
    FUNCTION(GetLargePageMinimum, SIZE_T, (void)),
    FUNCTION(LocalFree, HLOCAL, (HLOCAL)),
    FUNCTION(QueryPerformanceCounter, BOOL, (LARGE_INTEGER*)),
    FUNCTION(QueryPerformanceFrequency, BOOL, (LARGE_INTEGER*)),
    FUNCTION(GetTickCount64, ULONGLONG, (void)),
    FUNCTION(GetLocalTime, VOID, (LPSYSTEMTIME)),
    FUNCTION(GetSystemTimeAsFileTime, VOID, (LPFILETIME)),
    FUNCTION(GetSystemTimeAdjustment, BOOL, (PDWORD, PDWORD, PBOOL)),
    FUNCTION(Sleep, VOID, (DWORD)),
    FUNCTION(GetLastError, DWORD, (void)),
    FUNCTION(SetLastError, VOID, (DWORD)),
    FUNCTION(GetCurrentProcess, HANDLE, (void)),
    FUNCTION(GetCurrentProcessId, DWORD, (void)),
    FUNCTION(GetExitCodeProcess, BOOL, (HANDLE, LPDWORD)),
    FUNCTION(DuplicateHandle, BOOL, (HANDLE, HANDLE, HANDLE, LPHANDLE, DWORD, BOOL, DWORD)),
    FUNCTION(OpenProcessToken, BOOL, (HANDLE, DWORD, PHANDLE)),
    FUNCTION(LookupPrivilegeValueA, BOOL, (LPCSTR, LPCSTR, PLUID)),
    FUNCTION(AdjustTokenPrivileges, BOOL,
             (HANDLE, BOOL, PTOKEN_PRIVILEGES, DWORD, PTOKEN_PRIVILEGES, PDWORD)),
    FUNCTION(LoadLibraryA, HMODULE, (LPCSTR)),
    FUNCTION(GetProcAddress, FARPROC, (HMODULE, LPCSTR)),
    FUNCTION(FreeLibrary, BOOL, (HMODULE)),
    FUNCTION(GetModuleHandleW, HMODULE, (LPCWSTR)),
    FUNCTION(GetModuleFileNameA, DWORD, (HMODULE, LPSTR, DWORD)),
    FUNCTION(CreateFileW, HANDLE, (LPCWSTR, DWORD, DWORD, LPSECURITY_ATTRIBUTES, DWORD, DWORD, HANDLE)),
    FUNCTION(ReadFile, BOOL, (HANDLE, LPVOID, DWORD, LPDWORD, LPOVERLAPPED)),
    FUNCTION(WriteFile, BOOL, (HANDLE, LPCVOID, DWORD, LPDWORD, LPOVERLAPPED)),
    FUNCTION(MultiByteToWideChar, int, (UINT, DWORD, LPCCH, int, LPWSTR, int)),
    FUNCTION(RtlNtStatusToDosError, ULONG, (NTSTATUS)),
    FUNCTION(RtlGetVersion, NTSTATUS, (PRTL_OSVERSIONINFOW)),
    // C runtime
    FUNCTION(_stricmp, int, (const char*, const char*)),
    FUNCTION(_strdup, char*, (const char*)),
    FUNCTION(strtok_s, char*, (char*, const char*, char**)),
    FUNCTION(strcpy_s, errno_t, (char*, rsize_t, const char*)),
    FUNCTION(strncpy_s, errno_t, (char*, rsize_t, const char*, rsize_t)),
    FUNCTION(strcat_s, errno_t, (char*, rsize_t, const char*)),
    FUNCTION(sprintf_s, int, (char*, size_t, const char*, ...)),
    FUNCTION(_snprintf_s, int, (char*, size_t, size_t, const char*, ...)),
    FUNCTION(sscanf_s, int, (const char*, const char*, ...)),
    FUNCTION(_snwprintf_s, int, (wchar_t*, size_t, size_t, const wchar_t*, ...)),
    FUNCTION(_vsnwprintf_s, int, (wchar_t*, size_t, size_t, const wchar_t*, va_list)),
    FUNCTION(wprintf, int, (const wchar_t*, ...)),
    FUNCTION(wcstombs_s, errno_t, (size_t*, char*, size_t, const wchar_t*, size_t)),
    FUNCTION(_strtoui64, unsigned long long, (const char*, char**, int)),
    FUNCTION(_ultoa_s, errno_t, (unsigned long, char*, size_t, int)),
    FUNCTION(_itoa_s, errno_t, (int, char*, size_t, int)),
    FUNCTION(fopen_s, errno_t, (FILE**, const char*, const char*)),
    FUNCTION(rand_s, errno_t, (unsigned*)),
    FUNCTION(_aligned_malloc, void*, (size_t, size_t)),
    FUNCTION(_aligned_free, void, (void*)),
    FUNCTION(_dupenv_s, errno_t, (char**, size_t*, const char*)),
    // network
    FUNCTION(RtlIpv4StringToAddressA, NTSTATUS, (PCSTR, BOOLEAN, PCSTR*, IN_ADDR*)),
    FUNCTION(RtlIpv6StringToAddressA, NTSTATUS, (PCSTR, PCSTR*, IN6_ADDR*)),
    FUNCTION(RtlEthernetStringToAddressA, NTSTATUS, (PCSTR, PCSTR*, DL_EUI48*)),
    FUNCTION(RtlIpv4AddressToStringA, PSTR, (const IN_ADDR*, PSTR)),
    FUNCTION(inet_pton, INT, (INT, PCSTR, PVOID)),
    FUNCTION(inet_ntop, PCSTR, (INT, const VOID*, PSTR, size_t)),
    FUNCTION(WSAStartup, int, (WORD, LPWSADATA)),
    FUNCTION(WSACleanup, int, (void)),
    FUNCTION(socket, SOCKET, (int, int, int)),
    FUNCTION(bind, int, (SOCKET, const struct sockaddr*, int)),
    FUNCTION(closesocket, int, (SOCKET)),
    FUNCTION(ConvertInterfaceIndexToLuid, NETIO_STATUS, (NET_IFINDEX, PNET_LUID)),
    FUNCTION(ConvertInterfaceLuidToAlias, NETIO_STATUS, (const NET_LUID*, PWSTR, SIZE_T)),
    FUNCTION(GetIfTable2, NETIO_STATUS, (PMIB_IF_TABLE2*)),
    FUNCTION(FreeMibTable, VOID, (PVOID)),
    FUNCTION(InitializeSListHead, VOID, (PSLIST_HEADER)),
    FUNCTION(InterlockedPushEntrySList, PSLIST_ENTRY, (PSLIST_HEADER, PSLIST_ENTRY)),
    FUNCTION(InterlockedPopEntrySList, PSLIST_ENTRY, (PSLIST_HEADER)),
    FUNCTION(InterlockedPushListSList, PSLIST_ENTRY, (PSLIST_HEADER, PSLIST_ENTRY, PSLIST_ENTRY, ULONG)),
    FUNCTION(InterlockedFlushSList, PSLIST_ENTRY, (PSLIST_HEADER)),
    FUNCTION(BCryptGenRandom, NTSTATUS, (BCRYPT_ALG_HANDLE, PUCHAR, ULONG, ULONG)),
};

// Macros and inline functions: used as the programs use them.
int UseInlineNames(int argc, char** argv);
int UseInlineNames(int argc, char** argv) {
  BOOLEAN done = FALSE;
  LONG shared = 0;
  SIZE_T bytes = 0;
  ULONG word = 0;
  char text[21];
  GROUP_AFFINITY affinity = {0, 0, {0}};
  TOKEN_PRIVILEGES privileges;
  SYSTEMTIME now;
  SOCKADDR_INET address;
  ETHERNET_HEADER* ethernet = (ETHERNET_HEADER*)(void*)text;
  const HANDLE event = CreateEvent(NULL, FALSE, FALSE, NULL);
  UNREFERENCED_PARAMETER(argv);
  GetLocalTime(&now);
  sprintf_s(text, ARRAYSIZE(text), "%d/%d/%d", now.wMonth, now.wDay, now.wYear);
  ZeroMemory(&privileges, sizeof(privileges));
  RtlCopyMemory(&address, text, min(sizeof(address), sizeof(text)));
  privileges.PrivilegeCount = 1;
  privileges.Privileges[0].Attributes = SE_PRIVILEGE_ENABLED;
  if (!LookupPrivilegeValue(NULL, SE_LOCK_MEMORY_NAME, &privileges.Privileges[0].Luid)) return 1;
  if (FAILED(SizeTMult(16, 32, &bytes)) || FAILED(SizeTAdd(bytes, 64, &bytes))) return 2;
  WriteBooleanNoFence(&done, TRUE);
  while (!ReadBooleanAcquire(&done)) YieldProcessor();
  WriteULongRelease(&word, ReadULongAcquire(&word) + ReadULongNoFence(&word));
  InterlockedIncrement(&shared);
  MemoryBarrier();
  affinity.Mask = (KAFFINITY)1;
  ethernet->Type = htons(ETHERNET_TYPE_IPV4);
  if (ntohl(htonl(1)) != 1 || _byteswap_ushort(0x1234) != 0x3412) return 3;
  CxPlatSleep(0);
  CxPlatEventSet(event);
  CxPlatCloseHandle(event);
  return (int)(affinity.Mask + bytes) + argc + tolower('A') + (MEM_COMMIT | MEM_RESERVE | PAGE_READWRITE) +
         AF_INET6 + IPPROTO_UDP + TH_SYN + WSAGetLastError() + (MAXUINT32 == ULONG_MAX) +
         THREAD_PRIORITY_HIGHEST + (WAIT_TIMEOUT == 258) + (int)NO_ERROR + (int)ERROR_SUCCESS;
}
