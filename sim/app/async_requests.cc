#include "sim/app/async_requests.h"

#include <algorithm>
#include <utility>
#include <vector>

#include "model/xdp/user_memory.h"

namespace ringproof {
namespace {

constexpr std::uint32_t kStatusCancelled = 0xC0000120;
// The lowest bit of hEvent asks that no packet goes to the port.
constexpr std::uintptr_t kNoPacket = 1;

}  // namespace

class AsyncRequests::Request final : public xdp::AsyncNotify {
 public:
  Request(AsyncRequests& owner, OVERLAPPED* overlapped, std::shared_ptr<Event> event, Association association)
      : owner_(owner),
        overlapped_(overlapped),
        process_(owner.world_.kernel.current_process()),
        event_(std::move(event)),
        association_(std::move(association)) {}

  void complete(xdp::Status status, std::uint32_t result) override {
    // Whatever happens below may free the entry that holds this request.
    const auto entry = owner_.pending_.extract(overlapped_);
    HostKernel& kernel = owner_.world_.kernel;
    if (kernel.process_stopped(process_) || !xdp::user_writable(overlapped_, sizeof *overlapped_)) return;
    const bool cancelled = status == xdp::Status::kCancelled;
    overlapped_->InternalHigh = result;
    __atomic_store_n(&overlapped_->Internal, cancelled ? kStatusCancelled : 0, __ATOMIC_RELEASE);
    kernel.shared_word_changed(&overlapped_->Internal);
    if (event_ != nullptr) event_->set();
    kernel.notify(owner_.world_.signalled);  // who waits without an event
    if (association_.port != nullptr) {
      association_.port->post({result, association_.key, overlapped_,
                               cancelled ? static_cast<std::uint32_t>(ERROR_OPERATION_ABORTED) : 0});
    }
  }

 private:
  AsyncRequests& owner_;
  OVERLAPPED* const overlapped_;
  const std::uint32_t process_;
  const std::shared_ptr<Event> event_;
  const Association association_;
};

AsyncRequests::AsyncRequests(World& world) : world_(world) {}

bool AsyncRequests::associate(HANDLE file, std::shared_ptr<CompletionPort> port, std::uint64_t key) {
  return associations_.insert({file, {std::move(port), key}}).second;
}

void AsyncRequests::post_end(HANDLE file, OVERLAPPED* overlapped, std::uint32_t bytes, std::uint32_t error) {
  const auto found = associations_.find(file);
  if (found == associations_.end()) return;
  found->second.port->post({bytes, found->second.key, overlapped, error});
}

xdp::Status AsyncRequests::notify(HANDLE handle, xdp::Socket& socket, std::uint32_t flags,
                                  OVERLAPPED* overlapped) {
  if (!xdp::user_writable(overlapped, sizeof *overlapped)) return xdp::Status::kNoAccess;
  overlapped->Internal = kStatusPending;
  const auto named = reinterpret_cast<std::uintptr_t>(overlapped->hEvent);
  std::shared_ptr<Event> event;
  if ((named & ~kNoPacket) != 0) {
    event = std::dynamic_pointer_cast<Event>(world_.platform.handles().find(overlapped->hEvent));
    if (event == nullptr) return xdp::Status::kInvalidHandle;
    event->reset();
  }
  const auto found = associations_.find(handle);
  const bool packet = found != associations_.end() && (named & kNoPacket) == 0;
  const auto request =
      std::make_shared<Request>(*this, overlapped, event, packet ? found->second : Association{});
  pending_[overlapped] = {handle, world_.kernel.current_task(), made_++, socket.weak_from_this(), request};
  const xdp::Status status = socket.notify_async(flags, request);
  // A request that was refused is never heard of again; its OVERLAPPED still says pending.
  if (failed(status) && status != xdp::Status::kPending) pending_.erase(overlapped);
  return status;
}

bool AsyncRequests::cancel(HANDLE handle, xdp::Socket& socket, const OVERLAPPED* overlapped, bool own_only) {
  for (const auto& [key, pending] : pending_) {
    const bool named = overlapped == nullptr || overlapped == key;
    const bool own = !own_only || pending.task == world_.kernel.current_task();
    // At most one request of a socket waits.
    if (pending.handle == handle && named && own) return socket.cancel(pending.request.get());
  }
  return false;
}

void AsyncRequests::task_ended(int task) {
  std::vector<Pending> own;
  for (const auto& [key, pending] : pending_) {
    if (pending.task == task && !associations_.contains(pending.handle)) own.push_back(pending);
  }
  // Addresses of the program say nothing.
  std::sort(own.begin(), own.end(), [](const Pending& a, const Pending& b) { return a.order < b.order; });
  for (const Pending& pending : own) {
    if (const auto socket = pending.socket.lock()) socket->cancel(pending.request.get());
  }
}

}  // namespace ringproof
