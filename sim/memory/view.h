// view.h: for each word, the oldest message that may still be read.
// Role     what an actor has seen, and what a message hands on
// Shapes   stamps by the number of the word; a word that is not mentioned has stamp 0
#pragma once

#include <algorithm>
#include <cstdint>
#include <vector>

namespace ringproof {

class View {
 public:
  std::uint64_t at(std::uint32_t word) const { return word < stamps_.size() ? stamps_[word] : 0; }
  void see(std::uint32_t word, std::uint64_t stamp) {
    if (word >= stamps_.size()) stamps_.resize(std::size_t{word} + 1);
    stamps_[word] = std::max(stamps_[word], stamp);
  }
  void join(const View& other) {
    if (other.stamps_.size() > stamps_.size()) stamps_.resize(other.stamps_.size());
    for (std::size_t i = 0; i < other.stamps_.size(); ++i)
      stamps_[i] = std::max(stamps_[i], other.stamps_[i]);
  }
  void clear(std::uint32_t word) {
    if (word < stamps_.size()) stamps_[word] = 0;
  }

 private:
  std::vector<std::uint64_t> stamps_;
};

}  // namespace ringproof
