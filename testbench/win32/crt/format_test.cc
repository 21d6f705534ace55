// What Microsoft's printf language prints, by its documentation.

#include <gtest/gtest.h>

#include <cstdarg>
#include <cstdint>
#include <string>

#include "sim/win32/crt_format.h"

namespace ringproof::win32 {
namespace {

std::string narrow(const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const auto text = format_text(format, arguments);
  va_end(arguments);
  return text.value_or("refused");
}

std::u16string wide(const char16_t* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const auto text = format_text(format, arguments);
  va_end(arguments);
  return text.value_or(u"refused");
}

TEST(CrtFormat, ALongHas32Bits) {
  EXPECT_EQ(narrow("%ld %lu %lx", -1, 4294967295U, 0xabcdef01U), "-1 4294967295 abcdef01");
  // What a program holds in 64 bits is cut.
  EXPECT_EQ(narrow("%ld %lX", 0x1'00000002L, 0x5'0000000aUL), "2 A");
  EXPECT_EQ(narrow("%lo %li", 8U, -3), "10 -3");
}

TEST(CrtFormat, SizesOfIntegersAreMicrosofts) {
  EXPECT_EQ(narrow("%I64u %I64d %I64x", ~0ull, -1ll, 255ull), "18446744073709551615 -1 ff");
  EXPECT_EQ(narrow("%I32u %I32d", ~0u, -1), "4294967295 -1");
  EXPECT_EQ(narrow("%Iu %Id %Ix", std::size_t{7}, std::intptr_t{-7}, std::size_t{255}), "7 -7 ff");
  EXPECT_EQ(narrow("%llu %lld", ~0ull, -1ll), "18446744073709551615 -1");
  EXPECT_EQ(narrow("%hd %hu %hhd %hhu", 65535, 65535, 255, 255), "-1 65535 -1 255");
  EXPECT_EQ(narrow("%zu %td %jd", std::size_t{1}, std::ptrdiff_t{-2}, std::intmax_t{3}), "1 -2 3");
}

TEST(CrtFormat, WidthPrecisionAndFlagsAreTheCLibrarys) {
  EXPECT_EQ(narrow("[%5d][%-5d][%05d][%+d][% d]", 42, 42, 42, 42, 42), "[   42][42   ][00042][+42][ 42]");
  EXPECT_EQ(narrow("[%*d][%-*d][%.*d]", 4, 7, 4, 7, 3, 7), "[   7][7   ][007]");
  EXPECT_EQ(narrow("[%*d]", -4, 7), "[7   ]");
  EXPECT_EQ(narrow("%#x %#o %#I64x", 255, 8, 255ull), "0xff 010 0xff");
  EXPECT_EQ(narrow("[%12.3I64u]", 5ull), "[         005]");
  EXPECT_EQ(narrow("%.0d|%.d", 0, 0), "|");
}

TEST(CrtFormat, PointersHave16UpperCaseDigits) {
  EXPECT_EQ(narrow("%p", reinterpret_cast<void*>(0xabcdef)), "0000000000ABCDEF");
  EXPECT_EQ(narrow("[%20p]", nullptr), "[    0000000000000000]");
}

TEST(CrtFormat, FloatingPointIsTheCLibrarys) {
  EXPECT_EQ(narrow("%.2f %8.3f %e %g %G %a", 1.5, 2.25, 1e10, 1e-10, 1e20, 1.0),
            "1.50    2.250 1.000000e+10 1e-10 1E+20 0x1p+0");
  EXPECT_EQ(narrow("%lf %Lf", 0.5, 0.5L), "0.500000 0.500000");
}

TEST(CrtFormat, StringsComeNarrowAndWide) {
  EXPECT_EQ(narrow("%s %hs %ls %ws %S %hS", "a", "b", u"c", u"d", u"e", "f"), "a b c d e f");
  EXPECT_EQ(wide(u"%s %hs %ls %ws %S %hS", u"a", "b", u"c", u"d", "e", "f"), u"a b c d e f");
  EXPECT_EQ(narrow("%c%C%hc%lc%wc", 'a', u'b', 'c', u'd', u'é'), "abcdé");
  EXPECT_EQ(wide(u"%c%C", u'ü', 'b'), u"üb");
  const char* nothing = nullptr;
  EXPECT_EQ(narrow("%s %ls", nothing, nothing), "(null) (null)");
}

TEST(CrtFormat, WideTextBecomesUtf8AndBack) {
  EXPECT_EQ(narrow("%ls", u"grün \u20ac \U0001F600"), "grün \u20ac \U0001F600");
  EXPECT_EQ(wide(u"%hs", "grün \u20ac \U0001F600"), u"grün \u20ac \U0001F600");
  const char16_t half[] = {u'a', 0xD83D, u'b', 0};
  EXPECT_EQ(narrow("%ls", half), "a\uFFFDb");
  EXPECT_EQ(wide(u"%hs", "a\xff\xc3"), u"a\uFFFD\uFFFD");
}

TEST(CrtFormat, PrecisionCutsStringsButNoCharacters) {
  EXPECT_EQ(narrow("[%.2s][%5.1s][%-5s]", "abc", "abc", "ab"), "[ab][    a][ab   ]");
  EXPECT_EQ(narrow("[%.2ls]", u"aé"), "[a]");
  EXPECT_EQ(wide(u"[%.2s]", u"abc"), u"[ab]");
  const char unterminated[] = {'x', 'y'};
  EXPECT_EQ(narrow("%.2s", unterminated), "xy");
}

TEST(CrtFormat, RefusesToWriteThroughN) {
  int written = 0;
  EXPECT_EQ(narrow("a%nb", &written), "refused");
  EXPECT_EQ(narrow("%hhn", &written), "refused");
  EXPECT_EQ(written, 0);
}

TEST(CrtFormat, WhatIsNoConversionStands) {
  EXPECT_EQ(narrow("100%% %y %"), "100% %y %");
  EXPECT_EQ(narrow("%d%%", 5), "5%");
}

}  // namespace
}  // namespace ringproof::win32
