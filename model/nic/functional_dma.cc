#include "model/nic/functional_dma.h"

#include <cstring>
#include <string>

namespace ringproof::nic {

FunctionalDma::FunctionalDma(const NicConfig& config, std::uint32_t port, Host& host, const TapList& taps,
                             std::uint64_t seed)
    : config_(config),
      port_(port),
      host_(host),
      taps_(taps),
      jitter_(seed, "dma.jitter." + std::to_string(port)) {}

std::uint64_t FunctionalDma::done_ps(std::uint32_t latency_ns, std::uint64_t from_ps,
                                     std::uint64_t& last_ps) {
  const std::uint64_t jitter_ns = jitter_.below(std::uint64_t{config_.dma_jitter_ns} + 1);
  last_ps = std::max(last_ps, from_ps + (latency_ns + jitter_ns) * 1000);
  return last_ps;
}

bool FunctionalDma::payload_refused(std::uint32_t requester) const {
  const FaultTarget here{.port = port_, .queue = requester, .kinds = 1};
  return host_.fault(FaultId::kDma04, here) ||
         host_.faults().holds(FaultId::kDma06, now_ps(), {.port = port_, .queue = requester});
}

bool FunctionalDma::read(std::uint32_t requester, std::uint64_t address, void* to, std::uint64_t bytes) {
  constexpr std::uint64_t kBeat = HostMemory::kReadGranule;
  const std::uint64_t first = address / kBeat * kBeat;
  const std::uint64_t whole = (address - first + bytes + kBeat - 1) / kBeat * kBeat;
  const DmaView view = memory_.view(requester, first, whole, false);
  taps_.tell(&Tap::dma, port_, requester, false, first, static_cast<std::uint32_t>(whole),
             view.memory != nullptr, now_ps());
  if (decoder_ != nullptr) {
    decoder_->read_issued(requester, address, static_cast<std::uint32_t>(bytes), now_ps());
  }
  if (view.memory == nullptr) return false;
  const std::uint64_t offset = address - first;
  const std::uint64_t there = view.bytes <= offset ? 0 : std::min(bytes, view.bytes - offset);
  std::memcpy(to, view.memory + offset, there);
  std::memset(static_cast<unsigned char*>(to) + there, 0, bytes - there);
  return true;
}

bool FunctionalDma::write(std::uint32_t requester, std::uint64_t address, const void* from,
                          std::uint64_t bytes) {
  const DmaView view = memory_.view(requester, address, bytes, true);
  if (view.memory != nullptr) std::memcpy(view.memory, from, bytes);
  taps_.tell(&Tap::dma, port_, requester, true, address, static_cast<std::uint32_t>(bytes),
             view.memory != nullptr, now_ps());
  if (decoder_ != nullptr) {
    const Tap::Bytes written(static_cast<const unsigned char*>(from), bytes);
    decoder_->written(requester, address, written, view.memory != nullptr, now_ps());
  }
  return view.memory != nullptr;
}

}  // namespace ringproof::nic
