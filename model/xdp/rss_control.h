// rss_control.h: receive-side scaling of one adapter: who has set what, and what the NIC does.
// Role     keeps what the operating system asked for (upper) and what one interface handle asked for (lower);
//          lower, while it is there, is what the adapter uses. A queue polls on the processor it is named by
// Shapes   one owner at a time; what the operating system asks for meanwhile is kept for later
// Units    queues and processors by number
// Threads  simulation thread; what changes something waits until the hardware has reached the caller's time,
//          and a handle until the adapter has answered it
// Errors   those of XdpRssSet, in its order, and then what the adapter answers
// Source   XDP for Windows: interface handles and RSS; docs/interfaces.md
#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <vector>

#include "model/base/host.h"
#include "model/driver/driver.h"
#include "model/xdp/rss.h"
#include "model/xdp/task_lock.h"

namespace ringproof::xdp {

// What the operating system asks for. It names queues; their processors are those that they poll on.
struct HostRss {
  std::uint32_t hash_types = nic::rss_hash::kAll;  // 0: off, everything goes to queue 0
  nic::RssKey key{};
  std::vector<std::uint8_t> queues;  // a power of two of them, at most 128
};

class RssControl {
 public:
  // `configured`: the operating system has asked for its default already.
  RssControl(driver::Driver& driver, Host& host, RssSupport support, bool configured);
  RssControl(const RssControl&) = delete;
  RssControl& operator=(const RssControl&) = delete;

  const RssAdapter& adapter() const { return adapter_; }
  // The key of the NIC file, and the queues in turn.
  HostRss host_default() const;

  // ---- The operating system ----

  const std::optional<HostRss>& host_setting() const { return upper_; }
  // None: it has asked for nothing, so queue 0 gets everything. Holds when the writes to the NIC have come to
  // it; does not wait for that, as whoever calls need not be a task. REQUIRES: queues that are there.
  void set_host(std::optional<HostRss> setting);

  // ---- Interface handles ----

  // Lower if there is one, else upper.
  std::optional<RssSetting> current() const;
  // Held from before the handle looks whether it is still good until set() is over: a request is answered
  // before the next one is looked at.
  TaskLock& setting() { return setting_; }
  // `owner` names the handle. REQUIRES: the hardware has reached the time of the caller: meet_hardware().
  Status set(const void* owner, const RssRequest& request);
  // The owner is gone, or has lost its adapter; others may say so in vain. As set_host(): does not wait until
  // what held before holds again.
  void release(const void* owner);

 private:
  RssSetting upper_setting() const;
  std::uint32_t processor_of(std::uint32_t queue) const;
  // What is in force comes to the NIC, and queues go to their processors.
  void apply();
  void move_queues();
  void move_queues(driver::Direction direction, std::uint32_t queues,
                   const std::vector<std::uint32_t>& wanted);

  driver::Driver& driver_;
  Host& host_;
  RssAdapter adapter_;
  TaskLock setting_;
  nic::RssKey default_key_;
  std::optional<HostRss> upper_;
  std::optional<RssSetting> lower_;
  const void* owner_ = nullptr;                     // of lower; null: none
  std::vector<std::uint32_t> home_;                 // processors of the queues without lower
  std::array<std::vector<std::uint32_t>, 2> sent_;  // where lower has put them, by direction
};

}  // namespace ringproof::xdp
