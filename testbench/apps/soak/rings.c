// rings.c: frames through the rings of a socket, by their rules.
#include "soak.h"

static UINT32 find_free(const struct socket* socket) {
  UINT32 chunk = 0;
  while (chunk < CHUNKS && socket->places[chunk] != FREE) ++chunk;
  return chunk;
}

static void give_to_fill(struct worker* worker, struct socket* socket) {
  UINT32 index;
  UINT32 given = 0;
  UINT32 count;
  if (!socket->registered || !socket->sized[FILL] || (socket->directions & XSK_BIND_FLAG_RX) == 0) return;
  count = XskRingProducerReserve(&socket->rings[FILL], 1 + below(worker, CHUNKS), &index);
  for (; given < count; ++given) {
    const UINT32 chunk = find_free(socket);
    if (chunk == CHUNKS) break;
    socket->places[chunk] = GIVEN_TO_FILL;
    *(UINT64*)XskRingGetElement(&socket->rings[FILL], index + given) = (UINT64)chunk * socket->chunk_bytes;
  }
  if (given > 0) XskRingProducerSubmit(&socket->rings[FILL], given);
}

static void receive(struct worker* worker, struct socket* socket) {
  UINT32 index;
  UINT32 count;
  if (!socket->registered || !socket->sized[RX]) return;
  count = XskRingConsumerReserve(&socket->rings[RX], 1 + below(worker, CHUNKS), &index);
  for (UINT32 i = 0; i < count; ++i) {
    const XSK_BUFFER_DESCRIPTOR* buffer =
        &((const XSK_FRAME_DESCRIPTOR*)XskRingGetElement(&socket->rings[RX], index + i))->Buffer;
    if (!soak_take_back(worker, socket, RX, buffer->Address.BaseAddress, GIVEN_TO_FILL)) return;
    if (buffer->Address.Offset != socket->headroom ||
        buffer->Length > socket->chunk_bytes - socket->headroom) {
      soak_broken(worker, "a received frame lies outside of its chunk");
    }
  }
  worker->received += count;
  if (count > 0) XskRingConsumerRelease(&socket->rings[RX], count);
}

static void give_to_tx(struct worker* worker, struct socket* socket) {
  static const UCHAR header[14] = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2, 0x88, 0xB5};
  UINT32 index;
  UINT32 given = 0;
  UINT32 count;
  if (!socket->registered || !socket->sized[TX] || (socket->directions & XSK_BIND_FLAG_TX) == 0) return;
  count = XskRingProducerReserve(&socket->rings[TX], 1 + below(worker, CHUNKS / 4), &index);
  for (; given < count; ++given) {
    const UINT32 chunk = find_free(socket);
    const UINT32 offset = below(worker, 4);
    XSK_FRAME_DESCRIPTOR* frame = (XSK_FRAME_DESCRIPTOR*)XskRingGetElement(&socket->rings[TX], index + given);
    if (chunk == CHUNKS) break;
    socket->places[chunk] = GIVEN_TO_TX;
    memset(frame, 0, socket->rings[TX].ElementStride);
    frame->Buffer.Address.BaseAddress = (UINT64)chunk * socket->chunk_bytes;
    frame->Buffer.Address.Offset = offset;
    frame->Buffer.Length = sizeof(header) + below(worker, 64 - sizeof(header) - 4);
    memcpy(socket->umem + (SIZE_T)chunk * socket->chunk_bytes + offset, header, sizeof(header));
  }
  worker->sent += given;
  if (given > 0) XskRingProducerSubmit(&socket->rings[TX], given);
}

static void complete(struct worker* worker, struct socket* socket) {
  UINT32 index;
  UINT32 count;
  if (!socket->registered || !socket->sized[COMPLETION]) return;
  count = XskRingConsumerReserve(&socket->rings[COMPLETION], 1 + below(worker, CHUNKS), &index);
  for (UINT32 i = 0; i < count; ++i) {
    const UINT64* address = (const UINT64*)XskRingGetElement(&socket->rings[COMPLETION], index + i);
    if (!soak_take_back(worker, socket, COMPLETION, *address, GIVEN_TO_TX)) return;
  }
  worker->completed += count;
  if (count > 0) XskRingConsumerRelease(&socket->rings[COMPLETION], count);
}

static void poke_if_needed(struct worker* worker, struct socket* socket) {
  XSK_NOTIFY_RESULT_FLAGS result;
  UINT32 flags = 0;
  if (!socket->active) return;
  XdpBarrierBetweenReleaseAndAcquire();
  if (socket->sized[FILL] && XskRingProducerNeedPoke(&socket->rings[FILL])) flags |= XSK_NOTIFY_FLAG_POKE_RX;
  if (socket->sized[TX] && XskRingProducerNeedPoke(&socket->rings[TX])) flags |= XSK_NOTIFY_FLAG_POKE_TX;
  if (flags != 0) {
    soak_check(worker, &soak_notify_call,
               XskNotifySocket(socket->handle, (XSK_NOTIFY_FLAGS)flags, 0, &result), FALSE);
  }
}

void soak_move_frames(struct worker* worker, struct socket* socket) {
  switch (below(worker, 4)) {
    case 0:
      give_to_fill(worker, socket);
      break;
    case 1:
      receive(worker, socket);
      break;
    case 2:
      give_to_tx(worker, socket);
      break;
    default:
      complete(worker, socket);
      break;
  }
  poke_if_needed(worker, socket);
  soak_check_conservation(worker, socket, FILL, RX, GIVEN_TO_FILL);
  soak_check_conservation(worker, socket, TX, COMPLETION, GIVEN_TO_TX);
}
