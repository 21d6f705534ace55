#include "model/xdp/quic_offload.h"

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <iterator>

#include "model/xdp/public_api.h"
#include "model/xdp/user_memory.h"

namespace ringproof::xdp {
namespace {

// One entry, read once. REQUIRES: `bytes` > 0 can be read.
Status read_entry(const unsigned char* at, std::uint32_t bytes, XDP_QUIC_CONNECTION* entry) {
  XDP_OBJECT_HEADER header;
  if (bytes < sizeof header) return Status::kBadParameter;
  std::memcpy(&header, at, sizeof header);
  const bool known = header.Revision == XDP_QUIC_CONNECTION_REVISION_1;
  if (!known || header.Size < XDP_SIZEOF_QUIC_CONNECTION_REVISION_1 || header.Size > bytes) {
    return Status::kBadParameter;
  }
  std::memcpy(entry, at, sizeof *entry);
  entry->Header = header;
  const bool good = entry->CipherType <= XDP_QUIC_CIPHER_TYPE_AEAD_AES_128_CCM &&
                    static_cast<std::uint32_t>(entry->AddressFamily) <= XDP_QUIC_ADDRESS_FAMILY_INET6 &&
                    entry->ConnectionIdLength <= sizeof entry->ConnectionId;
  return good ? Status::kOk : Status::kBadParameter;
}

driver::QuicRequest request_of(const XDP_QUIC_CONNECTION& entry) {
  driver::QuicRequest request;
  request.add = entry.Operation == XDP_QUIC_OPERATION_ADD;
  driver::QuicConnection& connection = request.connection;
  driver::QuicKey& key = connection.key;
  key.receive = entry.Direction == XDP_QUIC_DIRECTION_RECEIVE;
  key.address_family = entry.AddressFamily;
  key.udp_port = entry.UdpPort;
  key.connection_id_bytes = entry.ConnectionIdLength;
  std::copy_n(std::begin(entry.ConnectionId), entry.ConnectionIdLength, key.connection_id.begin());
  connection.passes_undecrypted = entry.DecryptFailureAction == XDP_QUIC_DECRYPT_FAILURE_ACTION_CONTINUE;
  connection.key_phase = entry.KeyPhase != 0;
  connection.cipher = entry.CipherType;
  connection.next_packet_number = entry.NextPacketNumber;
  std::copy(std::begin(entry.Address), std::end(entry.Address), connection.address.begin());
  std::copy(std::begin(entry.PayloadKey), std::end(entry.PayloadKey), connection.payload_key.begin());
  std::copy(std::begin(entry.HeaderKey), std::end(entry.HeaderKey), connection.header_key.begin());
  std::copy(std::begin(entry.PayloadIv), std::end(entry.PayloadIv), connection.payload_iv.begin());
  return request;
}

}  // namespace

Status QuicOffload::set(unsigned char* connections, std::uint32_t bytes) {
  Batch batch;
  Status status = read(connections, bytes, batch);
  if (!failed(status)) status = static_cast<Status>(control_.ask(batch.requests));
  if (!failed(status)) status = static_cast<Status>(adapter_.request(batch.requests));
  if (failed(status)) {
    undo(batch);
    return status;
  }
  for (const driver::QuicRequest& request : batch.requests) settle(request);
  // The memory may be gone since the request was made.
  if (!user_writable(connections, bytes)) return Status::kNoAccess;
  for (std::size_t i = 0; i < batch.requests.size(); ++i) {
    const std::uint32_t answer = batch.requests[i].status;
    std::memcpy(connections + batch.places[i] + offsetof(XDP_QUIC_CONNECTION, Status), &answer,
                sizeof answer);
  }
  return Status::kOk;
}

Status QuicOffload::read(const unsigned char* connections, std::uint32_t bytes, Batch& batch) {
  for (std::uint32_t at = 0; at < bytes;) {
    XDP_QUIC_CONNECTION entry;
    Status status = read_entry(connections + at, bytes - at, &entry);
    if (failed(status)) return status;
    const driver::QuicRequest request = request_of(entry);
    status = note(request);
    if (failed(status)) return status;
    batch.requests.push_back(request);
    batch.places.push_back(at);
    at += entry.Header.Size;
  }
  return Status::kOk;
}

Status QuicOffload::note(const driver::QuicRequest& request) {
  const auto found = connections_.find(request.connection.key);
  if (request.add) {
    if (found != connections_.end()) return Status::kAlreadyExists;
    connections_.emplace(request.connection.key, State::kAdding);
    return Status::kOk;
  }
  if (found == connections_.end()) return Status::kNotFound;
  // Neither one that this batch adds, nor one that it has removed already.
  if (found->second != State::kAdded) return Status::kBadState;
  found->second = State::kRemoving;
  return Status::kOk;
}

void QuicOffload::undo(const Batch& batch) {
  for (const driver::QuicRequest& request : batch.requests) {
    if (request.add) {
      connections_.erase(request.connection.key);
    } else {
      connections_[request.connection.key] = State::kAdded;
    }
  }
}

void QuicOffload::settle(const driver::QuicRequest& request) {
  const bool done = !failed(static_cast<Status>(request.status));
  if (request.add == done) {
    connections_[request.connection.key] = State::kAdded;
  } else {
    connections_.erase(request.connection.key);
  }
}

void QuicOffload::remove_all() {
  std::vector<driver::QuicRequest> batch;
  const auto send = [&] {
    static_cast<void>(adapter_.request(batch));
    batch.clear();
  };
  for (const auto& [key, state] : connections_) {
    driver::QuicRequest request;
    request.add = false;
    request.connection.key = key;
    batch.push_back(request);
    if (batch.size() == kRemovedAtOnce) send();
  }
  if (!batch.empty()) send();
  connections_.clear();
}

}  // namespace ringproof::xdp
