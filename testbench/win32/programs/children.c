// Processes that a process starts: what they get, what they have of their own, and how they end.
#define XDP_API_VERSION 3
#include <afxdp_helper.h>
#include <stdlib.h>
#include <string.h>
#include <xdpapi.h>

#include "check.h"

static LONG own_copy = 1;  // every process has its own

static HANDLE handle_of(const char* text) { return (HANDLE)(ULONG_PTR)_strtoui64(text, NULL, 16); }

// The child's part, by its first word.
static int be_child(int argc, char** argv) {
  DWORD bytes = 0;
  CHECK(own_copy == 1);
  own_copy = 5;
  if (strcmp(argv[1], "writes") == 0 && argc == 4) {
    CHECK(strcmp(argv[3], "two \"words\" \\") == 0);
    CHECK(strcmp(getenv("RINGPROOF_OWN"), "of the parent") == 0 && getenv("RINGPROOF_CHILD") == NULL);
    CHECK(WriteFile(handle_of(argv[2]), "hello", 5, &bytes, NULL) && bytes == 5);
    CHECK(WriteFile(GetStdHandle(STD_OUTPUT_HANDLE), "!", 1, &bytes, NULL));
    CHECK_FAILS(WriteFile(GetStdHandle(STD_ERROR_HANDLE), "", 0, &bytes, NULL), ERROR_INVALID_HANDLE);
    CHECK(SetEnvironmentVariableA("RINGPROOF_OWN", "of the child"));
    return checks_failed == 0 ? 7 : 1;
  }
  if (strcmp(argv[1], "sets") == 0) {
    CHECK(getenv("RINGPROOF_OWN") == NULL && strcmp(getenv("RINGPROOF_CHILD"), "x=y") == 0);
    CHECK(SetEvent(handle_of(argv[2])));
    return checks_failed == 0 ? 8 : 1;
  }
  if (strcmp(argv[1], "restricted") == 0) {
    HANDLE object = NULL;
    const XDP_HOOK_ID hook = {XDP_HOOK_L2, XDP_HOOK_RX, XDP_HOOK_INSPECT};
    XDP_RULE rule = {0};
    rule.Match = XDP_MATCH_ALL;
    CHECK(XskCreate(&object) == E_ACCESSDENIED && object == NULL);
    CHECK(XdpInterfaceOpen(1, &object) == E_ACCESSDENIED);
    CHECK(XdpMapCreate(&object, XDP_MAP_TYPE_XSKMAP) == E_ACCESSDENIED);
    CHECK(XdpCreateProgram(1, &hook, 0, XDP_CREATE_PROGRAM_FLAG_NONE, &rule, 1, &object) == E_ACCESSDENIED);
    return checks_failed == 0 ? 9 : 1;
  }
  if (strcmp(argv[1], "returns") == 0) return 5;
  Sleep(INFINITE);
  return 1;
}

static HANDLE start(const char* words, LPVOID environment, BOOL inherit, HANDLE output) {
  char line[256];
  STARTUPINFOA startup = {0};
  PROCESS_INFORMATION child = {0};
  startup.cb = sizeof startup;
  startup.dwFlags = output == NULL ? 0 : STARTF_USESTDHANDLES;
  startup.hStdOutput = output;
  sprintf(line, "\"windows_children.exe\" %s", words);
  CHECK(CreateProcessA(NULL, line, NULL, NULL, inherit, 0, environment, NULL, &startup, &child));
  CHECK(child.dwProcessId != GetCurrentProcessId() && GetProcessId(child.hProcess) == child.dwProcessId);
  CHECK(GetThreadId(child.hThread) == child.dwThreadId);
  CloseHandle(child.hThread);
  return child.hProcess;
}

static void ends_with(HANDLE child, DWORD expected) {
  DWORD code = 0;
  CHECK(WaitForSingleObject(child, INFINITE) == WAIT_OBJECT_0);
  CHECK(GetExitCodeProcess(child, &code) && code == expected);
  CHECK(CloseHandle(child));
}

// The pipe is broken when both have closed the end that was inherited.
static void inherits_a_pipe(void) {
  char words[64];
  char text[16];
  DWORD bytes = 0;
  DWORD total = 0;
  DWORD flags = 0;
  HANDLE read_end = NULL;
  HANDLE write_end = NULL;
  SECURITY_ATTRIBUTES inheritable = {sizeof inheritable, NULL, TRUE};
  CHECK(CreatePipe(&read_end, &write_end, &inheritable, 0));
  CHECK(SetHandleInformation(read_end, HANDLE_FLAG_INHERIT, 0));
  CHECK(GetHandleInformation(write_end, &flags) && flags == HANDLE_FLAG_INHERIT);
  CHECK(SetEnvironmentVariableA("RINGPROOF_OWN", "of the parent"));
  sprintf(words, "writes %llx \"two \\\"words\\\" \\\\\"", (unsigned long long)(ULONG_PTR)write_end);
  HANDLE child = start(words, NULL, TRUE, write_end);
  CHECK(CloseHandle(write_end));
  while (ReadFile(read_end, text + total, sizeof text - total, &bytes, NULL)) total += bytes;
  CHECK(GetLastError() == ERROR_BROKEN_PIPE);
  CHECK(total == 6 && memcmp(text, "hello!", 6) == 0);
  CHECK_FAILS(CloseHandle(write_end), ERROR_INVALID_HANDLE);
  ends_with(child, 7);
  CHECK(strcmp(getenv("RINGPROOF_OWN"), "of the parent") == 0 && own_copy == 1);
  CloseHandle(read_end);
}

static void gets_a_handle(void) {
  char words[64];
  static char environment[] = "RINGPROOF_CHILD=x=y\0";
  DWORD bytes = 0;
  DWORD code = 0;
  HANDLE theirs = NULL;
  HANDLE event = CreateEvent(NULL, FALSE, FALSE, NULL);
  // For a child that does not run yet.
  STARTUPINFOA startup = {0};
  PROCESS_INFORMATION child = {0};
  startup.cb = sizeof startup;
  sprintf(words, "x sets %llx", (unsigned long long)(ULONG_PTR)event);
  CHECK(CreateProcessA("windows_children", words, NULL, NULL, FALSE, CREATE_SUSPENDED, environment, "/tmp",
                       &startup, &child));
  CHECK(
      DuplicateHandle(GetCurrentProcess(), event, child.hProcess, &theirs, 0, FALSE, DUPLICATE_SAME_ACCESS));
  CHECK(theirs != NULL && CompareObjectHandles(theirs, event));
  CHECK(WaitForSingleObject(event, 5) == WAIT_TIMEOUT);
  CHECK(GetExitCodeProcess(child.hProcess, &code) && code == STILL_ACTIVE);
  HANDLE again = OpenProcess(PROCESS_ALL_ACCESS, FALSE, child.dwProcessId);
  CHECK(CompareObjectHandles(again, child.hProcess) && CloseHandle(again));
  // The handle of a current process means the one that it is taken from.
  CHECK(DuplicateHandle(child.hProcess, GetCurrentProcess(), GetCurrentProcess(), &again, 0, FALSE,
                        DUPLICATE_SAME_ACCESS));
  CHECK(CompareObjectHandles(again, child.hProcess) && CloseHandle(again));
  CHECK(ResumeThread(child.hThread) == 1);
  CHECK(WaitForSingleObject(event, INFINITE) == WAIT_OBJECT_0);
  CHECK(WaitForSingleObject(child.hThread, INFINITE) == WAIT_OBJECT_0);
  CHECK(GetExitCodeThread(child.hThread, &code) && code == 8);
  ends_with(child.hProcess, 8);
  CHECK(CloseHandle(child.hThread));
  // What it had is closed by now.
  CHECK_FAILS(WriteFile(theirs, words, 1, &bytes, NULL), ERROR_INVALID_HANDLE);
  CHECK_FAILS(SetEvent(theirs), ERROR_INVALID_HANDLE);
  CloseHandle(event);
}

// What a child has inherited is its own to close.
static void keeps_what_it_inherited(void) {
  DWORD available = 0;
  HANDLE read_end = NULL;
  HANDLE write_end = NULL;
  SECURITY_ATTRIBUTES inheritable = {sizeof inheritable, NULL, TRUE};
  CHECK(CreatePipe(&read_end, &write_end, &inheritable, 0));
  HANDLE child = start("sleeps", NULL, TRUE, NULL);
  CHECK(CloseHandle(write_end));
  CHECK_FAILS(CloseHandle(write_end), ERROR_INVALID_HANDLE);
  CHECK(PeekNamedPipe(read_end, NULL, 0, NULL, &available, NULL) && available == 0);
  CHECK(TerminateProcess(child, 3));
  ends_with(child, 3);
  CHECK_FAILS(PeekNamedPipe(read_end, NULL, 0, NULL, &available, NULL), ERROR_BROKEN_PIPE);
  CloseHandle(read_end);
}

// Its main may return before it is stopped.
static void is_terminated_or_returns(void) {
  HANDLE child = start("returns", NULL, FALSE, NULL);
  const BOOL terminated = TerminateProcess(child, 77);
  CHECK(terminated || GetLastError() == ERROR_ACCESS_DENIED);
  ends_with(child, terminated ? 77 : 5);
}

static void is_terminated(void) {
  HANDLE child = start("sleeps", NULL, FALSE, NULL);
  CHECK(WaitForSingleObject(child, 5) == WAIT_TIMEOUT);
  CHECK(TerminateProcess(child, 77));
  CHECK(WaitForSingleObject(child, INFINITE) == WAIT_OBJECT_0);
  CHECK_FAILS(TerminateProcess(child, 78), ERROR_ACCESS_DENIED);
  ends_with(child, 77);
}

static void is_restricted(void) {
  BYTE sid[SECURITY_MAX_SID_SIZE];
  DWORD bytes = 1;
  BOOL member = FALSE;
  HANDLE token = NULL;
  HANDLE restricted = NULL;
  WCHAR line[] = L"windows_children restricted";
  STARTUPINFOW startup = {0};
  PROCESS_INFORMATION child = {0};
  SID_AND_ATTRIBUTES disabled = {sid, 0};
  startup.cb = sizeof startup;
  CHECK_FAILS(CreateWellKnownSid(WinBuiltinAdministratorsSid, NULL, sid, &bytes), ERROR_INSUFFICIENT_BUFFER);
  CHECK(bytes == 16 && CreateWellKnownSid(WinBuiltinAdministratorsSid, NULL, sid, &bytes));
  CHECK(IsValidSid(sid) && GetLengthSid(sid) == 16 && IsWellKnownSid(sid, WinBuiltinAdministratorsSid));
  CHECK(CheckTokenMembership(NULL, sid, &member) && member);
  CHECK(OpenProcessToken(GetCurrentProcess(), TOKEN_ALL_ACCESS, &token));
  CHECK(CreateRestrictedToken(token, 0, 1, &disabled, 0, NULL, 0, NULL, &restricted));
  CHECK(CheckTokenMembership(restricted, sid, &member) && !member);
  CHECK(CreateProcessAsUserW(restricted, NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &child));
  CloseHandle(child.hThread);
  ends_with(child.hProcess, 9);
  CHECK_FAILS(
      CreateProcessAsUserW(child.hProcess, NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &child),
      ERROR_INVALID_HANDLE);
  CloseHandle(token);
  CloseHandle(restricted);
}

int main(int argc, char** argv) {
  STARTUPINFOA startup = {0};
  PROCESS_INFORMATION child = {0};
  char unknown[] = "no-such-program x";
  if (strcmp(argv[1], "two words") != 0) return be_child(argc, argv);
  inherits_a_pipe();
  gets_a_handle();
  keeps_what_it_inherited();
  is_terminated();
  is_terminated_or_returns();
  is_restricted();
  CHECK_FAILS(CreateProcessA(NULL, unknown, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &child),
              ERROR_FILE_NOT_FOUND);
  CHECK(WaitForSingleObject(GetCurrentProcess(), 0) == WAIT_TIMEOUT);
  return checks_end();
}
