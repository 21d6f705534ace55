// tool.h: what the programs of this folder that are written for Windows have in common.
// Role     headers in the order that Windows wants; options with their values; one line about whatever is
//          wrong
// Errors   a wrong option: one line with its name, what was expected and what came instead; the caller exits
//          with 1
#pragma once

#define XDP_API_VERSION 3
// Windows wants winsock2.h before windows.h, and that before all others.
// clang-format off
#include <winsock2.h>
#include <ws2tcpip.h>
#include <windows.h>
// clang-format on

#include <afxdp_experimental.h>
#include <afxdp_helper.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <xdpapi.h>

struct tool {
  const char* name;
  int argc;
  char** argv;
  int at;              // of the word that comes next
  const char* option;  // whose values are read
};

// xskbench: -batch: expected a number from 1 to 1024, got "many". The answer is FALSE, for the caller to
// return.
static inline BOOL tool_wrong(const struct tool* tool, const char* expected, const char* got) {
  if (got == NULL) {
    fprintf(stderr, "%s: %s: expected %s, got nothing\n", tool->name, tool->option, expected);
  } else {
    fprintf(stderr, "%s: %s: expected %s, got \"%s\"\n", tool->name, tool->option, expected, got);
  }
  return FALSE;
}

// The next word, or NULL at the end.
static inline const char* tool_word(struct tool* tool) {
  return tool->at < tool->argc ? tool->argv[tool->at++] : NULL;
}

// The next option; its values are read with the calls below.
static inline const char* tool_option(struct tool* tool) {
  tool->option = tool_word(tool);
  return tool->option;
}

static inline BOOL tool_unknown(const struct tool* tool) {
  fprintf(stderr, "%s: %s: expected an option, see %s -?\n", tool->name, tool->option, tool->name);
  return FALSE;
}

// The usage is asked for, or there are no words at all.
static inline BOOL tool_wants_usage(int argc, char** argv) {
  return argc < 2 || strcmp(argv[1], "-?") == 0 || strcmp(argv[1], "/?") == 0 ||
         strcmp(argv[1], "-help") == 0;
}

// Decimal digits only; FALSE when the text is no such number.
static inline BOOL tool_parse_number(const char* text, UINT64 min, UINT64 max, UINT64* number) {
  UINT64 value = 0;
  if (*text == '\0') return FALSE;
  for (; *text != '\0'; ++text) {
    const UINT64 digit = (UINT64)(*text - '0');
    if (*text < '0' || *text > '9' || value > (max - digit) / 10) return FALSE;
    value = value * 10 + digit;
  }
  *number = value;
  return value >= min && value <= max;
}

static inline BOOL tool_number(struct tool* tool, UINT32 min, UINT32 max, UINT32* number) {
  char expected[64];
  UINT64 value = 0;
  const char* text = tool_word(tool);
  if (text != NULL && tool_parse_number(text, min, max, &value)) {
    *number = (UINT32)value;
    return TRUE;
  }
  sprintf_s(expected, sizeof(expected), "a number from %u to %u", min, max);
  return tool_wrong(tool, expected, text);
}

// One of `count` words; `*chosen` is its number.
static inline BOOL tool_choice(struct tool* tool, const char* const* words, UINT32 count, UINT32* chosen) {
  char expected[128] = "";
  const char* text = tool_word(tool);
  for (UINT32 i = 0; i < count; ++i) {
    if (text != NULL && strcmp(text, words[i]) == 0) {
      *chosen = i;
      return TRUE;
    }
    strcat_s(expected, sizeof(expected), i == 0 ? "" : i + 1 < count ? ", " : " or ");
    strcat_s(expected, sizeof(expected), words[i]);
  }
  return tool_wrong(tool, expected, text);
}

// Every tool must be told its interface.
static inline BOOL tool_has_interface(struct tool* tool, UINT32 interface_index) {
  tool->option = "-if";
  return interface_index != 0 || tool_wrong(tool, "the index of an interface", NULL);
}

// A call that failed is told; the program ends with 1.
static inline BOOL tool_worked(const char* name, XDP_STATUS status, const char* call) {
  if (XDP_SUCCEEDED(status)) return TRUE;
  fprintf(stderr, "%s: %s failed: 0x%08x\n", name, call, (UINT32)status);
  return FALSE;
}
