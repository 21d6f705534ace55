// interrupted_bench.c: xskbench, and somebody who presses Ctrl+C after 5 ms.
#define main xskbench_main
#include "../xskbench.c"
#undef main

static DWORD WINAPI press(LPVOID parameter) {
  (void)parameter;
  Sleep(5);
  return GenerateConsoleCtrlEvent(CTRL_C_EVENT, 0) ? 0 : 1;
}

int main(int argc, char** argv) {
  const HANDLE thread = CreateThread(NULL, 0, press, NULL, 0, NULL);
  const int status = xskbench_main(argc, argv);
  if (thread == NULL) return 2;
  WaitForSingleObject(thread, INFINITE);
  CloseHandle(thread);
  return status;
}
