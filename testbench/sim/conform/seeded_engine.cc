#include "testbench/sim/conform/seeded_engine.h"

#include <algorithm>
#include <bit>
#include <cstring>

namespace ringproof::conform {
namespace {

using nic::EngineInputs;
using nic::EngineOutputs;
using nic::QueueEngine;
using nic::rx_block;
using nic::tx_block;

constexpr std::uint16_t kNowhere = 0x2000;  // an unmapped address
constexpr std::uint16_t kOffset = nic::kBlockBytes - 1;
constexpr std::uint16_t kDropped = 0xF000;  // place of what a mistake counts by queue

class SeededEngine final : public QueueEngine {
 public:
  SeededEngine(const Mistake& mistake, std::unique_ptr<QueueEngine> good, std::uint64_t x_seed)
      : mistake_(mistake), good_(std::move(good)) {
    memory_.x_seed = x_seed;
  }
  void step(const EngineInputs& in, EngineOutputs& out) override {
    EngineInputs spoilt = in;
    if (mistake_.before) mistake_.before(spoilt, memory_);
    good_->step(spoilt, out);
    remember(in, out);
    if (mistake_.after) mistake_.after(in, out, memory_);
    ++memory_.cycle;
  }
  void set_wave_time_ps(std::uint64_t now_ps) override { good_->set_wave_time_ps(now_ps); }
  void set_wave_start_ps(std::uint64_t start_ps) override { good_->set_wave_start_ps(start_ps); }
  void on_assertion(std::function<void(const std::string&, std::uint32_t)> told) override {
    good_->on_assertion(std::move(told));
  }
  nic::EngineLimits limits() const override { return good_->limits(); }

 private:
  void remember(const EngineInputs& in, const EngineOutputs& out) {
    if (in.axil_arvalid) memory_.read_address = in.axil_araddr;
    if (in.axil_awvalid && out.axil_awready) {
      memory_.written[in.axil_awaddr] = in.axil_wdata;
      ++memory_.how_often[in.axil_awaddr];
    }
    if (out.axi_awvalid) memory_.awid = out.axi_awid;
    const auto of_rx = [](std::uint8_t id) { return nic::read_for(id) == nic::kReadRxDescriptor; };
    if (out.axi_arvalid && in.axi_arready && of_rx(out.axi_arid)) memory_.awaits_descriptors = true;
    if (in.axi_rvalid && out.axi_rready && of_rx(in.axi_rid)) memory_.awaits_descriptors = false;
  }

  const Mistake& mistake_;
  std::unique_ptr<QueueEngine> good_;
  Memory memory_;
};

// --- mistakes that many have in common ---

using Before = std::function<void(EngineInputs&, Memory&)>;
using After = std::function<void(const EngineInputs&, EngineOutputs&, Memory&)>;

// A register reads as something else.
After reads(std::uint32_t address, std::function<std::uint32_t(std::uint32_t, const Memory&)> as) {
  return [address, as = std::move(as)](const EngineInputs&, EngineOutputs& out, Memory& memory) {
    if (out.axil_rvalid && memory.read_address == address) out.axil_rdata = as(out.axil_rdata, memory);
  };
}
After reads(std::uint32_t address, std::uint32_t value) {
  return reads(address, [value](std::uint32_t, const Memory&) { return value; });
}
// The same for all queues.
After reads_of_queues(std::uint32_t offset, std::function<std::uint32_t(std::uint32_t, const Memory&)> as) {
  return [offset, as = std::move(as)](const EngineInputs&, EngineOutputs& out, Memory& memory) {
    if (out.axil_rvalid && memory.read_address >= rx_block(0) && (memory.read_address & kOffset) == offset) {
      out.axil_rdata = as(out.axil_rdata, memory);
    }
  };
}
// A register of a queue is written with something else.
Before writes(std::uint32_t offset, std::function<void(EngineInputs&, Memory&)> as) {
  return [offset, as = std::move(as)](EngineInputs& in, Memory& memory) {
    if (in.axil_awvalid && in.axil_awaddr >= rx_block(0) && (in.axil_awaddr & kOffset) == offset)
      as(in, memory);
  };
}
Before answers_okay_to_write(std::uint8_t id) {
  return [id](EngineInputs& in, Memory&) {
    if (in.axi_bid == id) in.axi_bresp = 0;
  };
}
Before answers_okay_to_read(nic::ReadFor what) {
  return [what](EngineInputs& in, Memory&) {
    if (nic::read_for(in.axi_rid) == what) in.axi_rresp = 0;
  };
}
// Data of writes of this kind.
After spoils_write(std::uint8_t id, std::function<void(EngineOutputs&)> spoil) {
  return [id, spoil = std::move(spoil)](const EngineInputs&, EngineOutputs& out, Memory& memory) {
    if (out.axi_wvalid && memory.awid == id) spoil(out);
  };
}
Before ignores_second_start_index() {
  return writes(nic::kStartIndex, [](EngineInputs& in, Memory& memory) {
    if (memory.how_often[in.axil_awaddr] > 0) in.axil_awaddr = kNowhere;
  });
}

std::vector<Mistake> on_registers() {
  return {
      {"another version", "simple", {"registers.identity"}, {}, reads(nic::kRegisterVersion, 0x00030000)},
      {"no transmit queues", "simple", {"registers.limits"}, {}, reads(nic::kRegisterQueues, 4)},
      {"31 bits of a start index",
       "simple",
       {"registers.kept"},
       writes(nic::kStartIndex, [](EngineInputs& in, Memory&) { in.axil_wdata &= 0x7FFFFFFF; })},
      {"counters can be written",
       "simple",
       {"registers.read-only"},
       {},
       reads_of_queues(nic::kFrames,
                       [](std::uint32_t value, const Memory& memory) {
                         const auto written = memory.written.find(memory.read_address);
                         return written == memory.written.end() ? value : written->second;
                       })},
      {"something where nothing is", "simple", {"registers.unmapped"}, {}, reads(0xC000, 1)},
      {"parts of a register can be written",
       "simple",
       {"registers.partial-writes"},
       [](EngineInputs& in, Memory&) { in.axil_wstrb = 0xF; }},
      {"OKAY to a partial write",
       "simple",
       {"registers.partial-writes"},
       {},
       [](const EngineInputs&, EngineOutputs& out, Memory&) { out.axil_bresp = 0; }},
      {"a response that waits for its ready",
       "simple",
       {"registers.channels"},
       {},
       [](const EngineInputs& in, EngineOutputs& out, Memory&) {
         out.axil_bvalid = out.axil_bvalid && in.axil_bready;
       }},
      {"a ring of 2 where 0 was asked for",
       "simple",
       {"registers.ring-size"},
       writes(nic::kRingLog2,
              [](EngineInputs& in, Memory&) { in.axil_wdata += in.axil_wdata == 0 ? 2 : 0; })},
      {"addresses that move while enabled",
       "simple",
       {"registers.enabled"},
       {},
       reads_of_queues(
           nic::kDescBaseLow,
           [](std::uint32_t, const Memory& memory) { return memory.written.at(memory.read_address); })},
      {"rings of power-on have one entry",
       "simple",
       {"registers.power-on"},
       {},
       reads_of_queues(nic::kRingLog2, [](std::uint32_t value, const Memory&) { return value & ~1u; })},
      {"an unmapped write is an error",
       "simple",
       {"registers.unmapped"},
       {},
       [](const EngineInputs&, EngineOutputs& out, Memory& memory) {
         if (out.axil_bvalid && memory.how_often.count(kNowhere) != 0) out.axil_bresp = 2;
       }},
      {"a start index from nowhere",
       "simple",
       {"registers.power-on"},
       {},
       reads(tx_block(1) + nic::kStartIndex, 1)},
  };
}

// A doorbell is lost when it comes with something else.
Mistake misses_doorbells(const char* name, std::vector<const char*> found_by,
                         std::function<bool(const EngineInputs&)> beside) {
  return {name, "cycle", std::move(found_by), [beside = std::move(beside)](EngineInputs& in, Memory&) {
            const bool rings = in.axil_awvalid && (in.axil_awaddr & kOffset) == nic::kDoorbell;
            if (rings && in.axil_awaddr >= rx_block(0) && beside(in)) in.axil_awaddr = kNowhere;
          }};
}

std::vector<Mistake> on_rings() {
  return {
      misses_doorbells("a doorbell is lost beside a fetched descriptor", {"rings.doorbell-any-cycle"},
                       [](const EngineInputs& in) {
                         return in.axi_rvalid && nic::read_for(in.axi_rid) != nic::kReadTxPayload;
                       }),
      misses_doorbells("a doorbell is lost beside the answer to a TX index", {"rings.doorbell-any-cycle"},
                       [](const EngineInputs& in) { return in.axi_bvalid && in.axi_bid == 3; }),
      misses_doorbells("a doorbell is lost beside the answer to a completion", {"rings.doorbell-any-cycle"},
                       [](const EngineInputs& in) { return in.axi_bvalid && in.axi_bid == 1; }),
      {"a full ring has no room for ten cycles more",
       "simple",
       {"rings.doorbell-full"},
       [](EngineInputs& in, Memory& memory) {
         const bool rings =
             in.axil_awvalid && in.axil_awaddr >= rx_block(0) && (in.axil_awaddr & kOffset) == nic::kDoorbell;
         if (rings && memory.count != 0 && memory.cycle < memory.count + 10) in.axil_wdata ^= 0x80000000;
         if (in.axi_bvalid && in.axi_bid >= 2) memory.count = memory.cycle;
       }},
      {"the largest ring is half as large",
       "simple",
       {"rings.sizes"},
       writes(nic::kRingLog2,
              [](EngineInputs& in, Memory&) { in.axil_wdata -= in.axil_wdata == 16 ? 1 : 0; })},
      {"indices of 31 bits",
       "simple",
       {"rings.index-wrap"},
       {},
       [](const EngineInputs&, EngineOutputs& out, Memory& memory) {
         if (memory.awid < 2) return;
         for (std::uint32_t& word : out.axi_wdata) word &= 0x7FFFFFFF;
       }},
      {"FETCHED begins with 0",
       "simple",
       {"rings.start-index"},
       {},
       reads_of_queues(nic::kFetched, [](std::uint32_t, const Memory&) { return 0u; })},
      {"one entry of a ring is never used",
       "simple",
       {"rings.full"},
       writes(nic::kDoorbell,
              [](EngineInputs& in, Memory& memory) {
                const auto block = static_cast<std::uint16_t>(in.axil_awaddr & ~kOffset);
                const auto reg = [&](std::uint32_t offset) {
                  return memory.written[static_cast<std::uint16_t>(block + offset)];
                };
                if (in.axil_wdata - reg(nic::kStartIndex) == 1u << reg(nic::kRingLog2))
                  in.axil_wdata ^= 0x80000000;
              })},
      {"wrong doorbells are forgotten",
       "simple",
       {"rings.doorbell-range", "rings.doorbell-back"},
       {},
       reads_of_queues(nic::kState,
                       [](std::uint32_t value, const Memory&) { return value & ~nic::kStateRangeError; })},
      {"enabled twice is disabled",
       "simple",
       {"rings.enabled-twice"},
       writes(nic::kControl,
              [](EngineInputs& in, Memory& memory) {
                if (memory.written[in.axil_awaddr] == 1) in.axil_wdata = 0;
              })},
      {"a doorbell twice is wrong",
       "simple",
       {"rings.doorbell-repeated"},
       writes(nic::kDoorbell,
              [](EngineInputs& in, Memory& memory) {
                const auto before = memory.written.find(in.axil_awaddr);
                if (before != memory.written.end() && before->second == in.axil_wdata)
                  in.axil_wdata ^= 0x80000000;
              })},
      {"a doorbell while disabled is wrong",
       "simple",
       {"rings.doorbell-disabled"},
       writes(nic::kDoorbell,
              [](EngineInputs& in, Memory& memory) {
                const auto control = static_cast<std::uint16_t>(in.axil_awaddr & ~kOffset);
                if (memory.written[control] == 0) memory.flag = true;
              }),
       reads_of_queues(nic::kState,
                       [](std::uint32_t value, const Memory& memory) {
                         return value | (memory.flag ? nic::kStateRangeError : 0);
                       })},
  };
}

// Tells the engine that its payload is in memory as soon as it has given it away.
void answers_payload_early(EngineInputs& in, Memory& memory) {
  memory.flag = in.axi_bvalid && in.axi_bid == 0;  // the true one: for nobody
  if (memory.flag) in.axi_bvalid = false;
  if (!in.axi_bvalid && memory.count > 0) {
    in.axi_bvalid = true;
    in.axi_bid = in.axi_bresp = 0;
  }
}

// A frame that should wait for its buffer is discarded instead.
Mistake impatient() {
  return {"a frame does not wait for its buffer",
          "simple",
          {"rx.waits"},
          [](EngineInputs& in, Memory& memory) { in.rx_tvalid = in.rx_tvalid && !memory.awaits_descriptors; },
          [](const EngineInputs& in, EngineOutputs& out, Memory& memory) {
            if (!memory.awaits_descriptors || !in.rx_tvalid) return;
            out.rx_tready = true;
            out.ev_rx_done = out.ev_rx_drop = in.rx_tlast;
            out.ev_rx_queue = in.rx_tdest;
          }};
}

// Every fifth frame is discarded, and counted, though there is a buffer for it.
Mistake wasteful() {
  const auto this_one = [](const EngineInputs& in, const Memory& memory) {
    return in.rx_tvalid && memory.count % 5 == 4;
  };
  return {"a frame is discarded though there is a buffer",
          "simple",
          {"rx.not-discarded", "traffic.random"},
          [=](EngineInputs& in, Memory& memory) { in.rx_tvalid = in.rx_tvalid && !this_one(in, memory); },
          [=](const EngineInputs& in, EngineOutputs& out, Memory& memory) {
            if (this_one(in, memory)) {
              out.idle = false;
              out.rx_tready = true;
              out.ev_rx_done = out.ev_rx_drop = in.rx_tlast;
              out.ev_rx_queue = in.rx_tdest;
              if (in.rx_tlast) ++memory.how_often[static_cast<std::uint16_t>(kDropped + in.rx_tdest)];
            }
            if (in.rx_tvalid && out.rx_tready && in.rx_tlast) ++memory.count;
            const bool drops = out.axil_rvalid && (memory.read_address & kOffset) == nic::kDrops;
            const auto queue = static_cast<std::uint16_t>(memory.read_address / nic::kBlockBytes % 64);
            if (drops && memory.read_address < tx_block(0)) {
              out.axil_rdata += memory.how_often[static_cast<std::uint16_t>(kDropped + queue)];
            }
          }};
}

std::vector<Mistake> on_receiving() {
  return {
      wasteful(),
      {"a frame is counted as discarded that was not told",
       "simple",
       {"rx.not-discarded", "traffic.random"},
       {},
       reads_of_queues(nic::kDrops,
                       [](std::uint32_t value, const Memory&) { return value + (value > 2 ? 1 : 0); })},
      {"a bit of the 64th byte",
       "simple",
       {"rx.bytes"},
       {},
       spoils_write(0, [](EngineOutputs& out) { out.axi_wdata[15] ^= 0x01000000; })},
      {"a byte too many",
       "simple",
       {"rx.bytes", "rx.cut"},
       {},
       spoils_write(0, [](EngineOutputs& out) { out.axi_wstrb |= out.axi_wstrb << 1; })},
      {"an index of something that is not there yet",
       "simple",
       {"rx.order", "tx.order"},
       {},
       [](const EngineInputs&, EngineOutputs& out, Memory& memory) {
         if (memory.awid < 2) return;
         for (std::uint32_t& word : out.axi_wdata) ++word;
       }},
      {"completions that do not wait for the payload",
       "simple",
       {"rx.order"},
       answers_payload_early,
       [](const EngineInputs& in, EngineOutputs& out, Memory& memory) {
         if (memory.count > 0 && !(in.axi_bvalid && in.axi_bid != 0) && out.axi_bready) --memory.count;
         if (out.axi_wvalid && in.axi_wready && memory.awid == 0) ++memory.count;
         if (memory.flag) out.axi_bready = true;
         out.idle = false;
       }},
      {"meta words of zero",
       "simple",
       {"rx.completion"},
       {},
       spoils_write(1, [](EngineOutputs& out) { out.axi_wdata[7] = out.axi_wdata[15] = 0; })},
      {"cut frames do not say so",
       "simple",
       {"rx.cut"},
       {},
       spoils_write(1,
                    [](EngineOutputs& out) {
                      out.axi_wdata[3] &= ~nic::kRxFlagTruncated;
                      out.axi_wdata[11] &= ~nic::kRxFlagTruncated;
                    })},
      {"short frames have failed, though nothing was refused",
       "simple",
       {"rx.completion"},
       {},
       spoils_write(1,
                    [](EngineOutputs& out) {
                      for (std::size_t entry = 0; entry < 2; ++entry) {
                        nic::RxCompletionEntry written;
                        std::memcpy(&written, &out.axi_wdata[8 * entry], sizeof written);
                        if (written.length < 100) out.axi_wdata[8 * entry + 3] |= nic::kRxFlagDmaError;
                      }
                    })},
      {"lengths of 16 bits",
       "simple",
       {"rx.long-buffers", "tx.unsendable"},
       [](EngineInputs& in, Memory&) {
         if (nic::read_for(in.axi_rid) == nic::kReadTxPayload) return;
         for (const std::size_t word : {2u, 6u, 10u, 14u}) in.axi_rdata[word] &= 0xFFFF;
       }},
      {"discarded frames are not told",
       "simple",
       {"rx.no-buffer", "rx.disabled"},
       {},
       [](const EngineInputs&, EngineOutputs& out, Memory&) { out.ev_rx_drop = false; }},
      {"discarded frames are not counted",
       "simple",
       {"rx.no-buffer", "rx.disabled"},
       {},
       reads_of_queues(nic::kDrops, [](std::uint32_t, const Memory&) { return 0u; })},
      impatient(),
  };
}

// Takes from the engine whatever it has, and gives it to the link when that has time.
Mistake hasty() {
  return {"an index before the link has taken the frame",
          "simple",
          {"tx.order"},
          [](EngineInputs& in, Memory&) { in.tx_tready = true; },
          [](const EngineInputs& in, EngineOutputs& out, Memory& memory) {
            out.idle = false;
            if (out.tx_tvalid) memory.beats.push_back(out);
            out.tx_tvalid = !memory.beats.empty();
            if (memory.beats.empty()) return;
            const EngineOutputs& beat = memory.beats.front();
            out.tx_tdata = beat.tx_tdata;
            out.tx_tkeep = beat.tx_tkeep;
            out.tx_tlast = beat.tx_tlast;
            out.tx_tid = beat.tx_tid;
            out.tx_error = beat.tx_error;
            out.tx_request = beat.tx_request;
            out.tx_index = beat.tx_index;
            if (in.tx_tready) memory.beats.pop_front();
          }};
}

After spoils_beat(std::function<void(EngineOutputs&, Memory&)> spoil) {
  return [spoil = std::move(spoil)](const EngineInputs& in, EngineOutputs& out, Memory& memory) {
    if (!out.tx_tvalid) return;
    spoil(out, memory);
    if (in.tx_tready) memory.count = out.tx_tlast ? 0 : memory.count + 1;
  };
}

std::vector<Mistake> on_sending() {
  return {
      {"a bit of the 64th byte", "simple", {"tx.bytes"}, {}, spoils_beat([](EngineOutputs& out, Memory&) {
         out.tx_tdata[15] ^= 0x80000000;
       })},
      {"a beat too few", "simple", {"tx.bytes"}, {}, spoils_beat([](EngineOutputs& out, Memory&) {
         out.tx_tlast = out.tx_tlast || out.tx_tkeep + 1 != 0;
         out.tx_tkeep >>= out.tx_tlast ? 1 : 0;
       })},
      hasty(),
      {"of a length that is too large, bit 16 alone is looked at",
       "simple",
       {"tx.unsendable"},
       [](EngineInputs& in, Memory&) {
         if (!in.axi_rvalid || nic::read_for(in.axi_rid) != nic::kReadTxDescriptor) return;
         for (std::size_t descriptor = 0; descriptor < 4; ++descriptor) {
           std::uint32_t& length = in.axi_rdata[4 * descriptor + 2];
           if ((length & 0x10000) == 0) length &= 0xFFFF;
         }
       }},
      {"what cannot be sent is sent",
       "simple",
       {"tx.unsendable", "refused.tx-descriptor"},
       {},
       spoils_beat([](EngineOutputs& out, Memory&) { out.tx_error = out.tx_error && out.tx_tkeep != 0; })},
      {"indices from 1", "simple", {"tx.tags"}, {}, spoils_beat([](EngineOutputs& out, Memory&) {
         ++out.tx_index;
       })},
      {"requests of zero", "simple", {"tx.tags"}, {}, spoils_beat([](EngineOutputs& out, Memory&) {
         out.tx_request = 0;
       })},
      {"only the first queue sends",
       "simple",
       {"tx.every-queue"},
       [](EngineInputs& in, Memory&) {
         if (in.axil_awvalid && in.axil_awaddr == tx_block(1) + nic::kDoorbell) in.axil_awaddr = kNowhere;
       }},
      {"a frame of many beats is spoilt",
       "simple",
       {"traffic.jumbo"},
       {},
       spoils_beat(
           [](EngineOutputs& out, Memory& memory) { out.tx_tdata[0] ^= memory.count > 100 ? 1 : 0; })},
      {"the last queue is spoilt",
       "simple",
       {"traffic.all-queues"},
       {},
       spoils_beat([](EngineOutputs& out, Memory&) { out.tx_tdata[0] ^= out.tx_tid == 3 ? 1 : 0; })},
      {"receives only while it sends nothing",
       "simple",
       {"traffic.both-ways"},
       [](EngineInputs& in, Memory& memory) {
         in.rx_tvalid = in.rx_tvalid && (memory.count == 0 || memory.cycle > memory.count + 500);
       },
       [](const EngineInputs&, EngineOutputs& out, Memory& memory) {
         if (out.tx_tvalid) memory.count = memory.cycle;
         out.rx_tready = out.rx_tready && (memory.count == 0 || memory.cycle > memory.count + 500);
       }},
      {"one byte in a thousand cycles",
       "simple",
       {"traffic.random"},
       {},
       spoils_beat(
           [](EngineOutputs& out, Memory& memory) { out.tx_tdata[0] ^= memory.cycle % 1000 < 50 ? 1 : 0; })},
  };
}

std::vector<Mistake> on_interrupts() {
  return {
      {"no interrupts",
       "simple",
       {"irq.once", "irq.at-once", "irq.never-missed"},
       {},
       [](const EngineInputs&, EngineOutputs& out, Memory&) { out.irq_valid = false; }},
      {"every request twice",
       "simple",
       {"irq.once"},
       {},
       [](const EngineInputs& in, EngineOutputs& out, Memory& memory) {
         if (out.irq_valid && in.irq_ready) {
           memory.flag = true;
           memory.awid = out.irq_vector;
         } else if (memory.flag && !out.irq_valid) {
           out.irq_valid = true;
           out.irq_vector = memory.awid;
           memory.flag = false;
         }
       }},
      {"what has been published already does not count",
       "simple",
       {"irq.at-once", "irq.never-missed"},
       [](EngineInputs& in, Memory& memory) {
         if (in.axil_awvalid && in.axil_awaddr >= rx_block(0) && (in.axil_awaddr & kOffset) == nic::kIrqArm) {
           in.axil_wdata = memory.written[kNowhere];
         }
       },
       [](const EngineInputs& in, EngineOutputs& out, Memory& memory) {
         if (out.axi_wvalid && memory.awid >= 2) memory.count = out.axi_wdata[0];
         if (in.axi_bvalid && out.axi_bready && in.axi_bid >= 2) {
           memory.written[kNowhere] = static_cast<std::uint32_t>(memory.count);
         }
       }},
      {"an arming is lost beside a request",
       "simple",
       {"irq.armed-again"},
       [](EngineInputs& in, Memory& memory) {
         const bool arms = in.axil_awvalid && (in.axil_awaddr & kOffset) == nic::kIrqArm;
         if (arms && memory.count != 0 && memory.cycle < memory.count + 4) in.axil_awaddr = kNowhere;
       },
       [](const EngineInputs&, EngineOutputs& out, Memory& memory) {
         if (out.irq_valid) memory.count = memory.cycle;
       }},
      {"an arming while a request waits does not take",
       "cycle",
       {"irq.armed-while-waiting"},
       [](EngineInputs& in, Memory& memory) {
         const bool arms = in.axil_awvalid && (in.axil_awaddr & kOffset) == nic::kIrqArm;
         if (arms && memory.flag) in.axil_awaddr = kNowhere;
       },
       [](const EngineInputs& in, EngineOutputs& out, Memory& memory) {
         memory.flag = out.irq_valid && !in.irq_ready;
       }},
      {"vectors without their lowest bit",
       "simple",
       {"irq.every-queue"},
       {},
       [](const EngineInputs&, EngineOutputs& out, Memory&) { out.irq_vector &= 0xFE; }},
  };
}

// The flags of two entries that are written at once are exchanged.
void exchanges_flags(EngineOutputs& out) {
  const bool both = out.axi_wstrb + 1 == 0;
  const bool lower = (out.axi_wdata[3] & nic::kRxFlagDmaError) != 0;
  const bool upper = (out.axi_wdata[11] & nic::kRxFlagDmaError) != 0;
  if (!both || lower == upper) return;
  out.axi_wdata[3] ^= nic::kRxFlagDmaError;
  out.axi_wdata[11] ^= nic::kRxFlagDmaError;
}

// ERRORS counts a frame again whose entry is refused, after its payload.
Mistake counts_twice() {
  return {"a frame that has failed twice is counted twice",
          "simple",
          {"refused.under-way"},
          {},
          [](const EngineInputs& in, EngineOutputs& out, Memory& memory) {
            if (out.axi_wvalid && memory.awid == 1) {
              const std::size_t word = out.axi_wstrb & 1 ? 3 : 11;
              memory.flag = (out.axi_wdata[word] & nic::kRxFlagDmaError) != 0;
            }
            if (out.axi_awvalid && out.axi_awid == 1) memory.count = out.axi_awuser;
            if (in.axi_bvalid && out.axi_bready && in.axi_bid == 1 && in.axi_bresp != 0 && memory.flag)
              ++memory.how_often[static_cast<std::uint16_t>(kDropped + memory.count)];
            const bool errors = out.axil_rvalid && (memory.read_address & kOffset) == nic::kErrors;
            const auto queue = static_cast<std::uint16_t>(memory.read_address / nic::kBlockBytes % 64);
            if (errors && memory.read_address < tx_block(0))
              out.axil_rdata += memory.how_often[static_cast<std::uint16_t>(kDropped + queue)];
          }};
}

// Of refused writes that are answered soon after one another only the first counts.
Before counts_once_in_a_while(std::uint8_t id) {
  return [id](EngineInputs& in, Memory& memory) {
    if (!in.axi_bvalid || in.axi_bid != id || in.axi_bresp == 0) return;
    const bool soon = memory.count != 0 && memory.cycle < memory.count + 16;
    memory.count = memory.cycle;
    if (soon) in.axi_bresp = 0;
  };
}

std::vector<Mistake> on_refusals() {
  return {
      {"the error of the neighbour in the same beat",
       "cycle",
       {"refused.under-way"},
       {},
       spoils_write(1, exchanges_flags)},
      counts_twice(),
      {"a second refused payload right behind the first is none",
       "cycle",
       {"refused.under-way"},
       counts_once_in_a_while(0)},
      {"a second refused completion right behind the first is none",
       "cycle",
       {"refused.under-way"},
       counts_once_in_a_while(1)},
      {"a second refused index right behind the first is none",
       "cycle",
       {"refused.under-way"},
       counts_once_in_a_while(2)},
      {"a decode error is none",
       "cycle",
       {"refused.under-way"},
       [](EngineInputs& in, Memory&) {
         if (in.axi_bresp == 3) in.axi_bresp = 0;
         if (in.axi_rresp == 3) in.axi_rresp = 0;
       }},
      {"errors of queue 3 are not counted",
       "cycle",
       {"refused.under-way"},
       {},
       reads_of_queues(nic::kErrors,
                       [](std::uint32_t value, const Memory& memory) {
                         return (memory.read_address / nic::kBlockBytes) % 64 == 3 ? 0 : value;
                       })},
      {"refused RX descriptors are used",
       "simple",
       {"refused.rx-descriptor"},
       answers_okay_to_read(nic::kReadRxDescriptor)},
      {"refused TX descriptors are used",
       "simple",
       {"refused.tx-descriptor"},
       answers_okay_to_read(nic::kReadTxDescriptor)},
      {"refused payload is sent",
       "simple",
       {"refused.tx-payload"},
       answers_okay_to_read(nic::kReadTxPayload)},
      {"an error is that of the next answer",
       "cycle",
       {"refused.any-order"},
       [](EngineInputs& in, Memory& memory) {
         if (!in.axi_rvalid) return;
         const bool error = in.axi_rresp >= 2;
         in.axi_rresp = memory.flag ? 2 : 0;
         memory.flag = error;
       }},
      {"refused payload is completed", "simple", {"refused.rx-payload"}, answers_okay_to_write(0)},
      {"refused completions are not counted", "simple", {"refused.rx-completion"}, answers_okay_to_write(1)},
      {"refused RX indices are not counted", "simple", {"refused.rx-index"}, answers_okay_to_write(2)},
      {"refused TX indices are not counted", "simple", {"refused.tx-index"}, answers_okay_to_write(3)},
  };
}

// Data of a read is taken for that of the oldest one of its reader.
Mistake takes_reads_in_order() {
  const auto oldest = [](Memory& memory, std::uint8_t id) {
    return std::find_if(memory.ids.begin(), memory.ids.end(),
                        [&](std::uint8_t asked) { return nic::read_for(asked) == nic::read_for(id); });
  };
  return {"reads are taken in the order of asking",
          "cycle",
          {"bus.reads-any-order"},
          [=](EngineInputs& in, Memory& memory) {
            const auto id = oldest(memory, in.axi_rid);
            if (in.axi_rvalid && id != memory.ids.end()) in.axi_rid = *id;
          },
          [=](const EngineInputs& in, EngineOutputs& out, Memory& memory) {
            if (in.axi_rvalid && out.axi_rready && in.axi_rlast) {
              const auto id = oldest(memory, in.axi_rid);
              if (id != memory.ids.end()) memory.ids.erase(id);
            }
            if (out.axi_arvalid && in.axi_arready) memory.ids.push_back(out.axi_arid);
          }};
}

// A register of receive-side scaling is written with something else, or elsewhere.
Before writes_rss(std::uint32_t first, std::uint32_t words, std::function<void(EngineInputs&, Memory&)> as) {
  return [first, words, as = std::move(as)](EngineInputs& in, Memory& memory) {
    if (in.axil_awvalid && in.axil_awaddr - first < 4 * words) as(in, memory);
  };
}
Before writes_rss_control(std::function<void(EngineInputs&, Memory&)> as) {
  return writes_rss(nic::kRegisterRssControl, 1, std::move(as));
}

// For a while after a setting every other frame has the queue of the fifth before it.
Mistake wavering() {
  return {"frames have the old setting again",
          "cycle",
          {"rss.order"},
          {},
          [](const EngineInputs& in, EngineOutputs& out, Memory& memory) {
            if (in.axil_awvalid && in.axil_awaddr == nic::kRegisterRssControl) memory.count = memory.cycle;
            if (!out.ev_rx_done) return;
            memory.ids.push_back(out.ev_rx_queue);
            if (memory.ids.size() <= 5) return;
            const std::uint8_t earlier = memory.ids.front();
            memory.ids.pop_front();
            memory.flag = !memory.flag;
            if (memory.flag && memory.cycle < memory.count + 32) out.ev_rx_queue = earlier;
          }};
}

std::vector<Mistake> on_scaling() {
  return {
      {"a word of the table cannot be read",
       "cycle",
       {"rss.registers"},
       {},
       reads(nic::kRegisterRssTable + 4, 0)},
      {"it cannot be switched off", "cycle", {"rss.off"}, writes_rss_control([](EngineInputs& in, Memory&) {
         in.axil_wdata |= nic::kRssControlEnable;
       })},
      {"the last bytes of the key are not kept",
       "cycle",
       {"rss.hash"},
       writes_rss(nic::kRegisterRssKey + 32, 2, [](EngineInputs& in, Memory&) { in.axil_wdata = 0; })},
      {"frames are hashed as if they were full beats",
       "cycle",
       {"rss.cut"},
       [](EngineInputs& in, Memory&) { in.rx_length = std::max<std::uint16_t>(in.rx_length, 64); }},
      {"all hash types at all times",
       "cycle",
       {"rss.types"},
       writes_rss_control([](EngineInputs& in, Memory&) { in.axil_wdata |= nic::kRssControlTypes; })},
      {"half a table",
       "cycle",
       {"rss.table"},
       writes_rss(nic::kRegisterRssTable + 2 * nic::kRssTableWords, nic::kRssTableWords / 2,
                  [](EngineInputs& in, Memory&) { in.axil_awaddr -= 2 * nic::kRssTableWords; })},
      {"only the first setting counts",
       "cycle",
       {"rss.at-once"},
       writes_rss_control([](EngineInputs& in, Memory& memory) {
         if (memory.how_often[nic::kRegisterRssControl] != 0) in.axil_awaddr = kNowhere;
       })},
      {"a setting that is written again is another",
       "cycle",
       {"rss.undisturbed"},
       writes_rss_control([](EngineInputs& in, Memory& memory) {
         if (memory.how_often[nic::kRegisterRssControl] != 0) in.axil_wdata &= nic::kRssControlEnable;
       })},
      {"frames that begin while a register is written are not steered",
       "cycle",
       {"rss.undisturbed"},
       [](EngineInputs& in, Memory&) { in.rx_steered = in.rx_steered || in.axil_awvalid; }},
      wavering(),
      {"a table of eight queues",
       "cycle",
       {"rss.absent"},
       writes_rss(nic::kRegisterRssTable, nic::kRssTableWords,
                  [](EngineInputs& in, Memory&) { in.axil_wdata &= 0x07070707; })},
      {"steered frames are put elsewhere",
       "cycle",
       {"rss.steered"},
       [](EngineInputs& in, Memory&) { in.rx_steered = false; }},
      {"a beat in two cycles",
       "cycle",
       {"rss.rate"},
       [](EngineInputs& in, Memory& memory) { in.rx_tvalid = in.rx_tvalid && memory.cycle % 2 == 0; },
       [](const EngineInputs&, EngineOutputs& out, Memory& memory) {
         out.rx_tready = out.rx_tready && memory.cycle % 2 == 0;
       }},
  };
}

std::vector<Mistake> on_the_bus() {
  return {
      {"bursts across 512 bytes",
       "cycle",
       {"bus.bursts"},
       {},
       [](const EngineInputs&, EngineOutputs& out, Memory&) {
         if (out.axi_awlen != 0) out.axi_awaddr += 64;
       }},
      {"all addresses in the 4 GiB of the descriptor ring",
       "cycle",
       {"bus.addresses"},
       {},
       [](const EngineInputs&, EngineOutputs& out, Memory& memory) {
         const auto high_of = [&](std::uint8_t user) -> std::uint64_t {
           const std::uint32_t block = user < nic::kTxVectorBase ? rx_block(user) : tx_block(user % 64u);
           return memory.written[static_cast<std::uint16_t>(block + nic::kDescBaseHigh)];
         };
         if (out.axi_awvalid) out.axi_awaddr = high_of(out.axi_awuser) << 32 | (out.axi_awaddr & 0xFFFFFFFF);
         if (out.axi_arvalid) out.axi_araddr = high_of(out.axi_aruser) << 32 | (out.axi_araddr & 0xFFFFFFFF);
       }},
      {"no carry into the upper half",
       "cycle",
       {"bus.addresses"},
       {},
       [](const EngineInputs&, EngineOutputs& out, Memory&) {
         if (out.axi_awvalid && (out.axi_awaddr & 0xFFFFFFFF) == 0) out.axi_awaddr -= std::uint64_t{1} << 32;
       }},
      {"addresses of 48 bits",
       "cycle",
       {"bus.addresses"},
       {},
       [](const EngineInputs&, EngineOutputs& out, Memory&) { out.axi_araddr &= 0xFFFF'FFFF'FFFF; }},
      {"bursts of half a beat",
       "simple",
       {"bus.bursts"},
       {},
       [](const EngineInputs&, EngineOutputs& out, Memory&) { out.axi_arsize = 5; }},
      {"a beat moves while it waits",
       "simple",
       {"bus.held"},
       {},
       [](const EngineInputs&, EngineOutputs& out, Memory& memory) {
         out.tx_tdata[15] ^= static_cast<std::uint32_t>(memory.cycle);
       }},
      {"a user moves while it waits",
       "simple",
       {"bus.held"},
       {},
       [](const EngineInputs&, EngineOutputs& out, Memory& memory) {
         out.axi_aruser ^= memory.flag ? 1 : 0;
         memory.flag = out.axi_arvalid;
       }},
      {"a stream that waits for its ready",
       "simple",
       {"bus.valid-first"},
       {},
       [](const EngineInputs& in, EngineOutputs& out, Memory&) {
         out.tx_tvalid = out.tx_tvalid && in.tx_tready;
       }},
      {"data that waits for its address to be taken",
       "simple",
       {"bus.address-and-data"},
       [](EngineInputs& in, Memory& memory) { in.axi_wready = in.axi_wready && memory.flag; },
       [](const EngineInputs& in, EngineOutputs& out, Memory& memory) {
         out.axi_wvalid = out.axi_wvalid && memory.flag;
         if (out.axi_wvalid && in.axi_wready) memory.flag = false;
         if (out.axi_awvalid && in.axi_awready) memory.flag = true;
       }},
      {"answers are taken in the order of the questions",
       "cycle",
       {"bus.late-answers"},
       [](EngineInputs& in, Memory& memory) {
         if (in.axi_bvalid && !memory.ids.empty()) in.axi_bid = memory.ids.front();
       },
       [](const EngineInputs& in, EngineOutputs& out, Memory& memory) {
         if (in.axi_bvalid && out.axi_bready && !memory.ids.empty()) memory.ids.pop_front();
         if (out.axi_awvalid && in.axi_awready) memory.ids.push_back(out.axi_awid);
       }},
      takes_reads_in_order(),
      {"a counter of the neighbour",
       "simple",
       {"counters.per-queue"},
       [](EngineInputs& in, Memory&) {
         if (in.axil_araddr == rx_block(1) + nic::kFrames) in.axil_araddr -= nic::kBlockBytes;
       }},
  };
}

// A queue is at rest when the read that was asked for last is answered, whatever is still to come.
Mistake rests_too_early() {
  return {"in flight until the newest read is answered",
          "cycle",
          {"disable.any-order"},
          {},
          [](const EngineInputs& in, EngineOutputs& out, Memory& memory) {
            if (in.axi_rvalid && in.axi_rlast && in.axi_rid == memory.count) memory.flag = true;
            if (out.axi_arvalid && in.axi_arready) {
              memory.count = out.axi_arid;
              memory.flag = false;
            }
            const bool state = (memory.read_address & kOffset) == nic::kState;
            if (out.axil_rvalid && state && memory.flag) out.axil_rdata &= ~nic::kStateInFlight;
          }};
}

bool disables(const EngineInputs& in) {
  return in.axil_awvalid && in.axil_awaddr >= rx_block(0) && (in.axil_awaddr & kOffset) == nic::kControl &&
         in.axil_wdata == 0;
}

// A disable takes back what is offered and not taken; the engine believes that it was.
Mistake takes_back(const char* name, bool EngineOutputs::*valid, bool EngineInputs::*ready) {
  return {name,
          "cycle",
          {"disable.back-pressure"},
          [=](EngineInputs& in, Memory& memory) {
            memory.flag = disables(in) && !(in.*ready);
            if (memory.flag) in.*ready = true;
          },
          [=](const EngineInputs&, EngineOutputs& out, Memory& memory) {
            if (memory.flag) out.*valid = false;
          }};
}

// Answers a read by itself, with 0, while an enable waits.
Mistake overtakes_enables() {
  return {"a read overtakes an enable that waits",
          "simple",
          {"disable.reads-wait"},
          [](EngineInputs& in, Memory& memory) {
            // count: 1 an enable is under way, 2 a read beside it is taken
            if (memory.count == 1 && in.axil_arvalid) memory.flag = true;
            if (memory.count != 0) in.axil_arvalid = false;
          },
          [](const EngineInputs& in, EngineOutputs& out, Memory& memory) {
            if (in.axil_awvalid && out.axil_awready && (in.axil_awaddr & kOffset) == nic::kControl &&
                in.axil_wdata == 1) {
              memory.count = 1;
            }
            if (memory.count == 2) {
              out.axil_rvalid = true;
              out.axil_rdata = 0;
              if (in.axil_rready) memory.count = 0;
            } else if (memory.flag) {
              out.axil_arready = true;
              memory.count = 2;
              memory.flag = false;
            } else if (out.axil_bvalid) {
              memory.count = 0;
            }
            out.idle = out.idle && memory.count == 0;
          }};
}

// The first unaligned frame after a reset begins with what an earlier one has left.
Mistake left_over() {
  return {"a shifter that a reset does not clear",
          "cycle",
          {"reset.any-cycle"},
          {},
          [](const EngineInputs& in, EngineOutputs& out, Memory& memory) {
            if (!in.rst_n && memory.count > 0) memory.flag = true;
            if (!out.axi_wvalid || memory.awid != 0) return;
            ++memory.count;
            const bool odd = std::countr_zero(out.axi_wstrb) % 32 != 0;
            if (!memory.flag || !odd) return;
            out.axi_wdata[8] ^= 1;
            memory.flag = !in.axi_wready;
          }};
}

// The address of a write survives a reset, and the next data is for it.
Mistake remembers_addresses() {
  return {"half a write survives a reset",
          "simple",
          {"reset.half-access"},
          [](EngineInputs& in, Memory& memory) {
            // count: 1 an address without its data, 2 so it was at a reset
            if (!in.rst_n && memory.count == 1) memory.count = 2;
            if (memory.count != 2 || !in.axil_wvalid || in.axil_awvalid) return;
            in.axil_awvalid = true;
            in.axil_awaddr = static_cast<std::uint16_t>(memory.written[kDropped]);
          },
          [](const EngineInputs& in, EngineOutputs& out, Memory& memory) {
            if (!in.rst_n) return;
            const bool address = in.axil_awvalid && out.axil_awready;
            const bool data = in.axil_wvalid && out.axil_wready;
            if (address && !data) memory.written[kDropped] = in.axil_awaddr;
            if (memory.count != 2 && address != data) memory.count = address ? 1 : 0;
          }};
}

std::vector<Mistake> on_life() {
  return {
      takes_back("a disable takes back a read that waits", &EngineOutputs::axi_arvalid,
                 &EngineInputs::axi_arready),
      takes_back("a disable takes back a beat that waits for the link", &EngineOutputs::tx_tvalid,
                 &EngineInputs::tx_tready),
      takes_back("a disable takes back a request that waits", &EngineOutputs::irq_valid,
                 &EngineInputs::irq_ready),
      takes_back("a disable takes back the address of a write", &EngineOutputs::axi_awvalid,
                 &EngineInputs::axi_awready),
      {"what waits for memory is not in flight",
       "cycle",
       {"disable.back-pressure"},
       {},
       [](const EngineInputs& in, EngineOutputs& out, Memory& memory) {
         const bool waits = (out.axi_arvalid && !in.axi_arready) || (out.axi_awvalid && !in.axi_awready);
         memory.count = waits ? memory.count + 1 : 0;
         const bool state = (memory.read_address & kOffset) == nic::kState;
         if (out.axil_rvalid && state && memory.count > 20) out.axil_rdata &= ~nic::kStateInFlight;
       }},
      overtakes_enables(),
      left_over(),
      remembers_addresses(),
      {"a ring size survives a reset",
       "simple",
       {"reset.registers"},
       {},
       reads_of_queues(nic::kRingLog2,
                       [](std::uint32_t value, const Memory& memory) {
                         const auto written = memory.written.find(memory.read_address);
                         return written == memory.written.end() ? value : 7;
                       })},
      rests_too_early(),
      {"in flight, and does not say so",
       "simple",
       {"disable.drains"},
       {},
       reads_of_queues(nic::kState,
                       [](std::uint32_t value, const Memory&) { return value & ~nic::kStateInFlight; })},
      {"a second start index is ignored",
       "simple",
       {"disable.enable-waits", "disable.descriptors"},
       ignores_second_start_index()},
      {"an arming survives",
       "simple",
       {"disable.arming"},
       {},
       [](const EngineInputs& in, EngineOutputs& out, Memory& memory) {
         const bool armed = memory.how_often.count(rx_block(0) + nic::kIrqArm) != 0;
         const bool again = memory.how_often[rx_block(0)] == 3 && memory.how_often.size() != memory.count;
         if (!armed || !again || out.irq_valid) return;
         out.irq_valid = true;
         out.irq_vector = 0;
         if (in.irq_ready) memory.count = memory.how_often.size();
       }},
      {"counters start again",
       "simple",
       {"disable.counters"},
       {},
       reads_of_queues(nic::kFrames, [](std::uint32_t, const Memory&) { return 0u; })},
      {"no reset",
       "simple",
       {"reset.any-cycle"},
       [](EngineInputs& in, Memory& memory) { in.rst_n = in.rst_n || memory.cycle > 3; }},
      {"what reset does not touch shows",
       "simple",
       {"reset.definite"},
       {},
       spoils_beat(
           [](EngineOutputs& out, Memory& memory) { out.tx_tdata[0] ^= memory.x_seed == 1 ? 0 : 1; })},
      {"idle all the time",
       "simple",
       {"idle.skipped"},
       {},
       [](const EngineInputs&, EngineOutputs& out, Memory&) { out.idle = true; }},
      {"never idle",
       "simple",
       {"idle.at-rest"},
       {},
       [](const EngineInputs&, EngineOutputs& out, Memory&) { out.idle = false; }},
  };
}

// A write to a register of one queue goes to its neighbour.
void to_the_neighbour(EngineInputs& in, Memory&) { in.axil_awaddr ^= nic::kBlockBytes; }

Mistake says_more_than_it_has() {
  return {"FEATURES of what is not there",
          "simple",
          {"features.registers", "features.coalesce-count", "features.coalesce-time",
           "features.moderation-count", "features.moderation-time", "features.weight", "features.cause-set",
           "features.cause-cleared", "features.counters"},
          {},
          reads(nic::kRegisterFeatures, 0x1F)};
}

// Every index write but the first keeps the next request back for 2,000 cycles.
Mistake put_off() {
  const auto waits = [](const Memory& memory) { return memory.flag && memory.cycle < memory.count + 2'000; };
  return {"a further frame puts a request off",
          "cycle",
          {"features.moderation-time"},
          [=](EngineInputs& in, Memory& memory) { in.irq_ready = in.irq_ready && !waits(memory); },
          [=](const EngineInputs& in, EngineOutputs& out, Memory& memory) {
            out.irq_valid = out.irq_valid && !waits(memory);
            if (!out.axi_awvalid || !in.axi_awready || out.axi_awid < 2) return;
            memory.flag = memory.count != 0;
            memory.count = memory.cycle;
          }};
}

std::vector<Mistake> on_features() {
  constexpr std::uint32_t kCycles = nic::kCoalesceCycles;
  return {
      says_more_than_it_has(),
      {"a register of what is not there",
       "simple",
       {"features.absent"},
       {},
       reads(rx_block(1) + nic::kPublishes, 1)},
      {"features without names", "cycle", {"features.absent"}, {}, reads(nic::kRegisterFeatures, 0x8000003F)},
      {"one MODERATION for two queues",
       "cycle",
       {"features.registers"},
       writes(nic::kModeration,
              [](EngineInputs& in, Memory&) {
                in.axil_awaddr = static_cast<std::uint16_t>(in.axil_awaddr & ~nic::kBlockBytes);
              })},
      {"a weight that is held while enabled",
       "cycle",
       {"features.registers"},
       writes(nic::kWeight,
              [](EngineInputs& in, Memory& memory) {
                if (memory.written[static_cast<std::uint16_t>(in.axil_awaddr & ~kOffset)] == 1) {
                  in.axil_awaddr = kNowhere;
                }
              })},
      {"all 32 bits of COALESCE",
       "cycle",
       {"features.registers"},
       {},
       reads_of_queues(nic::kCoalesce,
                       [](std::uint32_t value, const Memory& memory) {
                         const auto written = memory.written.find(memory.read_address);
                         return written == memory.written.end() ? value : written->second;
                       })},
      {"one entry more than COUNT",
       "cycle",
       {"features.coalesce-count"},
       writes(nic::kCoalesce, [](EngineInputs& in, Memory&) { ++in.axil_wdata; })},
      {"one entry less than COUNT",
       "cycle",
       {"features.coalesce-count"},
       writes(nic::kCoalesce, [](EngineInputs& in, Memory&) { --in.axil_wdata; })},
      {"15 bits of CYCLES",
       "cycle",
       {"features.coalesce-time"},
       writes(nic::kCoalesce, [](EngineInputs& in, Memory&) { in.axil_wdata &= 0x7FFFFFFF; })},
      {"300 cycles more than CYCLES",
       "cycle",
       {"features.coalesce-time", "features.coalesce-drain"},
       writes(nic::kCoalesce,
              [](EngineInputs& in, Memory&) {
                in.axil_wdata += (in.axil_wdata & kCycles) == kCycles ? 0 : 300u << 16;
              })},
      {"some cycles where none are asked for",
       "cycle",
       {"features.coalesce-time"},
       writes(nic::kCoalesce,
              [](EngineInputs& in, Memory&) { in.axil_wdata += in.axil_wdata & kCycles ? 0 : 300u << 16; })},
      {"never, if COUNT is 0",
       "cycle",
       {"features.coalesce-time"},
       writes(
           nic::kCoalesce,
           [](EngineInputs& in, Memory&) { in.axil_wdata = in.axil_wdata % 256 ? in.axil_wdata : kCycles; })},
      {"COALESCE of a TX queue goes to the RX queue",
       "cycle",
       {"features.coalesce-count"},
       [](EngineInputs& in, Memory&) {
         if (in.axil_awaddr == tx_block(0) + nic::kCoalesce) in.axil_awaddr = rx_block(0) + nic::kCoalesce;
       }},
      {"the pacing of another queue",
       "cycle",
       {"features.coalesce-count"},
       writes(nic::kCoalesce, to_the_neighbour)},
      {"one that waits is not in flight",
       "cycle",
       {"features.coalesce-drain"},
       {},
       reads_of_queues(nic::kState,
                       [](std::uint32_t value, const Memory&) { return value & ~nic::kStateInFlight; })},
      {"a request at the first frame",
       "cycle",
       {"features.moderation-count"},
       writes(nic::kModeration,
              [](EngineInputs& in, Memory&) { in.axil_wdata = in.axil_wdata / 256 * 256 + 1; })},
      {"MODERATION of a TX queue goes to the RX queue",
       "cycle",
       {"features.moderation-count"},
       [](EngineInputs& in, Memory&) {
         if (in.axil_awaddr == tx_block(0) + nic::kModeration)
           in.axil_awaddr = rx_block(0) + nic::kModeration;
       }},
      {"300 cycles more than asked for",
       "cycle",
       {"features.moderation-time"},
       writes(nic::kModeration, [](EngineInputs& in, Memory&) { in.axil_wdata += 300u << 16; })},
      {"an arming beside one that waits is lost",
       "cycle",
       {"features.moderation-seen"},
       writes(nic::kIrqArm,
              [](EngineInputs& in, Memory& memory) {
                if (memory.how_often[in.axil_awaddr] > 0) in.axil_awaddr = kNowhere;
              })},
      put_off(),
      {"one frame more than WEIGHT",
       "cycle",
       {"features.weight"},
       writes(nic::kWeight, [](EngineInputs& in, Memory&) { ++in.axil_wdata; })},
      {"the weight of the neighbour", "cycle", {"features.weight"}, writes(nic::kWeight, to_the_neighbour)},
      {"what cannot be read is taken for a wrong descriptor",
       "cycle",
       {"features.cause-set", "features.cause-cleared"},
       {},
       reads_of_queues(nic::kCause,
                       [](std::uint32_t value, const Memory&) {
                         return value & nic::kCauseDescriptorRead ? value ^ 3 : value;
                       })},
      {"the cause of the neighbour",
       "cycle",
       {"features.cause-set"},
       [](EngineInputs& in, Memory&) {
         if ((in.axil_araddr & kOffset) == nic::kCause)
           in.axil_araddr &= static_cast<std::uint16_t>(~nic::kBlockBytes);
       }},
      {"one cause at a time",
       "cycle",
       {"features.cause-set"},
       {},
       reads_of_queues(nic::kCause, [](std::uint32_t value, const Memory&) { return value & (~value + 1); })},
      {"any write clears all causes",
       "cycle",
       {"features.cause-cleared"},
       writes(nic::kCause, [](EngineInputs& in, Memory&) { in.axil_wdata = ~0u; })},
      {"causes stay",
       "cycle",
       {"features.cause-cleared"},
       writes(nic::kCause, [](EngineInputs& in, Memory&) { in.axil_awaddr = kNowhere; })},
      {"causes end with the disable",
       "cycle",
       {"features.cause-cleared"},
       {},
       reads_of_queues(nic::kCause,
                       [](std::uint32_t value, const Memory& memory) {
                         const auto control = static_cast<std::uint16_t>(memory.read_address & ~kOffset);
                         const auto written = memory.written.find(control);
                         return written != memory.written.end() && written->second == 0 ? 0 : value;
                       })},
      {"publications are counted twice",
       "cycle",
       {"features.counters"},
       {},
       reads_of_queues(nic::kPublishes, [](std::uint32_t value, const Memory&) { return 2 * value; })},
      {"frames are counted, not fetches",
       "cycle",
       {"features.counters"},
       [](EngineInputs& in, Memory&) {
         if ((in.axil_araddr & kOffset) == nic::kFetches) in.axil_araddr += nic::kFrames - nic::kFetches;
       }},
      {"wrong doorbells are not counted",
       "cycle",
       {"features.counters"},
       {},
       reads_of_queues(nic::kRefused, [](std::uint32_t, const Memory&) { return 0u; })},
  };
}

// Entries of the rings of a socket, by what is written of a beat.
constexpr int kRxEntryBytes = 12, kCompletionBytes = 8;
After spoils_entry(std::uint8_t id, int bytes, std::function<void(EngineOutputs&, std::size_t word)> spoil) {
  return [=, spoil = std::move(spoil)](const EngineInputs&, EngineOutputs& out, Memory& memory) {
    if (!out.axi_wvalid || memory.awid != id || std::popcount(out.axi_wstrb) != bytes) return;
    spoil(out, static_cast<std::size_t>(std::countr_zero(out.axi_wstrb)) / 4);
  };
}

std::vector<Mistake> on_zero_copy() {
  constexpr std::uint8_t kRxEntry = 1, kTxEntry = 4;
  return {
      {"31 bits of the room of a frame",
       "cycle",
       {"zero-copy.registers"},
       writes(nic::kFrameRoom, [](EngineInputs& in, Memory&) { in.axil_wdata &= 0x7FFFFFFF; })},
      {"an RX entry without the headroom",
       "cycle",
       {"zero-copy.rx"},
       {},
       spoils_entry(kRxEntry, kRxEntryBytes,
                    [](EngineOutputs& out, std::size_t word) { out.axi_wdata[word + 1] &= 0xFFFF; })},
      {"an RX entry longer than the frame",
       "cycle",
       {"zero-copy.rx"},
       {},
       spoils_entry(kRxEntry, kRxEntryBytes,
                    [](EngineOutputs& out, std::size_t word) { ++out.axi_wdata[word + 2]; })},
      {"all 16 bytes of an RX entry",
       "cycle",
       {"zero-copy.rx"},
       {},
       spoils_entry(kRxEntry, kRxEntryBytes,
                    [](EngineOutputs& out, std::size_t word) {
                      out.axi_wstrb |= std::uint64_t{0xF} << (word + 3) * 4;
                    })},
      {"all of a UMEM in the 4 GiB in which it begins",
       "cycle",
       {"zero-copy.addresses"},
       {},
       [](const EngineInputs&, EngineOutputs& out, Memory& memory) {
         const auto high_of = [&](std::uint8_t user) -> std::uint64_t {
           const std::uint32_t block = user < nic::kTxVectorBase ? rx_block(user) : tx_block(user % 64u);
           return memory.written[static_cast<std::uint16_t>(block + nic::kUmemBaseHigh)];
         };
         if (out.axi_awvalid && out.axi_awid == 0)
           out.axi_awaddr = high_of(out.axi_awuser) << 32 | (out.axi_awaddr & 0xFFFFFFFF);
         if (out.axi_arvalid && nic::read_for(out.axi_arid) == nic::kReadTxPayload)
           out.axi_araddr = high_of(out.axi_aruser) << 32 | (out.axi_araddr & 0xFFFFFFFF);
       }},
      {"a completion with the offset",
       "cycle",
       {"zero-copy.tx"},
       {},
       spoils_entry(kTxEntry, kCompletionBytes,
                    [](EngineOutputs& out, std::size_t word) { out.axi_wdata[word + 1] |= 13u << 16; })},
      {"cut frames are not counted",
       "cycle",
       {"zero-copy.cut"},
       {},
       reads_of_queues(nic::kTruncated, [](std::uint32_t, const Memory&) { return 0u; })},
      {"a UMEM without an end",
       "cycle",
       {"zero-copy.rx-bounds", "zero-copy.tx-bounds"},
       writes(nic::kUmemLimitHigh, [](EngineInputs& in, Memory&) { in.axil_wdata = 0xFFFF; })},
      {"a UMEM one byte longer",
       "cycle",
       {"zero-copy.rx-bounds", "zero-copy.tx-bounds"},
       writes(nic::kUmemLimitLow, [](EngineInputs& in, Memory&) { ++in.axil_wdata; })},
      {"a refused completion is no error", "cycle", {"zero-copy.refused"}, answers_okay_to_write(kTxEntry)},
      {"a copied frame behind one that was not has another cookie",
       "cycle",
       {"zero-copy.mixed"},
       {},
       [](const EngineInputs&, EngineOutputs& out, Memory& memory) {
         if (!out.axi_wvalid || memory.awid != kRxEntry) return;
         memory.flag = memory.flag || std::popcount(out.axi_wstrb) == kRxEntryBytes;
         if (memory.flag && std::popcount(out.axi_wstrb) == 32) out.axi_wdata[out.axi_wstrb & 1 ? 0 : 8] ^= 1;
       }},
      {"a copied frame waits until no other comes",
       "cycle",
       {"zero-copy.turns"},
       [](EngineInputs& in, Memory& memory) {
         // The answers to its payload come when the wire is at rest.
         memory.flag = memory.flag || in.rx_tvalid;
         if (in.rx_tvalid) memory.count = memory.cycle;
         if (in.axi_bvalid && in.axi_bid == 2 && memory.cycle < memory.count + 200) in.axi_bvalid = false;
       },
       [](const EngineInputs& in, EngineOutputs& out, Memory& memory) {
         if (in.axi_bvalid && in.axi_bid == 2 && memory.cycle < memory.count + 200) out.axi_bready = false;
       }},
      {"a socket cannot be taken away",
       "cycle",
       {"zero-copy.changes"},
       writes(nic::kZeroCopy,
              [](EngineInputs& in, Memory&) {
                if (in.axil_wdata == 0) in.axil_awaddr = kNowhere;
              })},
  };
}

std::vector<Mistake> on_rates() {
  return {
      {"takes a beat in every other cycle",
       "cycle",
       {"rate.rx"},
       [](EngineInputs& in, Memory& memory) { in.rx_tvalid = in.rx_tvalid && memory.cycle % 2 == 0; },
       [](const EngineInputs&, EngineOutputs& out, Memory& memory) {
         out.rx_tready = out.rx_tready && memory.cycle % 2 == 0;
       }},
      {"reads a beat in every other cycle",
       "cycle",
       {"rate.tx", "rate.both"},
       [](EngineInputs& in, Memory& memory) { in.axi_rvalid = in.axi_rvalid && memory.cycle % 2 == 0; },
       [](const EngineInputs&, EngineOutputs& out, Memory& memory) {
         out.axi_rready = out.axi_rready && memory.cycle % 2 == 0;
       }},
  };
}

}  // namespace

const std::vector<Mistake>& mistakes() {
  static const std::vector<Mistake> kAll = [] {
    std::vector<Mistake> all;
    for (auto* group : {on_registers, on_rings, on_receiving, on_sending, on_interrupts, on_refusals,
                        on_the_bus, on_life, on_features, on_zero_copy, on_scaling, on_rates}) {
      for (Mistake& mistake : group()) all.push_back(std::move(mistake));
    }
    return all;
  }();
  return kAll;
}

EngineMaker seeded(const Mistake& mistake, EngineMaker good) {
  return [&mistake, good = std::move(good)](const std::string& wave_path, std::uint64_t x_seed) {
    return std::make_unique<SeededEngine>(mistake, good(wave_path, x_seed), x_seed);
  };
}

}  // namespace ringproof::conform
