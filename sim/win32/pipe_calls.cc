// Pipes, as Windows programs make and use them. ReadFile, WriteFile and CreateFile come here by way of
// file_calls.cc.

#include <ringproof/win32/errors.h>
#include <ringproof/win32/pipes.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "sim/app/waitable.h"
#include "sim/app/waits.h"
#include "sim/win32/names.h"
#include "sim/win32/pipe.h"
#include "sim/win32/pipe_files.h"
#include "sim/win32/pipe_request.h"
#include "sim/win32/state.h"

using ringproof::ApiCall;
using ringproof::fail_with;
using ringproof::find_object;
using ringproof::Pipe;
using ringproof::PipeEnd;
using ringproof::PipeRequest;
using ringproof::wide_name;
using ringproof::World;

namespace {

constexpr std::uint32_t kStatusPending = 0x103;
constexpr DWORD kDefaultWaitMs = 50;
constexpr DWORD kDefaultRoom = 4096;
constexpr std::u16string_view kPrefix = u"\\\\.\\pipe\\";

// Names are the same in capitals and not.
std::u16string folded(std::u16string name) {
  for (char16_t& letter : name) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char16_t>(letter + 32);
  }
  return name;
}

// The open servers' ends of this name, oldest first.
std::vector<std::shared_ptr<PipeEnd>> servers_of(World& world, const std::u16string& name) {
  std::vector<std::shared_ptr<PipeEnd>> open;
  auto& servers = world.win32->pipes[folded(name)];
  std::erase_if(servers, [](const auto& server) { return server.expired(); });
  for (const auto& server : servers) {
    const auto end = server.lock();
    if (end != nullptr && end->is_open()) open.push_back(end);
  }
  return open;
}

// Why there can be no further instance; 0 when there can.
DWORD refusal(const std::vector<std::shared_ptr<PipeEnd>>& servers, DWORD open_mode) {
  if (servers.empty()) return 0;
  if ((open_mode & FILE_FLAG_FIRST_PIPE_INSTANCE) != 0) return ERROR_ACCESS_DENIED;
  const DWORD instances_max = servers.front()->instances_max;
  const bool bounded = instances_max != PIPE_UNLIMITED_INSTANCES;
  return bounded && servers.size() >= instances_max ? ERROR_PIPE_BUSY : 0;
}

struct PipeWish {
  DWORD open_mode, pipe_mode, instances_max, out_room, in_room;
  bool inheritable;
};

HANDLE create_pipe(const std::u16string& name, const PipeWish& wish) {
  const ApiCall call("CreateNamedPipe");
  const DWORD access = wish.open_mode & PIPE_ACCESS_DUPLEX;
  const bool whole = folded(name).starts_with(kPrefix) && name.size() > kPrefix.size();
  const bool by_messages = (wish.pipe_mode & PIPE_READMODE_MESSAGE) != 0;
  const bool messages = (wish.pipe_mode & PIPE_TYPE_MESSAGE) != 0;
  DWORD error = whole ? 0 : ERROR_INVALID_NAME;
  if (access == 0 || wish.instances_max == 0 || wish.instances_max > PIPE_UNLIMITED_INSTANCES ||
      (by_messages && !messages)) {
    error = ERROR_INVALID_PARAMETER;
  }
  if (!call.has_world()) error = ERROR_CALL_NOT_IMPLEMENTED;
  std::vector<std::shared_ptr<PipeEnd>> servers;
  if (error == 0) servers = servers_of(call.world(), name);
  if (error == 0) error = refusal(servers, wish.open_mode);
  if (error != 0) {
    SetLastError(error);
    return INVALID_HANDLE_VALUE;
  }
  call.acted();
  World& world = call.world();
  const auto pipe = std::make_shared<Pipe>(world, Pipe::State::kListening);
  pipe->flows[0].room = wish.in_room;
  pipe->flows[1].room = wish.out_room;
  const PipeEnd::Mode mode{.reads = (access & PIPE_ACCESS_INBOUND) != 0,
                           .writes = (access & PIPE_ACCESS_OUTBOUND) != 0,
                           .by_messages = by_messages,
                           .waits = (wish.pipe_mode & PIPE_NOWAIT) == 0,
                           .overlapped = (wish.open_mode & FILE_FLAG_OVERLAPPED) != 0};
  const auto server = std::make_shared<PipeEnd>(pipe, 0, mode, messages);
  // The first instance says how many there may be.
  server->instances_max = servers.empty() ? wish.instances_max : servers.front()->instances_max;
  world.win32->pipes[folded(name)].push_back(server);
  world.kernel.notify(world.signalled);
  const HANDLE handle = world.open_handle(server);
  world.win32->set_inheritable(handle, wish.inheritable);
  return handle;
}

using Operation = std::function<DWORD(PipeRequest*, DWORD*)>;

BOOL finish(DWORD error, DWORD bytes, LPDWORD told, LPOVERLAPPED overlapped) {
  if (told != nullptr) *told = bytes;
  if (overlapped != nullptr) {
    overlapped->Internal = ringproof::pipe_status_of(error);
    overlapped->InternalHigh = bytes;
  }
  return error == 0 ? TRUE : fail_with(error);
}

// Where an operation was asked for.
struct Asked {
  const ApiCall& call;
  PipeRequest::Where where;
};

// The event that is set at the end; the lowest bit of its handle has another meaning. False: it is none.
bool find_event(World& world, const OVERLAPPED& overlapped, std::shared_ptr<ringproof::Event>* event) {
  constexpr std::uintptr_t kNoPacket = 1;
  if ((reinterpret_cast<std::uintptr_t>(overlapped.hEvent) & ~kNoPacket) == 0) return true;
  *event = std::dynamic_pointer_cast<ringproof::Event>(world.platform.handles().find(overlapped.hEvent));
  return *event != nullptr;
}

// What waits is done by a thread of the system.
BOOL begin_overlapped(const Asked& asked, LPOVERLAPPED overlapped, const Operation& operation) {
  World& world = asked.call.world();
  std::shared_ptr<ringproof::Event> event;
  if (!find_event(world, *overlapped, &event)) return fail_with(ERROR_INVALID_HANDLE);
  if (event != nullptr) event->reset();
  overlapped->Internal = kStatusPending;
  const auto request = std::make_shared<PipeRequest>(world, asked.where, overlapped, event);
  const int task = world.start_thread("pipe", [&world, request, operation] {
    const ringproof::SystemEntry inside;
    world.win32->is_of_system();
    DWORD bytes = 0;
    const DWORD error = operation(request.get(), &bytes);
    request->finish(error, bytes);
  });
  if (task < 0) return fail_with(ERROR_NOT_ENOUGH_MEMORY);
  world.win32->pipe_requests->add(request);
  return fail_with(ERROR_IO_PENDING);
}

BOOL perform(const Asked& asked, LPDWORD told, LPOVERLAPPED overlapped, const Operation& operation) {
  asked.call.acted();
  if (told != nullptr) *told = 0;
  if (overlapped != nullptr && asked.where.end->mode.overlapped) {
    return begin_overlapped(asked, overlapped, operation);
  }
  DWORD bytes = 0;
  const DWORD error = operation(nullptr, &bytes);
  return finish(error, bytes, told, overlapped);
}

// The first instance that waits for a client; the reason when there is none.
DWORD find_listening(World& world, const std::u16string& name, std::shared_ptr<PipeEnd>* found) {
  const auto servers = servers_of(world, name);
  if (servers.empty()) return ERROR_FILE_NOT_FOUND;
  const auto free =
      std::find_if(servers.begin(), servers.end(), [](const auto& end) { return end->listens(); });
  if (free == servers.end()) return ERROR_PIPE_BUSY;
  *found = *free;
  return 0;
}

BOOL wait_for_pipe(const std::u16string& name, DWORD milliseconds) {
  const ApiCall call("WaitNamedPipe");
  if (!call.has_world()) return FALSE;
  World& world = call.world();
  if (milliseconds == NMPWAIT_USE_DEFAULT_WAIT) milliseconds = kDefaultWaitMs;
  const std::uint64_t deadline_ps = ringproof::deadline_after(world, milliseconds);
  std::shared_ptr<PipeEnd> found;
  while (true) {
    const DWORD error = find_listening(world, name, &found);
    if (error != ERROR_PIPE_BUSY) return error == 0 ? TRUE : fail_with(error);
    if (world.kernel.now_ps() >= deadline_ps) return fail_with(ERROR_SEM_TIMEOUT);
    world.kernel.wait(world.signalled, deadline_ps);
  }
}

BOOL give_process(HANDLE handle, std::size_t side, PULONG process) {
  const ApiCall call("GetNamedPipeProcessId");
  const auto end = find_object<PipeEnd>(call, handle);
  if (end == nullptr) return fail_with(ERROR_INVALID_HANDLE);
  *process = ringproof::kFirstProcessId + 4 * end->process_of(side);
  return TRUE;
}

std::shared_ptr<PipeEnd> server_end(const ApiCall& call, HANDLE handle) {
  auto end = find_object<PipeEnd>(call, handle);
  return end != nullptr && end->is_server() ? end : nullptr;
}

bool inherits(LPSECURITY_ATTRIBUTES attributes) {
  return attributes != nullptr && attributes->bInheritHandle != FALSE;
}

}  // namespace

namespace ringproof {

bool names_pipe(const std::u16string& name) { return folded(name).starts_with(kPrefix); }

HANDLE open_pipe(const std::u16string& name, DWORD access, DWORD flags) {
  const ApiCall call("CreateFile");
  if (!call.has_world()) return INVALID_HANDLE_VALUE;
  World& world = call.world();
  const PipeEnd::Mode mode{.reads = (access & (GENERIC_READ | GENERIC_ALL | FILE_READ_ACCESS)) != 0,
                           .writes = (access & (GENERIC_WRITE | GENERIC_ALL | FILE_WRITE_ACCESS)) != 0,
                           .by_messages = false,
                           .waits = true,
                           .overlapped = (flags & FILE_FLAG_OVERLAPPED) != 0};
  std::shared_ptr<PipeEnd> server;
  DWORD error = find_listening(world, name, &server);
  const bool allowed =
      error != 0 || ((server->mode.writes || !mode.reads) && (server->mode.reads || !mode.writes));
  if (!allowed) error = ERROR_ACCESS_DENIED;
  SetLastError(error);
  if (error != 0) return INVALID_HANDLE_VALUE;
  call.acted();
  return world.open_handle(server->open_client(mode));
}

BOOL read_pipe(const ApiCall& call, HANDLE handle, const std::shared_ptr<PipeEnd>& end, LPVOID buffer,
               DWORD room, LPDWORD got, LPOVERLAPPED overlapped) {
  return perform({call, {end, PipeRequest::Kind::kRead, handle}}, got, overlapped,
                 [end, buffer, room](const PipeRequest* request, DWORD* bytes) {
                   return end->read(request, buffer, room, bytes);
                 });
}

BOOL write_pipe(const ApiCall& call, HANDLE handle, const std::shared_ptr<PipeEnd>& end, LPCVOID buffer,
                DWORD bytes, LPDWORD put, LPOVERLAPPED overlapped) {
  return perform({call, {end, PipeRequest::Kind::kWrite, handle}}, put, overlapped,
                 [end, buffer, bytes](PipeRequest* request, DWORD* done) {
                   return end->write(request, buffer, bytes, done);
                 });
}

}  // namespace ringproof

extern "C" {

HANDLE CreateNamedPipeA(LPCSTR Name, DWORD OpenMode, DWORD PipeMode, DWORD MaxInstances, DWORD OutBufferSize,
                        DWORD InBufferSize, DWORD, LPSECURITY_ATTRIBUTES Attributes) {
  return create_pipe(wide_name(Name),
                     {OpenMode, PipeMode, MaxInstances, OutBufferSize, InBufferSize, inherits(Attributes)});
}

HANDLE CreateNamedPipeW(LPCWSTR Name, DWORD OpenMode, DWORD PipeMode, DWORD MaxInstances, DWORD OutBufferSize,
                        DWORD InBufferSize, DWORD, LPSECURITY_ATTRIBUTES Attributes) {
  return create_pipe(wide_name(Name),
                     {OpenMode, PipeMode, MaxInstances, OutBufferSize, InBufferSize, inherits(Attributes)});
}

BOOL ConnectNamedPipe(HANDLE Handle, LPOVERLAPPED Overlapped) {
  const ApiCall call("ConnectNamedPipe");
  const auto end = server_end(call, Handle);
  if (end == nullptr) return fail_with(ERROR_INVALID_HANDLE);
  call.acted();
  if (const std::optional<DWORD> answer = end->listen()) return *answer == 0 ? TRUE : fail_with(*answer);
  return perform({call, {end, PipeRequest::Kind::kConnect, Handle}}, nullptr, Overlapped,
                 [end](const PipeRequest* request, DWORD*) { return end->wait_for_client(request); });
}

BOOL DisconnectNamedPipe(HANDLE Handle) {
  const ApiCall call("DisconnectNamedPipe");
  const auto end = server_end(call, Handle);
  if (end == nullptr) return fail_with(ERROR_INVALID_HANDLE);
  call.acted();
  const DWORD error = end->disconnect();
  return error == 0 ? TRUE : fail_with(error);
}

BOOL WaitNamedPipeA(LPCSTR Name, DWORD Milliseconds) { return wait_for_pipe(wide_name(Name), Milliseconds); }
BOOL WaitNamedPipeW(LPCWSTR Name, DWORD Milliseconds) { return wait_for_pipe(wide_name(Name), Milliseconds); }

BOOL SetNamedPipeHandleState(HANDLE Handle, LPDWORD Mode, LPDWORD, LPDWORD) {
  const ApiCall call("SetNamedPipeHandleState");
  const auto end = find_object<PipeEnd>(call, Handle);
  if (end == nullptr) return fail_with(ERROR_INVALID_HANDLE);
  if (Mode == nullptr) return TRUE;
  const bool by_messages = (*Mode & PIPE_READMODE_MESSAGE) != 0;
  if (by_messages && !end->carries_messages()) return fail_with(ERROR_INVALID_PARAMETER);
  end->mode.by_messages = by_messages;
  end->mode.waits = (*Mode & PIPE_NOWAIT) == 0;
  return TRUE;
}

BOOL PeekNamedPipe(HANDLE Handle, LPVOID Buffer, DWORD Size, LPDWORD BytesRead, LPDWORD TotalBytesAvailable,
                   LPDWORD BytesLeftThisMessage) {
  const ApiCall call("PeekNamedPipe");
  const auto end = find_object<PipeEnd>(call, Handle);
  if (end == nullptr) return fail_with(ERROR_INVALID_HANDLE);
  DWORD got = 0, available = 0, left = 0;
  const DWORD error = end->peek(Buffer, Buffer == nullptr ? 0 : Size, &got, &available, &left);
  call.looked(available ^ reinterpret_cast<std::uintptr_t>(Handle));
  if (BytesRead != nullptr) *BytesRead = got;
  if (TotalBytesAvailable != nullptr) *TotalBytesAvailable = available;
  if (BytesLeftThisMessage != nullptr) *BytesLeftThisMessage = left;
  return error == 0 ? TRUE : fail_with(error);
}

BOOL GetNamedPipeClientProcessId(HANDLE Handle, PULONG ProcessId) {
  return give_process(Handle, 1, ProcessId);
}
BOOL GetNamedPipeServerProcessId(HANDLE Handle, PULONG ProcessId) {
  return give_process(Handle, 0, ProcessId);
}

BOOL CreatePipe(PHANDLE ReadEnd, PHANDLE WriteEnd, LPSECURITY_ATTRIBUTES Attributes, DWORD Size) {
  const ApiCall call("CreatePipe");
  if (!call.has_world()) return FALSE;
  call.acted();
  World& world = call.world();
  const auto pipe = std::make_shared<Pipe>(world, Pipe::State::kConnected);
  pipe->flows[0].room = Size == 0 ? kDefaultRoom : Size;
  *ReadEnd = world.open_handle(std::make_shared<PipeEnd>(pipe, 0, PipeEnd::Mode{.writes = false}, false));
  *WriteEnd = world.open_handle(std::make_shared<PipeEnd>(pipe, 1, PipeEnd::Mode{.reads = false}, false));
  for (const HANDLE handle : {*ReadEnd, *WriteEnd})
    world.win32->set_inheritable(handle, inherits(Attributes));
  return TRUE;
}

}  // extern "C"
