// The words of conform: what is understood, and the line that answers what is not.

#include <gtest/gtest.h>

#include "sim/cli/command_line.h"

namespace ringproof {
namespace {

std::string refused(const std::vector<std::string>& words) {
  const CommandLine line = parse_command_line(words);
  EXPECT_EQ(line.status, kStatusUsage) << line.text;
  EXPECT_EQ(line.command, Command::kPrint);
  EXPECT_EQ(line.text.find('\n'), line.text.size() - 1) << line.text;
  return line.text.substr(0, line.text.size() - 1);
}

TEST(ConformWords, NeedOnlyAnEngine) {
  const CommandLine line = parse_command_line({"conform", "--engine", "rtl"});
  EXPECT_EQ(line.command, Command::kConform);
  EXPECT_EQ(line.conform.engine, "rtl");
  EXPECT_EQ(line.conform.only, "");
  EXPECT_EQ(line.conform.wave_dir, "");
  EXPECT_EQ(line.conform.seed, 1u);
}

TEST(ConformWords, AreAllUnderstood) {
  const CommandLine line = parse_command_line({"conform", "--engine", "./my.so", "--only", "rx.bytes",
                                               "--wave", "waves", "--seed", "18446744073709551615"});
  EXPECT_EQ(line.command, Command::kConform);
  EXPECT_EQ(line.conform.engine, "./my.so");
  EXPECT_EQ(line.conform.only, "rx.bytes");
  EXPECT_EQ(line.conform.wave_dir, "waves");
  EXPECT_EQ(line.conform.seed, ~std::uint64_t{0});
}

TEST(ConformWords, AreRefusedWithOneLine) {
  EXPECT_EQ(refused({"conform"}),
            "ringproof: --engine: expected the name of an engine, such as rtl, or the path of one, got none");
  EXPECT_EQ(refused({"conform", "--engine", "rtl", "--only", ""}),
            "ringproof: --only: expected the id of a requirement, got an empty one");
  EXPECT_EQ(refused({"conform", "--engine", "rtl", "--wave", ""}),
            "ringproof: --wave: expected a directory, got an empty one");
  EXPECT_EQ(refused({"conform", "--engine", "cycle", "--wave", "waves"}),
            "ringproof: --wave: expected an engine with waveforms, got the cycle engine, which has none");
  EXPECT_EQ(refused({"conform", "--engine", "rtl", "rx"}),
            "ringproof: conform: expected no other words, got \"rx\" as well");
  EXPECT_NE(refused({"conform", "--engine", "rtl", "--seed", "x"}).find("--seed"), std::string::npos);
}

TEST(ConformWords, HaveAHelp) {
  const CommandLine line = parse_command_line({"conform", "--help"});
  EXPECT_EQ(line.status, kStatusFine);
  for (const char* word :
       {"Usage: ringproof conform", "--only ID", "--wave DIR", "--seed N", "Exit status"}) {
    EXPECT_NE(line.text.find(word), std::string::npos) << word;
  }
}

}  // namespace
}  // namespace ringproof
