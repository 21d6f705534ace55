// Requests for receive-side scaling without a machine: 7.1 to 7.4.

#include "model/xdp/rss.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <cstring>

namespace ringproof::xdp {
namespace {

using Bytes = std::vector<unsigned char>;

constexpr std::uint32_t kHeader = sizeof(XDP_RSS_CONFIGURATION);

// A good request: everything is set, with a key of 40 bytes and a table of two processors.
class RssRequests : public testing::Test {
 protected:
  RssRequests() {
    XdpInitializeRssConfiguration(&header, sizeof header);
    header.Flags =
        XDP_RSS_FLAG_SET_HASH_TYPE | XDP_RSS_FLAG_SET_HASH_SECRET_KEY | XDP_RSS_FLAG_SET_INDIRECTION_TABLE;
    header.HashType = XDP_RSS_HASH_TYPE_TCP_IPV4;
    header.HashSecretKeyOffset = kHeader;
    header.HashSecretKeySize = 40;
    header.IndirectionTableOffset = kHeader + 40;
    header.IndirectionTableSize = 8;
  }
  Status read(std::size_t bytes = kHeader + 48) {
    Bytes buffer(bytes, 1);
    const auto* first = reinterpret_cast<const unsigned char*>(&header);
    std::copy_n(first, std::min(bytes, sizeof header), buffer.begin());
    return read_rss_request(buffer, &request);
  }
  Status check(const std::vector<std::uint8_t>& table) {
    request.table.emplace();
    for (const std::uint8_t processor : table) request.table->push_back({0, processor, 0});
    return check_rss_request(request, adapter);
  }

  XDP_RSS_CONFIGURATION header;
  RssRequest request;
  RssAdapter adapter{RssSupport::kFull, XDP_RSS_HASH_TYPE_TCP_IPV4, 2, 8, 16};
};

TEST_F(RssRequests, SayWhatTheyChange) {
  EXPECT_EQ(read(), Status::kOk);
  EXPECT_EQ(request.hash_types, XDP_RSS_HASH_TYPE_TCP_IPV4);
  EXPECT_EQ(request.key, Bytes(40, 1));
  ASSERT_EQ(request.table->size(), 2u);
  EXPECT_EQ((*request.table)[1].Number, 1);
  request = {};
  header.Flags = XDP_RSS_FLAG_DISABLED;
  EXPECT_EQ(read(), Status::kOk);
  EXPECT_FALSE(request.hash_types.has_value() || request.key.has_value() || request.table.has_value());
}

TEST_F(RssRequests, AreRefusedWithoutAHeaderThatIsKnown) {
  EXPECT_EQ(read(0), Status::kBadParameter);
  EXPECT_EQ(read(kHeader - 1), Status::kBadParameter);
  header.Header.Size = kHeader - 1;
  EXPECT_EQ(read(), Status::kBadParameter);
  header.Header = {XDP_RSS_CONFIGURATION_REVISION_1 - 1, kHeader};
  EXPECT_EQ(read(), Status::kBadParameter);
  header.Header = {XDP_RSS_CONFIGURATION_REVISION_1 + 1, kHeader + 4};
  EXPECT_EQ(read(), Status::kOk);
}

TEST_F(RssRequests, AreRefusedWithUnknownFlagsAndTypes) {
  header.HashType = XDP_RSS_VALID_HASH_TYPES + 1;
  EXPECT_EQ(read(), Status::kBadParameter);
  header.HashType = 0;
  EXPECT_EQ(read(), Status::kBadParameter);
  header.Flags = 0;
  EXPECT_EQ(read(), Status::kOk);
  header.HashType = XDP_RSS_VALID_HASH_TYPES + 1;  // even if it is not set
  EXPECT_EQ(read(), Status::kBadParameter);
  header.HashType = 0;
  header.Flags = XDP_RSS_VALID_FLAGS + 1;
  EXPECT_EQ(read(), Status::kBadParameter);
}

// Down to the last byte, and whether it is set or not.
TEST_F(RssRequests, AreRefusedIfTheyReachBeyondTheirBuffer) {
  EXPECT_EQ(read(kHeader + 47), Status::kBadParameter);
  header.Flags = 0;
  EXPECT_EQ(read(kHeader + 47), Status::kBadParameter);
  header.IndirectionTableSize = 0;
  EXPECT_EQ(read(kHeader + 40), Status::kOk);
  EXPECT_EQ(read(kHeader + 39), Status::kBadParameter);
  header.HashSecretKeyOffset = header.HashSecretKeySize = 0xFFFF;
  EXPECT_EQ(read(), Status::kBadParameter);
  EXPECT_EQ(read(0x1FFFE), Status::kOk);
}

TEST_F(RssRequests, AreRefusedWithSizesThatCannotBe) {
  for (const UINT16 size : {0, 6, 12, 24, 516, 1024}) {
    header.IndirectionTableSize = size;
    EXPECT_EQ(read(2000), Status::kBadParameter) << size;
  }
  for (const UINT16 size : {4, 8, 512}) {
    header.IndirectionTableSize = size;
    EXPECT_EQ(read(2000), Status::kOk) << size;
  }
  header.HashSecretKeySize = 41;
  EXPECT_EQ(read(2000), Status::kBadParameter);
  header.Flags = XDP_RSS_FLAG_SET_INDIRECTION_TABLE;
  EXPECT_EQ(read(2000), Status::kOk);
}

// Plain types of addresses are not asked for.
TEST_F(RssRequests, AreComparedWithWhatTheAdapterCanDo) {
  request.hash_types = XDP_RSS_HASH_TYPE_TCP_IPV4 | XDP_RSS_HASH_TYPE_IPV6 | XDP_RSS_HASH_TYPE_IPV6_EX;
  EXPECT_EQ(check({0, 1}), Status::kOk);
  EXPECT_EQ(check(std::vector<std::uint8_t>(8, 15)), Status::kOk);
  EXPECT_EQ(check(std::vector<std::uint8_t>(16, 0)), Status::kNotSupported);
  EXPECT_EQ(check({0, 16}), Status::kBadParameter);
  EXPECT_EQ(check({0, 1, 2, 1}), Status::kNotSupported);
  EXPECT_EQ(check({0, 1, 2, 16}), Status::kBadParameter);
  check({0});
  request.table->front().Group = 1;
  EXPECT_EQ(check_rss_request(request, adapter), Status::kBadParameter);
  for (const std::uint32_t type : {XDP_RSS_HASH_TYPE_UDP_IPV4, XDP_RSS_HASH_TYPE_TCP_IPV6,
                                   XDP_RSS_HASH_TYPE_UDP_IPV6_EX, XDP_RSS_HASH_TYPE_TCP_IPV6_EX}) {
    request.hash_types = type;
    EXPECT_EQ(check_rss_request(request, adapter), Status::kNotSupported) << type;
  }
}

TEST(RssTables, QueuesAreNumberedAsTheirProcessorsAppear) {
  const std::vector<std::uint32_t> processors = {7, 7, 2, 9, 2, 7, 0, 9};
  EXPECT_EQ(queues_of(processors), (std::vector<std::uint8_t>{0, 0, 1, 2, 1, 0, 3, 2}));
}

TEST(RssAnswers, CapabilitiesDependOnWhatTheAdapterSays) {
  const auto ask = [](const RssAdapter& adapter) {
    const Bytes bytes = rss_capabilities(adapter);
    XDP_RSS_CAPABILITIES answer{};
    std::memcpy(&answer, bytes.data(), bytes.size());
    EXPECT_EQ(answer.Header.Size, bytes.size());
    return answer;
  };
  RssAdapter adapter{RssSupport::kFull, XDP_RSS_HASH_TYPE_UDP_IPV6 | XDP_RSS_HASH_TYPE_TCP_IPV6_EX, 4, 64,
                     16};
  XDP_RSS_CAPABILITIES answer = ask(adapter);
  EXPECT_EQ(answer.Header.Revision, XDP_RSS_CAPABILITIES_REVISION_2);
  EXPECT_EQ(answer.HashTypes, adapter.hash_types | XDP_RSS_HASH_TYPE_IPV6 | XDP_RSS_HASH_TYPE_IPV6_EX);
  EXPECT_EQ(answer.NumberOfReceiveQueues, 4u);
  EXPECT_EQ(answer.NumberOfIndirectionTableEntries, 64u);
  adapter.support = RssSupport::kNoTableSize;
  answer = ask(adapter);
  EXPECT_EQ(answer.Header.Revision, XDP_RSS_CAPABILITIES_REVISION_1);
  EXPECT_EQ(answer.Header.Size, XDP_SIZEOF_RSS_CAPABILITIES_REVISION_1);
  EXPECT_EQ(answer.HashSecretKeySize, 40u);
  adapter.support = RssSupport::kNone;
  answer = ask(adapter);
  EXPECT_EQ(answer.Header.Revision, XDP_RSS_CAPABILITIES_REVISION_1);
  EXPECT_EQ(answer.HashTypes + answer.HashSecretKeySize + answer.NumberOfReceiveQueues, 0u);
}

TEST(RssAnswers, WhatIsOffHasNoKeyAndNoTable) {
  const Bytes bytes = rss_configuration({0, Bytes(40), {1, 2}, {0, 1}});
  XDP_RSS_CONFIGURATION answer;
  ASSERT_EQ(bytes.size(), sizeof answer);
  std::memcpy(&answer, bytes.data(), sizeof answer);
  EXPECT_EQ(answer.HashType + answer.HashSecretKeySize + answer.IndirectionTableSize, 0u);
}

}  // namespace
}  // namespace ringproof::xdp
