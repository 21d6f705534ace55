// What an engine must keep to at its edges, judged in every cycle.

#include <fmt/format.h>

#include <algorithm>

#include "sim/conform/bench.h"

namespace ringproof::conform {

using nic::EngineOutputs;
using nic::kMaxBurstBeats;
using nic::kTxVectorBase;

// INV-31, and idle_o: what was quiet stays as it was.
void Bench::check_held(bool valid_in) {
  const EngineOutputs& b = before_;
  if (b.axi_awvalid && !before_in_.axi_awready) {
    expect(out_.axi_awvalid && out_.axi_awaddr == b.axi_awaddr && out_.axi_awlen == b.axi_awlen &&
               out_.axi_awid == b.axi_awid && out_.axi_awuser == b.axi_awuser,
           "AW to stay as it is until it is taken", "AW moved while waiting");
  }
  if (b.axi_wvalid && !before_in_.axi_wready) {
    expect(out_.axi_wvalid && out_.axi_wstrb == b.axi_wstrb && out_.axi_wlast == b.axi_wlast &&
               out_.axi_wdata == b.axi_wdata,
           "W to stay as it is until it is taken", "W moved while waiting");
  }
  if (b.axi_arvalid && !before_in_.axi_arready) {
    expect(out_.axi_arvalid && out_.axi_araddr == b.axi_araddr && out_.axi_arlen == b.axi_arlen &&
               out_.axi_arid == b.axi_arid && out_.axi_aruser == b.axi_aruser,
           "AR to stay as it is until it is taken", "AR moved while waiting");
  }
  if (b.tx_tvalid && !before_in_.tx_tready) {
    expect(out_.tx_tvalid && out_.tx_tkeep == b.tx_tkeep && out_.tx_tlast == b.tx_tlast &&
               out_.tx_tid == b.tx_tid && out_.tx_error == b.tx_error && out_.tx_request == b.tx_request &&
               out_.tx_index == b.tx_index && out_.tx_tdata == b.tx_tdata,
           "a beat of the TX stream to stay as it is until it is taken", "the TX stream moved while waiting");
  }
  if (b.irq_valid && !before_in_.irq_ready) {
    expect(out_.irq_valid && out_.irq_vector == b.irq_vector,
           "an interrupt request to stay as it is until it is taken", "the interrupt moved while waiting");
  }
  if (b.axil_bvalid && !before_in_.axil_bready) {
    expect(out_.axil_bvalid && out_.axil_bresp == b.axil_bresp,
           "the response to a register write to stay until it is taken", "it moved while waiting");
  }
  if (b.axil_rvalid && !before_in_.axil_rready) {
    expect(out_.axil_rvalid && out_.axil_rdata == b.axil_rdata,
           "the response to a register read to stay until it is taken", "it moved while waiting");
  }
  if (quiet_before_ && !valid_in) {
    expect(out_.idle && !any_output_valid(), "nothing to change after idle_o with no input valid",
           "something moved out of idle");
  }
}

void Bench::check_burst(std::uint64_t address, std::uint32_t beats) {
  expect(beats <= kMaxBurstBeats, "bursts of at most 8 beats", "a burst of more than 8 beats");
  expect(address % 64 == 0, "addresses of whole beats", "an address inside a beat");
  expect(address / 512 == (address + 64u * beats - 1) / 512, "bursts inside 512-byte blocks",
         "a burst crosses 512 bytes");
  expect(address >= kMemoryBase && address + 64u * beats <= kMemoryBase + kMemoryBytes,
         "addresses of rings, buffers and index words", "an address outside memory");
}

void Bench::check_size(std::uint8_t size, std::uint8_t burst) {
  expect(size == 6 && burst == 1, "bursts of type INCR with 64 bytes a beat", "another size or type");
}

// INV-27: reads stay inside the ring and the buffers of the queue that they are made for.
void Bench::check_window(const ReadBurst& burst) {
  const bool tx = burst.reader() != kReadRxDesc;
  expect((burst.user >= kTxVectorBase) == tx, "aruser of the queue on whose behalf the access is",
         "aruser of the wrong direction");
  const Ring& of = ring(tx, burst.user);
  if (burst.reader() == kReadPayload) {
    const std::uint64_t end = burst.address + 64u * burst.beats;
    const bool inside = std::any_of(of.buffers.begin(), of.buffers.end(), [&](const Buffer& buffer) {
      return burst.address >= buffer.address / 64 * 64 &&
             end <= (buffer.address + buffer.length + 63) / 64 * 64;
    });
    expect(inside, "payload reads inside one posted buffer", "a payload read outside all of them");
    return;
  }
  const std::uint64_t each = of.socket && !tx ? 8 : 16;
  const std::uint64_t bytes = std::max<std::uint64_t>(64, each * of.size);
  expect(burst.address >= of.desc_base && burst.address + 64u * burst.beats <= of.desc_base + bytes,
         "descriptor reads inside the ring of their queue", "a descriptor read outside its ring");
}

// Every byte that is written lies in one posted buffer of the queue.
void Bench::check_payload_write(const WriteBurst& burst) {
  const Ring& of = rx_ring(burst);
  for (std::uint32_t beat = 0; beat < burst.beats; ++beat) {
    const std::uint64_t strobes = burst.data[beat].second;
    if (strobes == 0) continue;
    const std::uint64_t line = burst.address + 64u * beat;
    const std::uint64_t first = line + static_cast<std::uint64_t>(__builtin_ctzll(strobes));
    const std::uint64_t last = line + 63u - static_cast<std::uint64_t>(__builtin_clzll(strobes));
    const bool inside = std::any_of(of.buffers.begin(), of.buffers.end(), [&](const Buffer& buffer) {
      return first >= buffer.address && last < buffer.address + buffer.length;
    });
    if (inside) continue;
    expect(false, "payload writes inside one posted buffer", "a payload write outside all of them");
    return;
  }
}

// A frame has a buffer when its queue has been told of one before the frame came, and those before it have
// left it over.
void Bench::check_drop(const Undecided& frame) {
  const Ring& of = ring(false, frame.queue);
  if (!of.enabled || of.enabled_at >= frame.offered_at) return;
  const std::uint32_t buffers = frame.told - of.start;
  if (buffers <= of.kept) return;
  fail("a frame to be discarded only if its queue is off or has no buffer",
       fmt::format("one of queue {} is, with {} posted", frame.queue, buffers - of.kept));
}

// Whose bytes they were: its completion has to say so.
void Bench::mark_refused(const WriteBurst& burst) {
  for (std::uint32_t beat = 0; beat < burst.beats; ++beat) {
    const std::uint64_t strobes = burst.data[beat].second;
    if (strobes == 0) continue;
    const std::uint64_t first = burst.address + 64u * beat + static_cast<unsigned>(__builtin_ctzll(strobes));
    for (Buffer& buffer : ring(false, burst.user).buffers) {
      if (first < buffer.address || first >= buffer.address + buffer.length) continue;
      buffer.refused = true;
      return;
    }
  }
}

void Bench::mark_unreadable(const ReadBurst& burst, std::uint64_t address) {
  Ring& of = ring(false, burst.user);
  std::uint32_t index = of.posted - static_cast<std::uint32_t>(of.buffers.size());
  for (Buffer& buffer : of.buffers) {
    const std::uint64_t slot = of.desc_base + (of.socket ? 8 : 16) * (index++ & (of.size - 1));
    buffer.unreadable = buffer.unreadable || slot / 64 == address / 64;
  }
}

// A write takes effect when it is answered, not before: an engine that does not wait is found out.
void Bench::apply(const WriteBurst& burst) {
  if (burst.error) return refuse(burst);
  for (std::uint32_t beat = 0; beat < burst.beats; ++beat) {
    const std::uint64_t line = burst.address / 64 * 64 + 64u * beat;
    if (line - kMemoryBase >= kMemoryBytes) continue;
    const auto* data = reinterpret_cast<const std::uint8_t*>(burst.data[beat].first.data());
    std::uint8_t* to = at(line);
    for (std::uint32_t lane = 0; lane < 64; ++lane) {
      if (burst.data[beat].second >> lane & 1) to[lane] = data[lane];
    }
  }
  const bool completes = burst.id == kWriteCompletion || burst.id == kWriteTxCompletion;
  if (completes && ring(burst.id == kWriteTxCompletion, burst.user).socket) return check_entry(burst);
  if (burst.id == kWriteTxCompletion)
    fail("completion rings of zero-copy queues only", "one of another queue");
  if (burst.id == kWriteCompletion) check_completions(burst);
  if (burst.id == kWriteRxIndex || burst.id == kWriteTxIndex) check_index(burst);
}

void Bench::refuse(const WriteBurst& burst) {
  if (burst.id == kWriteRxIndex || burst.id == kWriteTxIndex) {
    Ring& of = ring(burst.id == kWriteTxIndex, burst.user);
    if (of.socket && burst.data[0].second != std::uint64_t{0xF} << of.index_addr % 64) return;
    const std::uint32_t value = burst.data[0].first[of.index_addr % 64 / 4];
    for (; of.tx && of.published != value && !of.buffers.empty(); ++of.published) of.buffers.pop_front();
    of.published = value;
    ++of.errors;
  }
  const bool completes = burst.id == kWriteCompletion || burst.id == kWriteTxCompletion;
  Ring& whose = ring(burst.id == kWriteTxCompletion, burst.user);
  if (completes && whose.socket) return entry_used_up(whose, burst.data[0].second != 0);
  if (burst.id != kWriteCompletion) return;
  Ring& of = rx_ring(burst);
  const std::uint32_t entries = burst.data[0].second + 1 == 0 ? 2 : 1;
  for (std::uint32_t entry = 0; entry < entries; ++entry) {
    if (of.accepted.empty() || of.buffers.empty()) {
      return fail("one completion for each frame", "a completion without a frame");
    }
    of.buffers.pop_front();
    of.accepted.pop_front();
    ++of.entries;
    ++of.entries_refused;
    ++of.errors;
  }
}

// Every beat of a frame names its descriptor and carries its cookie; a descriptor that cannot be used has
// no request.
void Bench::check_tag() {
  const Ring& of = ring(true, out_.tx_tid);
  if (of.sent >= of.requests.size()) {
    return fail("one frame for each descriptor", "a frame was sent that nobody posted");
  }
  if (out_.tx_index != of.start + of.sent) {
    fail(fmt::format("index {:#x} in tuser of this frame", of.start + of.sent),
         fmt::format("{:#x}", out_.tx_index));
  }
  const bool unusable = out_.tx_error && out_.tx_tkeep == 0;
  const std::uint32_t request = unusable ? 0 : of.requests[of.sent];
  if (out_.tx_request != request) {
    fail(fmt::format("request {:#x} in tuser of this frame", request), fmt::format("{:#x}", out_.tx_request));
  }
}

// INV-23: a TX index goes out after the last read of everything it stands for, and after the link took it.
void Bench::check_all_read(const WriteBurst& burst) {
  const Ring& of = ring(true, burst.user);
  if (of.socket && burst.data[0].second != std::uint64_t{0xF} << of.index_addr % 64) return;
  const std::uint32_t value = burst.data[0].first[of.index_addr % 64 / 4];
  const std::uint32_t count = value - of.start;
  if (count > of.sent) {
    return fail(fmt::format("a TX index of at most {:#x}: the link has taken no more", of.start + of.sent),
                fmt::format("{:#x}", value));
  }
  if (!descriptors_readable_) return;
  expect(count >= 1 && count <= of.beats_due.size() && of.beats_read >= of.beats_due[count - 1],
         "a TX index after the last read of what it stands for",
         "a TX index was published before its payload was read");
}

Bench::Ring& Bench::rx_ring(const WriteBurst& burst) {
  expect(burst.user < kTxVectorBase, "awuser of the queue on whose behalf the access is",
         "awuser of the wrong direction");
  return ring(false, burst.user);
}

void Bench::check_completions(const WriteBurst& burst) {
  Ring& of = rx_ring(burst);
  const std::uint64_t slot = of.comp_base + 32 * (of.entries & (of.size - 1));
  const std::uint64_t strobes = burst.data[0].second;
  const std::uint64_t one = slot % 64 != 0 ? 0xFFFFFFFF00000000 : 0xFFFFFFFF;
  const bool both = slot % 64 == 0 && strobes + 1 == 0;
  expect(slot / 64 == burst.address / 64 && burst.beats == 1,
         "completion entries in the order of their slots", "a completion entry in the wrong slot");
  expect(strobes == one || both, "whole completion entries, one or both of a beat",
         "neither one entry nor two written");
  check_completion(of);
  if (!both) return;
  check_completion(of);
  ++pairs_;
}

void Bench::check_completion(Ring& of) {
  const std::uint64_t slot = of.comp_base + 32 * (of.entries & (of.size - 1));
  const auto entry = load<Completion>(slot);
  const auto equal = [this](const char* what, std::uint64_t expected, std::uint64_t seen) {
    if (expected != seen) {
      fail(fmt::format("a completion entry with the {} {:#x}", what, expected), fmt::format("{:#x}", seen));
    }
  };
  equal("index", of.entries, entry.index);
  if (of.accepted.empty() || of.buffers.empty()) {
    return fail("one completion for each frame", "a completion without a frame");
  }
  const RxFrame frame = of.accepted.front();
  const Buffer buffer = of.buffers.front();
  equal("meta word", frame.meta, entry.meta);
  equal("hash", frame.hash, entry.rss_hash);
  equal("time", frame.timestamp_ns, entry.timestamp_ns);
  const bool failed = (entry.flags & nic::kRxFlagDmaError) != 0;
  if (failed) {
    ++of.errors;
    expect(buffer.refused || buffer.unreadable,
           "a completion entry without the error bit: nothing of its frame has been refused", "one with it");
  } else {
    expect(!buffer.refused, "a completion entry with the error bit: bytes of its frame were refused",
           "one without it");
  }
  // Of a buffer that nobody knows nothing is said; of one that memory refused, what there was to write.
  const bool unknown = failed && !buffer.refused;
  const std::size_t bytes = unknown ? 0 : std::min<std::size_t>(frame.bytes.size(), buffer.length);
  const bool cut = !unknown && frame.bytes.size() > buffer.length;
  equal("length", bytes, entry.length);
  equal("cookie", unknown ? 0u : buffer.cookie, entry.cookie);
  equal("flags", (failed ? nic::kRxFlagDmaError : 0u) | (cut ? nic::kRxFlagTruncated : 0u), entry.flags);
  if (options_.check_payload && !failed) check_payload(buffer, frame, bytes);
  of.completions.push_back(entry);
  of.accepted.pop_front();
  of.buffers.pop_front();
  ++of.entries;
}

void Bench::check_payload(const Buffer& buffer, const RxFrame& frame, std::size_t bytes) {
  if (bytes != 0) {
    expect(std::memcmp(at(buffer.address), frame.bytes.data(), bytes) == 0,
           "the payload in memory before its completion", "it is not, or not all of it");
  }
  for (std::uint64_t i = 1; i <= 32; ++i) {
    expect(*at(buffer.address - i) == 0xEE, "nothing written beside the frame",
           "a byte before the buffer was written");
  }
  for (std::uint64_t i = bytes; i < buffer.length + 32ull; ++i) {
    expect(*at(buffer.address + i) == 0xEE, "nothing written beside the frame",
           "a byte after the frame was written");
  }
}

void Bench::check_index(const WriteBurst& burst) {
  const bool tx = burst.id == kWriteTxIndex;
  expect((burst.user >= kTxVectorBase) == tx, "awuser of the queue on whose behalf the access is",
         "awuser of the wrong direction");
  Ring& of = ring(tx, burst.user);
  if (of.socket && burst.address == of.socket->comp_addr / 64 * 64 &&
      burst.data[0].second == std::uint64_t{0xF} << of.socket->comp_addr % 64) {
    return check_socket_index(of);
  }
  expect(burst.data[0].second == std::uint64_t{0xF} << of.index_addr % 64 &&
             burst.address == of.index_addr / 64 * 64,
         "the one index word of the queue written", "another place, or more or less than it");
  const auto value = load<std::uint32_t>(of.index_addr);
  const std::uint32_t limit = tx ? of.posted : of.entries;
  if (value - of.seen < 1 || value - of.seen > limit - of.seen) {
    fail(fmt::format("an index behind {:#x} and not behind {:#x}, what it stands for", of.seen, limit),
         fmt::format("{:#x}", value));
  }
  if (tx) {
    for (std::uint32_t published = of.published; published != value && !of.buffers.empty(); ++published) {
      of.buffers.pop_front();
    }
  }
  if (of.socket && value - of.start != 0 && value - of.start <= of.socket->upto.size()) {
    const std::uint32_t covered = of.socket->upto[value - of.start - 1];
    if (!of.socket->accidents && of.socket->seen - of.socket->shape.comp_start < covered) {
      fail("the index of the RX or completion ring before that of the fill or TX ring",
           "the other way round");
    }
  }
  of.seen = of.published = value;
  ++index_writes_;
}

// A request stands for an arming whose queue has published something else than the host had seen.
void Bench::check_irq() {
  Ring& of = ring(out_.irq_vector >= kTxVectorBase, out_.irq_vector);
  if (of.asked >= of.armed.size()) {
    return fail("an interrupt request for each arming at most",
                fmt::format("request {} of vector {}, armed {} times", of.asked + 1, out_.irq_vector,
                            of.armed.size()));
  }
  const bool due = std::any_of(of.armed.begin() + static_cast<std::ptrdiff_t>(of.asked), of.armed.end(),
                               [&](std::uint32_t seen) { return seen != of.published; });
  ++of.asked;
  expect(due, "an interrupt request after the response to the index write", "one before it, or without it");
}

}  // namespace ringproof::conform
