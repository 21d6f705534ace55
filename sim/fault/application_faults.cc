#include <array>
#include <cstring>
#include <utility>

#include "sim/fault/injector.h"

// Applications that misbehave: F-APP, F-DSC-04, F-MEM-03. Everything is done from outside, as another thread
// of the same process could do it.

namespace ringproof {
namespace {

constexpr std::uint64_t kPsPerNs = 1000;
constexpr std::uint32_t kProducerWord = 0;
constexpr std::uint32_t kConsumerWord = 64;
constexpr std::uint32_t kFlagsWord = 128;
constexpr std::uint64_t kAddressMask = 0xFFFFFFFFFFFF;

enum Jump : std::uint32_t { kForward, kBackward, kRandom };
enum Overwritten : std::uint32_t { kFlags, kIndex };
enum Flipped : std::uint32_t { kUmem, kRing };

bool application_produces(RingKind kind) { return kind == RingKind::kFill || kind == RingKind::kTx; }

std::uint32_t* word_of(const RingShape& shape, std::uint32_t offset) {
  return reinterpret_cast<std::uint32_t*>(const_cast<unsigned char*>(shape.base) + offset);
}

unsigned char* slot_of(const RingShape& shape, std::uint32_t index) {
  return const_cast<unsigned char*>(shape.element(index));
}

}  // namespace

void FaultInjector::soon(std::uint64_t time_ps, std::function<void()> action) {
  HostKernel& kernel = *world_.kernel;
  kernel.at(std::max(time_ps, kernel.now_ps()), {EventSource::Kind::kFault, 0, 0}, std::move(action));
}

FaultInjector::Ring* FaultInjector::live_ring(std::uint64_t socket, RingKind kind) {
  const auto found = sockets_.find(socket);
  if (found == sockets_.end() || !found->second.ring(kind).made) return nullptr;
  return &found->second.ring(kind);
}

void FaultInjector::offer_application_faults(const Entry& entry, std::uint64_t time_ps) {
  const std::uint64_t socket = entry.socket;
  const RingKind kind = entry.kind;
  FaultTarget here{.socket = socket, .ring = static_cast<std::uint32_t>(kind)};
  const auto ask = [&](FaultId id) { return may_serve(id) ? at(id, time_ps, here) : FaultStrike{}; };
  if (const FaultStrike strike = ask(FaultId::kApp01)) {
    soon(time_ps, [=, this] { jump(socket, kind, strike); });
  }
  if (const FaultStrike strike = ask(FaultId::kApp07)) {
    soon(time_ps, [=, this] { overwrite_word(socket, kind, strike); });
  }
  if (const FaultStrike strike = ask(FaultId::kMem03)) {
    soon(time_ps, [=, this] { flip_bits(socket, kind, strike); });
  }
  if (const FaultStrike strike = ask(FaultId::kApp06)) {
    for (std::uint64_t thread = 0; thread < strike.extent; ++thread) {
      serve(FaultId::kApp06, time_ps,
            [=, this] { call_at_random(socket, strike.amount, strike.draw + thread); });
    }
  }
  here.kinds = 1U << fault_kind::kFlood;
  if (const FaultStrike strike = ask(FaultId::kApp04)) {
    serve(FaultId::kApp04, time_ps, [=, this] { flood(socket, strike.amount); });
  }
  if (!application_produces(kind)) return;
  here.kinds = 1;  // before the platform reads it
  if (const FaultStrike strike = ask(FaultId::kApp02)) {
    soon(time_ps, [=, this] { change_entry(entry, strike.draw); });
  }
  here.kinds = FaultTarget::kAny;
  if (const FaultStrike strike = ask(FaultId::kApp03)) {
    soon(time_ps + strike.extent * kPsPerNs, [=, this] { write_chunk(entry, strike.draw); });
  }
  if (kind != RingKind::kFill) return;
  if (const FaultStrike strike = ask(FaultId::kDsc04)) {
    soon(time_ps, [=, this] { post_twice(entry); });
  }
}

void FaultInjector::jump(std::uint64_t socket, RingKind kind, const FaultStrike& strike) {
  const Ring* ring = live_ring(socket, kind);
  if (ring == nullptr) return;
  std::uint32_t* word = word_of(ring->shape, application_produces(kind) ? kProducerWord : kConsumerWord);
  std::uint32_t value = world_.kernel->load_shared(word, MemoryOrder::kRelaxed);
  const auto delta = static_cast<std::uint32_t>(strike.amount);
  if (strike.kind == kForward) value += ring->shape.size + delta;
  if (strike.kind == kBackward) value -= delta;
  if (strike.kind == kRandom) value = static_cast<std::uint32_t>(strike.draw);
  acting_ = true;
  world_.kernel->store_shared(word, value, MemoryOrder::kRelease);
  world_.platform->application_stored(word, value);
  acting_ = false;
}

void FaultInjector::overwrite_word(std::uint64_t socket, RingKind kind, const FaultStrike& strike) {
  const Ring* ring = live_ring(socket, kind);
  if (ring == nullptr) return;
  const std::uint32_t peer = application_produces(kind) ? kConsumerWord : kProducerWord;
  std::uint32_t* word = word_of(ring->shape, strike.kind == kFlags ? kFlagsWord : peer);
  world_.kernel->store_shared(word, static_cast<std::uint32_t>(strike.draw), MemoryOrder::kRelease);
  world_.kernel->shared_word_changed(word);
}

// The address of the entry becomes another one, which may be in the UMEM or not.
void FaultInjector::change_entry(const Entry& entry, std::uint64_t draw) {
  const Ring* ring = live_ring(entry.socket, entry.kind);
  if (ring == nullptr) return;
  unsigned char* slot = slot_of(ring->shape, entry.index);
  std::uint64_t address;
  std::memcpy(&address, slot, sizeof address);
  address ^= draw & kAddressMask;
  std::memcpy(slot, &address, sizeof address);
}

void FaultInjector::write_chunk(const Entry& entry, std::uint64_t draw) {
  const Ring* ring = live_ring(entry.socket, entry.kind);
  const auto found = sockets_.find(entry.socket);
  if (ring == nullptr || found->second.umem.base == nullptr) return;
  std::uint64_t address;
  std::memcpy(&address, slot_of(ring->shape, entry.index), sizeof address);
  address &= kAddressMask;
  const UmemShape& umem = found->second.umem;
  if (umem.total_bytes < sizeof draw || address > umem.total_bytes - sizeof draw) return;
  std::memcpy(umem.base + address, &draw, sizeof draw);
}

void FaultInjector::post_twice(const Entry& entry) {
  const Ring* ring = live_ring(entry.socket, entry.kind);
  if (ring == nullptr || ring->shape.size < 2) return;
  std::memcpy(slot_of(ring->shape, entry.index), slot_of(ring->shape, entry.index - 1),
              sizeof(std::uint64_t));
}

void FaultInjector::flip_bits(std::uint64_t socket, RingKind kind, const FaultStrike& strike) {
  const Ring* ring = live_ring(socket, kind);
  if (ring == nullptr) return;
  const UmemShape& umem = sockets_[socket].umem;
  const bool in_umem = strike.kind == kUmem && umem.base != nullptr;
  unsigned char* memory = in_umem ? umem.base : slot_of(ring->shape, 0);
  const std::uint64_t bytes =
      in_umem ? umem.total_bytes : std::uint64_t{ring->shape.size} * ring->shape.stride;
  for (std::uint64_t i = 0; i < strike.amount; ++i) {
    const std::uint64_t bit = (strike.draw + i * 977) % (bytes * 8);
    memory[bit / 8] = static_cast<unsigned char>(memory[bit / 8] ^ (1U << bit % 8));
  }
}

HANDLE FaultInjector::handle_of(std::uint64_t socket) const {
  xdp::HandleTable& handles = world_.platform->handles();
  for (const HANDLE handle : handles.handles_of<xdp::Socket>()) {
    if (std::static_pointer_cast<xdp::Socket>(handles.find(handle))->number() == socket) return handle;
  }
  return nullptr;
}

void FaultInjector::flood(std::uint64_t socket, std::uint64_t pokes) {
  for (std::uint64_t i = 0; i < pokes && !healed_; ++i) {
    std::shared_ptr<xdp::Socket> found;
    if (xdp::failed(world_.platform->find_socket(handle_of(socket), &found))) return;
    std::uint32_t result = 0;
    const std::uint32_t wrong_too = i % 2 == 0 ? XSK_NOTIFY_FLAG_POKE_TX : XSK_NOTIFY_FLAG_POKE_RX;
    static_cast<void>(found->notify(wrong_too, 0, &result));
    world_.kernel->spend(kPsPerNs);
  }
}

void FaultInjector::call_at_random(std::uint64_t socket, std::uint64_t calls, std::uint64_t draw) {
  RandomStream stream(draw, "fault.calls");
  for (std::uint64_t i = 0; i < calls && !healed_; ++i) {
    std::shared_ptr<xdp::Socket> found;
    if (xdp::failed(world_.platform->find_socket(handle_of(socket), &found))) return;
    alignas(8) std::array<std::uint64_t, 32> value{};
    for (std::uint64_t& each : value) each = stream.below(3) == 0 ? stream.next() : stream.below(64);
    auto length = static_cast<std::uint32_t>(stream.below(sizeof value + 1));
    const auto option = static_cast<std::uint32_t>(stream.below(32));
    std::uint32_t result = 0;
    switch (stream.below(4)) {
      case 0:
        static_cast<void>(found->get_option(option, value.data(), &length));
        break;
      case 1:
        static_cast<void>(found->set_option(option, value.data(), length));
        break;
      case 2:
        static_cast<void>(found->notify(static_cast<std::uint32_t>(stream.below(32)), 0, &result));
        break;
      default:
        static_cast<void>(found->activate(static_cast<std::uint32_t>(stream.below(2))));
    }
    world_.kernel->spend(kPsPerNs);
  }
}

}  // namespace ringproof
