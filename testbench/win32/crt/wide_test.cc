// What the functions of 16-bit characters answer, and those of Winsock without a network.

#include <gtest/gtest.h>
#include <ringproof/app.h>
#include <wchar.h>

#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <string>

// As the library defines them; a program sees wchar_t, which has 16 bits there.
extern "C" {
size_t ringproof_crt_wcslen(const char16_t* text);
int ringproof_crt_wcscmp(const char16_t* a, const char16_t* b);
int _wcsicmp(const char16_t* a, const char16_t* b);
int wcscpy_s(char16_t* target, size_t units, const char16_t* source);
char16_t* ringproof_crt_wcsncpy(char16_t* target, const char16_t* source, size_t units);
const char16_t* ringproof_crt_wcsstr(const char16_t* text, const char16_t* wanted);
const char16_t* ringproof_crt_wcsrchr(const char16_t* text, char16_t unit);
unsigned long ringproof_crt_wcstoul(const char16_t* text, char16_t** end, int radix);
size_t ringproof_crt_mbstowcs(char16_t* target, const char* text, size_t units);
size_t ringproof_crt_wcstombs(char* target, const char16_t* text, size_t bytes);
int mbstowcs_s(size_t* converted, char16_t* target, size_t units, const char* text, size_t most);
size_t ringproof_crt_mbrtowc(char16_t* unit, const char* text, size_t bytes, mbstate_t* state);
size_t ringproof_crt_wcrtomb(char* text, char16_t unit, mbstate_t* state);
int ringproof_crt_fputws(const char16_t* text, FILE* file);
char16_t* ringproof_crt_fgetws(char16_t* target, int units, FILE* file);
int WSAStartup(uint16_t version, void* data);
int WSACleanup(void);
uint32_t ringproof_wsa_inet_addr(const char* text);
int ringproof_wsa_inet_pton(int family, const char* text, void* address);
int32_t BCryptGenRandom(void* algorithm, unsigned char* buffer, uint32_t bytes, uint32_t flags);
}

namespace {

constexpr size_t kTruncate = static_cast<size_t>(-1);

TEST(WideStrings, HaveUnitsOf16Bits) {
  EXPECT_EQ(ringproof_crt_wcslen(u"a\U0001F600"), 3u);
  EXPECT_LT(ringproof_crt_wcscmp(u"a", u"\uffff"), 0);
  EXPECT_EQ(_wcsicmp(u"ABC", u"abc"), 0);
  const char16_t* text = u"path/to/file";
  EXPECT_EQ(ringproof_crt_wcsrchr(text, u'/'), text + 7);
  EXPECT_EQ(ringproof_crt_wcsstr(text, u"to"), text + 5);
  EXPECT_EQ(ringproof_crt_wcsstr(text, u"no"), nullptr);
  char16_t copy[5] = {1, 1, 1, 1, 1};
  ringproof_crt_wcsncpy(copy, u"ab", 4);
  EXPECT_EQ(std::u16string(copy, 5), std::u16string(u"ab\0\0\1", 5));
  EXPECT_EQ(wcscpy_s(copy, 5, u"abcd"), 0);
  char16_t* end = nullptr;
  const char16_t* number = u"0x10 \u20ac";
  EXPECT_EQ(ringproof_crt_wcstoul(number, &end, 0), 16u);
  EXPECT_EQ(end, number + 4);
}

TEST(WideStrings, ConvertToUtf8AndBack) {
  char16_t wide[8];
  EXPECT_EQ(ringproof_crt_mbstowcs(wide, "\u00e4\U0001F600", 8), 3u);
  EXPECT_EQ(std::u16string(wide), u"\u00e4\U0001F600");
  char narrow[16];
  EXPECT_EQ(ringproof_crt_wcstombs(narrow, wide, sizeof narrow), 6u);
  EXPECT_STREQ(narrow, "\u00e4\U0001F600");
  EXPECT_EQ(ringproof_crt_wcstombs(nullptr, wide, 0), 6u);
  size_t converted = 0;
  EXPECT_EQ(mbstowcs_s(&converted, wide, 4, "abcdef", kTruncate), 80);
  EXPECT_EQ(std::u16string(wide), u"abc");
  EXPECT_EQ(converted, 4u);
}

TEST(WideStrings, ACharacterOfTwoUnitsComesInTwoSteps) {
  const char* text = "\U0001F600";
  mbstate_t state = {};
  char16_t first = 0, second = 0;
  EXPECT_EQ(ringproof_crt_mbrtowc(&first, text, 2, &state), static_cast<size_t>(-2));
  EXPECT_EQ(ringproof_crt_mbrtowc(&first, text, 4, &state), 4u);
  EXPECT_EQ(ringproof_crt_mbrtowc(&second, "x", 1, &state), static_cast<size_t>(-3));
  EXPECT_EQ(first, 0xD83D);
  EXPECT_EQ(second, 0xDE00);
  char bytes[4];
  EXPECT_EQ(ringproof_crt_wcrtomb(bytes, first, &state), 0u);
  EXPECT_EQ(ringproof_crt_wcrtomb(bytes, second, &state), 4u);
  EXPECT_EQ(std::string(bytes, 4), text);
  errno = 0;
  EXPECT_EQ(ringproof_crt_mbrtowc(&first, "\xff", 1, &state), static_cast<size_t>(-1));
  EXPECT_EQ(errno, EILSEQ);
}

TEST(WideStrings, AreUtf8InFiles) {
  FILE* file = std::tmpfile();
  ASSERT_NE(file, nullptr);
  EXPECT_EQ(ringproof_crt_fputws(u"gr\u00fcn\nb", file), 0);
  std::rewind(file);
  char bytes[16] = {};
  EXPECT_EQ(std::fread(bytes, 1, sizeof bytes, file), 7u);
  EXPECT_STREQ(bytes, "gr\u00fcn\nb");
  std::rewind(file);
  char16_t line[8];
  EXPECT_EQ(std::u16string(ringproof_crt_fgetws(line, 8, file)), u"gr\u00fcn\n");
  EXPECT_EQ(std::u16string(ringproof_crt_fgetws(line, 8, file)), u"b");
  EXPECT_EQ(ringproof_crt_fgetws(line, 8, file), nullptr);
  std::fclose(file);
}

TEST(Winsock, ReadsAddressesOfWindowsFamilies) {
  uint32_t address = 0;
  EXPECT_EQ(ringproof_wsa_inet_pton(2, "1.2.3.4", &address), 1);
  EXPECT_EQ(address, 0x04030201u);
  EXPECT_EQ(ringproof_wsa_inet_pton(2, "1.2.3.4 ", &address), 0);
  EXPECT_EQ(ringproof_wsa_inet_pton(2, "1.2.3", &address), 0);
  unsigned char address6[16];
  EXPECT_EQ(ringproof_wsa_inet_pton(23, "::1", address6), 1);
  EXPECT_EQ(ringproof_wsa_inet_pton(10, "::1", address6), -1) << "the family of Linux";
  EXPECT_EQ(ringproof_wsa_inet_addr("10.1"), 0x0100000au);
  EXPECT_EQ(ringproof_wsa_inet_addr("10.1.2.3.4"), 0xffffffffu);
}

TEST(Winsock, StartsAsOftenAsItIsCleanedUp) {
  unsigned char data[512];
  EXPECT_EQ(WSACleanup(), -1);
  EXPECT_EQ(WSAStartup(0x0202, data), 0);
  EXPECT_EQ(data[0] | data[1] << 8, 0x0202);
  EXPECT_EQ(WSACleanup(), 0);
  EXPECT_EQ(WSACleanup(), -1);
}

TEST(Randomness, NeedsAGeneratorAndABuffer) {
  unsigned char first[32] = {}, second[32] = {};
  EXPECT_EQ(BCryptGenRandom(nullptr, first, sizeof first, 2), 0);
  EXPECT_EQ(BCryptGenRandom(nullptr, second, sizeof second, 2), 0);
  EXPECT_NE(std::string(first, first + 32), std::string(second, second + 32));
  EXPECT_EQ(static_cast<uint32_t>(BCryptGenRandom(nullptr, first, 8, 0)), 0xC0000008u);
  EXPECT_EQ(static_cast<uint32_t>(BCryptGenRandom(nullptr, nullptr, 8, 2)), 0xC000000Du);
}

}  // namespace
