#include "sim/monitor/transaction_recorder.h"

#include <fmt/format.h>

#include <algorithm>
#include <set>

#include "model/base/hash.h"
#include "sim/monitor/vector_place.h"

namespace ringproof {
namespace {

constexpr std::uint32_t kCompletions = 128;  // above all vectors: transmit completions of queue v - 128

std::uint64_t hash_of(Tap::Bytes bytes) {
  Hash64 hash;
  hash.add_bytes(bytes.data(), bytes.size());
  return hash.value();
}

}  // namespace

std::string TransactionRecorder::Transaction::text() const {
  return fmt::format("entry {}: {} bytes, arrived {} ns after the first, hash {:016x}", index, bytes,
                     after_ns, hash);
}

void TransactionRecorder::wire_in(std::uint32_t port, std::uint64_t timestamp_ns, Bytes) {
  first_ns_.emplace(port, timestamp_ns);
}

void TransactionRecorder::hw_rx_completed(std::uint32_t port, std::uint32_t queue, std::uint32_t index,
                                          std::uint64_t timestamp_ns, Bytes bytes) {
  queues_[{port, queue}].push_back({index, timestamp_ns - first_ns_[port], bytes.size(), hash_of(bytes)});
}

void TransactionRecorder::wire_out(std::uint32_t port, std::uint32_t queue, std::uint64_t, Bytes bytes) {
  auto& sent = queues_[{port, nic::kTxVectorBase + queue}];
  sent.push_back({static_cast<std::uint32_t>(sent.size()), 0, bytes.size(), hash_of(bytes)});
}

void TransactionRecorder::hw_tx_completed(std::uint32_t port, std::uint32_t queue, std::uint32_t index) {
  queues_[{port, kCompletions + queue}].push_back({index, 0, 0, 0});
}

std::size_t TransactionRecorder::compare(const TransactionRecorder& expected, const TransactionRecorder& got,
                                         InvariantLog& log, std::uint64_t time_ps) {
  static const std::vector<Transaction> kNone;
  std::set<QueueKey> keys;
  for (const auto& each : expected.queues_) keys.insert(each.first);
  for (const auto& each : got.queues_) keys.insert(each.first);
  std::size_t differ = 0;
  for (const QueueKey& key : keys) {
    const auto find = [&](const auto& queues) -> const std::vector<Transaction>& {
      const auto found = queues.find(key);
      return found == queues.end() ? kNone : found->second;
    };
    const std::vector<Transaction>& a = find(expected.queues_);
    const std::vector<Transaction>& b = find(got.queues_);
    log.checked(Invariant::k51);
    if (a == b) continue;
    ++differ;
    const auto at = std::mismatch(a.begin(), a.end(), b.begin(), b.end());
    const std::uint32_t vector = key.vector < kCompletions ? key.vector : key.vector - kCompletions + 64;
    log.violated(Invariant::k51, Party::kDevice, place_of_vector(key.port, vector), EventTrail(), time_ps,
                 [&] {
                   return fmt::format("transaction {} of {}: expected {}, got {}", at.first - a.begin(),
                                      key.vector < kCompletions ? "the queue" : "its completions",
                                      at.first == a.end() ? std::string("no more") : at.first->text(),
                                      at.second == b.end() ? std::string("no more") : at.second->text());
                 });
  }
  return differ;
}

}  // namespace ringproof
