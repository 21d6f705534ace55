// interface_handle.h: what XdpInterfaceOpen gives: the offloads of one adapter in an application's hands.
// Role     reads what the application points to, and judges by what became of handle and adapter; what was
//          set through the handle ends with it
// Shapes   any number per adapter; a handle that has seen its adapter go is good only for closing
// Units    [bytes]
// Threads  simulation thread; setting, closing and removal may block the calling task
// Errors   memory that is not there: kNoAccess, before everything else. The adapter went away: kNotReady,
//          after what a request says of itself
// Source   XDP for Windows: interface handles, RSS, QEO; docs/interfaces.md
#pragma once

#include <cstdint>

#include "model/base/host.h"
#include "model/driver/driver.h"
#include "model/xdp/handle_table.h"
#include "model/xdp/quic_offload.h"
#include "model/xdp/rss_control.h"
#include "model/xdp/status.h"
#include "model/xdp/task_lock.h"

namespace ringproof::xdp {

class InterfaceHandle final : public KernelObject {
 public:
  // `number` is its own among the interface handles.
  InterfaceHandle(std::uint64_t number, std::uint32_t interface_index, RssControl& rss,
                  driver::Driver& adapter, Host& host)
      : index_(interface_index),
        rss_(rss),
        quic_(adapter.quic(), adapter.control()),
        host_(host),
        connecting_(host, {"connections of an interface handle", number}) {}

  std::uint32_t interface_index() const { return index_; }

  // `size` is written whatever they return.
  Status rss_capabilities(void* to, std::uint32_t* size) const;
  Status rss_get(void* to, std::uint32_t* size) const;
  Status rss_set(const void* from, std::uint32_t bytes);
  Status qeo_set(void* connections, std::uint32_t bytes);

  void close() override;
  // The adapter goes away; one that comes back is another one.
  void adapter_removed();

 private:
  void revert();

  const std::uint32_t index_;
  RssControl& rss_;
  QuicOffload quic_;
  Host& host_;
  TaskLock connecting_;
  bool removed_ = false;
  bool closed_ = false;
};

}  // namespace ringproof::xdp
