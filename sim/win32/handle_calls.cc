// Calls that take a handle of any kind, and overlapped operations beside those of async_calls.cc.

#include <ringproof/win32/errors.h>
#include <ringproof/win32/files.h>
#include <ringproof/win32/handles.h>
#include <ringproof/win32/process.h>

#include "sim/app/completion_port.h"
#include "sim/app/handle_owners.h"
#include "sim/app/waits.h"
#include "sim/win32/process_object.h"
#include "sim/win32/state.h"
#include "sim/win32/thread_object.h"

using ringproof::ApiCall;
using ringproof::CompletionPacket;
using ringproof::CompletionPort;
using ringproof::fail_with;
using ringproof::find_object;
using ringproof::ThreadObject;
using ringproof::xdp::KernelObject;

namespace {

constexpr std::uint32_t kStatusPending = 0x103;
constexpr std::uint32_t kStatusCancelled = 0xC0000120;

std::shared_ptr<KernelObject> object_of(const ApiCall& call, HANDLE handle) {
  if (!call.has_world()) return nullptr;
  if (auto own = call.world().win32->pseudo_object(handle)) return own;
  return find_object<KernelObject>(call, handle);
}

// A process closes one of its handles.
void close_of(ringproof::World& world, HANDLE handle, std::uint32_t process) {
  const ringproof::HostKernel::InSystem in_system(world.kernel);
  using ringproof::HandleOwners;
  const auto rest =
      world.owners == nullptr ? HandleOwners::Rest::kNobody : world.owners->left(handle, process);
  if (rest == HandleOwners::Rest::kNobody) world.platform.close_handle(handle);
}

// While it exists, calls that are queued for the running thread wake it from its wait at the port.
class AlertableWait {
 public:
  AlertableWait(ringproof::World& world, CompletionPort& port, bool wanted) : world_(world) {
    if (!wanted) return;
    thread_ = world.win32->current_thread();
    thread_->waits_alertably_for = &port.changed();
  }
  ~AlertableWait() {
    if (thread_ != nullptr) thread_->waits_alertably_for = nullptr;
  }
  AlertableWait(const AlertableWait&) = delete;
  AlertableWait& operator=(const AlertableWait&) = delete;
  // Whether calls were made; no question when nobody wants them.
  std::function<bool()> question() const {
    if (thread_ == nullptr) return nullptr;
    return [this] { return world_.win32->make_queued_calls(); };
  }

 private:
  ringproof::World& world_;
  std::shared_ptr<ThreadObject> thread_;
};

}  // namespace

extern "C" {

BOOL DuplicateHandle(HANDLE SourceProcess, HANDLE Source, HANDLE TargetProcess, HANDLE* Target, DWORD,
                     BOOL Inherit, DWORD Options) {
  const ApiCall call("DuplicateHandle");
  if (!call.has_world()) return FALSE;
  ringproof::World& world = call.world();
  const auto from = world.win32->find_process(SourceProcess);
  const auto to = Target == nullptr ? from : world.win32->find_process(TargetProcess);
  if (from == nullptr || to == nullptr) return fail_with(ERROR_INVALID_HANDLE);
  const std::shared_ptr<KernelObject> object =
      Source == GetCurrentProcess() ? from : object_of(call, Source);  // that of the process which it is of
  if (object == nullptr) return fail_with(ERROR_INVALID_HANDLE);
  if (to->ended()) return fail_with(ERROR_ACCESS_DENIED);
  call.acted();
  if (Target != nullptr) {
    *Target = world.platform.duplicate_handle(object);
    if (world.owners != nullptr) world.owners->give(*Target, to->number);
    world.win32->set_inheritable(*Target, Inherit != FALSE);
  }
  if ((Options & DUPLICATE_CLOSE_SOURCE) != 0) close_of(world, Source, from->number);
  return TRUE;
}

BOOL CompareObjectHandles(HANDLE First, HANDLE Second) {
  const ApiCall call("CompareObjectHandles");
  const std::shared_ptr<KernelObject> object = object_of(call, First);
  if (object != nullptr && object == object_of(call, Second)) return TRUE;
  return fail_with(ERROR_GEN_FAILURE);
}

BOOL GetHandleInformation(HANDLE Object, DWORD* Flags) {
  const ApiCall call("GetHandleInformation");
  if (object_of(call, Object) == nullptr) return fail_with(ERROR_INVALID_HANDLE);
  *Flags = call.world().win32->inheritable().contains(Object) ? HANDLE_FLAG_INHERIT : 0;
  return TRUE;
}

BOOL SetHandleInformation(HANDLE Object, DWORD Mask, DWORD Flags) {
  const ApiCall call("SetHandleInformation");
  if (object_of(call, Object) == nullptr) return fail_with(ERROR_INVALID_HANDLE);
  if ((Mask & HANDLE_FLAG_INHERIT) != 0) {
    call.world().win32->set_inheritable(Object, (Flags & HANDLE_FLAG_INHERIT) != 0);
  }
  return TRUE;
}

BOOL SetFileCompletionNotificationModes(HANDLE Object, UCHAR Flags) {
  const ApiCall call("SetFileCompletionNotificationModes");
  if (object_of(call, Object) == nullptr) return fail_with(ERROR_INVALID_HANDLE);
  // The handle of a socket is never signalled anyway.
  return (Flags & ~FILE_SKIP_SET_EVENT_ON_HANDLE) == 0 ? TRUE : fail_with(ERROR_NOT_SUPPORTED);
}

BOOL CancelSynchronousIo(HANDLE) { return fail_with(ERROR_NOT_FOUND); }

BOOL GetQueuedCompletionStatusEx(HANDLE Port, LPOVERLAPPED_ENTRY Entries, ULONG Count, PULONG Removed,
                                 DWORD Milliseconds, BOOL Alertable) {
  const ApiCall call("GetQueuedCompletionStatusEx");
  *Removed = 0;
  const auto port = find_object<CompletionPort>(call, Port);
  if (port == nullptr) return fail_with(ERROR_INVALID_HANDLE);
  if (Count == 0) return fail_with(ERROR_INVALID_PARAMETER);
  const AlertableWait alertable(call.world(), *port, Alertable != FALSE);
  std::uint64_t deadline_ps = ringproof::deadline_after(call.world(), Milliseconds);
  while (*Removed < Count) {
    CompletionPacket packet;
    const CompletionPort::Outcome outcome =
        port->next(deadline_ps, &packet, *Removed == 0 ? alertable.question() : nullptr);
    if (outcome != CompletionPort::Outcome::kPacket) {
      if (*Removed > 0) break;
      if (outcome == CompletionPort::Outcome::kAlerted) return fail_with(WAIT_IO_COMPLETION);
      if (outcome == CompletionPort::Outcome::kClosed) return fail_with(ERROR_ABANDONED_WAIT_0);
      call.looked(reinterpret_cast<std::uintptr_t>(Port));
      return fail_with(WAIT_TIMEOUT);
    }
    const bool cancelled = packet.error == ERROR_OPERATION_ABORTED;
    const ULONG_PTR status = packet.error == 0 ? 0
                             : cancelled       ? kStatusCancelled
                                               : packet.overlapped->Internal;
    Entries[(*Removed)++] = {packet.key, packet.overlapped, status, packet.bytes};
    deadline_ps = 0;  // what else is there already
  }
  call.acted();
  return TRUE;
}

BOOL GetOverlappedResultEx(HANDLE File, LPOVERLAPPED Overlapped, LPDWORD Bytes, DWORD Milliseconds,
                           BOOL Alertable) {
  const ApiCall call("GetOverlappedResultEx");
  if (Overlapped->Internal == kStatusPending && Milliseconds != 0) {
    const DWORD answer = ringproof::wait_for_overlapped(
        call, *Overlapped, {.milliseconds = Milliseconds, .alertable = Alertable != FALSE});
    if (answer == WAIT_TIMEOUT || answer == WAIT_IO_COMPLETION) return fail_with(answer);
    if (answer == WAIT_FAILED) return FALSE;
  }
  return GetOverlappedResult(File, Overlapped, Bytes, FALSE);
}

}  // extern "C"
