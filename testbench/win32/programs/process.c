// The process, its memory, its files, its libraries and its handles; with the table of API version 1.
#define XDP_API_VERSION 1
#include <afxdp_helper.h>
#include <stdlib.h>
#include <string.h>
#include <xdpapi.h>

#include "check.h"

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
  CHECK(RtlNtStatusToDosError(STATUS_INVALID_PARAMETER) == ERROR_INVALID_PARAMETER);
  CHECK(RtlNtStatusToDosError(STATUS_CANCELLED) == ERROR_OPERATION_ABORTED);
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
  rights();
  libraries();
  handles();
  CHECK(GetModuleFileName(NULL, file, sizeof file) > 0 && strstr(file, "process") != NULL);
  ExitProcess((UINT)checks_end());
}
