#include <tuple>

#include "sim/conform/trial.h"

namespace ringproof::conform {
namespace {

constexpr std::uint8_t kOkay = 0;
constexpr std::uint8_t kSlaveError = 2;

void identity(Trial& trial) {
  Bench& bench = trial.bench();
  equal(bench, "ID", nic::kIdValue, bench.read32(nic::kRegisterId));
  equal(bench, "VERSION", nic::kVersionValue, bench.read32(nic::kRegisterVersion));
}

void limits(Trial& trial) {
  Bench& bench = trial.bench();
  const std::uint32_t queues = bench.read32(nic::kRegisterQueues);
  for (const std::uint32_t count : {queues & 0xFFFF, queues >> 16}) {
    bench.require(count >= 1 && count <= kQueuesMax, "1 to 64 queues in each half of QUEUES",
                  fmt::format("{}", count));
  }
  const std::uint32_t log2 = bench.read32(nic::kRegisterLimits);
  bench.require(log2 >= 1 && log2 <= nic::kRingLog2Max, "LIMITS from 1 to 16", fmt::format("{}", log2));
}

// Every queue has values of its own.
void kept(Trial& trial) {
  Bench& bench = trial.bench();
  const std::vector<std::tuple<const char*, std::uint32_t, std::uint32_t>> values = {
      {"DESC_BASE_LOW", nic::kDescBaseLow, 0x11111140},   {"DESC_BASE_HIGH", nic::kDescBaseHigh, 0x80000022},
      {"COMP_BASE_LOW", nic::kCompBaseLow, 0xB3333340},   {"COMP_BASE_HIGH", nic::kCompBaseHigh, 0x44},
      {"INDEX_ADDR_LOW", nic::kIndexAddrLow, 0x55555554}, {"INDEX_ADDR_HIGH", nic::kIndexAddrHigh, 0x66},
      {"START_INDEX", nic::kStartIndex, 0xF7777777}};
  const auto each = [&](const auto& visit) {
    for (const bool tx : {false, true}) {
      for (std::uint32_t queue = 0; queue < trial.queues(tx); ++queue) {
        const std::uint32_t salt = 0x1000 * (queue + 1) + (tx ? 0x80000 : 0);
        for (const auto& [name, reg, value] : values) {
          visit(name, Bench::address_of(tx, queue, reg), value + salt);
        }
        visit("RING_LOG2", Bench::address_of(tx, queue, nic::kRingLog2),
              1 + (queue + tx) % trial.shape().ring_log2_max);
      }
    }
  };
  each([&](const char*, std::uint16_t address, std::uint32_t value) { bench.write32(address, value); });
  each([&](const char* name, std::uint16_t address, std::uint32_t value) {
    equal(bench, fmt::format("{} at {:#06x}", name, address), value, bench.read32(address));
  });
}

void read_only(Trial& trial) {
  Bench& bench = trial.bench();
  std::vector<std::uint32_t> addresses = {nic::kRegisterId, nic::kRegisterVersion, nic::kRegisterQueues,
                                          nic::kRegisterLimits};
  for (const bool tx : {false, true}) {
    for (const std::uint32_t reg :
         {nic::kPublished, nic::kFetched, nic::kFrames, nic::kDrops, nic::kErrors, nic::kState}) {
      addresses.push_back(Bench::address_of(tx, 0, reg));
    }
  }
  for (const std::uint32_t wide : addresses) {
    const auto address = static_cast<std::uint16_t>(wide);
    const std::uint32_t before = bench.read32(address);
    bench.write32(address, ~before);
    equal(bench, fmt::format("the register at {:#06x} after a write", address), before,
          bench.read32(address));
  }
}

void unmapped(Trial& trial) {
  Bench& bench = trial.bench();
  std::vector<std::uint32_t> addresses = {0x0014,
                                          0x2000,
                                          nic::rx_block(0) + nic::kTruncated + 4,
                                          nic::rx_block(0) + 0xFC,
                                          nic::tx_block(0) + nic::kTruncated + 4,
                                          0xC000,
                                          0xFFFC};
  if (trial.queues(false) < kQueuesMax)
    addresses.push_back(nic::rx_block(trial.queues(false)) + nic::kStartIndex);
  if (trial.queues(true) < kQueuesMax)
    addresses.push_back(nic::tx_block(trial.queues(true)) + nic::kStartIndex);
  for (const std::uint32_t wide : addresses) {
    const auto address = static_cast<std::uint16_t>(wide);
    equal(bench, fmt::format("response to a write to {:#06x}", address), kOkay,
          bench.write32_as(address, 0xFFFFFFFF, {}));
    equal(bench, fmt::format("what is read at {:#06x}", address), 0u, bench.read32(address));
  }
}

void partial_writes(Trial& trial) {
  Bench& bench = trial.bench();
  const std::uint16_t start = Bench::address_of(false, 0, nic::kStartIndex);
  const std::uint16_t control = Bench::address_of(true, 0, nic::kControl);
  equal(bench, "response to a whole write", kOkay, bench.write32_as(start, 0x12345678, {}));
  for (std::uint8_t strobes = 0; strobes < 0xF; ++strobes) {
    const std::string how = fmt::format("with strobes {:#06b}", strobes);
    equal(bench, "response to a write " + how, kSlaveError,
          bench.write32_as(start, ~0u, {.strobes = strobes}));
    equal(bench, "START_INDEX after a write " + how, 0x12345678u, bench.read32(start));
    equal(bench, "response to a write " + how, kSlaveError,
          bench.write32_as(control, 1, {.strobes = strobes}));
    equal(bench, "CONTROL after a write " + how, 0u, bench.read32(control));
  }
}

// Address and data may come in any order, and responses may have to wait.
void channels(Trial& trial) {
  Bench& bench = trial.bench();
  const std::uint16_t address = Bench::address_of(false, 0, nic::kStartIndex);
  std::uint32_t value = 0x10203040;
  for (const std::uint32_t late : {0u, 1u, 7u}) {
    for (const std::uint32_t held : {0u, 1u, 9u}) {
      for (const bool data_late : {false, true}) {
        bench.write32_as(address, ++value,
                         {.address_delay = data_late ? 0 : late,
                          .data_delay = data_late ? late : 0,
                          .response_delay = held});
        equal(bench, "START_INDEX", value, bench.read32(address, held));
      }
    }
  }
}

void ring_size_clamped(Trial& trial) {
  Bench& bench = trial.bench();
  for (const bool tx : {false, true}) {
    const std::uint16_t log2 = Bench::address_of(tx, 0, nic::kRingLog2);
    bench.write32(log2, 0);
    equal(bench, "RING_LOG2 after 0", 1u, bench.read32(log2));
    for (const std::uint32_t above : {trial.shape().ring_log2_max + 1, 40u, 0xFFFFFFFFu}) {
      bench.write32(log2, above);
      equal(bench, fmt::format("RING_LOG2 after {}", above), trial.shape().ring_log2_max, bench.read32(log2));
    }
  }
}

void held_while_enabled(Trial& trial) {
  Bench& bench = trial.bench();
  for (const bool tx : {false, true}) {
    Ring& ring = bench.open(tx, 0, 1);
    for (const std::uint32_t reg : {nic::kRingLog2, nic::kDescBaseLow, nic::kDescBaseHigh, nic::kCompBaseLow,
                                    nic::kCompBaseHigh, nic::kIndexAddrLow, nic::kIndexAddrHigh}) {
      const std::uint32_t before = bench.reg(ring, reg);
      bench.set_reg(ring, reg, before + 0x40);
      equal(bench, fmt::format("the register at offset {:#04x} of an enabled queue", reg), before,
            bench.reg(ring, reg));
    }
    equal(bench, "CONTROL", 1u, bench.reg(ring, nic::kControl));
    equal(bench, "STATE", nic::kStateEnabled, bench.reg(ring, nic::kState));
  }
}

void power_on(Trial& trial) {
  Bench& bench = trial.bench();
  for (const bool tx : {false, true}) {
    for (std::uint32_t queue = 0; queue < trial.queues(tx); ++queue) {
      for (const std::uint32_t reg :
           {nic::kControl, nic::kFrames, nic::kDrops, nic::kErrors, nic::kState, nic::kStartIndex,
            nic::kCause, nic::kFetches, nic::kPublishes, nic::kInterrupts, nic::kRefused}) {
        const std::uint16_t address = Bench::address_of(tx, queue, reg);
        equal(bench, fmt::format("the register at {:#06x} after power-on", address), 0u,
              bench.read32(address));
      }
      equal(bench, fmt::format("RING_LOG2 of queue {} after power-on", queue), 1u,
            bench.read32(Bench::address_of(tx, queue, nic::kRingLog2)));
    }
  }
}

}  // namespace

std::vector<Requirement> register_requirements() {
  constexpr const char* kSource = "Registers";
  return {
      {"registers.identity", "ID and VERSION name the register map", kSource, identity},
      {"registers.limits", "QUEUES says 1 to 64 queues each way, LIMITS a ring size from 1 to 16", kSource,
       limits},
      {"registers.kept", "every queue keeps its own RING_LOG2, addresses and START_INDEX", kSource, kept},
      {"registers.read-only", "registers that are read-only ignore writes", kSource, read_only},
      {"registers.unmapped", "unmapped addresses read 0 and ignore writes, with OKAY", kSource, unmapped},
      {"registers.partial-writes", "a write with some strobes clear is ignored and answered with SLVERR",
       kSource, partial_writes},
      {"registers.channels",
       "address and data of a write come in any order; responses wait until they are taken", "Ports",
       channels},
      {"registers.ring-size", "a RING_LOG2 outside its range becomes the nearest inside", kSource,
       ring_size_clamped},
      {"registers.enabled", "ring size and addresses of an enabled queue ignore writes", kSource,
       held_while_enabled},
      {"registers.power-on",
       "after power-on queues are off, with zero in counters and START_INDEX and 1 in RING_LOG2", kSource,
       power_on},
  };
}

}  // namespace ringproof::conform
