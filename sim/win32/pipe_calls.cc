// Pipes, as Windows programs make and use them. ReadFile, WriteFile and CreateFile come here by way of
// file_calls.cc.

#include <ringproof/win32/errors.h>
#include <ringproof/win32/pipes.h>
#include <ringproof/win32/status.h>

#include <algorithm>
#include <functional>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "model/xdp/user_memory.h"
#include "sim/app/async_requests.h"
#include "sim/app/waitable.h"
#include "sim/app/waits.h"
#include "sim/win32/names.h"
#include "sim/win32/pipe.h"
#include "sim/win32/pipe_files.h"
#include "sim/win32/state.h"

using ringproof::ApiCall;
using ringproof::fail_with;
using ringproof::find_object;
using ringproof::Pipe;
using ringproof::PipeEnd;
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
DWORD refusal(const std::vector<std::shared_ptr<PipeEnd>>& servers, DWORD open_mode, DWORD instances_max) {
  if (servers.empty()) return 0;
  if ((open_mode & FILE_FLAG_FIRST_PIPE_INSTANCE) != 0) return ERROR_ACCESS_DENIED;
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
  if (error == 0) error = refusal(servers_of(call.world(), name), wish.open_mode, wish.instances_max);
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
  world.win32->pipes[folded(name)].push_back(server);
  world.kernel.notify(world.signalled);
  const HANDLE handle = world.open_handle(server);
  world.win32->set_inheritable(handle, wish.inheritable);
  return handle;
}

// The reason that an operation gives, as the OVERLAPPED keeps it.
ULONG_PTR status_of(DWORD error) {
  static constexpr std::pair<DWORD, NTSTATUS> kStatuses[] = {
      {ERROR_SUCCESS, STATUS_SUCCESS},
      {ERROR_PIPE_CONNECTED, STATUS_SUCCESS},
      {ERROR_MORE_DATA, STATUS_BUFFER_OVERFLOW},
      {ERROR_BROKEN_PIPE, STATUS_PIPE_BROKEN},
      {ERROR_NO_DATA, STATUS_PIPE_CLOSING},
      {ERROR_PIPE_NOT_CONNECTED, STATUS_PIPE_DISCONNECTED},
      {ERROR_PIPE_LISTENING, STATUS_PIPE_LISTENING},
      {ERROR_ACCESS_DENIED, STATUS_ACCESS_DENIED},
      {ERROR_OPERATION_ABORTED, STATUS_CANCELLED},
  };
  for (const auto& [known, status] : kStatuses) {
    if (known == error) return static_cast<std::uint32_t>(status);
  }
  return static_cast<std::uint32_t>(STATUS_UNSUCCESSFUL);
}

using Operation = std::function<DWORD(DWORD*)>;

BOOL finish(DWORD error, DWORD bytes, LPDWORD told, LPOVERLAPPED overlapped) {
  if (told != nullptr) *told = bytes;
  if (overlapped != nullptr) {
    overlapped->Internal = status_of(error);
    overlapped->InternalHigh = bytes;
  }
  return error == 0 ? TRUE : fail_with(error);
}

// Where an operation was asked for.
struct Asked {
  const ApiCall& call;
  HANDLE handle;
  std::shared_ptr<PipeEnd> end;
};

void tell_end(World& world, HANDLE handle, LPOVERLAPPED overlapped, DWORD bytes, DWORD error) {
  if (!ringproof::xdp::user_writable(overlapped, sizeof *overlapped)) return;
  overlapped->InternalHigh = bytes;
  __atomic_store_n(&overlapped->Internal, status_of(error), __ATOMIC_RELEASE);
  world.kernel.notify(world.signalled);
  world.async->post_end(handle, overlapped, bytes, error);
}

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
  const auto body = [&world, overlapped, operation, event, end = asked.end, handle = asked.handle] {
    world.win32->is_of_system();
    DWORD bytes = 0;
    const DWORD error = operation(&bytes);
    end->end_request(world.kernel.current_task());
    tell_end(world, handle, overlapped, bytes, error);
    if (event != nullptr) event->set();
  };
  const int task = world.start_thread("pipe", body);
  if (task < 0) return fail_with(ERROR_NOT_ENOUGH_MEMORY);
  asked.end->begin_request(overlapped, world.kernel.current_task(), task);
  return fail_with(ERROR_IO_PENDING);
}

BOOL perform(const Asked& asked, LPDWORD told, LPOVERLAPPED overlapped, const Operation& operation) {
  asked.call.acted();
  if (told != nullptr) *told = 0;
  if (overlapped != nullptr && asked.end->mode.overlapped) {
    return begin_overlapped(asked, overlapped, operation);
  }
  DWORD bytes = 0;
  const DWORD error = operation(&bytes);
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
  return perform({call, handle, end}, got, overlapped,
                 [end, buffer, room](DWORD* bytes) { return end->read(buffer, room, bytes); });
}

BOOL write_pipe(const ApiCall& call, HANDLE handle, const std::shared_ptr<PipeEnd>& end, LPCVOID buffer,
                DWORD bytes, LPDWORD put, LPOVERLAPPED overlapped) {
  return perform({call, handle, end}, put, overlapped,
                 [end, buffer, bytes](DWORD* done) { return end->write(buffer, bytes, done); });
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
  if (!end->listens() && end->is_open() && end->mode.overlapped) Overlapped = nullptr;  // there is an answer
  return perform({call, Handle, end}, nullptr, Overlapped, [end](DWORD*) { return end->connect(); });
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
