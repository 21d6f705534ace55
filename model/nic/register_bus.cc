#include "model/nic/register_bus.h"

#include <algorithm>
#include <utility>

#include "model/base/check.h"
#include "model/nic/engine_layout.h"

namespace ringproof::nic {
namespace {

constexpr std::uint64_t kPsPerNs = 1000;

}  // namespace

RegisterBus::RegisterBus(const NicConfig& config, std::uint32_t port, Host& host)
    : latency_ps_(std::uint64_t{config.register_latency_ns} * 1000),
      port_(port),
      host_(host),
      doorbells_(port, host) {}

void RegisterBus::post(Access access, std::uint64_t engine_ps) {
  SIM_CHECK(access.due_ps >= engine_ps, "a register access in the engine's past");
  accesses_.push_back(std::move(access));
}

// A crossing between clock domains takes the old value or the new one.
std::uint64_t RegisterBus::late_ps(std::uint32_t kinds) const {
  return host_.fault(FaultId::kClk02, {.port = port_, .kinds = kinds}).amount * kPsPerNs;
}

void RegisterBus::write(std::uint32_t offset, std::uint32_t value, std::uint64_t engine_ps) {
  const std::uint64_t due_ps = host_.now_ps() + latency_ps_ + late_ps(1U << fault_kind::kRegisters);
  Access access{due_ps, true, static_cast<std::uint16_t>(offset), value, nullptr};
  if (doorbells_.concerns(offset)) {
    write_doorbell(access, engine_ps);
  } else {
    post(std::move(access), engine_ps);
  }
}

void RegisterBus::write_doorbell(const Access& access, std::uint64_t engine_ps) {
  const DisturbedDoorbell arriving = doorbells_.disturb({access.offset, access.value});
  if (arriving.merged && accesses_.size() > 1) {
    const auto earlier = [&](const Access& each) { return each.is_write && each.offset == access.offset; };
    accesses_.erase(std::remove_if(accesses_.begin() + 1, accesses_.end(), earlier), accesses_.end());
  }
  for (const RegisterWrite& each : arriving.writes) {
    post({access.due_ps + arriving.late_ps, true, static_cast<std::uint16_t>(each.offset), each.value,
          nullptr},
         engine_ps);
  }
}

void RegisterBus::read(std::uint32_t offset, std::function<void(std::uint32_t)> done,
                       std::uint64_t engine_ps) {
  ++reads_;
  const std::uint64_t due_ps = host_.now_ps() + latency_ps_ + late_ps(1U << fault_kind::kRegisters);
  post({due_ps, false, static_cast<std::uint16_t>(offset), 0, std::move(done)}, engine_ps);
}

void RegisterBus::drive(std::uint64_t now_ps, EngineInputs& in) {
  in.axil_awvalid = in.axil_wvalid = in.axil_arvalid = false;
  if (accesses_.empty() || accesses_.front().due_ps > now_ps) return;
  const Access& access = accesses_.front();
  if (access.is_write) {
    in.axil_awvalid = !address_sent_;
    in.axil_awaddr = access.offset;
    in.axil_wvalid = !data_sent_;
    in.axil_wdata = access.value;
  } else {
    in.axil_arvalid = !address_sent_;
    in.axil_araddr = access.offset;
  }
}

void RegisterBus::settle(std::uint64_t now_ps, const EngineInputs& in, const EngineOutputs& out) {
  if (accesses_.empty()) return;
  if ((in.axil_awvalid && out.axil_awready) || (in.axil_arvalid && out.axil_arready)) address_sent_ = true;
  if (in.axil_wvalid && out.axil_wready) data_sent_ = true;
  Access& access = accesses_.front();
  if (access.is_write) tell_write(access, now_ps);
  if (access.is_write && out.axil_bvalid) {
    finish();
  } else if (!access.is_write && out.axil_rvalid) {
    host_.at(
        now_ps + latency_ps_, {EventSource::Kind::kRegister, port_, 0},
        [done = std::move(access.done), value = doorbells_.read(out.axil_rdata, now_ps)] { done(value); });
    if (decoder_ != nullptr) decoder_->register_read(access.offset, out.axil_rdata, now_ps);
    --reads_;
    finish();
  }
}

void RegisterBus::reset() {
  const bool begun = address_sent_ || data_sent_;
  if (begun && accesses_.front().is_write) return finish();
  address_sent_ = data_sent_ = told_ = false;
}

void RegisterBus::answer_nobody(std::uint64_t now_ps) {
  while (!accesses_.empty() && accesses_.front().due_ps <= now_ps) {
    Access& access = accesses_.front();
    if (!access.is_write) {
      host_.at(now_ps + latency_ps_, {EventSource::Kind::kRegister, port_, 0},
               [done = std::move(access.done)] { done(kNoAnswer); });
      --reads_;
    }
    finish();
  }
}

void RegisterBus::finish() {
  accesses_.pop_front();
  address_sent_ = data_sent_ = told_ = false;
}

// A write acts from the cycle on in which the engine has both halves. What an enable waits for still belongs
// to the time before it, but nothing is asked of the queue before the answer either.
void RegisterBus::tell_write(const Access& access, std::uint64_t now_ps) {
  if (told_ || !address_sent_ || !data_sent_ || decoder_ == nullptr) return;
  told_ = true;
  decoder_->register_written(access.offset, access.value, now_ps);
}

}  // namespace ringproof::nic
