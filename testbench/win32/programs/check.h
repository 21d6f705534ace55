// check.h: checks of a Windows program about the simulator that it runs on.
// Role     a failed check is told with its line, and main answers how many there were
#pragma once

#include <stdio.h>
#include <windows.h>

static LONG checks_made;
static LONG checks_failed;

#define CHECK(condition)                                             \
  do {                                                               \
    ++checks_made;                                                   \
    if (!(condition)) {                                              \
      ++checks_failed;                                               \
      printf("%s:%d: failed: %s\n", __FILE__, __LINE__, #condition); \
    }                                                                \
  } while (0)
// The call answers FALSE, and the last error is this one.
#define CHECK_FAILS(call, error)             \
  do {                                       \
    SetLastError(0);                         \
    CHECK(!(call));                          \
    CHECK(GetLastError() == (DWORD)(error)); \
  } while (0)

static int checks_end(void) {
  printf("checks: %d made, %d failed\n", (int)checks_made, (int)checks_failed);
  return checks_failed == 0 ? 0 : 1;
}
