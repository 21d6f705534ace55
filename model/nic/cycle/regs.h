// regs.h: nic_regs, in C++.
// Role     the engine's AXI4-Lite slave: takes one access at a time and passes it to the queues
// Units    byte addresses; queue block of kBlockBytes, words of 4
// Timing   an access is taken, done in the next cycle and answered in the one after; a write that enables a
//          queue waits until nothing of its former life is in flight
// Errors   a write of less than four bytes is answered with SLVERR and ignored; unmapped reads give 0
// Source   rtl/nic_regs.sv
#pragma once

#include <cstdint>

#include "model/nic/cycle/queue_config.h"
#include "model/nic/queue_engine.h"

namespace ringproof::nic::cycle {

class Regs {
 public:
  enum class Space : std::uint8_t { kGlobal, kRss, kRx, kTx };

  bool executing() const { return state_ == State::kExec; }
  bool writing() const { return write_ && !partial_; }
  bool active() const { return state_ != State::kFree; }

  // REQUIRES, of the next six: executing().
  Space space() const {
    // Addresses of more queues than there are do not exist: 64 blocks fill a space.
    const std::uint32_t space = address_ / kSpaceBytes;
    if (space == rx_block(0) / kSpaceBytes) return Space::kRx;
    if (space == tx_block(0) / kSpaceBytes) return Space::kTx;
    return address_ / kRssBytes == kRegisterRssControl / kRssBytes ? Space::kRss : Space::kGlobal;
  }
  std::uint32_t address() const { return address_; }
  std::uint32_t value() const { return value_; }
  Access access() const {
    return {address_ % kSpaceBytes / kBlockBytes, address_ % kBlockBytes / 4 * 4, value_};
  }
  bool enabling() const {
    return write_ && address_ % kBlockBytes / 4 * 4 == kControl && (value_ & kControlEnable) != 0;
  }
  std::uint32_t global() const {
    switch (address_) {
      case kRegisterId:
        return kIdValue;
      case kRegisterVersion:
        return kVersionValue;
      case kRegisterQueues:
        return kQueues << 16 | kQueues;
      case kRegisterLimits:
        return kRingLog2Max;
      case kRegisterFeatures:
        return kFeaturesCoalesce | kFeaturesModeration | kFeaturesWeight | kFeaturesCause |
               kFeaturesCounters | kFeaturesZeroCopy | kFeaturesRss;
      default:
        return 0;
    }
  }

  void drive(const EngineInputs& in, EngineOutputs& out) const {
    const bool free = state_ == State::kFree;
    const bool take_write = free && in.axil_awvalid && in.axil_wvalid && !(write_ && in.axil_arvalid);
    out.axil_awready = out.axil_wready = take_write;
    out.axil_arready = free && in.axil_arvalid && !take_write;
    out.axil_bvalid = state_ == State::kWriteResponse;
    out.axil_rvalid = state_ == State::kReadResponse;
    if (out.axil_rvalid) {
      out.axil_rdata = value_;
      out.axil_rresp = kOkay;
    }
    if (out.axil_bvalid) out.axil_bresp = partial_ ? kSlaveError : kOkay;
  }

  // `stalls`: the write that is done now has to wait. `read` is what the read that is done now gives.
  void clock(const EngineInputs& in, const EngineOutputs& out, bool stalls, std::uint32_t read) {
    switch (state_) {
      case State::kFree:
        if (!out.axil_awready && !out.axil_arready) return;
        state_ = State::kExec;
        write_ = out.axil_awready;
        partial_ = write_ && in.axil_wstrb != kAllBytes;
        address_ = (write_ ? in.axil_awaddr : in.axil_araddr) & ~3u;
        value_ = in.axil_wdata;
        return;
      case State::kExec:
        if (write_) {
          if (!stalls) state_ = State::kWriteResponse;
        } else {
          state_ = State::kReadResponse;
          value_ = read;
        }
        return;
      case State::kWriteResponse:
        if (in.axil_bready) state_ = State::kFree;
        return;
      case State::kReadResponse:
        if (in.axil_rready) state_ = State::kFree;
        return;
    }
  }

  void reset() {
    state_ = State::kFree;
    write_ = partial_ = false;
    address_ = value_ = 0;
  }

 private:
  static constexpr std::uint8_t kOkay = 0;
  static constexpr std::uint8_t kSlaveError = 2;
  static constexpr std::uint8_t kAllBytes = 0xF;
  static constexpr std::uint32_t kSpaceBytes = kQueues * kBlockBytes;
  static constexpr std::uint32_t kRssBytes = 0x100;  // of its registers
  static_assert(rx_block(0) % kSpaceBytes == 0 && tx_block(0) % kSpaceBytes == 0);

  enum class State : std::uint8_t { kFree, kExec, kWriteResponse, kReadResponse };

  State state_ = State::kFree;
  bool partial_ = false;
  bool write_ = false;  // also: the last access was a write, so a read goes first
  std::uint32_t address_ = 0;
  std::uint32_t value_ = 0;  // to be written, or read
};

}  // namespace ringproof::nic::cycle
