#include "model/xdp/interface.h"
#include "model/xdp/option_value.h"
#include "model/xdp/socket.h"

// Offloads that a socket enables, the extensions that they bring, and what the interface does at present.

namespace ringproof::xdp {
namespace {

struct Offload {
  RingKind ring;     // that gets the extensions
  RingKind partner;  // the other ring of the direction
  Extension extension;
};

Offload offload_of(std::uint32_t option) {
  switch (option) {
    case XSK_SOCKOPT_TX_OFFLOAD_CHECKSUM:
      return {RingKind::kTx, RingKind::kCompletion, Extension::kChecksum};
    case XSK_SOCKOPT_TX_OFFLOAD_TIMESTAMP:
      return {RingKind::kCompletion, RingKind::kTx, Extension::kTimestamp};
    case XSK_SOCKOPT_RX_OFFLOAD_CHECKSUM:
      return {RingKind::kRx, RingKind::kFill, Extension::kChecksum};
    case XSK_SOCKOPT_RX_OFFLOAD_TIMESTAMP:
      return {RingKind::kRx, RingKind::kFill, Extension::kTimestamp};
    default:  // XSK_SOCKOPT_RX_ORIGINAL_LENGTH
      return {RingKind::kRx, RingKind::kFill, Extension::kOriginalLength};
  }
}

bool is_tx(RingKind kind) { return kind == RingKind::kTx || kind == RingKind::kCompletion; }

}  // namespace

Status Socket::enable_offload(std::uint32_t option, const void* value, std::uint32_t length) {
  std::uint32_t on = 0;
  const Status read = read_option(value, length, Status::kTooSmall, &on);
  if (failed(read)) return read;
  if (state_ == State::kBinding) return Status::kBadState;  // and not what the bind will have made of it
  const TaskLock::Held held(control_);
  const Offload offload = offload_of(option);
  const bool bound = is_tx(offload.ring) ? tx_queue_ != nullptr : rx_queue_ != nullptr;
  const bool sized = ring(offload.ring) != nullptr || ring(offload.partner) != nullptr;
  if (state_ != State::kBound || extensions(offload.ring).has(offload.extension) || !bound || sized) {
    return Status::kBadState;
  }
  if (on == 0) return Status::kOk;
  const Status accepted = ask_queue(option);
  if (failed(accepted)) return accepted;
  extensions(offload.ring).add(offload.extension);
  if (offload.extension == Extension::kChecksum) {
    extensions(offload.ring).add(Extension::kLayout);
    (is_tx(offload.ring) ? tx_checksum_ : rx_checksum_) = true;
  }
  return Status::kOk;
}

Status Socket::ask_queue(std::uint32_t option) {
  switch (option) {
    case XSK_SOCKOPT_TX_OFFLOAD_CHECKSUM:
      return tx_queue_->enable_checksum();
    case XSK_SOCKOPT_TX_OFFLOAD_TIMESTAMP:
      return tx_queue_->enable_timestamp();
    case XSK_SOCKOPT_RX_OFFLOAD_CHECKSUM:
      return rx_queue_->enable_checksum();
    case XSK_SOCKOPT_RX_OFFLOAD_TIMESTAMP:
      return rx_queue_->enable_timestamp();
    default:
      return Status::kOk;  // the original length is known without the queue
  }
}

Status Socket::get_extension(RingKind kind, Extension extension, void* value, std::uint32_t* room) const {
  if (*room < sizeof(UINT16)) return Status::kBadParameter;
  const std::optional<std::uint16_t> offset = layout(kind).offset(extension);
  if (ring(kind) == nullptr || !offset.has_value()) return Status::kNotFound;
  return write_option(value, room, Status::kBadParameter, *offset);
}

Status Socket::get_current_config(RingKind kind, void* value, std::uint32_t* room) {
  const bool tx = is_tx(kind);
  if (tx ? tx_queue_ == nullptr : rx_queue_ == nullptr) return Status::kBadState;
  const Interface& interface = tx ? tx_queue_->interface() : rx_queue_->interface();
  // The flag goes even if the query fails, or asks for no more than the size.
  taps_.tell(&Tap::flag_queried, number_, kind, static_cast<std::uint32_t>(XSK_RING_FLAG_OFFLOAD_CHANGED));
  if (ring(kind) != nullptr) ring(kind)->clear_flag(XSK_RING_FLAG_OFFLOAD_CHANGED);
  if (interface.removed()) return Status::kNotReady;
  // No hardware is on the way between the stack and the interface.
  if (tx ? !tx_queue_->to_wire() : !rx_queue_->from_wire()) return Status::kBadState;

  XDP_CHECKSUM_CONFIGURATION config{};
  config.Header.Revision = XDP_CHECKSUM_CONFIGURATION_REVISION_1;
  config.Header.Size = XDP_SIZEOF_CHECKSUM_CONFIGURATION_REVISION_1;
  const nic::Offloads& current = interface.current();
  config.Enabled = static_cast<BOOLEAN>(current.rx_checksum && current.tx_checksum);
  config.TcpOptions = config.Enabled;
  const std::uint32_t given = *room;
  *room = XDP_SIZEOF_CHECKSUM_CONFIGURATION_REVISION_1;
  if (given == 0) return Status::kMoreData;
  if (given < *room) return Status::kTooSmall;
  std::memcpy(value, &config, *room);
  return Status::kOk;
}

void Socket::rx_offload_changed() {
  if (rx_checksum_ && rx_attached_) tell_offload_changed(RingKind::kRx);
}

void Socket::tx_offload_changed() {
  if (tx_checksum_) tell_offload_changed(RingKind::kTx);
}

void Socket::tell_offload_changed(RingKind kind) {
  if (state_ == State::kClosing) return;
  const Call call(*this);  // the ring stays until the flag is set
  if (ring(kind) != nullptr) ring(kind)->set_flag(XSK_RING_FLAG_OFFLOAD_CHANGED);
}

}  // namespace ringproof::xdp
