// Pipes: instances and their names, bytes and messages, ends that close, operations that are under way.
#include "check.h"

static const char name[] = "\\\\.\\pipe\\Ringproof-Test";

static HANDLE serve(DWORD pipe_mode, DWORD open_flags, DWORD room) {
  HANDLE pipe = CreateNamedPipeA(name, PIPE_ACCESS_DUPLEX | open_flags, pipe_mode, 2, room, room, 0, NULL);
  CHECK(pipe != INVALID_HANDLE_VALUE && GetFileType(pipe) == FILE_TYPE_PIPE);
  return pipe;
}

static HANDLE open_client(void) {
  return CreateFileW(L"\\\\.\\PIPE\\ringproof-test", GENERIC_READ | GENERIC_WRITE, 0, NULL, OPEN_EXISTING, 0,
                     NULL);
}

static void instances(void) {
  CHECK_FAILS(open_client() != INVALID_HANDLE_VALUE, ERROR_FILE_NOT_FOUND);
  CHECK_FAILS(WaitNamedPipeA(name, 1), ERROR_FILE_NOT_FOUND);
  CHECK_FAILS(CreateNamedPipeA("pipe", 3, 0, 1, 0, 0, 0, NULL) != INVALID_HANDLE_VALUE, ERROR_INVALID_NAME);
  CHECK_FAILS(CreateNamedPipeA(name, 0, 0, 1, 0, 0, 0, NULL) != INVALID_HANDLE_VALUE,
              ERROR_INVALID_PARAMETER);
  HANDLE first = serve(PIPE_TYPE_BYTE, FILE_FLAG_FIRST_PIPE_INSTANCE, 64);
  CHECK_FAILS(CreateNamedPipeA(name, PIPE_ACCESS_DUPLEX | FILE_FLAG_FIRST_PIPE_INSTANCE, 0, 2, 0, 0, 0,
                               NULL) != INVALID_HANDLE_VALUE,
              ERROR_ACCESS_DENIED);
  HANDLE second = serve(PIPE_TYPE_BYTE, 0, 64);
  CHECK_FAILS(CreateNamedPipeA(name, PIPE_ACCESS_DUPLEX, 0, 3, 0, 0, 0, NULL) != INVALID_HANDLE_VALUE,
              ERROR_PIPE_BUSY);  // the first said 2
  CHECK(WaitNamedPipeA(name, 0));
  HANDLE client = open_client();
  HANDLE other = open_client();
  CHECK(client != INVALID_HANDLE_VALUE && other != INVALID_HANDLE_VALUE);
  CHECK_FAILS(open_client() != INVALID_HANDLE_VALUE, ERROR_PIPE_BUSY);
  CHECK_FAILS(WaitNamedPipeA(name, 2), ERROR_SEM_TIMEOUT);
  CHECK_FAILS(ConnectNamedPipe(first, NULL), ERROR_PIPE_CONNECTED);
  CloseHandle(client);
  CHECK_FAILS(ConnectNamedPipe(first, NULL), ERROR_NO_DATA);
  CHECK(DisconnectNamedPipe(first));
  CHECK_FAILS(ConnectNamedPipe(client, NULL), ERROR_INVALID_HANDLE);
  CloseHandle(other);
  CloseHandle(first);
  CloseHandle(second);
  CHECK_FAILS(open_client() != INVALID_HANDLE_VALUE, ERROR_FILE_NOT_FOUND);
}

static DWORD WINAPI echoes(LPVOID parameter) {
  char text[16];
  DWORD bytes = 0;
  DWORD total = 0;
  HANDLE pipe = (HANDLE)parameter;
  CHECK(ConnectNamedPipe(pipe, NULL) || GetLastError() == ERROR_PIPE_CONNECTED);
  while (ReadFile(pipe, text, sizeof text, &bytes, NULL)) {
    total += bytes;
    CHECK(WriteFile(pipe, text, bytes, &bytes, NULL));
  }
  CHECK(GetLastError() == ERROR_BROKEN_PIPE);
  return total;
}

// What is written at once may be read in parts and the other way round; a writer waits for room.
static void bytes_flow(void) {
  char text[40] = {0};
  DWORD bytes = 0;
  DWORD available = 0;
  DWORD total = 0;
  ULONG process = 0;
  HANDLE server = serve(PIPE_TYPE_BYTE, 0, 8);
  HANDLE thread = CreateThread(NULL, 0, echoes, server, 0, NULL);
  Sleep(1);
  HANDLE client = open_client();
  CHECK(GetNamedPipeServerProcessId(client, &process) && process == GetCurrentProcessId());
  CHECK(WriteFile(client, "0123456789", 10, &bytes, NULL) && bytes == 10);
  while (total < 10 && ReadFile(client, text + total, 3, &bytes, NULL)) total += bytes;
  CHECK(memcmp(text, "0123456789", 10) == 0);
  CHECK(WriteFile(client, "abc", 3, &bytes, NULL) && FlushFileBuffers(client));
  Sleep(1);
  CHECK(PeekNamedPipe(client, text, 2, &bytes, &available, NULL));
  CHECK(bytes == 2 && available == 3 && text[1] == 'b');
  CHECK(ReadFile(client, text, sizeof text, &bytes, NULL) && bytes == 3);
  CloseHandle(client);
  CHECK(WaitForSingleObject(thread, INFINITE) == WAIT_OBJECT_0);
  CHECK(GetExitCodeThread(thread, &bytes) && bytes == 13);
  CHECK_FAILS(WriteFile(server, text, 1, &bytes, NULL), ERROR_NO_DATA);
  CloseHandle(thread);
  CloseHandle(server);
}

static void messages_stay_apart(void) {
  char text[16];
  DWORD bytes = 0;
  DWORD available = 0;
  DWORD left = 0;
  DWORD mode = PIPE_READMODE_MESSAGE;
  HANDLE server = serve(PIPE_TYPE_MESSAGE | PIPE_READMODE_MESSAGE, 0, 64);
  HANDLE client = open_client();
  CHECK(SetNamedPipeHandleState(client, &mode, NULL, NULL));
  CHECK(WriteFile(client, "first", 5, &bytes, NULL) && WriteFile(client, "", 0, &bytes, NULL));
  CHECK(WriteFile(client, "third", 5, &bytes, NULL));
  CHECK(PeekNamedPipe(server, NULL, 0, NULL, &available, &left) && available == 10 && left == 5);
  CHECK_FAILS(ReadFile(server, text, 3, &bytes, NULL), ERROR_MORE_DATA);
  CHECK(bytes == 3 && memcmp(text, "fir", 3) == 0);
  CHECK(ReadFile(server, text, sizeof text, &bytes, NULL) && bytes == 2 && memcmp(text, "st", 2) == 0);
  CHECK(ReadFile(server, text, sizeof text, &bytes, NULL) && bytes == 0);
  CHECK(ReadFile(server, text, sizeof text, &bytes, NULL) && bytes == 5);
  mode = PIPE_READMODE_BYTE | PIPE_NOWAIT;
  CHECK(SetNamedPipeHandleState(client, &mode, NULL, NULL));
  CHECK_FAILS(ReadFile(client, text, 1, &bytes, NULL), ERROR_NO_DATA);
  CHECK(WriteFile(server, "lost", 4, &bytes, NULL) && DisconnectNamedPipe(server));
  CHECK_FAILS(ReadFile(client, text, 4, &bytes, NULL), ERROR_PIPE_NOT_CONNECTED);
  CloseHandle(client);
  CloseHandle(server);
}

static DWORD WINAPI connects_and_writes(LPVOID parameter) {
  DWORD bytes = 0;
  UNREFERENCED_PARAMETER(parameter);
  Sleep(2);
  HANDLE client = open_client();
  Sleep(2);
  CHECK(WriteFile(client, "later", 5, &bytes, NULL));
  CloseHandle(client);
  return 0;
}

static void under_way(void) {
  char text[16];
  DWORD bytes = 0;
  OVERLAPPED overlapped = {0};
  HANDLE server = serve(PIPE_TYPE_BYTE, FILE_FLAG_OVERLAPPED, 64);
  HANDLE thread = CreateThread(NULL, 0, connects_and_writes, NULL, 0, NULL);
  overlapped.hEvent = CreateEvent(NULL, TRUE, FALSE, NULL);
  CHECK_FAILS(ConnectNamedPipe(server, &overlapped), ERROR_IO_PENDING);
  CHECK(WaitForSingleObject(overlapped.hEvent, 0) == WAIT_TIMEOUT);
  CHECK(GetOverlappedResult(server, &overlapped, &bytes, TRUE));
  CHECK_FAILS(ReadFile(server, text, sizeof text, NULL, &overlapped), ERROR_IO_PENDING);
  CHECK(WaitForSingleObject(overlapped.hEvent, INFINITE) == WAIT_OBJECT_0);
  CHECK(GetOverlappedResult(server, &overlapped, &bytes, FALSE) && bytes == 5);
  CHECK(ReadFile(server, text, sizeof text, NULL, &overlapped) || GetLastError() == ERROR_IO_PENDING);
  CHECK_FAILS(GetOverlappedResult(server, &overlapped, &bytes, TRUE), ERROR_BROKEN_PIPE);
  WaitForSingleObject(thread, INFINITE);
  CloseHandle(thread);
  CloseHandle(overlapped.hEvent);
  CloseHandle(server);
}

static DWORD WINAPI sends_two(LPVOID parameter) {
  DWORD bytes = 0;
  HANDLE client = open_client();
  CHECK(client != INVALID_HANDLE_VALUE);
  CHECK(WriteFile(client, "one", 3, &bytes, NULL));
  CHECK(WaitForSingleObject((HANDLE)parameter, INFINITE) == WAIT_OBJECT_0);
  CloseHandle(client);
  return 0;
}

// A server of one thread, as servers are written: its connection and its reads come through a port.
static void at_a_port(void) {
  char text[16];
  DWORD bytes = 0;
  ULONG_PTR key = 0;
  OVERLAPPED first = {0};
  OVERLAPPED second = {0};
  OVERLAPPED* which = NULL;
  HANDLE done = CreateEvent(NULL, TRUE, FALSE, NULL);
  HANDLE server = serve(PIPE_TYPE_BYTE, FILE_FLAG_OVERLAPPED, 64);
  HANDLE port = CreateIoCompletionPort(server, NULL, 7, 0);
  CHECK(port != NULL);
  CHECK_FAILS(ConnectNamedPipe(server, &first), ERROR_IO_PENDING);
  CHECK_FAILS(GetQueuedCompletionStatus(port, &bytes, &key, &which, 1), WAIT_TIMEOUT);
  HANDLE thread = CreateThread(NULL, 0, sends_two, done, 0, NULL);
  CHECK(GetQueuedCompletionStatus(port, &bytes, &key, &which, INFINITE) && key == 7 && which == &first);
  CHECK_FAILS(ReadFile(server, text, sizeof text, NULL, &first), ERROR_IO_PENDING);
  CHECK(GetQueuedCompletionStatus(port, &bytes, &key, &which, INFINITE) && bytes == 3 && which == &first);
  CHECK_FAILS(CancelIoEx(server, NULL), ERROR_NOT_FOUND);
  // Two wait; one is taken back, and the other hears of the end.
  CHECK_FAILS(ReadFile(server, text, 1, NULL, &first), ERROR_IO_PENDING);
  CHECK_FAILS(ReadFile(server, text, 1, NULL, &second), ERROR_IO_PENDING);
  CHECK(CancelIoEx(server, &second));
  CHECK_FAILS(GetQueuedCompletionStatus(port, &bytes, &key, &which, INFINITE), ERROR_OPERATION_ABORTED);
  CHECK(which == &second);
  SetEvent(done);
  CHECK_FAILS(GetQueuedCompletionStatus(port, &bytes, &key, &which, INFINITE), ERROR_BROKEN_PIPE);
  CHECK(which == &first && bytes == 0);
  WaitForSingleObject(thread, INFINITE);
  CloseHandle(thread);
  CloseHandle(server);
  CloseHandle(port);
  CloseHandle(done);
}

// One client after another; what is under way for one of them has nothing to do with the next.
static void serves_again(void) {
  char text[4];
  DWORD bytes = 0;
  DWORD mode = PIPE_NOWAIT;
  OVERLAPPED reading = {0};
  OVERLAPPED again = {0};
  OVERLAPPED connecting = {0};
  HANDLE server = serve(PIPE_TYPE_BYTE, FILE_FLAG_OVERLAPPED, 64);
  HANDLE client = open_client();
  CHECK_FAILS(ConnectNamedPipe(server, &connecting), ERROR_PIPE_CONNECTED);
  CHECK_FAILS(ReadFile(server, text, sizeof text, NULL, &reading), ERROR_IO_PENDING);
  CHECK(DisconnectNamedPipe(server));
  CHECK_FAILS(DisconnectNamedPipe(server), ERROR_PIPE_NOT_CONNECTED);
  CHECK_FAILS(ConnectNamedPipe(server, &connecting), ERROR_IO_PENDING);
  HANDLE next = open_client();
  CHECK(next != INVALID_HANDLE_VALUE && WriteFile(next, "next", 4, &bytes, NULL));
  again.hEvent = CreateEvent(NULL, TRUE, FALSE, NULL);
  CHECK(ReadFile(server, text, sizeof text, NULL, &again) || GetLastError() == ERROR_IO_PENDING);
  CHECK(WaitForSingleObject(again.hEvent, 1000) == WAIT_OBJECT_0 && memcmp(text, "next", 4) == 0);
  CHECK_FAILS(GetOverlappedResult(server, &reading, &bytes, TRUE), ERROR_PIPE_NOT_CONNECTED);
  CHECK(GetOverlappedResult(server, &connecting, &bytes, TRUE));
  CHECK(SetNamedPipeHandleState(server, &mode, NULL, NULL) && DisconnectNamedPipe(server));
  CHECK(ConnectNamedPipe(server, NULL));
  CHECK_FAILS(ConnectNamedPipe(server, NULL), ERROR_PIPE_LISTENING);
  CloseHandle(again.hEvent);
  CloseHandle(client);
  CloseHandle(next);
  CloseHandle(server);
}

static BOOL ends_well(HANDLE file, OVERLAPPED* overlapped, DWORD expected) {
  DWORD bytes = 0;
  return GetOverlappedResult(file, overlapped, &bytes, TRUE) && bytes == expected;
}

// First come, first served.
static void keeps_order(void) {
  char text[5] = {0};
  DWORD bytes = 0;
  DWORD total = 0;
  OVERLAPPED first = {0};
  OVERLAPPED second = {0};
  HANDLE server = serve(PIPE_TYPE_BYTE, FILE_FLAG_OVERLAPPED, 64);
  HANDLE client = open_client();
  CHECK(WriteFile(server, "ab", 2, NULL, &first) || GetLastError() == ERROR_IO_PENDING);
  CHECK(WriteFile(server, "cd", 2, NULL, &second) || GetLastError() == ERROR_IO_PENDING);
  while (total < 4 && ReadFile(client, text + total, 4 - total, &bytes, NULL)) total += bytes;
  CHECK(strcmp(text, "abcd") == 0);
  CHECK(ends_well(server, &first, 2) && ends_well(server, &second, 2));
  CHECK_FAILS(ReadFile(server, text, 1, NULL, &first), ERROR_IO_PENDING);
  CHECK_FAILS(ReadFile(server, text + 1, 1, NULL, &second), ERROR_IO_PENDING);
  CHECK(WriteFile(client, "xy", 2, &bytes, NULL));
  CHECK(ends_well(server, &first, 1) && ends_well(server, &second, 1));
  CHECK(text[0] == 'x' && text[1] == 'y');
  CloseHandle(client);
  CloseHandle(server);
}

// It waits for room, some of it has been read, and nobody gets the rest.
static void takes_back_a_write(void) {
  char text[8];
  DWORD bytes = 0;
  OVERLAPPED overlapped = {0};
  HANDLE server = serve(PIPE_TYPE_BYTE, FILE_FLAG_OVERLAPPED, 4);
  HANDLE client = open_client();
  CHECK_FAILS(WriteFile(server, "0123456789", 10, NULL, &overlapped), ERROR_IO_PENDING);
  CHECK(ReadFile(client, text, 2, &bytes, NULL) && bytes == 2 && text[1] == '1');
  CHECK(CancelIoEx(server, &overlapped));
  CHECK_FAILS(GetOverlappedResult(server, &overlapped, &bytes, FALSE), ERROR_OPERATION_ABORTED);
  CHECK(PeekNamedPipe(client, NULL, 0, NULL, &bytes, NULL) && bytes == 0);
  CHECK(WriteFile(server, "ok", 2, NULL, &overlapped) || GetLastError() == ERROR_IO_PENDING);
  CHECK(ReadFile(client, text, sizeof text, &bytes, NULL) && bytes == 2 && memcmp(text, "ok", 2) == 0);
  CHECK(ends_well(server, &overlapped, 2));
  CHECK_FAILS(WriteFile(server, "0123456789", 10, NULL, &overlapped), ERROR_IO_PENDING);
  Sleep(1);
  CHECK(DisconnectNamedPipe(server));
  CHECK_FAILS(GetOverlappedResult(server, &overlapped, &bytes, TRUE), ERROR_PIPE_NOT_CONNECTED);
  CloseHandle(client);
  CloseHandle(server);
}

static OVERLAPPED left_behind;
static char text_left_behind[4];

static DWORD WINAPI begins_to_read(LPVOID parameter) {
  CHECK_FAILS(ReadFile((HANDLE)parameter, text_left_behind, 4, NULL, &left_behind), ERROR_IO_PENDING);
  return 0;
}

// A thread takes along what it has under way, except where a port collects it.
static void ends_with_its_thread(void) {
  DWORD bytes = 0;
  ULONG_PTR key = 0;
  OVERLAPPED* which = NULL;
  HANDLE server = serve(PIPE_TYPE_BYTE, FILE_FLAG_OVERLAPPED, 64);
  HANDLE client = open_client();
  HANDLE thread = CreateThread(NULL, 0, begins_to_read, server, 0, NULL);
  WaitForSingleObject(thread, INFINITE);
  CloseHandle(thread);
  CHECK_FAILS(GetOverlappedResult(server, &left_behind, &bytes, FALSE), ERROR_OPERATION_ABORTED);
  HANDLE port = CreateIoCompletionPort(server, NULL, 0, 0);
  thread = CreateThread(NULL, 0, begins_to_read, server, 0, NULL);
  WaitForSingleObject(thread, INFINITE);
  CloseHandle(thread);
  CHECK(WriteFile(client, "kept", 4, &bytes, NULL));
  CHECK(GetQueuedCompletionStatus(port, &bytes, &key, &which, INFINITE) && bytes == 4);
  CHECK(which == &left_behind && memcmp(text_left_behind, "kept", 4) == 0);
  CloseHandle(port);
  CloseHandle(client);
  CloseHandle(server);
}

int main(void) {
  instances();
  bytes_flow();
  messages_stay_apart();
  under_way();
  at_a_port();
  serves_again();
  keeps_order();
  takes_back_a_write();
  ends_with_its_thread();
  return checks_end();
}
