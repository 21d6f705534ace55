// The platform and the reference agree about every frame: drawn ones, and those of the captures.

#include <fmt/format.h>
#include <gtest/gtest.h>

#include <array>
#include <filesystem>
#include <set>
#include <string>
#include <vector>

#include "model/base/random.h"
#include "sim/replay/capture.h"
#include "testbench/model/xdp/two_verdicts.h"

namespace ringproof::xdp {
namespace {

constexpr std::uint64_t kSeed = 1;
constexpr std::size_t kTypes = XDP_MATCH_ICMPV6_ECHO_REPLY_IP_DST + 1;

class RandomChoices final : public Choices {
 public:
  RandomChoices(std::uint64_t seed, std::string_view name) : stream_(seed, name) {}
  std::uint32_t below(std::uint32_t bound) override {
    return static_cast<std::uint32_t>(stream_.below(bound));
  }

 private:
  RandomStream stream_;
};

class ReferenceRules : public testing::Test {
 protected:
  // False after the first few differences: more of them tell nothing.
  bool expect_agreement(const BothRules& rules, const DrawnFrame& frame) {
    ++pairs_;
    const Verdicts verdicts = judge(rules, frame);
    if (verdicts.platform == verdicts.reference) {
      if (verdicts.platform != reference::kNone) ++decided_[rules.given[verdicts.platform].Match];
      return true;
    }
    ADD_FAILURE() << fmt::format("pair {} of seed {}: rule {}, the reference says {}\n", pairs_, kSeed,
                                 static_cast<std::int32_t>(verdicts.platform),
                                 static_cast<std::int32_t>(verdicts.reference))
                  << described(rules.given, frame);
    return ++differences_ < 3;
  }

  std::uint64_t pairs_ = 0;
  std::uint64_t differences_ = 0;
  std::array<std::uint64_t, kTypes> decided_{};
};

// Three million pairs of a program and a frame.
TEST_F(ReferenceRules, AgreesAboutDrawnFrames) {
  constexpr std::uint32_t kPrograms = 1000;
  constexpr std::uint32_t kFrames = 300'000;
  constexpr std::uint32_t kProgramsPerFrame = 10;
  RandomChoices choices(kSeed, "drawn frames");
  RuleDrawer drawer(choices);
  std::vector<BothRules> programs;
  for (std::uint32_t i = 0; i < kPrograms; ++i) programs.emplace_back(drawer.rules(8));
  for (std::uint32_t i = 0; i < kFrames; ++i) {
    const DrawnFrame frame = drawer.frame();
    for (std::uint32_t k = 0; k < kProgramsPerFrame; ++k) {
      if (!expect_agreement(choices.one_of(programs), frame)) return;
    }
  }
  EXPECT_EQ(pairs_, 3'000'000u);
  // Every type had its say, so that agreement means something.
  for (std::size_t type = 0; type < kTypes; ++type) EXPECT_GE(decided_[type], 500u) << "type " << type;
}

// Programs of rules for the very frame, which comes as it is, and as it might.
TEST_F(ReferenceRules, AgreesAboutTheCaptures) {
  constexpr std::uint32_t kFramesMax = 1500;  // of each capture, taken evenly
  constexpr std::uint32_t kProgramsPerFrame = 6;
  constexpr std::size_t kRulesPerProgram = 4;
  RandomChoices choices(kSeed, "captures");
  RuleDrawer drawer(choices);
  std::set<std::string> paths;
  for (const auto& file : std::filesystem::directory_iterator(RINGPROOF_SOURCE_DIR "/traces")) {
    const std::string extension = file.path().extension();
    if (extension == ".pcap" || extension == ".pcapng") paths.insert(file.path());
  }
  EXPECT_GE(paths.size(), 5u);
  for (const std::string& path : paths) {
    const Capture capture = read_capture(path);
    const std::size_t step = 1 + capture.frames.size() / kFramesMax;
    for (std::size_t i = 0; i < capture.frames.size(); i += step) {
      const auto bytes = capture.bytes(i);
      DrawnFrame whole;
      whole.bytes.assign(bytes.begin(), bytes.end());
      for (std::uint32_t k = 0; k < kProgramsPerFrame; ++k) {
        std::vector<XDP_RULE> rules(kRulesPerProgram);
        for (XDP_RULE& rule : rules) rule = drawer.rule_for(whole.bytes);
        const BothRules program(std::move(rules));
        if (!expect_agreement(program, whole)) return;
        if (!expect_agreement(program, drawer.disturbed(whole.bytes))) return;
      }
    }
  }
  EXPECT_GE(pairs_, 20'000u);
}

}  // namespace
}  // namespace ringproof::xdp
