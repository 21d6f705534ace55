// workload.h: an application that expects anything, on a machine whose faults a plan decides.
// Role     the situation of the fault tests: traffic both ways for a while, then the faults heal, and a new
//          socket must find a machine that works
// Errors   what must hold whatever strikes is checked here
// Source   docs/faults.md
#pragma once

#include <gtest/gtest.h>

#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <optional>
#include <set>
#include <string>
#include <vector>

#include "sim/fault/catalogue.h"
#include "sim/fault/fault_plan.h"
#include "testbench/conformance/machine.h"
#include "testbench/conformance/socket.h"

namespace ringproof::test {

// The application's side of one socket. Every call may fail; what does is tried again, for a while.
class CarefulSocket {
 public:
  static constexpr UINT32 kChunkBytes = 2048;
  static constexpr UINT32 kHalf = 16;  // chunks to receive into, and as many to send from
  static constexpr UINT32 kRingSize = 16;

  explicit CarefulSocket(Machine& machine, UINT32 tries_max = 50)
      : machine_(machine), memory_(2 * kHalf * kChunkBytes) {
    for (UINT32 tries = 0; tries < tries_max && !open_; ++tries) {
      open_ = open();
      if (!open_) close();
      if (!open_) machine_.sleep_us(10);
    }
  }
  ~CarefulSocket() { close(); }
  bool is_open() const { return open_; }

  // A round: posts what it may, sends as many frames as it has chunks for, takes what has come.
  void round(UINT32 frames) {
    while (!free_rx_.empty() && post_one()) {
    }
    for (UINT32 i = 0; i < frames && !free_tx_.empty(); ++i) send_one();
    if (XskRingProducerNeedPoke(&tx_) != 0) notify(XSK_NOTIFY_FLAG_POKE_TX, 0);
    notify(XSK_NOTIFY_FLAG_WAIT_RX, 1);
    take();
  }
  void take() {
    UINT32 index;
    UINT32 count = XskRingConsumerReserve(&rx_, kRingSize, &index);
    for (UINT32 i = 0; i < count; ++i) {
      const auto& buffer = *static_cast<XSK_BUFFER_DESCRIPTOR*>(XskRingGetElement(&rx_, index + i));
      received_.push_back(bytes_of(buffer));
      give_back(buffer.Address.BaseAddress, 0, free_rx_);
    }
    if (count > 0) XskRingConsumerRelease(&rx_, count);
    count = XskRingConsumerReserve(&completion_, kRingSize, &index);
    for (UINT32 i = 0; i < count; ++i) {
      give_back(*static_cast<UINT64*>(XskRingGetElement(&completion_, index + i)), kHalf, free_tx_);
      ++completed_;
    }
    if (count > 0) XskRingConsumerRelease(&completion_, count);
  }
  void notify(UINT32 flags, UINT32 timeout_ms) {
    auto result = XSK_NOTIFY_RESULT_FLAG_NONE;
    last_notify_ =
        number(XskNotifySocket(handle_, static_cast<XSK_NOTIFY_FLAGS>(flags), timeout_ms, &result));
    if (last_notify_ == kTimeout) ++timeouts_;
  }
  UINT32 timeouts() const { return timeouts_; }
  UINT32 last_notify() const { return last_notify_; }
  const std::vector<Bytes>& received() const { return received_; }
  UINT32 completed() const { return completed_; }
  // Answers of the calls that failed.
  const std::set<UINT32>& failures() const { return failures_; }

  XSK_STATISTICS statistics() const {
    XSK_STATISTICS value{};
    UINT32 length = sizeof value;
    XskGetSockopt(handle_, XSK_SOCKOPT_STATISTICS, &value, &length);
    return value;
  }

 private:
  bool worked(XDP_STATUS status) {
    if (number(status) == kOk) return true;
    failures_.insert(number(status));
    return false;
  }
  template <typename Value>
  bool set(UINT32 option, const Value& value) {
    return worked(XskSetSockopt(handle_, option, &value, sizeof value));
  }
  bool open() {
    const XSK_UMEM_REG umem = umem_at(memory_.data(), memory_.size(), kChunkBytes);
    if (!worked(XskCreate(&handle_))) return false;
    bool good = worked(XskBind(handle_, 1, 0, static_cast<XSK_BIND_FLAGS>(kRxOnly | kTxOnly))) &&
                set(XSK_SOCKOPT_UMEM_REG, umem);
    for (const UINT32 option : {XSK_SOCKOPT_RX_RING_SIZE, XSK_SOCKOPT_RX_FILL_RING_SIZE,
                                XSK_SOCKOPT_TX_RING_SIZE, XSK_SOCKOPT_TX_COMPLETION_RING_SIZE}) {
      good = good && set(option, kRingSize);
    }
    if (!good || !worked(XskActivate(handle_, XSK_ACTIVATE_FLAG_NONE))) return false;
    XSK_RING_INFO_SET info{};
    UINT32 length = sizeof info;
    if (!worked(XskGetSockopt(handle_, XSK_SOCKOPT_RING_INFO, &info, &length))) return false;
    XskRingInitialize(&fill_, &info.Fill);
    XskRingInitialize(&rx_, &info.Rx);
    XskRingInitialize(&tx_, &info.Tx);
    XskRingInitialize(&completion_, &info.Completion);
    XDP_RULE rule{};
    rule.Match = XDP_MATCH_ALL;
    rule.Action = XDP_PROGRAM_ACTION_REDIRECT;
    rule.Redirect.TargetType = XDP_REDIRECT_TARGET_TYPE_XSK;
    rule.Redirect.Target = handle_;
    const XDP_HOOK_ID hook = {XDP_HOOK_L2, XDP_HOOK_RX, XDP_HOOK_INSPECT};
    if (!worked(XdpCreateProgram(1, &hook, 0, XDP_CREATE_PROGRAM_FLAG_NONE, &rule, 1, &program_)))
      return false;
    for (UINT32 chunk = 0; chunk < kHalf; ++chunk) {
      free_rx_.insert(chunk);
      free_tx_.insert(kHalf + chunk);
    }
    return true;
  }
  void close() {
    for (HANDLE* handle : {&program_, &handle_}) {
      if (*handle != nullptr) CloseHandle(*handle);
      *handle = nullptr;
    }
    free_rx_.clear();
    free_tx_.clear();
  }
  bool post_one() {
    UINT32 index;
    if (XskRingProducerReserve(&fill_, 1, &index) == 0) return false;
    *static_cast<UINT64*>(XskRingGetElement(&fill_, index)) = std::uint64_t{*free_rx_.begin()} * kChunkBytes;
    free_rx_.erase(free_rx_.begin());
    XskRingProducerSubmit(&fill_, 1);
    return true;
  }
  void send_one() {
    UINT32 index;
    if (XskRingProducerReserve(&tx_, 1, &index) == 0) return;
    const UINT32 chunk = *free_tx_.begin();
    free_tx_.erase(free_tx_.begin());
    const Bytes frame = udp_frame(100, static_cast<unsigned char>(chunk));
    std::memcpy(memory_.data() + std::size_t{chunk} * kChunkBytes, frame.data(), frame.size());
    const auto buffer = descriptor(std::uint64_t{chunk} * kChunkBytes, static_cast<UINT32>(frame.size()));
    std::memcpy(XskRingGetElement(&tx_, index), &buffer, sizeof buffer);
    XskRingProducerSubmit(&tx_, 1);
  }
  static XSK_BUFFER_DESCRIPTOR descriptor(std::uint64_t base, UINT32 length) {
    XSK_BUFFER_DESCRIPTOR buffer{};
    buffer.Address.AddressAndOffset = base;
    buffer.Length = length;
    return buffer;
  }
  Bytes bytes_of(const XSK_BUFFER_DESCRIPTOR& buffer) const {
    const std::uint64_t begin = buffer.Address.BaseAddress + buffer.Address.Offset;
    if (begin > memory_.size() || buffer.Length > memory_.size() - begin) return {};
    return {memory_.data() + begin, memory_.data() + begin + buffer.Length};
  }
  // What comes back need not be what was given away.
  static void give_back(std::uint64_t address, UINT32 first, std::set<UINT32>& free) {
    const std::uint64_t chunk = address / kChunkBytes;
    if (chunk >= first && chunk < first + kHalf) free.insert(static_cast<UINT32>(chunk));
  }

  Machine& machine_;
  std::vector<unsigned char> memory_;
  HANDLE handle_ = nullptr;
  HANDLE program_ = nullptr;
  bool open_ = false;
  XSK_RING fill_{}, rx_{}, tx_{}, completion_{};
  std::set<UINT32> free_rx_, free_tx_;
  std::vector<Bytes> received_;
  std::set<UINT32> failures_;
  UINT32 completed_ = 0;
  UINT32 last_notify_ = 0;
  UINT32 timeouts_ = 0;
};

class FaultTest : public testing::Test {
 protected:
  static constexpr UINT32 kRounds = 24;
  static constexpr UINT32 kFramesPerRound = 6;

  static FaultRecord at_rate(FaultId id, double rate) {
    FaultTrigger trigger;
    trigger.rate = rate;
    return fault_record(id, trigger);
  }
  static FaultRecord nth(FaultId id, std::uint64_t number, std::uint64_t times = 1) {
    FaultTrigger trigger;
    trigger.kind = FaultTrigger::Kind::kEvent;
    trigger.number = number;
    FaultRecord record = fault_record(id, trigger);
    record.times = times;
    return record;
  }

  // Counts what the NIC and the driver drop.
  struct Drops final : Tap {
    void nic_dropped(std::uint32_t, std::uint64_t, DropReason reason) override { ++by[reason]; }
    void frame_dropped(std::uint32_t, std::uint64_t, DropReason reason) override { ++by[reason]; }
    void wire_out_dropped(std::uint32_t, std::uint32_t, DropReason reason) override { ++by[reason]; }
    void wire_in(std::uint32_t, std::uint64_t, Bytes) override { ++arrived; }
    std::map<DropReason, std::uint64_t> by;
    std::uint64_t arrived = 0;
  };

  // The whole story: traffic while faults strike, the healing, and a new socket that must work.
  void play(const FaultRecord& record, UINT32 rounds = kRounds) {
    MachineSettings settings;
    settings.faults.records = {record};
    settings.platform.sockets.strict = true;
    settings.wait_for_driver = false;
    play_on(settings, rounds);
  }
  void play_on(const MachineSettings& settings, UINT32 rounds = kRounds) {
    machine_.reset();
    machine_ = std::make_unique<Machine>(settings);
    machine_->taps().add(&drops);
    machine_->run([&] {
      {
        CarefulSocket socket(*machine_);
        while_faults_strike(socket, rounds);
        received = socket.received();
        completed = socket.completed();
        failures = socket.failures();
        statistics = socket.statistics();
        timeouts = socket.timeouts();
        ended_us = machine_->now_us();
        machine_->heal();
        machine_->sleep_us(2000);
        machine_->settle();
      }
      sent = machine_->sent().size();
      expect_that_a_new_socket_works();
    });
    struck = machine_->faults().times(settings.faults.records[0].id);
  }

  void expect_that_a_new_socket_works() {
    CarefulSocket socket(*machine_);
    ASSERT_TRUE(socket.is_open()) << "after the faults have healed";
    const std::size_t sent_before = machine_->sent().size();
    socket.round(1);
    machine_->wire({udp_frame(99, 7)});
    machine_->sleep_us(100);
    socket.take();
    machine_->settle();
    socket.take();
    EXPECT_EQ(socket.received(), std::vector<Bytes>{udp_frame(99, 7)}) << "after the faults have healed";
    EXPECT_EQ(machine_->sent().size(), sent_before + 1) << "after the faults have healed";
    EXPECT_EQ(socket.completed(), 1u) << "after the faults have healed";
  }

  std::unique_ptr<Machine> machine_;
  Drops drops;
  std::vector<Bytes> received;
  std::set<UINT32> failures;
  XSK_STATISTICS statistics{};
  UINT32 completed = 0;
  UINT32 timeouts = 0;
  std::size_t sent = 0;
  std::uint64_t ended_us = 0;
  std::uint64_t struck = 0;

 private:
  static std::vector<Bytes> frames_of(UINT32 round) {
    std::vector<Bytes> frames;
    for (UINT32 i = 0; i < kFramesPerRound; ++i) {
      frames.push_back(udp_frame(80 + i, static_cast<unsigned char>(round * kFramesPerRound + i)));
    }
    return frames;
  }
  void while_faults_strike(CarefulSocket& socket, UINT32 rounds) {
    if (!socket.is_open()) return;
    for (UINT32 round = 0; round < rounds; ++round) {
      socket.round(0);
      machine_->wire(frames_of(round));
      socket.round(4);
      machine_->sleep_us(10);
      socket.take();
    }
    machine_->sleep_us(200);
    socket.take();
  }
};

}  // namespace ringproof::test
