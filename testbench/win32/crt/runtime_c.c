// A Windows program in C that uses Microsoft's C runtime; run by testbench/win32/runs_test.cc.
#include <conio.h>
#include <intrin.h>
#include <malloc.h>
#include <mstcpip.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <strsafe.h>
#include <time.h>
#include <wchar.h>
#include <windows.h>
#include <winsock2.h>

static void formats(void) {
  char text[64];
  wchar_t wide[64];
  LONG negative = -5;
  DWORD large = 4000000000U;
  printf("%ld %lu %lx\n", negative, large, large);
  printf("%I64u %I64d %#I64x %I32u %Iu\n", 18446744073709551615ULL, -1LL, 255ULL, 7U, (size_t)9);
  printf("%ls %ws %S %hs\n", L"one", L"two", L"thr\u00e9e", "four");
  printf("%p\n", (void*)0xabcdef);
  if (snprintf(text, sizeof text, "%I64u", 5ULL) == 1) puts(text);
  printf("%d", _snprintf_s(text, sizeof text, _TRUNCATE, "%070d", 1));
  printf(" %Iu\n", strlen(text));
  swprintf_s(wide, _countof(wide), L"%s %hs %d", L"wide", "narrow", 3);
  wprintf(L"%s|%10ls|%-6S|\n", wide, L"right", "left");
  sprintf_s(text, sizeof text, "%08.3f", 3.14159);
  puts(text);
}

static void reading(void) {
  int a = 0;
  LONG b = 0;
  ULONGLONG c = 0;
  char word[8];
  wchar_t wide[8];
  int fields = sscanf_s("12 -34 18446744073709551615 word", "%d %ld %I64u %7s", &a, &b, &c, word,
                        (unsigned)sizeof word);
  printf("%d: %d %ld %I64u %s\n", fields, a, b, c, word);
  fields = sscanf_s("toolongforit", "%s", word, 4);
  printf("%d '%s'\n", fields, word);
  fields = swscanf_s(L"abc 5", L"%s %d", wide, (unsigned)_countof(wide), &a);
  printf("%d %ls %d\n", fields, wide, a);
}

static void strings(void) {
  char list[] = "a,b;;c";
  char* context = NULL;
  char text[8] = "ab";
  wchar_t wide[8] = L"xy";
  for (char* part = strtok_s(list, ",;", &context); part != NULL; part = strtok_s(NULL, ",;", &context)) {
    printf("[%s]", part);
  }
  printf("\n%d %d %d\n", _stricmp("ABC", "abc"), _strnicmp("abX", "ABy", 2), _wcsicmp(L"Q", L"q"));
  strcat_s(text, sizeof text, "cd");
  wcscat_s(wide, _countof(wide), L"z");
  printf("%s %ls %d\n", _strrev(text), wide, (int)wcslen(wide));
  printf("%d\n", strncpy_s(text, sizeof text, "0123456789", _TRUNCATE));
  printf("%s %I64u %x\n", _strupr(_strdup("up")), _strtoui64("ffffffffff", NULL, 16),
         _byteswap_ushort(0x1234));
  _ultoa_s(127, text, sizeof text, 2);
  printf("%s %lx\n", text, strtoul("0x1ffffffff", NULL, 0));
  StringCchPrintfA(text, sizeof text, "%s", "much too long");
  puts(text);
}

static void network(void) {
  IN_ADDR address;
  const char* end = NULL;
  WSADATA data;
  if (RtlIpv4StringToAddressA("10.1.2.3:80", TRUE, &end, &address) == 0) {
    printf("%s %x %u\n", end, ntohl(address.s_addr), htons(80));
  }
  printf("%d\n", inet_pton(AF_INET6, "::1", &(IN6_ADDR){0}));
  if (WSAStartup(MAKEWORD(2, 2), &data) == 0) {
    const SOCKET none = socket(AF_INET, SOCK_DGRAM, 0);
    printf("%d %d\n", none == INVALID_SOCKET, WSAGetLastError());
    WSACleanup();
  }
}

int main(int argc, char** argv) {
  unsigned random = 0;
  void* memory = _aligned_malloc(100, 64);
  printf("%d %s\n", argc, argv[1]);
  formats();
  reading();
  strings();
  network();
  printf("%d %d\n", rand_s(&random), (uintptr_t)memory % 64 == 0);
  printf("random %08x\n", random);
  _aligned_free(memory);
  Sleep(2500);
  printf("%I64d %d\n", (LONGLONG)time(NULL), (int)clock());
  printf("%d %u\n", _kbhit(), (unsigned)__popcnt(0xff));
  return 0;
}
