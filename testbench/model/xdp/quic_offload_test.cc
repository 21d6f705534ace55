// Batches of QUIC connections against an adapter's table, without a machine: 8.

#include "model/xdp/quic_offload.h"

#include <gtest/gtest.h>

#include <cstring>

#include "model/xdp/public_api.h"
#include "testbench/model/xdp/null_host.h"

namespace ringproof::xdp {
namespace {

constexpr std::uint32_t kNoRoom = 0x800705AA;
constexpr std::uint32_t kSomeFailure = 0x80004005;
constexpr auto kAdd = XDP_QUIC_OPERATION_ADD;
constexpr auto kRemove = XDP_QUIC_OPERATION_REMOVE;

class Quic : public testing::Test {
 protected:
  static XDP_QUIC_CONNECTION connection(UINT16 port, XDP_QUIC_OPERATION operation = kAdd) {
    XDP_QUIC_CONNECTION result;
    XdpInitializeQuicConnection(&result, sizeof result);
    result.Operation = operation;
    result.UdpPort = port;
    result.Status = static_cast<XDP_STATUS>(0x12345678);
    return result;
  }
  Status set(std::vector<XDP_QUIC_CONNECTION> connections) {
    batch = std::move(connections);
    return offload.set(reinterpret_cast<unsigned char*>(batch.data()),
                       static_cast<std::uint32_t>(batch.size() * sizeof batch[0]));
  }
  std::uint32_t answer(std::size_t i) const { return static_cast<std::uint32_t>(batch[i].Status); }

  NullHost host;
  driver::QuicTable table;
  driver::ControlRequests control{host};
  QuicOffload offload{table, control};
  std::vector<XDP_QUIC_CONNECTION> batch;
};

TEST_F(Quic, EveryPartOfTheKeyCountsAndNothingElse) {
  XDP_QUIC_CONNECTION one = connection(1);
  one.ConnectionIdLength = 2;
  std::vector<XDP_QUIC_CONNECTION> others(5, one);
  others[1].Direction = XDP_QUIC_DIRECTION_RECEIVE;
  others[2].AddressFamily = XDP_QUIC_ADDRESS_FAMILY_INET6;
  others[3].ConnectionIdLength = 1;
  others[4].ConnectionId[1] = 1;
  EXPECT_EQ(set(others), Status::kOk);
  one.ConnectionId[2] = 1;  // behind its length
  one.Address[0] = 9;
  one.CipherType = XDP_QUIC_CIPHER_TYPE_AEAD_CHACHA20_POLY1305;
  one.KeyPhase = 1;
  EXPECT_EQ(set({one}), Status::kAlreadyExists);
}

TEST_F(Quic, OneThatIsNotFullyAddedCannotBeRemoved) {
  EXPECT_EQ(set({connection(1), connection(1, kRemove)}), Status::kBadState);
  EXPECT_EQ(set({connection(1, kRemove)}), Status::kNotFound);
  EXPECT_EQ(set({connection(1)}), Status::kOk);
  EXPECT_EQ(set({connection(1, kRemove), connection(1, kRemove)}), Status::kBadState);
  EXPECT_EQ(set({connection(1, kRemove), connection(1)}), Status::kAlreadyExists);
  EXPECT_EQ(set({connection(1, kRemove)}), Status::kOk);
  EXPECT_TRUE(table.connections().empty());
}

TEST_F(Quic, ABatchThatIsWrongIsUndoneAndTheAdapterHearsNothing) {
  EXPECT_EQ(set({connection(1)}), Status::kOk);
  EXPECT_EQ(set({connection(2), connection(1, kRemove), connection(3, kRemove)}), Status::kNotFound);
  EXPECT_EQ(answer(0), 0x12345678u);
  EXPECT_EQ(table.requests(), 1u);
  EXPECT_EQ(set({connection(2), connection(1, kRemove)}), Status::kOk);
  EXPECT_EQ(offload.size(), 1u);
}

TEST_F(Quic, ARequestThatFailsAsAWholeIsUndone) {
  EXPECT_EQ(set({connection(1)}), Status::kOk);
  driver::QuicAnswers answers;
  answers.request_status = kSomeFailure;
  table.set_answers(answers);
  EXPECT_EQ(static_cast<std::uint32_t>(set({connection(1, kRemove), connection(2)})), kSomeFailure);
  EXPECT_EQ(answer(0), 0x12345678u);
  EXPECT_EQ(answer(1), 0x12345678u);
  table.set_answers({});
  EXPECT_EQ(set({connection(1, kRemove), connection(2)}), Status::kOk);
}

TEST_F(Quic, WhatTheAdapterRefusedIsAsBefore) {
  driver::QuicAnswers answers;
  answers.connections_max = 1;
  table.set_answers(answers);
  EXPECT_EQ(set({connection(1), connection(2)}), Status::kOk);
  EXPECT_EQ(answer(0), 0u);
  EXPECT_EQ(answer(1), kNoRoom);
  EXPECT_EQ(set({connection(2, kRemove)}), Status::kNotFound);
  answers.remove_status = kSomeFailure;
  table.set_answers(answers);
  EXPECT_EQ(set({connection(1, kRemove)}), Status::kOk);
  EXPECT_EQ(answer(0), kSomeFailure);
  EXPECT_EQ(set({connection(1)}), Status::kAlreadyExists);
}

// A longer entry of a later revision of the program's header, with something behind what is known.
TEST_F(Quic, EachEntryIsAsLongAsItSays) {
  std::vector<unsigned char> bytes(160 + 152, 0xEE);
  XDP_QUIC_CONNECTION first = connection(1);
  first.Header.Size = 160;
  const XDP_QUIC_CONNECTION second = connection(2);
  std::memcpy(bytes.data(), &first, sizeof first);
  std::memcpy(bytes.data() + 160, &second, sizeof second);
  EXPECT_EQ(offload.set(bytes.data(), 160 + 151), Status::kBadParameter);
  EXPECT_EQ(offload.set(bytes.data(), 160 + 7), Status::kBadParameter);
  EXPECT_EQ(offload.set(bytes.data(), 160), Status::kOk);
  offload.remove_all();
  EXPECT_EQ(offload.set(bytes.data(), 160 + 152), Status::kOk);
  EXPECT_EQ(bytes[160 - 1], 0xEE);
  EXPECT_EQ(table.connections().size(), 2u);
}

TEST_F(Quic, AllAreRemovedInBatchesWhateverTheAdapterSays) {
  std::vector<XDP_QUIC_CONNECTION> many;
  for (UINT32 i = 0; i < 2 * QuicOffload::kRemovedAtOnce + 1; ++i) {
    many.push_back(connection(static_cast<UINT16>(i)));
    many.back().ConnectionIdLength = 4;
    std::memcpy(many.back().ConnectionId, &i, 4);
  }
  EXPECT_EQ(set(many), Status::kOk);
  const std::uint64_t before = table.requests();
  offload.remove_all();
  EXPECT_EQ(table.requests() - before, 3u);
  EXPECT_TRUE(table.connections().empty());
  EXPECT_EQ(set({connection(1)}), Status::kOk);
  driver::QuicAnswers answers;
  answers.request_status = kSomeFailure;
  table.set_answers(answers);
  offload.remove_all();
  EXPECT_EQ(offload.size(), 0u);
}

}  // namespace
}  // namespace ringproof::xdp
