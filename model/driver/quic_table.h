// quic_table.h: the connections whose QUIC packets an adapter encrypts and decrypts itself.
// Role     what the adapter says to batches of connections to add and remove; encrypts nothing
// Shapes   several connections may have the same key, since several owners may add the same one
// Units    ports in network byte order; statuses as an application sees them (HRESULT)
// Errors   the settings say which requests fail, and how
// Source   XDP for Windows: QUIC encryption offload
#pragma once

#include <array>
#include <compare>
#include <cstdint>
#include <limits>
#include <map>
#include <span>

namespace ringproof::driver {

// What tells connections apart. The address does not.
struct QuicKey {
  bool receive = false;
  std::uint32_t address_family = 0;  // XDP_QUIC_ADDRESS_FAMILY
  std::uint16_t udp_port = 0;
  std::uint8_t connection_id_bytes = 0;
  std::array<std::uint8_t, 20> connection_id{};      // zeros behind its length
  auto operator<=>(const QuicKey&) const = default;  // NOLINT(modernize-use-nullptr): misread
};

struct QuicConnection {
  QuicKey key;
  bool passes_undecrypted = false;  // a packet that cannot be decrypted goes on as it is
  bool key_phase = false;
  std::uint32_t cipher = 0;  // XDP_QUIC_CIPHER_TYPE
  std::uint64_t next_packet_number = 0;
  std::array<std::uint8_t, 16> address{};
  std::array<std::uint8_t, 32> payload_key{};
  std::array<std::uint8_t, 32> header_key{};
  std::array<std::uint8_t, 12> payload_iv{};
};

struct QuicRequest {
  bool add = true;  // false: to be removed, by its key
  QuicConnection connection;
  std::uint32_t status = 0;  // answer
};

// How the adapter answers; 0: success.
struct QuicAnswers {
  std::uint64_t connections_max = std::numeric_limits<std::uint64_t>::max();
  std::uint32_t request_status = 0;  // of whole requests: nothing is done then
  std::uint32_t add_status = 0;      // of each connection that is to be added
  std::uint32_t remove_status = 0;
};

class QuicTable {
 public:
  using Connections = std::multimap<QuicKey, QuicConnection>;

  // Adds and removes in order, and fills in each status. A failure of the whole request is the result, and
  // then nothing else happens.
  std::uint32_t request(std::span<QuicRequest> batch);

  const Connections& connections() const { return connections_; }
  // Batches so far, and the connections of the largest one.
  std::uint64_t requests() const { return requests_; }
  std::uint64_t largest_request() const { return largest_request_; }

  const QuicAnswers& answers() const { return answers_; }
  void set_answers(const QuicAnswers& answers) { answers_ = answers; }

 private:
  std::uint32_t add(const QuicConnection& connection);
  std::uint32_t remove(const QuicKey& key);

  QuicAnswers answers_;
  Connections connections_;
  std::uint64_t requests_ = 0;
  std::uint64_t largest_request_ = 0;
};

}  // namespace ringproof::driver
