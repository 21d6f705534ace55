// layout_bytes.h: what only a running program can see of the layouts.
// Role     bit-fields have no offset: sets one field at a time and looks at the bytes; also the inline
//          initializers and the text of the wide names
// Errors   each difference is one line on stderr; the count is the result
// Source   docs of the XDP for Windows API, sections "frame extension headers" and "QUIC encryption offload"
#pragma once

#include <stdio.h>
#include <string.h>

#include "layout_checks.h"

static int failure_count;

static void expect_bytes(const char* what, const void* actual, const unsigned char* expected, size_t bytes) {
  if (memcmp(actual, expected, bytes) == 0) return;
  ++failure_count;
  fprintf(stderr, "%s: expected", what);
  for (size_t i = 0; i < bytes; ++i) fprintf(stderr, " %02x", expected[i]);
  fprintf(stderr, ", found");
  for (size_t i = 0; i < bytes; ++i) fprintf(stderr, " %02x", ((const unsigned char*)actual)[i]);
  fprintf(stderr, "\n");
}

static void expect_true(const char* what, int condition) {
  if (condition) return;
  ++failure_count;
  fprintf(stderr, "%s: does not hold\n", what);
}

// Compares UTF-16 with ASCII, both up to and including the final zero.
static void expect_text(const WCHAR* actual, const char* expected) {
  size_t i = 0;
  while (expected[i] != 0 && actual[i] == (WCHAR)expected[i]) ++i;
  expect_true(expected, actual[i] == (WCHAR)expected[i]);
}

// All ones in one field of a zeroed object. `...` are the bytes expected, from `start` on.
#define EXPECT_FIELD(type, field, ones, start, ...)                                         \
  do {                                                                                      \
    static const unsigned char expected_bytes[] = {__VA_ARGS__};                            \
    type object;                                                                            \
    memset(&object, 0, sizeof(object));                                                     \
    object.field = (ones);                                                                  \
    expect_bytes(#type "." #field, (const unsigned char*)&object + (start), expected_bytes, \
                 sizeof(expected_bytes));                                                   \
  } while (0)

static void check_bit_fields(void) {
  EXPECT_FIELD(XDP_FRAME_LAYOUT, Layer2HeaderLength, 0x7F, 0, 0x7F, 0, 0, 0, 0);
  EXPECT_FIELD(XDP_FRAME_LAYOUT, Layer3HeaderLength, 0x1FF, 0, 0x80, 0xFF, 0, 0, 0);
  EXPECT_FIELD(XDP_FRAME_LAYOUT, Layer4HeaderLength, 0xFF, 0, 0, 0, 0xFF, 0, 0);
  EXPECT_FIELD(XDP_FRAME_LAYOUT, Layer2Type, 0xF, 0, 0, 0, 0, 0x0F, 0);
  EXPECT_FIELD(XDP_FRAME_LAYOUT, Layer3Type, 0xF, 0, 0, 0, 0, 0xF0, 0);
  EXPECT_FIELD(XDP_FRAME_LAYOUT, Layer4Type, 0xF, 0, 0, 0, 0, 0, 0x0F);
  EXPECT_FIELD(XDP_FRAME_LAYOUT, Reserved0, 0xF, 0, 0, 0, 0, 0, 0xF0);

  EXPECT_FIELD(XDP_FRAME_CHECKSUM, Layer3, 0x3, 0, 0x03);
  EXPECT_FIELD(XDP_FRAME_CHECKSUM, Layer4, 0x3, 0, 0x0C);
  EXPECT_FIELD(XDP_FRAME_CHECKSUM, Reserved, 0xF, 0, 0xF0);

  EXPECT_FIELD(XSK_BUFFER_ADDRESS, BaseAddress, 0xFFFFFFFFFFFF, 0, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0xFF, 0, 0);
  EXPECT_FIELD(XSK_BUFFER_ADDRESS, Offset, 0xFFFF, 0, 0, 0, 0, 0, 0, 0, 0xFF, 0xFF);

  EXPECT_FIELD(XDP_QUIC_CONNECTION, Operation, 1, 8, 0x01, 0, 0, 0);
  EXPECT_FIELD(XDP_QUIC_CONNECTION, Direction, 1, 8, 0x02, 0, 0, 0);
  EXPECT_FIELD(XDP_QUIC_CONNECTION, DecryptFailureAction, 1, 8, 0x04, 0, 0, 0);
  EXPECT_FIELD(XDP_QUIC_CONNECTION, KeyPhase, 1, 8, 0x08, 0, 0, 0);
  EXPECT_FIELD(XDP_QUIC_CONNECTION, RESERVED, 0xFFF, 8, 0xF0, 0xFF, 0, 0);
  EXPECT_FIELD(XDP_QUIC_CONNECTION, CipherType, 0xFFFF, 8, 0, 0, 0xFF, 0xFF);
}

static void check_initializers(void) {
  // Twice the size, filled with rubbish: the initializers that take a size clear all of it, and nothing
  // behind it.
  union {
    unsigned char bytes[2 * sizeof(XDP_QUIC_CONNECTION)];
    XDP_RSS_CAPABILITIES capabilities;
    XDP_RSS_CONFIGURATION configuration;
    XDP_QUIC_CONNECTION connection;
    XDP_EXTENSION_INFO info;
  } area;

  memset(&area, 0xA5, sizeof(area));
  XdpInitializeRssCapabilities(&area.capabilities);
  expect_true("RSS capabilities start as revision 1 of 24 bytes",
              area.capabilities.Header.Revision == 1 && area.capabilities.Header.Size == 24);
  expect_true("RSS capabilities are otherwise 0", area.capabilities.NumberOfIndirectionTableEntries == 0);
  expect_true("nothing behind RSS capabilities is touched", area.bytes[sizeof(XDP_RSS_CAPABILITIES)] == 0xA5);

  memset(&area, 0xA5, sizeof(area));
  XdpInitializeRssConfiguration(&area.configuration, 40);
  expect_true("RSS configuration starts as revision 1 of 24 bytes",
              area.configuration.Header.Revision == 1 && area.configuration.Header.Size == 24);
  expect_true("RSS configuration clears the table behind it", area.bytes[39] == 0 && area.bytes[40] == 0xA5);

  memset(&area, 0xA5, sizeof(area));
  XdpInitializeQuicConnection(&area.connection, sizeof(area.connection));
  expect_true("QUIC connection starts as revision 1 of 152 bytes",
              area.connection.Header.Revision == 1 && area.connection.Header.Size == 152);
  expect_true("QUIC connection is otherwise 0", area.connection.Status == 0 && area.bytes[152] == 0xA5);

  memset(&area, 0xA5, sizeof(area));
  XdpInitializeExtensionInfo(&area.info, XDP_FRAME_EXTENSION_LAYOUT_NAME, 1, XDP_EXTENSION_TYPE_BUFFER);
  expect_true("extension info starts as revision 1 of 24 bytes",
              area.info.Header.Revision == 1 && area.info.Header.Size == 24);
  expect_true("extension info keeps its arguments",
              area.info.ExtensionVersion == 1 && area.info.ExtensionType == XDP_EXTENSION_TYPE_BUFFER);
}

static void check_names_and_accessors(void) {
  expect_text(XDP_FRAME_EXTENSION_CHECKSUM_NAME, "ms_frame_checksum");
  expect_text(XDP_FRAME_EXTENSION_LAYOUT_NAME, "ms_frame_layout");
  expect_text(XDP_FRAME_EXTENSION_TIMESTAMP_NAME, "ms_frame_timestamp");
#if defined(XDP_API_VERSION) && XDP_API_VERSION >= 3
  expect_text(XSK_FRAME_EXTENSION_ORIGINAL_LENGTH_NAME, "ms_xsk_frame_original_length");
#else
  expect_true("name of the RSS capability call",
              strcmp(XDP_RSS_GET_CAPABILITIES_FN_NAME, "XdpRssGetCapabilitiesExperimental") == 0);
  expect_true("name of the RSS set call", strcmp(XDP_RSS_SET_FN_NAME, "XdpRssSetExperimental") == 0);
  expect_true("name of the RSS get call", strcmp(XDP_RSS_GET_FN_NAME, "XdpRssGetExperimental") == 0);
  expect_true("name of the QUIC offload call", strcmp(XDP_QEO_SET_FN_NAME, "XdpQeoSetExperimental") == 0);
#endif

  unsigned char element[32];
  XDP_EXTENSION extension = {24};
  XDP_FRAME* frame = (XDP_FRAME*)(void*)element;
  XDP_TX_FRAME_COMPLETION* completion = (XDP_TX_FRAME_COMPLETION*)(void*)element;
  expect_true("extension data", XdpGetExtensionData(element, &extension) == element + 24);
  expect_true("checksum", (void*)XdpGetChecksumExtension(frame, &extension) == element + 24);
  expect_true("layout", (void*)XdpGetLayoutExtension(frame, &extension) == element + 24);
  expect_true("timestamp", (void*)XdpGetTimestampExtension(frame, &extension) == element + 24);
  expect_true("completion timestamp",
              (void*)XdpGetTxCompletionTimestampExtension(completion, &extension) == element + 24);

  // NOLINTNEXTLINE(performance-no-int-to-ptr): that is how Windows defines it
  expect_true("the invalid handle is all ones", (ULONG_PTR)INVALID_HANDLE_VALUE == 0xFFFFFFFFFFFFFFFFULL);
  expect_true("pointers add", RTL_PTR_ADD(element, 5) == element + 5);
  expect_true("pointers subtract", RTL_PTR_SUBTRACT(element + 5, 5) == element);
  expect_true("pointers differ", RTL_PTR_DIFF(element + 5, element) == 5);
}

static int check_bytes(void) {
  check_bit_fields();
  check_initializers();
  check_names_and_accessors();
  return failure_count;
}
