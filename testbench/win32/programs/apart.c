// One of two processes that run at once: what is a process's own is not seen by the other. The argument says
// which one it is.
#include <direct.h>
#include <stdlib.h>
#include <string.h>

#include "check.h"

// Its index is the other's too; what it keeps there stays, whatever the other does.
static void first(void) {
  char folder[MAX_PATH];
  const DWORD index = TlsAlloc();
  CHECK(TlsSetValue(index, (LPVOID)1));
  CHECK(_putenv("RINGPROOF_OWN=first") == 0);
  CHECK(_chdir("/tmp") == 0);
  HANDLE told = CreateEventA(NULL, TRUE, FALSE, "first is ready");
  HANDLE answer = CreateEventA(NULL, TRUE, FALSE, "second is done");
  SetEvent(told);
  CHECK(WaitForSingleObject(answer, INFINITE) == WAIT_OBJECT_0);
  CHECK(TlsGetValue(index) == (LPVOID)1 && GetLastError() == ERROR_SUCCESS);
  CHECK(TlsSetValue(index, (LPVOID)3) && TlsFree(index));
  CHECK(strcmp(getenv("RINGPROOF_OWN"), "first") == 0);
  CHECK(strcmp(_getcwd(folder, sizeof folder), "/tmp") == 0);
}

static void second(void) {
  char folder[MAX_PATH];
  HANDLE told = CreateEventA(NULL, TRUE, FALSE, "first is ready");
  HANDLE answer = CreateEventA(NULL, TRUE, FALSE, "second is done");
  CHECK(WaitForSingleObject(told, INFINITE) == WAIT_OBJECT_0);
  CHECK(getenv("RINGPROOF_OWN") == NULL);
  CHECK(strcmp(_getcwd(folder, sizeof folder), "/tmp") != 0);
  const DWORD index = TlsAlloc();
  CHECK(index == 0 && TlsGetValue(index) == NULL);
  CHECK(TlsSetValue(index, (LPVOID)2) && TlsFree(index));
  CHECK_FAILS(TlsFree(index), ERROR_INVALID_PARAMETER);
  CHECK(_putenv("RINGPROOF_OWN=second") == 0 && _chdir("/") == 0);
  SetEvent(answer);
}

int main(int argc, char** argv) {
  CHECK(argc == 2);
  if (strcmp(argv[1], "first") == 0) first();
  if (strcmp(argv[1], "second") == 0) second();
  return checks_end();
}
