#include "model/xdp/rss.h"

#include <algorithm>
#include <cstring>

namespace ringproof::xdp {
namespace {

using Bytes = std::span<const unsigned char>;

constexpr std::uint32_t kTcpOrUdp = XDP_RSS_HASH_TYPE_TCP_IPV4 | XDP_RSS_HASH_TYPE_UDP_IPV4 |
                                    XDP_RSS_HASH_TYPE_TCP_IPV6 | XDP_RSS_HASH_TYPE_UDP_IPV6 |
                                    XDP_RSS_HASH_TYPE_TCP_IPV6_EX | XDP_RSS_HASH_TYPE_UDP_IPV6_EX;
static_assert(sizeof(PROCESSOR_NUMBER) == 4);

bool within(Bytes bytes, std::uint32_t offset, std::uint32_t size) { return offset + size <= bytes.size(); }

Status read_key(const XDP_RSS_CONFIGURATION& header, Bytes bytes, RssRequest* request) {
  if (header.HashSecretKeySize > kRssKeyBytes) return Status::kBadParameter;
  const Bytes key = bytes.subspan(header.HashSecretKeyOffset, header.HashSecretKeySize);
  request->key.emplace(key.begin(), key.end());
  return Status::kOk;
}

Status read_table(const XDP_RSS_CONFIGURATION& header, Bytes bytes, RssRequest* request) {
  const std::uint32_t size = header.IndirectionTableSize;
  const std::uint32_t entries = size / sizeof(PROCESSOR_NUMBER);
  const bool whole = size % sizeof(PROCESSOR_NUMBER) == 0;
  if (!whole || entries == 0 || entries > kRssTableEntries || (entries & (entries - 1)) != 0) {
    return Status::kBadParameter;
  }
  request->table.emplace(entries);
  std::memcpy(request->table->data(), bytes.data() + header.IndirectionTableOffset, size);
  return Status::kOk;
}

}  // namespace

Status read_rss_request(Bytes bytes, RssRequest* request) {
  XDP_RSS_CONFIGURATION header;
  if (bytes.size() < sizeof header) return Status::kBadParameter;
  std::memcpy(&header, bytes.data(), sizeof header);
  if (header.Header.Revision < XDP_RSS_CONFIGURATION_REVISION_1 ||
      header.Header.Size < XDP_SIZEOF_RSS_CONFIGURATION_REVISION_1) {
    return Status::kBadParameter;
  }
  if ((header.Flags & ~XDP_RSS_VALID_FLAGS) != 0 || (header.HashType & ~XDP_RSS_VALID_HASH_TYPES) != 0) {
    return Status::kBadParameter;
  }
  // Nobody switches scaling off with it: that is what the DISABLED flag would be for, which does nothing.
  const bool sets_types = (header.Flags & XDP_RSS_FLAG_SET_HASH_TYPE) != 0;
  if (sets_types && header.HashType == 0) return Status::kBadParameter;
  // Even of what is not set.
  if (!within(bytes, header.HashSecretKeyOffset, header.HashSecretKeySize) ||
      !within(bytes, header.IndirectionTableOffset, header.IndirectionTableSize)) {
    return Status::kBadParameter;
  }
  Status status = Status::kOk;
  if (sets_types) request->hash_types = header.HashType;
  if ((header.Flags & XDP_RSS_FLAG_SET_HASH_SECRET_KEY) != 0) status = read_key(header, bytes, request);
  if (!failed(status) && (header.Flags & XDP_RSS_FLAG_SET_INDIRECTION_TABLE) != 0) {
    status = read_table(header, bytes, request);
  }
  return status;
}

Status check_rss_request(const RssRequest& request, const RssAdapter& adapter) {
  if ((request.hash_types.value_or(0) & kTcpOrUdp & ~adapter.hash_types) != 0) return Status::kNotSupported;
  if (!request.table.has_value()) return Status::kOk;
  if (request.table->size() > adapter.table_entries) return Status::kNotSupported;
  std::vector<std::uint32_t> processors;
  for (const PROCESSOR_NUMBER& entry : *request.table) {
    // A machine here has one group of processors.
    if (entry.Group != 0 || entry.Number >= adapter.processors) return Status::kBadParameter;
    processors.push_back(entry.Number);
  }
  std::sort(processors.begin(), processors.end());
  const auto distinct = std::unique(processors.begin(), processors.end()) - processors.begin();
  return static_cast<std::uint64_t>(distinct) > adapter.queues ? Status::kNotSupported : Status::kOk;
}

std::vector<std::uint8_t> queues_of(std::span<const std::uint32_t> processors) {
  std::vector<std::uint8_t> queues;
  std::vector<std::uint32_t> seen;
  for (const std::uint32_t processor : processors) {
    const auto found = std::find(seen.begin(), seen.end(), processor);
    queues.push_back(static_cast<std::uint8_t>(found - seen.begin()));
    if (found == seen.end()) seen.push_back(processor);
  }
  return queues;
}

std::vector<unsigned char> rss_capabilities(const RssAdapter& adapter) {
  XDP_RSS_CAPABILITIES capabilities;
  XdpInitializeRssCapabilities(&capabilities);
  if (adapter.support != RssSupport::kNone) {
    // A type that has the ports brings the type of the addresses along.
    std::uint32_t types = adapter.hash_types;
    if ((types & (XDP_RSS_HASH_TYPE_TCP_IPV4 | XDP_RSS_HASH_TYPE_UDP_IPV4)) != 0) {
      types |= XDP_RSS_HASH_TYPE_IPV4;
    }
    if ((types & (XDP_RSS_HASH_TYPE_TCP_IPV6 | XDP_RSS_HASH_TYPE_UDP_IPV6)) != 0) {
      types |= XDP_RSS_HASH_TYPE_IPV6;
    }
    if ((types & (XDP_RSS_HASH_TYPE_TCP_IPV6_EX | XDP_RSS_HASH_TYPE_UDP_IPV6_EX)) != 0) {
      types |= XDP_RSS_HASH_TYPE_IPV6_EX;
    }
    capabilities.HashTypes = types;
    capabilities.HashSecretKeySize = kRssKeyBytes;
    capabilities.NumberOfReceiveQueues = adapter.queues;
  }
  if (adapter.support == RssSupport::kFull) {
    capabilities.Header.Revision = XDP_RSS_CAPABILITIES_REVISION_2;
    capabilities.Header.Size = XDP_SIZEOF_RSS_CAPABILITIES_REVISION_2;
    capabilities.NumberOfIndirectionTableEntries = adapter.table_entries;
  }
  std::vector<unsigned char> answer(capabilities.Header.Size);
  std::memcpy(answer.data(), &capabilities, answer.size());
  return answer;
}

std::vector<unsigned char> rss_configuration(const RssSetting& setting) {
  XDP_RSS_CONFIGURATION configuration;
  XdpInitializeRssConfiguration(&configuration, sizeof configuration);
  const bool on = setting.hash_types != 0;
  const std::size_t key_bytes = on ? setting.key.size() : 0;
  const std::size_t entries = on ? setting.processors.size() : 0;
  configuration.HashType = setting.hash_types;
  configuration.HashSecretKeyOffset = sizeof configuration;
  configuration.HashSecretKeySize = static_cast<UINT16>(key_bytes);
  configuration.IndirectionTableOffset = static_cast<UINT16>(sizeof configuration + key_bytes);
  configuration.IndirectionTableSize = static_cast<UINT16>(entries * sizeof(PROCESSOR_NUMBER));
  std::vector<unsigned char> answer(configuration.IndirectionTableOffset +
                                    configuration.IndirectionTableSize);
  std::memcpy(answer.data(), &configuration, sizeof configuration);
  std::copy_n(setting.key.begin(), key_bytes, answer.begin() + sizeof configuration);
  for (std::size_t i = 0; i < entries; ++i) {
    PROCESSOR_NUMBER processor{};
    processor.Number = static_cast<BYTE>(setting.processors[i]);
    std::memcpy(answer.data() + configuration.IndirectionTableOffset + i * sizeof processor, &processor,
                sizeof processor);
  }
  return answer;
}

Status answer_query(Bytes answer, void* to, std::uint32_t* size) {
  const std::uint32_t room = *size;
  *size = 0;
  if (room != 0 && room < answer.size()) return Status::kTooSmall;
  *size = static_cast<std::uint32_t>(answer.size());
  if (room == 0) return Status::kMoreData;
  std::memcpy(to, answer.data(), answer.size());
  return Status::kOk;
}

}  // namespace ringproof::xdp
