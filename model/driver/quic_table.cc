#include "model/driver/quic_table.h"

#include <algorithm>

namespace ringproof::driver {
namespace {

constexpr std::uint32_t kFull = 0x800705AA;      // ERROR_NO_SYSTEM_RESOURCES
constexpr std::uint32_t kNotThere = 0x80070490;  // ERROR_NOT_FOUND

}  // namespace

std::uint32_t QuicTable::request(std::span<QuicRequest> batch) {
  ++requests_;
  largest_request_ = std::max<std::uint64_t>(largest_request_, batch.size());
  if (answers_.request_status != 0) return answers_.request_status;
  for (QuicRequest& one : batch) {
    one.status = one.add ? add(one.connection) : remove(one.connection.key);
  }
  return 0;
}

std::uint32_t QuicTable::add(const QuicConnection& connection) {
  if (answers_.add_status != 0) return answers_.add_status;
  if (connections_.size() >= answers_.connections_max) return kFull;
  connections_.emplace(connection.key, connection);
  return 0;
}

std::uint32_t QuicTable::remove(const QuicKey& key) {
  if (answers_.remove_status != 0) return answers_.remove_status;
  const auto oldest = connections_.lower_bound(key);
  if (oldest == connections_.end() || oldest->first != key) return kNotThere;
  connections_.erase(oldest);
  return 0;
}

}  // namespace ringproof::driver
