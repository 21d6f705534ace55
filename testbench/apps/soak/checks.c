// checks.c: what must hold, whatever happens.
#include "soak.h"

const UINT32 soak_status_values[STATUS_KINDS] = {0x00000000, 0x800705B4, 0x800703E5, 0x800703E6, 0x800700EA,
                                                 0x80070006, 0x80070057, 0x80070008, 0x80070005, 0x8007007A,
                                                 0x800705AA, 0x80070015, 0x80070032, 0x800703E3, 0x80070016,
                                                 0x80070490, 0x80070651};
static const char* const ring_names[RINGS] = {"FILL", "COMPLETION", "RX", "TX"};

void soak_broken(struct worker* worker, const char* what) {
  InterlockedIncrement(&soak_failures);
  fprintf(stderr, "xsksoak: thread %u, step %u, seed %u: %s\n", worker->number, worker->step,
          soak_settings.seed, what);
}

// TRUE: the call succeeded. A status that is not documented for it is a failure; so is success of `is_wrong`.
BOOL soak_check(struct worker* worker, const struct call* call, XDP_STATUS status, BOOL is_wrong) {
  char text[160];
  UINT32 kind = 0;
  while (kind < STATUS_KINDS && soak_status_values[kind] != (UINT32)status) ++kind;
  if (kind == STATUS_KINDS || (call->may & (1u << kind)) == 0) {
    sprintf_s(text, sizeof(text), "%s answered 0x%08x, which is not documented", call->name, (UINT32)status);
    soak_broken(worker, text);
    return FALSE;
  }
  ++worker->statuses[kind];
  if (is_wrong && XDP_SUCCEEDED(status)) {
    sprintf_s(text, sizeof(text), "%s accepted what is wrong", call->name);
    soak_broken(worker, text);
  }
  return XDP_SUCCEEDED(status);
}

void soak_check_result(struct worker* worker, const struct call* call, UINT32 result, UINT32 asked) {
  const UINT32 may = ((asked & XSK_NOTIFY_FLAG_WAIT_RX) != 0 ? XSK_NOTIFY_RESULT_FLAG_RX_AVAILABLE : 0u) |
                     ((asked & XSK_NOTIFY_FLAG_WAIT_TX) != 0 ? XSK_NOTIFY_RESULT_FLAG_TX_COMP_AVAILABLE : 0u);
  char text[96];
  if ((result & ~may) == 0) return;
  sprintf_s(text, sizeof(text), "%s told of 0x%x, asked for 0x%x", call->name, result, asked);
  soak_broken(worker, text);
}

// The chunk comes back from where it was put.
BOOL soak_take_back(struct worker* worker, struct socket* socket, enum ring ring, UINT64 address,
                    UINT8 place) {
  const UINT64 chunk = address / socket->chunk_bytes;
  char text[96];
  if (address % socket->chunk_bytes == 0 && chunk < CHUNKS && socket->places[chunk] == place) {
    socket->places[chunk] = FREE;
    return TRUE;
  }
  sprintf_s(text, sizeof(text), "%s gave address 0x%llx, which was not there to give", ring_names[ring],
            address);
  soak_broken(worker, text);
  return FALSE;
}

static UINT32 count_places(const struct socket* socket, UINT8 place) {
  UINT32 count = 0;
  for (UINT32 i = 0; i < CHUNKS; ++i) count += socket->places[i] == place;
  return count;
}

// What the driver has not taken yet and what it has handed back is no more than what it was given. What was
// handed back is counted first: a chunk that moves meanwhile is counted once.
void soak_check_conservation(struct worker* worker, struct socket* socket, enum ring forth, enum ring back,
                             UINT8 place) {
  UINT32 index;
  UINT32 there;
  char text[96];
  if (!socket->sized[forth] || !socket->sized[back]) return;
  there = XskRingConsumerReserve(&socket->rings[back], MAXUINT32, &index);
  there += socket->rings[forth].Size - XskRingProducerReserve(&socket->rings[forth], MAXUINT32, &index);
  if (there <= count_places(socket, place)) return;
  sprintf_s(text, sizeof(text), "%s and %s hold %u chunks, were given %u", ring_names[forth],
            ring_names[back], there, count_places(socket, place));
  soak_broken(worker, text);
}
