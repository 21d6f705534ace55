// A Windows program in C++ that uses Microsoft's C runtime; run by testbench/win32/runs_test.cc.
#include <windows.h>
#include <winsock2.h>
#include <ws2tcpip.h>

#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <ctime>
#include <iostream>
#include <map>
#include <string>
#include <vector>

namespace {

int print(char* buffer, size_t bytes, const char* format, ...) {
  va_list arguments;
  va_start(arguments, format);
  const int length = vsnprintf_s(buffer, bytes, _TRUNCATE, format, arguments);
  va_end(arguments);
  return length;
}

template <size_t N>
void sized() {
  char text[N];
  wchar_t wide[N];
  strcpy_s(text, "one");
  strcat_s(text, "+two");
  wcscpy_s(wide, L"eins");
  wcscat_s(wide, L"+zwei");
  std::printf("%s %ls %zu\n", text, wide, _countof(wide));
  sprintf_s(text, "%I64d", -1LL);
  swprintf_s(wide, L"%s", L"wide");
  std::printf("%s %ls\n", text, wide);
  const int length = _snprintf_s(text, _TRUNCATE, "%s", std::string(N, 'x').c_str());
  std::printf("%d %d\n", length, std::strlen(text) == N - 1);
}

}  // namespace

int main() {
  sized<16>();
  char text[4];
  std::printf("%d\n", print(text, sizeof text, "%d", 12345));

  std::wstring word = L"gr\u00fc\u00dfe";
  word += L", " + std::to_wstring(42) + L' ' + std::to_wstring(1.5);
  std::printf("%ls %zu %zu %d\n", word.c_str(), word.size(), word.find(L"42"), word == L"x");
  std::map<std::wstring, int> numbers = {{L"b", 2}, {L"a", 1}};
  for (const auto& [name, number] : numbers) std::printf("%ls=%d ", name.c_str(), number);
  std::vector<std::wstring> words = {L"z", L"yy", std::wstring(100, L'x')};
  std::sort(words.begin(), words.end());
  std::printf("%ls %ls\n", words[1].c_str(), words[2].c_str());
  std::printf("%d %d %ls\n", std::stoi(L"123"), static_cast<int>(std::wcslen(L"abc")),
              std::wcschr(L"path/file", L'/'));

  std::cout << "cout " << std::stoul("4294967295") << ' ' << std::to_string(2.5) << std::endl;
  try {
    std::stol("4294967296");
  } catch (const std::out_of_range&) {
    std::puts("a long has 32 bits");
  }
  IN6_ADDR address;
  char printed[INET6_ADDRSTRLEN];
  const int parsed = inet_pton(AF_INET6, "fe80:0:0::1", &address);
  std::printf("%d %s\n", parsed, inet_ntop(AF_INET6, &address, printed, sizeof printed));
  std::printf("%lld\n", static_cast<long long>(std::time(nullptr)));
  return 0;
}
