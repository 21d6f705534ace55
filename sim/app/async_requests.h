// async_requests.h: notifications that an application has under way.
// Role     joins a socket's asynchronous wait to the OVERLAPPED, the event and the port that hear of its end
// Shapes   one request per OVERLAPPED at a time
// Threads  simulation thread; completions come from any task or service
// Errors   an OVERLAPPED that cannot be written any more hears nothing; nor does anything after the process
//          has ended
// Source   XDP for Windows: XskNotifyAsync; Windows: overlapped I/O
#pragma once

#include <cstdint>
#include <map>
#include <memory>

#include "model/xdp/public_api.h"
#include "model/xdp/socket.h"
#include "sim/app/completion_port.h"
#include "sim/app/waitable.h"

namespace ringproof {

// What OVERLAPPED.Internal says until the operation is over.
constexpr std::uint32_t kStatusPending = 0x103;

class AsyncRequests {
 public:
  explicit AsyncRequests(World& world);

  // False: the handle has a port already.
  bool associate(HANDLE file, std::shared_ptr<CompletionPort> port, std::uint64_t key);
  bool has_port(HANDLE file) const { return associations_.contains(file); }
  // The end of an operation that was asked for through the handle: a packet for its port, if it has one.
  void post_end(HANDLE file, OVERLAPPED* overlapped, std::uint32_t bytes, std::uint32_t error);
  xdp::Status notify(HANDLE handle, xdp::Socket& socket, std::uint32_t flags, OVERLAPPED* overlapped);
  // Cancels on this handle the request of `overlapped` (null: any), of the calling task only if so asked.
  // False: there was none.
  bool cancel(HANDLE handle, xdp::Socket& socket, const OVERLAPPED* overlapped, bool own_only);

  // A thread takes along what it has under way, except where a port collects it.
  void task_ended(int task);

 private:
  class Request;
  struct Association {
    std::shared_ptr<CompletionPort> port;
    std::uint64_t key = 0;
  };
  struct Pending {
    HANDLE handle = nullptr;
    int task = -1;
    std::uint64_t order = 0;  // in which they were made
    std::weak_ptr<xdp::Socket> socket;
    std::shared_ptr<Request> request;
  };

  World& world_;
  std::map<HANDLE, Association> associations_;  // handles are never used again
  std::map<const OVERLAPPED*, Pending> pending_;
  std::uint64_t made_ = 0;
};

}  // namespace ringproof
