// QUIC connections in the hands of applications and adapter: I-032, I-048 to I-052.

#include "testbench/conformance/interface.h"
#include "testbench/conformance/machine.h"
#include "testbench/conformance/memory_pages.h"

namespace ringproof::test {
namespace {

constexpr auto kRemove = XDP_QUIC_OPERATION_REMOVE;
constexpr UINT32 kUntouched = 0x12345678;
constexpr UINT32 kSomeFailure = 0x80004005;

class Qeo : public Conformance {
 protected:
  driver::QuicTable& adapter() { return machine().driver().quic(); }
  std::size_t offloaded() { return adapter().connections().size(); }
  static UINT32 set(const OpenInterface& interface, const void* connections, UINT32 bytes) {
    return number(XdpQeoSet(interface.handle(),
                            static_cast<XDP_QUIC_CONNECTION*>(const_cast<void*>(connections)), bytes));
  }
  // A connection that the test spoils, behind a good one: neither reaches the adapter.
  void expect_refused(const std::function<void(XDP_QUIC_CONNECTION&)>& spoil) {
    const OpenInterface interface;
    std::vector<XDP_QUIC_CONNECTION> batch = {quic_connection(1), quic_connection(2)};
    spoil(batch[1]);
    EXPECT_EQ(interface.qeo(batch), kBadParameter);
    EXPECT_EQ(number(batch[0].Status), kUntouched);
    EXPECT_EQ(adapter().requests(), 0u);
    EXPECT_EQ(interface.qeo(quic_connection(1, kRemove)), kNotFound);
  }
};

// I-048
CONFORMANCE(Qeo, EntriesThatAreTooShortAreRefused) {
  const OpenInterface interface;
  const XDP_QUIC_CONNECTION good = quic_connection(1);
  EXPECT_EQ(set(interface, &good, 0), kBadParameter);
  EXPECT_EQ(set(interface, nullptr, 0), kBadParameter);
  for (const UINT32 bytes : {1u, 7u, 8u, 151u})
    EXPECT_EQ(set(interface, &good, bytes), kBadParameter) << bytes;
  EXPECT_EQ(adapter().requests(), 0u);
  EXPECT_EQ(set(interface, &good, 152), kOk);
}

// I-048
CONFORMANCE(Qeo, HeadersThatAreNotKnownAreRefused) {
  expect_refused([](auto& entry) { entry.Header.Revision = 0; });
  expect_refused([](auto& entry) { entry.Header.Revision = 2; });
  expect_refused([](auto& entry) { entry.Header.Size = 151; });
  expect_refused([](auto& entry) { entry.Header.Size = 0; });
  expect_refused([](auto& entry) { entry.Header.Size = 153; });
}

// I-048
CONFORMANCE(Qeo, ValuesThatCannotBeAreRefused) {
  expect_refused([](auto& entry) { entry.CipherType = 4; });
  expect_refused([](auto& entry) { entry.CipherType = 0xFFFF; });
  expect_refused([](auto& entry) { entry.AddressFamily = static_cast<XDP_QUIC_ADDRESS_FAMILY>(2); });
  expect_refused([](auto& entry) { entry.ConnectionIdLength = 21; });
}

CONFORMANCE(Qeo, TheAdapterGetsWhatTheProgramSays) {
  const OpenInterface interface;
  XDP_QUIC_CONNECTION connection = quic_connection(0x3412);
  connection.Direction = XDP_QUIC_DIRECTION_RECEIVE;
  connection.DecryptFailureAction = XDP_QUIC_DECRYPT_FAILURE_ACTION_CONTINUE;
  connection.KeyPhase = 1;
  connection.CipherType = XDP_QUIC_CIPHER_TYPE_AEAD_AES_128_CCM;
  connection.AddressFamily = XDP_QUIC_ADDRESS_FAMILY_INET6;
  connection.NextPacketNumber = 1ULL << 40;
  connection.ConnectionIdLength = 20;
  connection.ConnectionId[19] = 5;
  connection.Address[15] = 6;
  connection.PayloadKey[31] = 7;
  connection.HeaderKey[31] = 8;
  connection.PayloadIv[11] = 9;
  std::vector<XDP_QUIC_CONNECTION> batch = {connection};
  EXPECT_EQ(interface.qeo(batch), kOk);
  EXPECT_EQ(number(batch[0].Status), kOk);
  ASSERT_EQ(offloaded(), 1u);
  const driver::QuicConnection& got = adapter().connections().begin()->second;
  EXPECT_TRUE(got.key.receive && got.passes_undecrypted && got.key_phase);
  EXPECT_EQ(got.key.udp_port, 0x3412u);
  EXPECT_EQ(got.key.address_family, 1u);
  EXPECT_EQ(got.key.connection_id_bytes, 20u);
  EXPECT_EQ(got.key.connection_id[19], 5u);
  EXPECT_EQ(got.cipher, 3u);
  EXPECT_EQ(got.next_packet_number, 1ULL << 40);
  EXPECT_EQ(got.address[15] + got.payload_key[31] + got.header_key[31] + got.payload_iv[11], 6 + 7 + 8 + 9);
}

// I-049
CONFORMANCE(Qeo, TheAddressDoesNotTellConnectionsApart) {
  const OpenInterface interface;
  XDP_QUIC_CONNECTION connection = quic_connection(1);
  EXPECT_EQ(interface.qeo(connection), kOk);
  EXPECT_EQ(interface.qeo(connection), kAlreadyExists);
  connection.Address[0] = 10;
  EXPECT_EQ(interface.qeo(connection), kAlreadyExists);
  connection.KeyPhase = 1;  // nor may a connection be changed
  EXPECT_EQ(interface.qeo(connection), kAlreadyExists);
  EXPECT_EQ(offloaded(), 1u);
  connection.UdpPort = 2;
  EXPECT_EQ(interface.qeo(connection), kOk);
  std::vector<XDP_QUIC_CONNECTION> twice = {quic_connection(3), quic_connection(3)};
  EXPECT_EQ(interface.qeo(twice), kAlreadyExists);
  EXPECT_EQ(offloaded(), 2u);
}

// I-050
CONFORMANCE(Qeo, ABatchWithAnUnknownConnectionIsUndone) {
  const OpenInterface interface;
  EXPECT_EQ(interface.qeo(quic_connection(1)), kOk);
  std::vector<XDP_QUIC_CONNECTION> batch = {quic_connection(2), quic_connection(1, kRemove),
                                            quic_connection(3, kRemove)};
  EXPECT_EQ(interface.qeo(batch), kNotFound);
  for (const XDP_QUIC_CONNECTION& entry : batch) EXPECT_EQ(number(entry.Status), kUntouched);
  EXPECT_EQ(offloaded(), 1u);
  batch.pop_back();
  EXPECT_EQ(interface.qeo(batch), kOk);
  EXPECT_EQ(adapter().connections().begin()->first.udp_port, 2u);
  EXPECT_EQ(offloaded(), 1u);
}

CONFORMANCE(Qeo, OneThatIsNotFullyAddedCannotBeRemoved) {
  const OpenInterface interface;
  std::vector<XDP_QUIC_CONNECTION> batch = {quic_connection(1), quic_connection(1, kRemove)};
  EXPECT_EQ(interface.qeo(batch), kBadState);
  EXPECT_EQ(offloaded(), 0u);
}

// I-051
CONFORMANCE(Qeo, TwoHandlesMayAddTheSameConnection) {
  const OpenInterface one;
  OpenInterface two;
  EXPECT_EQ(one.qeo(quic_connection(1)), kOk);
  EXPECT_EQ(two.qeo(quic_connection(1)), kOk);
  EXPECT_EQ(offloaded(), 2u);
  EXPECT_EQ(one.qeo(quic_connection(1, kRemove)), kOk);
  EXPECT_EQ(one.qeo(quic_connection(1, kRemove)), kNotFound);
  EXPECT_EQ(offloaded(), 1u);
  two.close();
  EXPECT_EQ(offloaded(), 0u);
}

// I-052: only its own ones.
CONFORMANCE(Qeo, ClosingTheHandleRemovesItsConnections) {
  const OpenInterface other;
  OpenInterface interface;
  EXPECT_EQ(other.qeo(quic_connection(9)), kOk);
  std::vector<XDP_QUIC_CONNECTION> batch = {quic_connection(1), quic_connection(2), quic_connection(3)};
  EXPECT_EQ(interface.qeo(batch), kOk);
  EXPECT_EQ(interface.qeo(quic_connection(2, kRemove)), kOk);
  EXPECT_EQ(offloaded(), 3u);
  interface.close();
  ASSERT_EQ(offloaded(), 1u);
  EXPECT_EQ(adapter().connections().begin()->first.udp_port, 9u);
}

// I-032, I-052
CONFORMANCE(Qeo, RemovalTakesAllConnections) {
  OpenInterface interface;
  EXPECT_EQ(interface.qeo(quic_connection(1)), kOk);
  machine().platform().remove_adapter(1);
  EXPECT_EQ(offloaded(), 0u);
  EXPECT_EQ(interface.qeo(quic_connection(1)), kNotReady);
  machine().platform().add_adapter(1);
  EXPECT_EQ(interface.qeo(quic_connection(1)), kNotReady);
  const OpenInterface fresh;
  EXPECT_EQ(fresh.qeo(quic_connection(1)), kOk);
  interface.close();
  EXPECT_EQ(offloaded(), 1u);
}

CONFORMANCE(Qeo, TheEndOfTheProcessTakesAllConnections) {
  OpenInterface interface;
  EXPECT_EQ(interface.qeo(quic_connection(1)), kOk);
  interface.forget();
  machine().platform().close_all_handles();
  EXPECT_EQ(offloaded(), 0u);
}

// ---- what the adapter says ----

CONFORMANCE(Qeo, EachConnectionHasTheAdaptersAnswer) {
  const OpenInterface interface;
  driver::QuicAnswers full;
  full.connections_max = 2;
  adapter().set_answers(full);
  std::vector<XDP_QUIC_CONNECTION> batch = {quic_connection(1), quic_connection(2), quic_connection(3)};
  EXPECT_EQ(interface.qeo(batch), kOk);
  EXPECT_EQ(number(batch[0].Status), kOk);
  EXPECT_EQ(number(batch[1].Status), kOk);
  EXPECT_EQ(number(batch[2].Status), kNoResources);
  // What was refused is not there; what could not be removed is.
  EXPECT_EQ(interface.qeo(quic_connection(3, kRemove)), kNotFound);
  adapter().set_answers({.remove_status = kSomeFailure});
  batch = {quic_connection(2, kRemove)};
  EXPECT_EQ(interface.qeo(batch), kOk);
  EXPECT_EQ(number(batch[0].Status), kSomeFailure);
  adapter().set_answers({});
  EXPECT_EQ(interface.qeo(quic_connection(2)), kAlreadyExists);
  EXPECT_EQ(interface.qeo(quic_connection(2, kRemove)), kOk);
}

CONFORMANCE(Qeo, ARequestThatFailsAsAWholeTouchesNothing) {
  OpenInterface interface;
  EXPECT_EQ(interface.qeo(quic_connection(1)), kOk);
  adapter().set_answers({.request_status = kSomeFailure});
  std::vector<XDP_QUIC_CONNECTION> batch = {quic_connection(2), quic_connection(1, kRemove)};
  EXPECT_EQ(interface.qeo(batch), kSomeFailure);
  for (const XDP_QUIC_CONNECTION& entry : batch) EXPECT_EQ(number(entry.Status), kUntouched);
  // Nor does it keep the handle from going.
  interface.close();
  adapter().set_answers({});
  EXPECT_EQ(OpenInterface().qeo(quic_connection(1)), kOk);
}

// ---- memory that is not there ----

CONFORMANCE(Qeo, MemoryThatIsNotThereIsNoAccess) {
  MemoryPages memory(2);
  memory.forbid(1);
  const OpenInterface interface;
  const XDP_QUIC_CONNECTION connection = quic_connection(1);
  const void* last = memory.at_end(0, connection);
  EXPECT_EQ(set(interface, last, 153), kNoAccess);
  EXPECT_EQ(set(interface, last, 0xFFFFFFFF), kNoAccess);
  EXPECT_EQ(set(interface, nullptr, 152), kNoAccess);
  EXPECT_EQ(set(interface, memory.at(1), 8), kNoAccess);
  memory.make_read_only(0);
  EXPECT_EQ(set(interface, last, 152), kNoAccess);
  EXPECT_EQ(adapter().requests(), 0u);
}

CONFORMANCE(Qeo, OddAddressesAreGood) {
  const OpenInterface interface;
  Bytes bytes(1 + 153 + 152);
  XDP_QUIC_CONNECTION first = quic_connection(1);
  first.Header.Size = 153;
  const XDP_QUIC_CONNECTION second = quic_connection(2);
  std::memcpy(bytes.data() + 1, &first, sizeof first);
  std::memcpy(bytes.data() + 1 + 153, &second, sizeof second);
  EXPECT_EQ(set(interface, bytes.data() + 1, 153 + 152), kOk);
  EXPECT_EQ(offloaded(), 2u);
}

}  // namespace
}  // namespace ringproof::test
