// inspector_fuzz.cc: rules and frames from the bytes of a libFuzzer input.
// Role     whatever the frame and its buffers are, the platform and the reference agree about the rule
// Shapes   an input is a list of choices; each takes a byte or two, 0 when there are none left. Half of the
//          frames are drawn as those of the random test are, of the others every byte is the input's
// Errors   a difference, or a sanitizer's finding, ends the process
// Source   docs/rules.md

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <utility>
#include <vector>

#include "testbench/model/xdp/two_verdicts.h"

namespace ringproof::xdp {
namespace {

constexpr std::uint32_t kRulesMax = 8;

class InputChoices final : public Choices {
 public:
  InputChoices(const unsigned char* data, std::size_t size) : data_(data), size_(size) {}
  std::uint32_t below(std::uint32_t bound) override {
    std::uint32_t value = next();
    if (bound > 256) value = value << 8 | next();
    return value % bound;
  }
  Bytes rest() {
    Bytes bytes(data_, data_ + size_);
    size_ = 0;
    return bytes;
  }

 private:
  std::uint32_t next() {
    if (size_ == 0) return 0;
    --size_;
    return *data_++;
  }

  const unsigned char* data_;
  std::size_t size_;
};

// Lengths of buffers, whatever the frame is.
std::vector<std::uint32_t> raw_buffers(InputChoices& choices) {
  std::vector<std::uint32_t> buffers(choices.below(80));
  for (std::uint32_t& length : buffers) length = choices.below(64);
  return buffers;
}

DrawnFrame raw_frame(InputChoices& choices) {
  DrawnFrame frame;
  std::vector<std::uint32_t> buffers = raw_buffers(choices);
  frame.fragment_limit = choices.below(80);
  frame.quirks = {choices.one_in(2), choices.one_in(2), choices.one_in(2)};
  frame.bytes = choices.rest();
  // As they come from a driver: to the end of the frame, and no further.
  std::uint32_t left = static_cast<std::uint32_t>(frame.bytes.size());
  for (std::uint32_t& length : buffers) left -= length = std::min(length, left);
  if (!buffers.empty()) buffers.back() += left;
  frame.buffers = std::move(buffers);
  return frame;
}

void play(InputChoices choices) {
  RuleDrawer drawer(choices);
  const BothRules rules(drawer.rules(kRulesMax));
  const DrawnFrame frame = choices.one_in(2) ? raw_frame(choices) : drawer.frame();
  const Verdicts verdicts = judge(rules, frame);
  if (verdicts.platform == verdicts.reference) return;
  std::fprintf(stderr, "rule %d, the reference says %d\n%s\n", static_cast<int>(verdicts.platform),
               static_cast<int>(verdicts.reference), described(rules.given, frame).c_str());
  std::abort();
}

}  // namespace
}  // namespace ringproof::xdp

extern "C" int LLVMFuzzerTestOneInput(const unsigned char* data, std::size_t size) {
  ringproof::xdp::play({data, size});
  return 0;
}
