#include "model/nic/bare_port.h"

#include <utility>

namespace ringproof::nic {

BarePort::BarePort(const NicConfig& config, std::uint32_t port, Host& host, const TapList& taps,
                   std::unique_ptr<QueueEngine> engine, std::uint64_t seed)
    : config_(config),
      info_(describe(config, port)),
      rss_(config_.rss_key, config_.rx_queues),
      receive_(config_, port, rss_, taps),
      transmit_(config_, port, taps),
      decoder_(port, taps),
      dma_(config_, port, memory_, taps, seed),
      interrupts_(config_, port, host),
      registers_(config_, port, host),
      clock_(config_, std::move(engine), true) {
  receive_.use(host.faults());
  transmit_.use(host.faults());
  dma_.use(host.faults());
  clock_.use(host.faults(), port);
  memory_.use(host.faults(), port);
  memory_.tell(taps);
  clock_.connect({receive_, transmit_, dma_, interrupts_, registers_});
  dma_.tell(decoder_);
  interrupts_.tell(decoder_);
  registers_.tell(decoder_);
  receive_.tell(decoder_);
}

void BarePort::reset(std::uint32_t cycles) {
  decoder_.reset(time_ps());
  clock_.reset(cycles);
}

void BarePort::set_present(bool present) {
  set_link(present);
  if (!present) decoder_.reset(time_ps());
  clock_.set_present(present);
}

}  // namespace ringproof::nic
