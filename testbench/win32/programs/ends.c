// The ways in which a process ends: the first argument says which, the exit status is 40 and what is added.
#include <process.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <windows.h>

static void on_exit_handler(void) {
  puts("handler of atexit");
  fflush(stdout);
}

static DWORD WINAPI lasts(LPVOID parameter) {
  Sleep(5);
  puts("the last thread ends");
  return 42 + (DWORD)(ULONG_PTR)parameter;
}

static unsigned __stdcall lasts_longer(void* parameter) {
  UNREFERENCED_PARAMETER(parameter);
  Sleep(9);
  puts("the very last thread ends");
  return 44;
}

static VOID CALLBACK on_timer(PVOID parameter, BOOLEAN by_timer) {
  UNREFERENCED_PARAMETER(parameter);
  UNREFERENCED_PARAMETER(by_timer);
}

static DWORD WINAPI terminates(LPVOID parameter) {
  UNREFERENCED_PARAMETER(parameter);
  TerminateProcess(GetCurrentProcess(), 45);
  return 0;
}

int main(int argc, char** argv) {
  const char* way = argc > 1 ? argv[1] : "";
  HANDLE timer = NULL;
  atexit(on_exit_handler);
  if (strcmp(way, "exit") == 0) exit(40);
  if (strcmp(way, "ExitProcess") == 0) ExitProcess(41);
  if (strcmp(way, "TerminateProcess") == 0) TerminateProcess(GetCurrentProcess(), 42);
  if (strcmp(way, "ExitThread") == 0) {
    // Threads of the system keep no process alive.
    CreateTimerQueueTimer(&timer, NULL, on_timer, NULL, 1, 1, WT_EXECUTEDEFAULT);
    CreateThread(NULL, 0, lasts, NULL, 0, NULL);
    _beginthreadex(NULL, 0, lasts_longer, NULL, 0, NULL);
    ExitThread(43);
  }
  if (strcmp(way, "alone") == 0) ExitThread(43);
  if (strcmp(way, "other") == 0) CreateThread(NULL, 0, terminates, NULL, 0, NULL);
  Sleep(INFINITE);
  return 1;
}
