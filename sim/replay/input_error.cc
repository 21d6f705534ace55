#include "sim/replay/input_error.h"

#include <fmt/format.h>

#include <algorithm>
#include <numeric>
#include <utility>

namespace ringproof {
namespace {

// Levenshtein's distance: how many letters must be changed, added or taken away.
std::size_t edit_distance(std::string_view left, std::string_view right) {
  std::vector<std::size_t> row(right.size() + 1);
  std::iota(row.begin(), row.end(), std::size_t{0});
  for (std::size_t i = 1; i <= left.size(); ++i) {
    std::size_t diagonal = row[0];
    row[0] = i;
    for (std::size_t j = 1; j <= right.size(); ++j) {
      const std::size_t above = row[j];
      const std::size_t change = diagonal + (left[i - 1] == right[j - 1] ? 0 : 1);
      row[j] = std::min({above + 1, row[j - 1] + 1, change});
      diagonal = above;
    }
  }
  return row.back();
}

// What others call what we have a name for. Letters do not bring one from the one to the other.
constexpr std::pair<std::string_view, std::string_view> kOtherNames[] = {
    {"sc", "sequential"},
    {"seq", "sequential"},
    {"seq-cst", "sequential"},
    {"seq_cst", "sequential"},
    {"ra", "release-acquire"},
    {"rel-acq", "release-acquire"},
    {"acq-rel", "release-acquire"},
    {"acq_rel", "release-acquire"},
    {"acquire-release", "release-acquire"},
    {"x86", "tso"},
    {"x86-tso", "tso"},
    {"total-store-order", "tso"},
};

std::string in_small_letters(std::string_view text) {
  std::string small(text);
  for (char& letter : small) {
    if (letter >= 'A' && letter <= 'Z') letter = static_cast<char>(letter - 'A' + 'a');
  }
  return small;
}

}  // namespace

std::string one_line(std::string_view text, std::size_t bytes_max) {
  std::string line(text.substr(0, bytes_max));
  for (char& letter : line) {
    const auto code = static_cast<unsigned char>(letter);
    if (code < 0x20 || code == 0x7F) letter = '?';
  }
  if (text.size() > bytes_max) {
    // A character of several bytes is not cut in the middle.
    while (!line.empty() && (static_cast<unsigned char>(line.back()) & 0xC0) == 0x80) line.pop_back();
    if (!line.empty() && static_cast<unsigned char>(line.back()) >= 0xC0) line.pop_back();
    line += "...";
  }
  return line;
}

std::string did_you_mean(std::string_view word, const std::vector<std::string>& known) {
  // More than a third of the letters wrong is another word.
  std::size_t best = std::max<std::size_t>(2, word.size() / 3) + 1;
  const std::string* nearest = nullptr;
  // Longer words than any of ours are not worth the time.
  if (word.size() > 64) return {};
  const std::string small = in_small_letters(word);
  for (const auto& [other, ours] : kOtherNames) {
    if (small == other && std::find(known.begin(), known.end(), ours) != known.end()) {
      return fmt::format(" (did you mean {}?)", ours);
    }
  }
  for (const std::string& candidate : known) {
    const std::size_t distance = edit_distance(small, in_small_letters(candidate));
    if (distance < best) {
      best = distance;
      nearest = &candidate;
    }
  }
  return nearest == nullptr ? std::string() : fmt::format(" (did you mean {}?)", *nearest);
}

}  // namespace ringproof
