// What Microsoft's functions of narrow strings and numbers answer, by their documentation.

#include <gtest/gtest.h>
#include <ringproof/win32/crt_stdlib.h>
#include <ringproof/win32/crt_string.h>

#include <cerrno>
#include <cstdarg>
#include <cstdint>
#include <cstring>
#include <string>
#include <vector>

extern "C" {
int _snprintf(char* buffer, size_t count, const char* format, ...);
int _snprintf_s(char* buffer, size_t bytes, size_t count, const char* format, ...);
int sprintf_s(char* buffer, size_t bytes, const char* format, ...);
int ringproof_crt_snprintf(char* buffer, size_t bytes, const char* format, ...);
long ringproof_crt_strtol(const char* text, char** end, int radix);
int ringproof_crt_rand(void);
void ringproof_crt_srand(unsigned seed);
unsigned long ringproof_crt_strtoul(const char* text, char** end, int radix);
}

namespace {

int refusals = 0;
void count_refusal(const wchar_t*, const wchar_t*, const wchar_t*, unsigned, uintptr_t) { ++refusals; }

// A program that has a handler goes on with the error.
class CrtCalls : public testing::Test {
 protected:
  CrtCalls() { _set_invalid_parameter_handler(count_refusal); }
  ~CrtCalls() override { _set_invalid_parameter_handler(nullptr); }
  int refused() { return std::exchange(refusals, 0); }
};

TEST_F(CrtCalls, CopiesAllOrNothing) {
  char text[4] = "###";
  EXPECT_EQ(strcpy_s(text, 4, "abc"), 0);
  EXPECT_STREQ(text, "abc");
  EXPECT_EQ(refused(), 0);
  EXPECT_EQ(strcpy_s(text, 4, "abcd"), ERANGE);
  EXPECT_STREQ(text, "");
  EXPECT_EQ(strcpy_s(text, 4, nullptr), EINVAL);
  EXPECT_EQ(strcpy_s(nullptr, 4, "a"), EINVAL);
  EXPECT_EQ(strcpy_s(text, 0, "a"), EINVAL);
  EXPECT_EQ(refused(), 4);
  EXPECT_EQ(strcpy_s(text, "xy"), 0) << "the size of an array need not be said";
}

TEST_F(CrtCalls, AppendsAllOrNothing) {
  char text[6] = "ab";
  EXPECT_EQ(strcat_s(text, 6, "cde"), 0);
  EXPECT_STREQ(text, "abcde");
  EXPECT_EQ(strcat_s(text, 6, "f"), ERANGE);
  EXPECT_STREQ(text, "");
  char full[2] = {'a', 'b'};
  EXPECT_EQ(strcat_s(full, 2, ""), EINVAL) << "not terminated";
  EXPECT_EQ(refused(), 2);
}

TEST_F(CrtCalls, CountsLimitWhatIsCopied) {
  char text[5];
  EXPECT_EQ(strncpy_s(text, 5, "abcdef", 3), 0);
  EXPECT_STREQ(text, "abc");
  EXPECT_EQ(strncpy_s(text, 5, "abcd", 5), 0);
  EXPECT_EQ(strncpy_s(text, 5, "abcdef", 5), ERANGE);
  EXPECT_EQ(refused(), 1);
  EXPECT_EQ(strncpy_s(text, 5, "abcdef", _TRUNCATE), STRUNCATE);
  EXPECT_STREQ(text, "abcd");
  std::strcpy(text, "ab");
  EXPECT_EQ(strncat_s(text, 5, "cdef", 1), 0);
  EXPECT_STREQ(text, "abc");
  EXPECT_EQ(strncat_s(text, 5, "def", _TRUNCATE), STRUNCATE);
  EXPECT_STREQ(text, "abcd");
  EXPECT_EQ(refused(), 0);
}

TEST_F(CrtCalls, MemoryIsClearedWhenItDoesNotFit) {
  unsigned char target[4] = {1, 2, 3, 4};
  const unsigned char source[5] = {9, 9, 9, 9, 9};
  EXPECT_EQ(memcpy_s(target, 4, source, 5), ERANGE);
  EXPECT_EQ(target[0] + target[3], 0);
  target[0] = 7;
  EXPECT_EQ(memmove_s(target, 4, source, 5), ERANGE);
  EXPECT_EQ(target[0], 7) << "memmove_s leaves it";
  EXPECT_EQ(memcpy_s(target, 4, source, 4), 0);
  EXPECT_EQ(memcpy_s(nullptr, 0, nullptr, 0), 0);
  EXPECT_EQ(refused(), 2);
}

TEST_F(CrtCalls, TokensLeaveOutEmptyOnes) {
  char text[] = ",,a,b;;c,";
  char* context = nullptr;
  std::vector<std::string> tokens;
  for (char* token = strtok_s(text, ",;", &context); token != nullptr;
       token = strtok_s(nullptr, ",;", &context)) {
    tokens.push_back(token);
  }
  EXPECT_EQ(tokens, (std::vector<std::string>{"a", "b", "c"}));
  EXPECT_EQ(strtok_s(nullptr, ",;", &context), nullptr);
}

TEST_F(CrtCalls, ComparesWithoutCase) {
  EXPECT_EQ(_stricmp("HeLLo", "hEllO"), 0);
  EXPECT_LT(_stricmp("a", "B"), 0);
  EXPECT_GT(_stricmp("b", "A"), 0);
  EXPECT_LT(_stricmp("a", "ab"), 0);
  EXPECT_EQ(_strnicmp("abX", "ABy", 2), 0);
  EXPECT_LT(_strnicmp("abX", "ABy", 3), 0);
  EXPECT_EQ(_memicmp("A\0b", "a\0B", 3), 0);
}

TEST_F(CrtCalls, PrintersToABufferDifferWhereItEnds) {
  char text[5] = "####";
  EXPECT_EQ(ringproof_crt_snprintf(text, 4, "%s", "abcdef"), 6);
  EXPECT_STREQ(text, "abc");
  std::memset(text, '#', 5);
  EXPECT_EQ(_snprintf(text, 4, "%s", "abcdef"), -1);
  EXPECT_EQ(std::string(text, 5), "abcd#");
  EXPECT_EQ(_snprintf(text, 4, "%s", "wxyz"), 4);
  EXPECT_EQ(std::string(text, 5), "wxyz#") << "just as long is not terminated";
  EXPECT_EQ(_snprintf(text, 4, "%s", "ab"), 2);
  EXPECT_STREQ(text, "ab");
  EXPECT_EQ(_snprintf_s(text, 5, 2, "%s", "abcdef"), -1);
  EXPECT_STREQ(text, "ab");
  EXPECT_EQ(_snprintf_s(text, 5, _TRUNCATE, "%s", "abcdef"), -1);
  EXPECT_STREQ(text, "abcd");
  EXPECT_EQ(refused(), 0);
  EXPECT_EQ(_snprintf_s(text, 5, 9, "%s", "abcdef"), -1);
  EXPECT_STREQ(text, "");
  EXPECT_EQ(sprintf_s(text, 5, "%s", "abcde"), -1);
  EXPECT_EQ(refused(), 2);
  EXPECT_EQ(sprintf_s(text, 5, "%s", "abcd"), 4);
}

TEST_F(CrtCalls, NumbersBecomeTextInAnyRadix) {
  char text[66];
  EXPECT_EQ(_itoa_s(-255, text, sizeof text, 10), 0);
  EXPECT_STREQ(text, "-255");
  EXPECT_STREQ(_itoa(-1, text, 16), "ffffffff");
  EXPECT_STREQ(_i64toa(-1, text, 16), "ffffffffffffffff");
  EXPECT_STREQ(_ui64toa(~0ull, text, 2), std::string(64, '1').c_str());
  EXPECT_STREQ(_ultoa(35, text, 36), "z");
  EXPECT_STREQ(_i64toa(INT64_MIN, text, 10), "-9223372036854775808");
  EXPECT_EQ(_itoa_s(1000, text, 4, 10), ERANGE);
  EXPECT_EQ(_itoa_s(1, text, 4, 37), EINVAL);
  EXPECT_EQ(refused(), 2);
}

TEST_F(CrtCalls, ALongHas32Bits) {
  char* end = nullptr;
  errno = 0;
  EXPECT_EQ(ringproof_crt_strtoul("0xffffffff rest", &end, 0), 0xffffffffu);
  EXPECT_STREQ(end, " rest");
  EXPECT_EQ(ringproof_crt_strtoul("-1", nullptr, 10), 0xffffffffu);
  EXPECT_EQ(ringproof_crt_strtol("-2147483648", nullptr, 10), INT32_MIN);
  EXPECT_EQ(errno, 0);
  EXPECT_EQ(ringproof_crt_strtoul("4294967296", nullptr, 10), 0xffffffffu);
  EXPECT_EQ(errno, ERANGE);
  errno = 0;
  EXPECT_EQ(ringproof_crt_strtol("2147483648", nullptr, 10), INT32_MAX);
  EXPECT_EQ(errno, ERANGE);
  EXPECT_EQ(_strtoui64("0xffffffffff", nullptr, 0), 0xffffffffffull);
}

TEST_F(CrtCalls, RandGivesMicrosoftsNumbers) {
  ringproof_crt_srand(1);
  EXPECT_EQ(ringproof_crt_rand(), 41);
  EXPECT_EQ(ringproof_crt_rand(), 18467);
  EXPECT_EQ(ringproof_crt_rand(), 6334);
  ringproof_crt_srand(1);
  EXPECT_EQ(ringproof_crt_rand(), 41);
}

TEST_F(CrtCalls, TheEnvironmentIsReadIntoBuffers) {
  size_t needed = 7;
  char text[4];
  EXPECT_EQ(_putenv_s("RINGPROOF_TEST_VARIABLE", "abc"), 0);
  EXPECT_EQ(getenv_s(&needed, text, sizeof text, "RINGPROOF_TEST_VARIABLE"), 0);
  EXPECT_STREQ(text, "abc");
  EXPECT_EQ(needed, 4u);
  EXPECT_EQ(getenv_s(&needed, text, 3, "RINGPROOF_TEST_VARIABLE"), ERANGE);
  EXPECT_EQ(needed, 4u);
  EXPECT_EQ(_putenv("RINGPROOF_TEST_VARIABLE="), 0);
  EXPECT_EQ(getenv_s(&needed, text, sizeof text, "RINGPROOF_TEST_VARIABLE"), 0);
  EXPECT_EQ(needed, 0u);
}

TEST_F(CrtCalls, AlignedMemoryKeepsItsContents) {
  auto* memory = static_cast<char*>(_aligned_malloc(10, 256));
  ASSERT_NE(memory, nullptr);
  EXPECT_EQ(reinterpret_cast<uintptr_t>(memory) % 256, 0u);
  std::strcpy(memory, "content");
  memory = static_cast<char*>(_aligned_realloc(memory, 5000, 512));
  EXPECT_EQ(reinterpret_cast<uintptr_t>(memory) % 512, 0u);
  EXPECT_STREQ(memory, "content");
  _aligned_free(memory);
  EXPECT_EQ(_aligned_malloc(10, 48), nullptr);
  EXPECT_EQ(refused(), 1);
}

using CrtCallsDeathTest = CrtCalls;
TEST_F(CrtCallsDeathTest, WithoutAHandlerTheProgramEnds) {
  _set_invalid_parameter_handler(nullptr);
  char text[2];
  EXPECT_DEATH(strcpy_s(text, 2, "abc"), "strcpy_s: the buffer is too small: an invalid parameter");
}

}  // namespace
