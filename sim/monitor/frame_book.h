// frame_book.h: what a monitor notes about each frame between its arrival and its end.
// Role     one note per frame in flight, found by port and timestamp
// Shapes   frames are begun in the order of their timestamps, so a note is found by halving; those of the
//          host's own stack have a list of their own
// Errors   a frame that was never begun has no note: null. Frames that end late keep the notes behind them
// Source   model/base/tap.h: (port, timestamp) names a received frame
#pragma once

#include <cstdint>
#include <vector>

#include "model/base/fifo.h"
#include "model/base/tap.h"

namespace ringproof {

template <typename Note>
class FrameBook {
 public:
  Note& begin(std::uint32_t port, std::uint64_t timestamp_ns) {
    const std::size_t list = list_of(port, timestamp_ns);
    if (list >= lists_.size()) lists_.resize(list + 1);
    Entry& entry = lists_[list].push();
    entry.timestamp_ns = timestamp_ns;
    entry.ended = false;
    entry.note = Note();
    return entry.note;
  }

  Note* find(std::uint32_t port, std::uint64_t timestamp_ns) {
    Entry* entry = entry_of(port, timestamp_ns);
    return entry == nullptr || entry->ended ? nullptr : &entry->note;
  }

  // Calls visit(note) for the notes of received frames of a port that have not ended.
  template <typename Visit>
  void each(std::uint32_t port, Visit&& visit) {
    const std::size_t list = list_of(port, 0);
    if (list >= lists_.size()) return;
    for (std::size_t i = 0; i < lists_[list].size(); ++i) {
      if (Entry& entry = lists_[list][i]; !entry.ended) visit(entry.note);
    }
  }

  // The note stays readable until the next frame begins.
  Note* end(std::uint32_t port, std::uint64_t timestamp_ns) {
    Entry* entry = entry_of(port, timestamp_ns);
    if (entry == nullptr || entry->ended) return nullptr;
    entry->ended = true;
    Fifo<Entry>& entries = lists_[list_of(port, timestamp_ns)];
    while (!entries.empty() && entries.front().ended) entries.pop();
    return &entry->note;
  }

 private:
  struct Entry {
    std::uint64_t timestamp_ns = 0;
    bool ended = false;
    Note note;
  };

  static std::size_t list_of(std::uint32_t port, std::uint64_t timestamp_ns) {
    return std::size_t{port} * 2 + (is_local_frame(timestamp_ns) ? 1 : 0);
  }

  Entry* entry_of(std::uint32_t port, std::uint64_t timestamp_ns) {
    const std::size_t list = list_of(port, timestamp_ns);
    if (list >= lists_.size()) return nullptr;
    Fifo<Entry>& entries = lists_[list];
    std::size_t first = 0;
    std::size_t count = entries.size();
    // Most frames end in the order in which they came.
    if (count > 0 && entries[0].timestamp_ns == timestamp_ns) return &entries[0];
    while (count > 0) {
      const std::size_t half = count / 2;
      if (entries[first + half].timestamp_ns < timestamp_ns) {
        first += half + 1;
        count -= half + 1;
      } else {
        count = half;
      }
    }
    return first < entries.size() && entries[first].timestamp_ns == timestamp_ns ? &entries[first] : nullptr;
  }

  std::vector<Fifo<Entry>> lists_;
};

}  // namespace ringproof
