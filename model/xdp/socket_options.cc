#include <cstring>

#include "model/xdp/option_value.h"
#include "model/xdp/socket.h"

// Which option does what; the options that need no more than a value are here as well.

namespace ringproof::xdp {

Status Socket::set_option(std::uint32_t option, const void* value, std::uint32_t length) {
  const Call call(*this);
  return told({SocketCall::Kind::kSetOption, option}, [&] { return set_value(option, value, length); });
}

Status Socket::set_value(std::uint32_t option, const void* value, std::uint32_t length) {
  switch (option) {
    case XSK_SOCKOPT_UMEM_REG:
      return register_umem(value, length);
    case XSK_SOCKOPT_RX_RING_SIZE:
      return size_ring(RingKind::kRx, value, length);
    case XSK_SOCKOPT_RX_FILL_RING_SIZE:
      return size_ring(RingKind::kFill, value, length);
    case XSK_SOCKOPT_TX_RING_SIZE:
      return size_ring(RingKind::kTx, value, length);
    case XSK_SOCKOPT_TX_COMPLETION_RING_SIZE:
      return size_ring(RingKind::kCompletion, value, length);
    case XSK_SOCKOPT_RX_HOOK_ID:
      return set_hook(rx_hook_, value, length);
    case XSK_SOCKOPT_TX_HOOK_ID:
      return set_hook(tx_hook_, value, length);
    case XSK_SOCKOPT_RX_PROCESSOR_AFFINITY:
      return set_affinity(rx_affinity_, value, length);
    case XSK_SOCKOPT_TX_PROCESSOR_AFFINITY:
      return set_affinity(tx_affinity_, value, length);
    case XSK_SOCKOPT_POLL_MODE:
      return set_poll_mode(value, length);
    case XSK_SOCKOPT_TX_OFFLOAD_CHECKSUM:
    case XSK_SOCKOPT_RX_OFFLOAD_CHECKSUM:
    case XSK_SOCKOPT_RX_ORIGINAL_LENGTH:
    case XSK_SOCKOPT_RX_OFFLOAD_TIMESTAMP:
    case XSK_SOCKOPT_TX_OFFLOAD_TIMESTAMP:
      return enable_offload(option, value, length);
    default:
      return Status::kNotSupported;
  }
}

Status Socket::get_option(std::uint32_t option, void* value, std::uint32_t* length) {
  const Call call(*this);
  std::uint32_t room = *length;
  *length = 0;
  if (!user_writable(value, room)) return Status::kNoAccess;
  const Status status =
      told({SocketCall::Kind::kGetOption, option}, [&] { return get_value(option, value, &room); });
  if (!failed(status) || status == Status::kMoreData) *length = room;
  return status;
}

Status Socket::get_statistics(void* value, std::uint32_t* room) {
  if (*room >= sizeof statistics_ && rx_queue_ != nullptr) rx_queue_->lender().count(*this);
  const Status status = write_option(value, room, Status::kBadParameter, statistics_);
  if (failed(status)) return status;
  XSK_STATISTICS answered;  // what is told is what the application finds
  std::memcpy(&answered, value, sizeof answered);
  tell_statistics(answered);
  return status;
}

Status Socket::get_value(std::uint32_t option, void* value, std::uint32_t* room) {
  const auto error_of = [&](RingKind kind) {
    return write_option(value, room, Status::kBadParameter, ring_errors_[static_cast<std::size_t>(kind)]);
  };
  switch (option) {
    case XSK_SOCKOPT_RING_INFO:
      if (state_ == State::kClosing) return Status::kBadState;
      return write_option(value, room, Status::kBadParameter,
                          XSK_RING_INFO_SET{ring_info(RingKind::kFill), ring_info(RingKind::kCompletion),
                                            ring_info(RingKind::kRx), ring_info(RingKind::kTx)});
    case XSK_SOCKOPT_STATISTICS:
      return get_statistics(value, room);
    case XSK_SOCKOPT_RX_HOOK_ID:
      return write_option(value, room, Status::kBadParameter, rx_hook_);
    case XSK_SOCKOPT_TX_HOOK_ID:
      return write_option(value, room, Status::kBadParameter, tx_hook_);
    case XSK_SOCKOPT_RX_ERROR:
      return error_of(RingKind::kRx);
    case XSK_SOCKOPT_RX_FILL_ERROR:
      return error_of(RingKind::kFill);
    case XSK_SOCKOPT_TX_ERROR:
      return error_of(RingKind::kTx);
    case XSK_SOCKOPT_TX_COMPLETION_ERROR:
      return error_of(RingKind::kCompletion);
    case XSK_SOCKOPT_RX_PROCESSOR_AFFINITY:
      return get_affinity(RingKind::kRx, rx_affinity_, value, room);
    case XSK_SOCKOPT_TX_PROCESSOR_AFFINITY:
      return get_affinity(RingKind::kTx, tx_affinity_, value, room);
    case XSK_SOCKOPT_TX_FRAME_LAYOUT_EXTENSION:
      return get_extension(RingKind::kTx, Extension::kLayout, value, room);
    case XSK_SOCKOPT_TX_FRAME_CHECKSUM_EXTENSION:
      return get_extension(RingKind::kTx, Extension::kChecksum, value, room);
    case XSK_SOCKOPT_TX_FRAME_TIMESTAMP_EXTENSION:
      return get_extension(RingKind::kCompletion, Extension::kTimestamp, value, room);
    case XSK_SOCKOPT_RX_FRAME_CHECKSUM_EXTENSION:
      return get_extension(RingKind::kRx, Extension::kChecksum, value, room);
    case XSK_SOCKOPT_RX_FRAME_LAYOUT_EXTENSION:
      return get_extension(RingKind::kRx, Extension::kLayout, value, room);
    case XSK_SOCKOPT_RX_FRAME_ORIGINAL_LENGTH_EXTENSION:
      return get_extension(RingKind::kRx, Extension::kOriginalLength, value, room);
    case XSK_SOCKOPT_RX_FRAME_TIMESTAMP_EXTENSION:
      return get_extension(RingKind::kRx, Extension::kTimestamp, value, room);
    case XSK_SOCKOPT_TX_OFFLOAD_CURRENT_CONFIG_CHECKSUM:
      return get_current_config(RingKind::kTx, value, room);
    case XSK_SOCKOPT_RX_OFFLOAD_CURRENT_CONFIG_CHECKSUM:
      return get_current_config(RingKind::kRx, value, room);
    default:
      return Status::kNotSupported;
  }
}

Status Socket::set_hook(XDP_HOOK_ID& hook, const void* value, std::uint32_t length) {
  XDP_HOOK_ID wanted;
  const Status read = read_option(value, length, Status::kTooSmall, &wanted);
  if (failed(read)) return read;
  if (state_ != State::kUnbound) return Status::kBadState;
  hook = wanted;
  return Status::kOk;
}

Status Socket::set_affinity(Affinity& affinity, const void* value, std::uint32_t length) const {
  std::uint32_t on = 0;
  const Status read = read_option(value, length, Status::kTooSmall, &on);
  if (failed(read)) return read;
  affinity.on = on != 0;
  return Status::kOk;
}

Status Socket::get_affinity(RingKind kind, Affinity& affinity, void* value, std::uint32_t* room) {
  if (state_ < State::kActive || ring(kind) == nullptr) return Status::kBadState;
  PROCESSOR_NUMBER processor{};
  if (*room < sizeof processor) return Status::kTooSmall;
  taps_.tell(&Tap::flag_queried, number_, kind, static_cast<std::uint32_t>(XSK_RING_FLAG_AFFINITY_CHANGED));
  ring(kind)->clear_flag(XSK_RING_FLAG_AFFINITY_CHANGED);
  if (!affinity.cpu.has_value()) return Status::kNotReady;
  processor.Number = static_cast<UCHAR>(*affinity.cpu);
  return write_option(value, room, Status::kTooSmall, processor);
}

}  // namespace ringproof::xdp
