// posted_chunks.h: the chunks that a socket has posted to a device which works on its rings.
// Role     finds out that one was posted twice: then nobody can say what is in it
// Shapes   in posted order; once a chunk was doubled, it stays so until the next loan
// Errors   none
// Source   docs/design/queue-engine.md, "Zero-copy queues"; INV-11
#pragma once

#include <cstdint>
#include <unordered_map>

#include "model/base/fifo.h"

namespace ringproof {

class PostedChunks {
 public:
  // A loan begins, or ends (false).
  void begin(bool lent) {
    lent_ = lent;
    doubled_ = false;
    order_.clear();
    posted_.clear();
  }
  bool lent() const { return lent_; }
  // An application that posts a chunk twice cannot expect either frame in it to be whole.
  bool doubled() const { return doubled_; }

  void post(std::uint64_t address) {
    if (!lent_) return;
    order_.push(address);
    doubled_ |= ++posted_[address] > 1;
  }
  void complete() {
    if (!lent_ || order_.empty()) return;
    const auto found = posted_.find(order_.front());
    if (--found->second == 0) posted_.erase(found);
    order_.pop();
  }

 private:
  bool lent_ = false;
  bool doubled_ = false;
  Fifo<std::uint64_t> order_;
  std::unordered_map<std::uint64_t, std::uint32_t> posted_;  // how often
};

}  // namespace ringproof
