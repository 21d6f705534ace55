#include "model/nic/nic_module.h"

#include <algorithm>

namespace ringproof::nic {

EngineModule::EngineModule(sc_core::sc_module_name name, const NicConfig& config, Host& host,
                           std::unique_ptr<QueueEngine> engine, bool skip_idle)
    : sc_module(name), host_(host), clock_(config, std::move(engine), skip_idle) {
  SC_HAS_PROCESS(EngineModule);
  SC_METHOD(process);
}

void EngineModule::end_of_elaboration() {
  clock_.connect({receive->core(), transmit->core(), dma->core(), interrupts->core(), registers->core()});
}

void EngineModule::run() {
  const std::uint64_t now_ps = sc_core::sc_time_stamp().value();
  const std::uint64_t limit_ps = std::min(now_ps + clock_.safe_run_ps(), host_.next_due_ps());
  if (limit_ps > clock_.time_ps()) clock_.advance_to(limit_ps);
  host_.hardware_went_on();
  const std::uint64_t next_ps = clock_.next_activity_ps();
  // Nothing to do, or the host has to go first: either way somebody wakes this process.
  if (next_ps == kNever || host_.next_due_ps() <= clock_.time_ps()) {
    next_trigger(wake_);
    return;
  }
  const std::uint64_t target_ps = std::max({next_ps, clock_.time_ps(), now_ps + 1});
  next_trigger(sc_core::sc_time::from_value(target_ps - now_ps), wake_);
}

NicModule::NicModule(sc_core::sc_module_name name, const NicConfig& config, std::uint32_t port, Host& host,
                     const TapList& taps, std::unique_ptr<QueueEngine> engine, std::uint64_t seed,
                     bool skip_idle)
    : sc_module(name),
      config_(config),
      info_(describe(config, port)),
      rss_("rss", config_.rss_key, config_.rx_queues),
      receive_("receive_mac", config_, port, rss_.core(), taps),
      transmit_("transmit_mac", config_, port, taps),
      decoder_(port, taps),
      dma_("dma", config_, port, memory_, taps, seed),
      interrupts_("interrupts", config_, port, host),
      registers_("registers", config_, port, host),
      engine_("engine", config_, host, std::move(engine), skip_idle) {
  receive_.core().use(host.faults());
  transmit_.core().use(host.faults());
  dma_.core().use(host.faults());
  engine_.clock().use(host.faults(), port);
  memory_.use(host.faults(), port);
  memory_.tell(taps);
  engine_.receive(receive_.out);
  engine_.transmit(transmit_.out);
  engine_.dma(dma_.out);
  engine_.interrupts(interrupts_.out);
  engine_.registers(registers_.out);
  dma_.core().tell(decoder_);
  interrupts_.core().tell(decoder_);
  registers_.core().tell(decoder_);
  receive_.core().tell(decoder_);
}

void NicModule::write32(std::uint32_t offset, std::uint32_t value) {
  registers_.core().write(offset, value, time_ps());
  wake();
}

void NicModule::read32(std::uint32_t offset, std::function<void(std::uint32_t)> done) {
  registers_.core().read(offset, std::move(done), time_ps());
  wake();
}

void NicModule::set_interrupt_handler(std::uint32_t vector, std::function<void()> handler) {
  interrupts_.core().set_handler(vector, std::move(handler));
}

void NicModule::reset(std::uint32_t cycles) {
  decoder_.reset(time_ps());
  engine_.clock().reset(cycles);
  wake();
}

void NicModule::set_present(bool present) {
  set_link(present);
  if (!present) decoder_.reset(time_ps());
  engine_.clock().set_present(present);
  wake();
}

void NicModule::set_reachable(bool reachable) {
  engine_.clock().set_reachable(reachable);
  wake();
}

void NicModule::start_traffic(FrameSource& source, std::uint64_t at_ps) {
  receive_.core().start(source, at_ps);
  wake();
}

bool NicModule::traffic_over() const { return receive_.core().over(); }

std::uint64_t NicModule::frames_begun() const { return receive_.core().frames_begun(); }

}  // namespace ringproof::nic
