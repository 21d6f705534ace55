#include "sim/win32/pipe_request.h"

#include <ringproof/win32/errors.h>
#include <ringproof/win32/status.h>

#include <algorithm>
#include <iterator>
#include <utility>

#include "model/xdp/user_memory.h"
#include "sim/app/async_requests.h"
#include "sim/win32/pipe.h"
#include "sim/win32/state.h"

namespace ringproof {
namespace {

// The lowest bit of hEvent asks that no packet goes to the port.
bool wants_packet(const OVERLAPPED& overlapped) {
  return (reinterpret_cast<std::uintptr_t>(overlapped.hEvent) & 1) == 0;
}

}  // namespace

PipeRequest::PipeRequest(World& world, Where where, OVERLAPPED* overlapped, std::shared_ptr<Event> event)
    : maker(world.kernel.current_task()),
      process(world.kernel.current_process()),
      world_(world),
      where_(std::move(where)),
      pipe_(where_.end->pipe()),
      overlapped_(overlapped),
      wants_packet_(wants_packet(*overlapped)),
      event_(std::move(event)) {}

void PipeRequest::finish(DWORD error, DWORD bytes) {
  if (std::exchange(over_, true)) return;
  tell(error, bytes);
  const std::shared_ptr<Pipe> pipe = pipe_;
  world_.win32->pipe_requests->remove(*this);  // which may be the last that has it
  pipe->tell_change();
}

// From the store on the OVERLAPPED is the application's to use again.
void PipeRequest::tell(DWORD error, DWORD bytes) {
  HostKernel& kernel = world_.kernel;
  if (kernel.process_stopped(process) || !xdp::user_writable(overlapped_, sizeof *overlapped_)) return;
  overlapped_->InternalHigh = bytes;
  __atomic_store_n(&overlapped_->Internal, pipe_status_of(error), __ATOMIC_RELEASE);
  kernel.shared_word_changed(&overlapped_->Internal);
  if (event_ != nullptr) event_->set();
  kernel.notify(world_.signalled);  // who waits without an event
  if (wants_packet_) world_.async->post_end(where_.handle, overlapped_, bytes, error);
}

void PipeRequest::cancel() {
  if (message != 0) where_.end->take_back(*this);
  finish(ERROR_OPERATION_ABORTED, 0);
}

bool PipeRequest::has_turn() const { return world_.win32->pipe_requests->has_turn(*this); }

void PipeRequests::remove(const PipeRequest& request) {
  std::erase_if(requests_, [&request](const auto& known) { return known.get() == &request; });
}

bool PipeRequests::has_turn(const PipeRequest& request) const {
  const auto first = std::find_if(requests_.begin(), requests_.end(),
                                  [&request](const auto& known) { return known->same_kind(request); });
  return first == requests_.end() || first->get() == &request;
}

template <typename Meant>
std::vector<std::shared_ptr<PipeRequest>> PipeRequests::those(Meant meant) const {
  std::vector<std::shared_ptr<PipeRequest>> found;
  std::copy_if(requests_.begin(), requests_.end(), std::back_inserter(found),
               [&meant](const auto& request) { return meant(*request); });
  return found;
}

bool PipeRequests::cancel(const PipeEnd& end, const OVERLAPPED* overlapped, int maker) {
  const auto meant = those([&](const PipeRequest& request) {
    const bool named = overlapped == nullptr || overlapped == request.overlapped();
    return named && request.where().end.get() == &end && (maker < 0 || request.maker == maker);
  });
  for (const auto& request : meant) request->cancel();
  return !meant.empty();
}

void PipeRequests::task_ended(World& world, int task) {
  const auto own = those([&](const PipeRequest& request) {
    return request.maker == task && !world.async->has_port(request.where().handle);
  });
  for (const auto& request : own) request->cancel();
}

// Nobody hears of these, whose threads have been stopped; who waits behind them goes on.
void PipeRequests::process_ended(std::uint32_t process) {
  for (const auto& request :
       those([process](const PipeRequest& known) { return known.process == process; })) {
    request->finish(ERROR_OPERATION_ABORTED, 0);
  }
}

ULONG_PTR pipe_status_of(DWORD error) {
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

}  // namespace ringproof
