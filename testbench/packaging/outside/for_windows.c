// for_windows.c: what a compiler for Windows would have told it, and a thread of Windows.
#include <afxdp_helper.h>
#include <stdio.h>
#include <windows.h>
#include <xdpapi.h>

#if !defined(_WIN32) || !defined(_WIN64) || !defined(WIN32) || _M_X64 != 100 || _M_AMD64 != 100 || \
    _AMD64_ != 1
#error "expected the names of a compiler for Windows"
#endif

struct Base {
  int number;
};
struct Derived {
  struct Base;  // a member without a name, of a type that has one: -fms-extensions
};
C_ASSERT(sizeof(L' ') == 2);

static DWORD WINAPI thread(LPVOID parameter) {
  struct Derived derived = {{7}};
  UNREFERENCED_PARAMETER(parameter);
  Sleep(1000);
  return (DWORD)derived.number;
}

int main(void) {
  DWORD code = 0;
  char text[16];
  HANDLE handle = CreateThread(NULL, 0, thread, NULL, 0, NULL);
  if (WaitForSingleObject(handle, INFINITE) != WAIT_OBJECT_0) return 1;
  GetExitCodeThread(handle, &code);
  CloseHandle(handle);
  sprintf_s(text, sizeof text, "%I64u", (ULONG64)GetTickCount64());
  return code == 7 && strcmp(text, "1000") == 0 ? 0 : 1;
}
