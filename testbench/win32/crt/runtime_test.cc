// Runs Windows programs that use the C runtime, and looks at what they print.

#include <gtest/gtest.h>

#include <string>

#include "testbench/end_to_end/command.h"

namespace ringproof::test {
namespace {

Outcome run(const std::string& name, const Folder& folder, const std::string& seed = "1") {
  return ringproof({"replay", trace("udp-echo.pcapng"), "--app", application(name), "--seed", seed, "--out",
                    folder.path(), "--", "one"});
}

// Up to the summary.
std::string printed(const Outcome& outcome) { return outcome.out.substr(0, outcome.out.find("\nended")); }

TEST(WindowsRuntime, PrintsInCAsMicrosoftsDoes) {
  const Folder folder;
  const Outcome outcome = run("windows_runtime_c", folder);
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  std::string text = printed(outcome);
  const std::size_t random = text.find("random ");
  ASSERT_NE(random, std::string::npos) << text;
  text.erase(random, text.find('\n', random) + 1 - random);
  EXPECT_EQ(text,
            "2 one\n"
            "-5 4000000000 ee6b2800\n"
            "18446744073709551615 -1 0xff 7 9\n"
            "one two thrée four\n"
            "0000000000ABCDEF\n"
            "5\n"
            "-1 63\n"
            "wide narrow 3|     right|left  |\n"
            "0003.142\n"
            "4: 12 -34 18446744073709551615 word\n"
            "0 ''\n"
            "2 abc 5\n"
            "[a][b][c]\n"
            "0 0 0\n"
            "dcba xyz 3\n"
            "80\n"
            "UP 1099511627775 3412\n"
            "1111111 ffffffff\n"
            "much to\n"
            ":80 a010203 20480\n"
            "1\n"
            "1 10050\n"
            "0 1\n"
            "2 2500\n"
            "0 8\n");
}

TEST(WindowsRuntime, PrintsInCppAsMicrosoftsDoes) {
  const Folder folder;
  const Outcome outcome = run("windows_runtime_cpp", folder);
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(printed(outcome),
            "one+two eins+zwei 16\n"
            "-1 wide\n"
            "-1 1\n"
            "-1\n"
            "grüße, 42 1.500000 18 7 0\n"
            "a=1 b=2 yy z\n"
            "123 3 /file\n"
            "cout 4294967295 2.500000\n"
            "a long has 32 bits\n"
            "1 fe80::1\n"
            "0\n");
}

TEST(WindowsRuntime, DrawsRandomNumbersOfTheSeed) {
  const Folder folder;
  const auto drawn = [&](const std::string& seed) {
    const std::string text = printed(run("windows_runtime_c", folder, seed));
    return text.substr(text.find("random "), 15);
  };
  EXPECT_EQ(drawn("1"), drawn("1"));
  EXPECT_NE(drawn("1"), drawn("2"));
}

}  // namespace
}  // namespace ringproof::test
