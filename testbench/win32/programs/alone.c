// A program that is linked with the library and started by itself: there is no file of it that could be
// loaded again.
#include "check.h"

int main(void) {
  char line[] = "alone x";
  STARTUPINFOA startup = {0};
  PROCESS_INFORMATION child = {0};
  startup.cb = sizeof startup;
  CHECK_FAILS(CreateProcessA(NULL, line, NULL, NULL, FALSE, 0, NULL, NULL, &startup, &child),
              ERROR_NOT_SUPPORTED);
  CHECK(GetCommandLineA()[0] == 0 && GetCommandLineW()[0] == 0);
  return checks_end();
}
