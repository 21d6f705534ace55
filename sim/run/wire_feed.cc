#include "sim/run/wire_feed.h"

#include <algorithm>

namespace ringproof {

bool WireFeed::next(nic::SourceFrame& frame) {
  if (next_ == frames_.size()) return false;
  const Due& due = frames_[next_++];
  frame.offset_ps = std::max(due.due_ps, start_ps_) - start_ps_;
  frame.bytes = due.frame.bytes;
  frame.queue = due.frame.queue;
  frame.layer3 = due.frame.layer3;
  frame.layer4 = due.frame.layer4;
  frame.timestamp_ns = due.frame.timestamp_ns;
  frame.buffers = due.frame.buffers;
  return true;
}

}  // namespace ringproof
