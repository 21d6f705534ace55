// The process, its memory, its files, its libraries and its handles; with the table of API version 1.
#define XDP_API_VERSION 1
#include <afxdp_helper.h>
#include <direct.h>
#include <errno.h>
#include <io.h>
#include <iphlpapi.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <xdpapi.h>

#include "check.h"

static BOOL is_zero(const char* memory, SIZE_T begin, SIZE_T end) {
  while (begin < end && memory[begin] == 0) ++begin;
  return begin == end;
}

// What a block has grown by is zero if that was asked for, and what it had is there.
static void grown_blocks(HANDLE heap, SIZE_T bytes) {
  // Another block was here before, so that memory is not zero by itself.
  char* before = HeapAlloc(heap, 0, bytes + 24);
  memset(before, 0x5A, bytes + 24);
  HeapFree(heap, 0, before);
  char* block = HeapAlloc(heap, 0, bytes);
  memset(block, 1, bytes);
  block = HeapReAlloc(heap, HEAP_ZERO_MEMORY, block, bytes + 100);
  CHECK(block[bytes - 1] == 1 && is_zero(block, bytes, bytes + 100));
  memset(block, 2, bytes + 100);
  block = HeapReAlloc(heap, HEAP_ZERO_MEMORY, block, bytes);
  block = HeapReAlloc(heap, HEAP_ZERO_MEMORY, block, bytes + 100);
  CHECK(block[bytes - 1] == 2 && is_zero(block, bytes, bytes + 100));
  CHECK_FAILS(HeapReAlloc(heap, HEAP_REALLOC_IN_PLACE_ONLY, block, 100000), ERROR_NOT_ENOUGH_MEMORY);
  CHECK(block[bytes - 1] == 2);
  CHECK(HeapReAlloc(heap, HEAP_REALLOC_IN_PLACE_ONLY, block, bytes) == block);
  CHECK(HeapFree(heap, 0, block));

  char* words = _recalloc(NULL, bytes, 1);
  memset(words, 3, bytes);
  words = _recalloc(words, bytes, 3);
  CHECK(words[bytes - 1] == 3 && is_zero(words, bytes, 3 * bytes));
  memset(words, 4, 3 * bytes);
  words = _recalloc(words, bytes, 1);
  words = _recalloc(words, bytes, 3);
  CHECK(words[bytes - 1] == 4 && is_zero(words, bytes, 3 * bytes));
  free(words);
}

static void pages(void) {
  SYSTEM_INFO info;
  DWORD old = 0;
  GetSystemInfo(&info);
  CHECK(info.dwPageSize == 4096 && info.dwAllocationGranularity == 65536 && info.dwNumberOfProcessors == 16);
  UCHAR* memory = VirtualAlloc(NULL, 100000, MEM_RESERVE | MEM_COMMIT, PAGE_READWRITE);
  CHECK(memory != NULL && (ULONG_PTR)memory % 65536 == 0);
  CHECK(memory[0] == 0 && memory[99999] == 0);
  memset(memory, 1, 100000);
  CHECK(VirtualAlloc(memory + 4096, 4096, MEM_COMMIT, PAGE_READWRITE) == memory + 4096);
  CHECK(memory[4096] == 1);
  CHECK(VirtualFree(memory + 4096, 4096, MEM_DECOMMIT));
  CHECK(memory[4096] == 0 && memory[8192] == 1);
  CHECK(VirtualProtect(memory, 4096, PAGE_READONLY, &old) && old == PAGE_READWRITE);
  CHECK_FAILS(VirtualFree(memory, 4096, MEM_RELEASE), ERROR_INVALID_PARAMETER);
  CHECK_FAILS(VirtualFree(memory + 65536, 0, MEM_RELEASE), ERROR_INVALID_ADDRESS);
  CHECK(VirtualFree(memory, 0, MEM_RELEASE));
  CHECK_FAILS(VirtualFree(memory, 0, MEM_RELEASE), ERROR_INVALID_ADDRESS);
  CHECK_FAILS(VirtualAlloc(NULL, 0, MEM_COMMIT, PAGE_READWRITE), ERROR_INVALID_PARAMETER);
  CHECK_FAILS(VirtualAlloc(NULL, 4096, MEM_COMMIT, 0x77), ERROR_INVALID_PARAMETER);
  CHECK_FAILS(VirtualAlloc((LPVOID)0x10000, 4096, MEM_COMMIT, PAGE_READWRITE), ERROR_INVALID_ADDRESS);
  SIZE_T large = GetLargePageMinimum();
  memory = VirtualAlloc(NULL, large, MEM_RESERVE | MEM_COMMIT | MEM_LARGE_PAGES, PAGE_READWRITE);
  CHECK(memory != NULL && (ULONG_PTR)memory % large == 0);
  CHECK(VirtualFree(memory, 0, MEM_RELEASE));
  CHECK_FAILS(VirtualAlloc(NULL, 4096, MEM_COMMIT | MEM_LARGE_PAGES, PAGE_READWRITE),
              ERROR_INVALID_PARAMETER);

  HANDLE heap = GetProcessHeap();
  char* block = HeapAlloc(heap, HEAP_ZERO_MEMORY, 100);
  CHECK(block != NULL && block[99] == 0 && HeapSize(heap, 0, block) >= 100);
  strcpy(block, "kept");
  block = HeapReAlloc(heap, 0, block, 10000);
  CHECK(strcmp(block, "kept") == 0);
  CHECK(HeapFree(heap, 0, block));
  for (SIZE_T bytes = 1; bytes < 64; ++bytes) grown_blocks(heap, bytes);
  HLOCAL local = LocalAlloc(LPTR, 8);
  CHECK(local != NULL && *(ULONG64*)local == 0 && LocalFree(local) == NULL);
}

static void files(void) {
  static const char text[] = "one line\n";
  char name[MAX_PATH];
  char back[32] = {0};
  DWORD moved = 0;
  LARGE_INTEGER place;
  LARGE_INTEGER none = {{0, 0}};
  OVERLAPPED at = {0};
  // Schedules that run side by side share the host's files; what is drawn depends on their seed.
  unsigned own = 0;
  CHECK(rand_s(&own) == 0);
  sprintf(name, "%s\\ringproof-files-%u", "\\tmp", own);
  CHECK_FAILS(CreateFileA(name, GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL) != INVALID_HANDLE_VALUE,
              ERROR_FILE_NOT_FOUND);
  HANDLE file = CreateFile(name, GENERIC_READ | GENERIC_WRITE, 0, NULL, CREATE_NEW, 0, NULL);
  CHECK(file != INVALID_HANDLE_VALUE);
  CHECK_FAILS(CreateFile(name, GENERIC_WRITE, 0, NULL, CREATE_NEW, 0, NULL) != INVALID_HANDLE_VALUE,
              ERROR_FILE_EXISTS);
  CHECK(WriteFile(file, text, sizeof text - 1, &moved, NULL) && moved == sizeof text - 1);
  CHECK(GetFileSizeEx(file, &place) && place.QuadPart == sizeof text - 1);
  CHECK(SetFilePointerEx(file, none, &place, FILE_BEGIN) && place.QuadPart == 0);
  CHECK(ReadFile(file, back, sizeof back, &moved, NULL) && moved == sizeof text - 1);
  CHECK(strcmp(back, text) == 0);
  CHECK(ReadFile(file, back, sizeof back, &moved, NULL) && moved == 0);
  at.Offset = 4;
  CHECK(ReadFile(file, back, 4, &moved, &at) && moved == 4 && memcmp(back, "line", 4) == 0);
  CHECK(at.Internal == 0 && at.InternalHigh == 4);
  at.Offset = 100;
  CHECK_FAILS(ReadFile(file, back, 4, &moved, &at), ERROR_HANDLE_EOF);
  CHECK(GetFileType(file) == FILE_TYPE_DISK && FlushFileBuffers(file));
  CHECK(CloseHandle(file));
  CHECK_FAILS(ReadFile(file, back, 1, &moved, NULL), ERROR_INVALID_HANDLE);
  CHECK(GetFileAttributes(name) == FILE_ATTRIBUTE_NORMAL && DeleteFile(name));
  CHECK(GetFileAttributes(name) == INVALID_FILE_ATTRIBUTES);
  HANDLE out = GetStdHandle(STD_OUTPUT_HANDLE);
  CHECK(out != INVALID_HANDLE_VALUE && out == GetStdHandle(STD_OUTPUT_HANDLE));
  printf("first, ");
  CHECK(WriteFile(out, "second\n", 7, &moved, NULL) && moved == 7);
}

static void texts(void) {
  WCHAR wide[16];
  char narrow[16];
  char* made = NULL;
  CHECK(MultiByteToWideChar(CP_UTF8, 0, "h\xC3\xA4h", -1, NULL, 0) == 4);
  CHECK(MultiByteToWideChar(CP_UTF8, 0, "h\xC3\xA4h", -1, wide, 16) == 4 && wide[1] == 0xE4 && wide[3] == 0);
  CHECK_FAILS(MultiByteToWideChar(CP_UTF8, 0, "abcdef", -1, wide, 3), ERROR_INSUFFICIENT_BUFFER);
  CHECK(WideCharToMultiByte(CP_UTF8, 0, wide, -1, narrow, 16, NULL, NULL) == 5);
  CHECK(strcmp(narrow, "h\xC3\xA4h") == 0);
  CHECK(FormatMessageA(FORMAT_MESSAGE_FROM_SYSTEM | FORMAT_MESSAGE_ALLOCATE_BUFFER, NULL, 87, 0, (LPSTR)&made,
                       0, NULL) > 0);
  CHECK(made != NULL && strstr(made, "87") != NULL);
  LocalFree(made);
  CHECK_FAILS(GetEnvironmentVariable("RINGPROOF_NO_SUCH", narrow, 16), ERROR_ENVVAR_NOT_FOUND);
  CHECK(SetEnvironmentVariable("RINGPROOF_OWN", "twelve bytes"));
  CHECK(GetEnvironmentVariable("RINGPROOF_OWN", narrow, 4) == 13);
  CHECK(GetEnvironmentVariable("RINGPROOF_OWN", narrow, 16) == 12 && strcmp(narrow, "twelve bytes") == 0);
  CHECK(SetEnvironmentVariable("RINGPROOF_OWN", NULL));
  CHECK(strstr(GetCommandLineA(), "\"two words\"") != NULL);
  CHECK(GetCommandLineA() == GetCommandLineA() && GetCommandLineW() == GetCommandLineW());
  CHECK(RtlNtStatusToDosError(STATUS_INVALID_PARAMETER) == ERROR_INVALID_PARAMETER);
  CHECK(RtlNtStatusToDosError(STATUS_CANCELLED) == ERROR_OPERATION_ABORTED);
}

// Nothing of the host's, and nothing of another program or schedule.
static void environment(void) {
  char text[64];
  WCHAR wide[64];
  size_t needed = 0;
  CHECK(getenv("HOME") == NULL && getenv("RINGPROOF_OWN") == NULL);
  CHECK(strcmp(getenv("os"), "Windows_NT") == 0 && strcmp(getenv("SYSTEMROOT"), "C:\\Windows") == 0);
  CHECK(SetEnvironmentVariableA("RINGPROOF_OWN", "a"));
  CHECK(strcmp(getenv("RingProof_Own"), "a") == 0);
  CHECK(_putenv("RINGPROOF_OWN=bc") == 0 && GetEnvironmentVariableA("RINGPROOF_OWN", text, 64) == 2);
  CHECK(GetEnvironmentVariableW(L"RINGPROOF_OWN", wide, 64) == 2 && wide[1] == L'c' && wide[2] == 0);
  CHECK(SetEnvironmentVariableW(L"RINGPROOF_OWN", L"\x00E4"));
  CHECK(getenv_s(&needed, text, sizeof text, "RINGPROOF_OWN") == 0 && needed == 3 &&
        strcmp(text, "\xC3\xA4") == 0);
  CHECK_FAILS(SetEnvironmentVariableA("a=b", "c"), ERROR_INVALID_PARAMETER);
  CHECK(_putenv_s("RINGPROOF_OWN", "") == 0 && getenv("RINGPROOF_OWN") == NULL);
  CHECK_FAILS(SetEnvironmentVariableA("RINGPROOF_OWN", NULL), ERROR_ENVVAR_NOT_FOUND);
  CHECK(SetEnvironmentVariableA("RINGPROOF_OWN", "left behind"));
}

// Relative names mean files in the current directory, which is the process's own.
static void folders(void) {
  char before[MAX_PATH];
  char folder[64];
  char now[MAX_PATH];
  WCHAR wide[MAX_PATH];
  struct _stat status;
  struct _stat64 same;
  unsigned own = 0;
  FILE* file = NULL;
  CHECK(rand_s(&own) == 0);
  CHECK(GetCurrentDirectoryA(sizeof before, before) == strlen(before) && strlen(before) > 0);
  sprintf(folder, "/tmp/ringproof-folder-%u", own);
  CHECK(_mkdir(folder) == 0);
  CHECK_FAILS(SetCurrentDirectoryA("/tmp/no-such-folder-of-ringproof"), ERROR_FILE_NOT_FOUND);
  CHECK(SetCurrentDirectoryA(folder));
  CHECK(GetCurrentDirectoryA(2, now) == strlen(folder) + 1);
  CHECK(GetCurrentDirectoryA(sizeof now, now) == strlen(folder) && strcmp(now, folder) == 0);
  CHECK(GetCurrentDirectoryW(MAX_PATH, wide) == strlen(folder) && wide[1] == L't');
  CHECK(fopen_s(&file, "own.txt", "w") == 0 && fputs("12345", file) >= 0 && fclose(file) == 0);
  CHECK(strcat(strcat(folder, "/"), "own.txt") == folder && _access(folder, 0) == 0);
  CHECK(_stat("own.txt", &status) == 0 && status.st_size == 5 && (status.st_mode & _S_IFREG) != 0);
  CHECK(_stat64(".", &same) == 0 && (same.st_mode & _S_IFDIR) != 0 && same.st_mtime > 0);
  CHECK(_stat("none.txt", &status) == -1 && errno == ENOENT);
  HANDLE handle = CreateFileW(L".\\own.txt", GENERIC_READ, 0, NULL, OPEN_EXISTING, 0, NULL);
  CHECK(handle != INVALID_HANDLE_VALUE && CloseHandle(handle));
  file = fopen("own.txt", "r");
  CHECK(file != NULL && _fstat(_fileno(file), &status) == 0 && status.st_size == 5 && fclose(file) == 0);
  CHECK(rename("own.txt", "other.txt") == 0 && remove("other.txt") == 0);
  CHECK(_chdir("..") == 0 && _getcwd(now, sizeof now) == now && strcmp(now, "/tmp") == 0);
  *strrchr(folder, '/') = 0;
  CHECK(_rmdir(folder) == 0);
  CHECK(SetCurrentDirectoryW(L"/"));
}

static void names_in_parts(void) {
  char drive[3], folder[16], name[16], extension[16], path[32];
  WCHAR wide_name[16];
  CHECK(_splitpath_s("C:\\a\\b/some.file.txt", drive, 3, folder, 16, name, 16, extension, 16) == 0);
  CHECK(strcmp(drive, "C:") == 0 && strcmp(folder, "\\a\\b/") == 0 && strcmp(name, "some.file") == 0 &&
        strcmp(extension, ".txt") == 0);
  CHECK(_splitpath_s("plain", drive, 3, folder, 16, name, 16, extension, 16) == 0);
  CHECK(drive[0] == 0 && folder[0] == 0 && strcmp(name, "plain") == 0 && extension[0] == 0);
  CHECK(_splitpath_s("x.y/z", NULL, 0, folder, 16, NULL, 0, extension, 16) == 0);
  CHECK(strcmp(folder, "x.y/") == 0 && extension[0] == 0);
  strcpy(folder, "full");
  CHECK(_splitpath_s("/a/long.c", NULL, 0, folder, 16, name, 4, NULL, 0) == ERANGE);
  CHECK(folder[0] == 0 && name[0] == 0);
  CHECK(_wsplitpath_s(L"d:x.c", NULL, 0, NULL, 0, wide_name, 16, NULL, 0) == 0 && wide_name[1] == 0);
  _splitpath("E:\\one", drive, folder, NULL, NULL);
  CHECK(strcmp(drive, "E:") == 0 && strcmp(folder, "\\") == 0);
  CHECK(_makepath_s(path, 32, "C", "\\a\\b", "some", "txt") == 0 && strcmp(path, "C:\\a\\b\\some.txt") == 0);
  CHECK(_makepath_s(path, 32, NULL, "a/", "x", ".c") == 0 && strcmp(path, "a/x.c") == 0);
  _makepath(path, "d:", NULL, "y", NULL);
  CHECK(strcmp(path, "d:y") == 0);
}

static void adapters(void) {
  ULONG size = 0;
  CHECK(GetAdaptersAddresses(AF_UNSPEC, 0, NULL, NULL, &size) == ERROR_BUFFER_OVERFLOW && size > 448);
  IP_ADAPTER_ADDRESSES* first = malloc(size);
  CHECK(GetAdaptersAddresses(AF_UNSPEC, GAA_FLAG_INCLUDE_PREFIX, NULL, first, &size) == NO_ERROR);
  static const BYTE address[] = {2, 0, 0, 0, 0, 1};
  CHECK(first->IfIndex == 1 && first->Mtu == 1500 && first->OperStatus == IfOperStatusUp);
  CHECK(first->Length == sizeof *first && first->PhysicalAddressLength == 6);
  CHECK(memcmp(first->PhysicalAddress, address, 6) == 0 && first->IfType == IF_TYPE_ETHERNET_CSMACD);
  CHECK(strcmp(first->AdapterName, "ethernet_1") == 0 && wcscmp(first->FriendlyName, L"ethernet_1") == 0);
  CHECK(first->Next == NULL && first->FirstUnicastAddress == NULL);
  --size;
  CHECK(GetAdaptersAddresses(AF_INET, 0, NULL, first, &size) == ERROR_BUFFER_OVERFLOW);
  CHECK(GetAdaptersAddresses(77, 0, NULL, first, &size) == ERROR_INVALID_PARAMETER);
  free(first);
}

static void interface_rows(void) {
  PMIB_IF_TABLE2 table = NULL;
  CHECK(GetIfTable2(&table) == NO_ERROR && table->NumEntries == 1);
  const MIB_IF_ROW2* row = &table->Table[0];
  CHECK(row->InterfaceIndex == 1 && row->Mtu == 1500 && row->PhysicalAddressLength == 6);
  CHECK(row->PhysicalAddress[0] == 2 && row->PhysicalAddress[5] == 1 &&
        row->PermanentPhysicalAddress[5] == 1);
  CHECK(row->InterfaceAndOperStatusFlags.HardwareInterface &&
        row->InterfaceAndOperStatusFlags.ConnectorPresent);
  CHECK(!row->InterfaceAndOperStatusFlags.FilterInterface &&
        row->PhysicalMediumType == NdisPhysicalMedium802_3);
  CHECK(row->OperStatus == IfOperStatusUp && row->MediaConnectState == MediaConnectStateConnected);
  CHECK(wcscmp(row->Alias, L"ethernet_1") == 0);

  MIB_IF_ROW2 asked = {0};
  CHECK(GetIfEntry2(&asked) == ERROR_INVALID_PARAMETER);
  asked.InterfaceLuid = row->InterfaceLuid;
  CHECK(GetIfEntry2(&asked) == NO_ERROR && memcmp(&asked, row, sizeof asked) == 0);
  asked.InterfaceLuid.Value = 0;
  asked.InterfaceIndex = 2;
  CHECK(GetIfEntry2(&asked) == ERROR_FILE_NOT_FOUND);
  FreeMibTable(table);
}

static void aliases(void) {
  NET_LUID luid, back;
  WCHAR alias[IF_MAX_STRING_SIZE + 1];
  CHECK(ConvertInterfaceIndexToLuid(1, &luid) == NO_ERROR);
  CHECK(ConvertInterfaceLuidToAlias(&luid, alias, ARRAYSIZE(alias)) == NO_ERROR);
  CHECK(wcscmp(alias, L"ethernet_1") == 0);
  CHECK(ConvertInterfaceAliasToLuid(alias, &back) == NO_ERROR && back.Value == luid.Value);
  CHECK(ConvertInterfaceLuidToAlias(&luid, alias, 10) == ERROR_NOT_ENOUGH_MEMORY);
  CHECK(ConvertInterfaceLuidToAlias(&luid, NULL, 10) == ERROR_INVALID_PARAMETER);
  CHECK(ConvertInterfaceAliasToLuid(L"ethernet_2", &back) == ERROR_INVALID_PARAMETER);
}

static void rights(void) {
  HANDLE token = NULL;
  TOKEN_PRIVILEGES privileges = {0};
  DWORD code = 0;
  CHECK(OpenProcessToken(GetCurrentProcess(), TOKEN_ADJUST_PRIVILEGES, &token));
  privileges.PrivilegeCount = 1;
  privileges.Privileges[0].Attributes = SE_PRIVILEGE_ENABLED;
  CHECK(LookupPrivilegeValue(NULL, SE_LOCK_MEMORY_NAME, &privileges.Privileges[0].Luid));
  CHECK(AdjustTokenPrivileges(token, FALSE, &privileges, 0, NULL, NULL) && GetLastError() == ERROR_SUCCESS);
  CHECK(CloseHandle(token));
  CHECK(GetCurrentProcessId() != 0 && GetProcessId(GetCurrentProcess()) == GetCurrentProcessId());
  CHECK(GetExitCodeProcess(GetCurrentProcess(), &code) && code == STILL_ACTIVE);
  CHECK(CloseHandle(GetCurrentProcess()));
}

typedef HRESULT OPEN_API(UINT32 Version, const XDP_API_TABLE** Table);
typedef VOID CLOSE_API(const XDP_API_TABLE* Table);

static void libraries(void) {
  const XDP_API_TABLE* table = NULL;
  XDP_LOAD_API_CONTEXT context = NULL;
  CHECK_FAILS(LoadLibraryA("no-such-library.dll"), ERROR_MOD_NOT_FOUND);
  HMODULE library = LoadLibraryA("XdpApi.dll");
  CHECK(library != NULL && GetModuleHandleA("xdpapi") == library);
  CHECK_FAILS(GetProcAddress(library, "NoSuchFunction"), ERROR_PROC_NOT_FOUND);
  CHECK_FAILS(GetProcAddress(library, "malloc"), ERROR_PROC_NOT_FOUND);
  OPEN_API* open = (OPEN_API*)GetProcAddress(library, "XdpOpenApi");
  CLOSE_API* close = (CLOSE_API*)GetProcAddress(library, "XdpCloseApi");
  CHECK(open != NULL && close != NULL);
  CHECK(SUCCEEDED(open(XDP_API_VERSION_1, &table)) && table->XskCreate != NULL);
  close(table);
  CHECK(FreeLibrary(library));
  CHECK_FAILS(FreeLibrary(GetCurrentProcess()), ERROR_INVALID_HANDLE);
  CHECK(SUCCEEDED(XdpLoadApi(XDP_API_VERSION_1, &context, &table)));
  XdpUnloadApi(context, table);
}

// A socket lives until the last of its handles is closed.
static void handles(void) {
  const XDP_API_TABLE* table = NULL;
  HANDLE socket = NULL;
  HANDLE second = NULL;
  HANDLE first;
  UINT32 size = 8;
  CHECK(SUCCEEDED(XdpOpenApi(XDP_API_VERSION_1, &table)));
  CHECK(SUCCEEDED(table->XskCreate(&socket)));
  first = socket;
  CHECK(DuplicateHandle(GetCurrentProcess(), socket, GetCurrentProcess(), &second, 0, FALSE,
                        DUPLICATE_SAME_ACCESS));
  CHECK(second != socket && CompareObjectHandles(socket, second));
  CHECK(CloseHandle(socket));
  CHECK(table->XskSetSockopt(first, XSK_SOCKOPT_RX_RING_SIZE, &size, sizeof size) ==
        HRESULT_FROM_WIN32(ERROR_INVALID_HANDLE));
  CHECK(SUCCEEDED(table->XskSetSockopt(second, XSK_SOCKOPT_RX_RING_SIZE, &size, sizeof size)));
  CHECK(DuplicateHandle(GetCurrentProcess(), second, GetCurrentProcess(), &socket, 0, FALSE,
                        DUPLICATE_CLOSE_SOURCE | DUPLICATE_SAME_ACCESS));
  CHECK_FAILS(CloseHandle(second), ERROR_INVALID_HANDLE);
  CHECK(SUCCEEDED(table->XskSetSockopt(socket, XSK_SOCKOPT_TX_RING_SIZE, &size, sizeof size)));
  CHECK(CloseHandle(socket));
  CHECK_FAILS(DuplicateHandle(GetCurrentProcess(), socket, GetCurrentProcess(), &second, 0, FALSE, 0),
              ERROR_INVALID_HANDLE);
  XdpCloseApi(table);
}

int main(int argc, char** argv) {
  char file[MAX_PATH];
  CHECK(argc == 2 && strcmp(argv[1], "two words") == 0);
  pages();
  files();
  texts();
  environment();
  folders();
  names_in_parts();
  adapters();
  interface_rows();
  aliases();
  rights();
  libraries();
  handles();
  CHECK(GetModuleFileName(NULL, file, sizeof file) > 0 && strstr(file, "process") != NULL);
  ExitProcess((UINT)checks_end());
}
