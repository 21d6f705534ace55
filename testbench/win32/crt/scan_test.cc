// What Microsoft's scanf language stores, by its documentation.

#include <gtest/gtest.h>

#include <cstdarg>
#include <cstdint>
#include <cstdio>
#include <string>

#include "sim/win32/crt_scan.h"

namespace ringproof::win32 {
namespace {

int scan(const char* text, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const int fields = scan_text(text, format, {}, arguments);
  va_end(arguments);
  return fields;
}

int scan_s(const char* text, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const int fields = scan_text(text, format, {true, false}, arguments);
  va_end(arguments);
  return fields;
}

int scan_wide_s(const char* text, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const int fields = scan_text(text, format, {true, true}, arguments);
  va_end(arguments);
  return fields;
}

int scan_stream(std::FILE* file, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const int fields = scan_file(file, format, {}, arguments);
  va_end(arguments);
  return fields;
}

TEST(CrtScan, ALongTargetHas32Bits) {
  std::int32_t values[] = {7, 7, 7};
  EXPECT_EQ(scan("-5", "%ld", &values[1]), 1);
  EXPECT_EQ(values[0], 7);
  EXPECT_EQ(values[1], -5);
  EXPECT_EQ(values[2], 7);
}

TEST(CrtScan, SizesOfTargetsAreMicrosofts) {
  std::uint64_t large = 0;
  std::int16_t small = 0;
  std::int8_t smallest = 0;
  std::uint32_t hex = 0;
  EXPECT_EQ(scan("18446744073709551615 -3 -4 ff", "%I64u %hd %hhd %I32x", &large, &small, &smallest, &hex),
            4);
  EXPECT_EQ(large, ~0ull);
  EXPECT_EQ(small, -3);
  EXPECT_EQ(smallest, -4);
  EXPECT_EQ(hex, 0xffu);
  float single = 0;
  double twice = 0;
  EXPECT_EQ(scan("1.5 2.5", "%f %lf", &single, &twice), 2);
  EXPECT_EQ(single, 1.5f);
  EXPECT_EQ(twice, 2.5);
}

TEST(CrtScan, LiteralTextHasToMatch) {
  unsigned a = 0, b = 0, c = 0, d = 0;
  EXPECT_EQ(scan("10.1.2.3", "%u.%u.%u.%u", &a, &b, &c, &d), 4);
  EXPECT_EQ(d, 3u);
  EXPECT_EQ(scan("10.1-2.3", "%u.%u.%u.%u", &a, &b, &c, &d), 2);
  EXPECT_EQ(scan("50%", "%u%%", &a), 1);
}

TEST(CrtScan, TellsHowFarItCame) {
  int value = 0, at = -1;
  EXPECT_EQ(scan("12 rest", "%d %n", &value, &at), 1);
  EXPECT_EQ(at, 3);
  EXPECT_EQ(scan("", "%d", &value), EOF);
  EXPECT_EQ(scan("x", "%d", &value), 0);
  EXPECT_EQ(scan("1 2", "%*d %d", &value), 1);
  EXPECT_EQ(value, 2);
}

TEST(CrtScan, SecureTargetsComeWithTheirSize) {
  char word[5] = "####";
  int after = 0;
  EXPECT_EQ(scan_s("abcd 7", "%s %d", word, 5u, &after), 2);
  EXPECT_STREQ(word, "abcd");
  EXPECT_EQ(after, 7);
  EXPECT_EQ(scan_s("abcde 7", "%s %d", word, 5u, &after), 0);
  EXPECT_STREQ(word, "");
  char letters[2] = {};
  EXPECT_EQ(scan_s("xy", "%2c", letters, 2u), 1);
  EXPECT_EQ(letters[1], 'y');
  char more[] = "####";
  EXPECT_EQ(scan_s("xy", "%3c", more, 4u), 1) << "the input ends before the width";
  EXPECT_STREQ(more, "xy##");
  EXPECT_EQ(scan_s("key=value", "%[a-z]=%[^\n]", word, 5u, word, 5u), 1) << "value does not fit";
  EXPECT_EQ(scan_s("abcdefgh", "%3s", word, 5u), 1) << "a width limits what is read";
  EXPECT_STREQ(word, "abc");
}

TEST(CrtScan, WideTargetsHoldUtf16) {
  char16_t word[4] = {};
  char narrow[4] = {};
  EXPECT_EQ(scan_s("gr\u00fc", "%ls", word, 4u), 1);
  EXPECT_EQ(std::u16string(word), u"grü");
  EXPECT_EQ(scan_wide_s("\u00e4 abc", "%s %hs", word, 4u, narrow, 4u), 2);
  EXPECT_EQ(std::u16string(word), u"ä");
  EXPECT_STREQ(narrow, "abc");
}

TEST(CrtScan, ReadsFilesOn) {
  std::FILE* file = std::tmpfile();
  ASSERT_NE(file, nullptr);
  std::fputs("1,2 word 3", file);
  std::rewind(file);
  int a = 0, b = 0, c = 0;
  char word[8];
  EXPECT_EQ(scan_stream(file, "%d,%ld", &a, &b), 2);
  EXPECT_EQ(scan_stream(file, "%s %d", word, &c), 2);
  EXPECT_EQ(a * 100 + b * 10 + c, 123);
  EXPECT_STREQ(word, "word");
  EXPECT_EQ(scan_stream(file, "%d", &a), EOF);
  std::fclose(file);
}

}  // namespace
}  // namespace ringproof::win32
