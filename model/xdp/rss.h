// rss.h: what applications ask of receive-side scaling, and whether it can be.
// Role     the checks of XdpRssSet that need no more than the request and the adapter's abilities; the
//          answers of both queries as bytes
// Shapes   table: a power of two of processors, at most 128; key: at most 40 bytes
// Units    [bytes] for sizes, [entries] for tables
// Errors   the first check that fails, in the order of the rules
// Source   XDP for Windows: interface handles and RSS; docs/interfaces.md
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "model/xdp/public_api.h"
#include "model/xdp/status.h"

namespace ringproof::xdp {

constexpr std::uint32_t kRssKeyBytes = 40;
constexpr std::uint32_t kRssTableEntries = 128;

// What an adapter says of itself. An old one does not say how long its table may be.
enum class RssSupport : std::uint8_t { kFull, kNoTableSize, kNone };

struct RssAdapter {
  RssSupport support = RssSupport::kFull;
  std::uint32_t hash_types = 0;  // of TCP and UDP
  std::uint32_t queues = 1;
  std::uint32_t table_entries = kRssTableEntries;
  std::uint32_t processors = 1;  // of the machine
};

// What to change; none: as it is.
struct RssRequest {
  std::optional<std::uint32_t> hash_types{};
  std::optional<std::vector<std::uint8_t>> key{};
  std::optional<std::vector<PROCESSOR_NUMBER>> table{};
};

// What is in force. No hash types: scaling is off, and the rest is kept for when it is on again.
struct RssSetting {
  std::uint32_t hash_types = 0;
  std::vector<std::uint8_t> key;
  std::vector<std::uint32_t> processors;  // the table
  std::vector<std::uint8_t> queues;       // of the same entries
};

// Reads the caller's bytes: checks 1 to 5, which look at nothing else.
Status read_rss_request(std::span<const unsigned char> bytes, RssRequest* request);
// Checks 8 to 11, against the adapter.
Status check_rss_request(const RssRequest& request, const RssAdapter& adapter);

// Each processor gets the next queue where the table names it first.
std::vector<std::uint8_t> queues_of(std::span<const std::uint32_t> processors);

// The whole answer of a query.
std::vector<unsigned char> rss_capabilities(const RssAdapter& adapter);
std::vector<unsigned char> rss_configuration(const RssSetting& setting);
// Puts an answer where the application wants it. REQUIRES: `size` bytes at `to` can be written. Without room,
// `size` says how much is needed; with too little, 0.
Status answer_query(std::span<const unsigned char> answer, void* to, std::uint32_t* size);

}  // namespace ringproof::xdp
