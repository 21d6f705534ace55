#include <array>
#include <cstdint>
#include <cstring>
#include <memory>
#include <string>
#include <utility>

#include "model/nic/cycle/axi_arb.h"
#include "model/nic/cycle/bus_beat.h"
#include "model/nic/cycle/desc_fetch.h"
#include "model/nic/cycle/error_cause.h"
#include "model/nic/cycle/fifo.h"
#include "model/nic/cycle/irq.h"
#include "model/nic/cycle/publish.h"
#include "model/nic/cycle/queue_config.h"
#include "model/nic/cycle/regs.h"
#include "model/nic/cycle/rss.h"
#include "model/nic/cycle/rules.h"
#include "model/nic/cycle/rx_complete.h"
#include "model/nic/cycle/rx_write.h"
#include "model/nic/cycle/tx_complete.h"
#include "model/nic/cycle/tx_read.h"
#include "model/nic/cycle/tx_send.h"
#include "model/nic/cycle/zero_copy.h"
#include "model/nic/queue_engine.h"

namespace ringproof::nic {
namespace cycle {
namespace {

constexpr std::uint32_t kWritesMax = 8;  // whose data has not followed yet

// What both directions have.
struct Side {
  explicit Side(bool receiving) : receives(receiving) {}

  bool receives;
  QueueConfig config;
  DescFetch fetch;
  Publish publish;
  Irq irq;
  ErrorCause cause;
  std::array<std::uint32_t, kQueues> invalid{};

  bool in_flight(std::uint32_t queue) const {
    return fetch.reading(queue) || publish.writing(queue) || fetch.used(queue) != publish.published(queue);
  }

  // What only one direction counts.
  struct Counts {
    std::uint32_t drops = 0;
    std::uint32_t completions = 0;
    std::uint32_t truncated = 0;
  };
  std::uint32_t read(const Access& access, const Counts& counts) const {
    const std::uint32_t queue = access.queue;
    switch (access.offset) {
      case kPublished:
        return publish.published(queue);
      case kFetched:
        return fetch.fetched(queue);
      case kFrames:
        return publish.frames(queue);
      case kDrops:
        return counts.drops;
      case kErrors:
        return publish.errors(queue);
      case kState:
        return (config.enabled(queue) ? kStateEnabled : 0) | (in_flight(queue) ? kStateInFlight : 0) |
               (fetch.range_error(queue) ? kStateRangeError : 0);
      case kCause:
        return cause.causes(queue);
      case kFetches:
        return fetch.fetches(queue);
      case kPublishes:
        return publish.publishes(queue);
      case kInterrupts:
        return irq.interrupts(queue);
      case kRefused:
        return fetch.refused(queue);
      case kCompletions:
        return counts.completions;
      case kInvalid:
        return invalid[queue];
      case kTruncated:
        return counts.truncated;
      default:
        return config.read(queue, access.offset);
    }
  }

  // What the parts settle on in a cycle.
  struct Settled {
    DescFetch::Look look;
    Publish::Settled publish;
    Irq::Settled irq;
  };

  // `irq_taken`: the interrupt request that is out goes.
  Settled settle(bool irq_taken) const {
    return {fetch.look(config, receives), publish.settle(config), irq.settle(config, publish, irq_taken)};
  }

  bool active(const Settled& now) const {
    return fetch.active() || publish.active(now.publish) || irq.active();
  }

  void reset() {
    config.reset();
    fetch.reset();
    publish.reset();
    irq.reset();
    cause.reset();
    invalid.fill(0);
  }

  // The descriptor that a frame of this queue uses now; what is wrong with it is told and counted.
  ResolvedDescriptor use(std::uint32_t queue) {
    const ResolvedDescriptor descriptor = resolve(fetch.descriptor(queue), config[queue].zero_copy, receives);
    if (descriptor.unread) {
      cause.clock_event(queue, kCauseDescriptorRead);
    } else if (descriptor.invalid || (!receives && descriptor.unusable())) {
      cause.clock_event(queue, kCauseDescriptor);
    }
    if (descriptor.invalid && !descriptor.unread) ++invalid[queue];
    return descriptor;
  }
};

// A register write that is done in this cycle.
struct Write {
  Side* side = nullptr;  // whose register it is; none: nothing is written
  Access access;
  Command command;
  bool in_range = false;  // a doorbell
  bool rss = false;       // a register of receive-side scaling
  std::uint32_t rss_address = 0;
  std::uint32_t rss_value = 0;
};

// What all parts settle on in a cycle.
struct Now {
  const RxBeat& rx_beat;
  const Side::Settled& rx;
  const Side::Settled& tx;
  const RxWrite::Settled& rx_write;
  const RxComplete::Settled& rx_complete;
  const TxRead::Burst& burst;
  const TxRead::Begin& begin;
  const TxSend::Settled& send;
  const AddressChannel::Settled& write;
  const AddressChannel::Settled& read;
  const IrqMerge::Settled& merge;
  bool payload_issue;
};

// The outputs of all parts depend on the registers and on the inputs of the cycle; no part clocks itself
// before every other has settled.
class CycleEngine final : public QueueEngine {
 public:
  [[gnu::flatten]] void step(const EngineInputs& in, EngineOutputs& out) override {
    if (!in.rst_n) {
      out = EngineOutputs{};
      reset();
      return;
    }
    const IrqMerge::Settled merge = merge_.settle(rx_.irq.valid(), tx_.irq.valid(), in.irq_ready);
    const Side::Settled rx = rx_.settle(merge.rx);
    const Side::Settled tx = tx_.settle(merge.tx);
    const TxRead::Burst burst = read_.burst();
    const AddressChannel::Settled read = read_channel_.settle(read_requests(rx, tx, burst), in.axi_arready);
    const bool payload_issue = read.load && read.who == kPayloadReader;
    const TxRead::Begin begin = read_.begin(tx_.fetch.avail() & tx_.config.enabled(), burst, payload_issue);
    const TxSend::Settled send = send_.settle(read_, in.tx_tready, tx_complete_.ready());
    const RxBeat rx_beat = rss_.beat();
    const RxWrite::Settled rx_write = rx_write_.settle(
        rx_beat, rx_.config.enabled(), rx_.fetch, rx_complete_.frames_ready(), rx_complete_.bursts_ready());
    const RxComplete::Settled rx_complete = rx_complete_.settle();
    const AddressChannel::Settled write =
        write_channel_.settle(write_order_.ready() ? write_requests() : 0, in.axi_awready);
    const Now now{rx_beat, rx,   tx,    rx_write, rx_complete, burst,
                  begin,   send, write, read,     merge,       payload_issue};
    drive(in, now, out);
    clock(in, out, now);
  }

  void set_wave_time_ps(std::uint64_t /*now_ps*/) override {}
  void on_assertion(std::function<void(const std::string&, std::uint32_t)> told) override {
    rules_.tell(std::move(told));
  }
  EngineLimits limits() const override { return {kQueues, kQueues, 1U << kRingLog2Max}; }

 private:
  static std::uint32_t read_requests(const Side::Settled& rx, const Side::Settled& tx,
                                     const TxRead::Burst& burst) {
    return (rx.look.arvalid ? 1u << kRxDescReader : 0) | (tx.look.arvalid ? 1u << kTxDescReader : 0) |
           (burst.arvalid ? 1u << kPayloadReader : 0);
  }
  std::uint32_t write_requests() const {
    return (rx_write_.bursts().valid() ? 1u << kPayloadWriter : 0) |
           (rx_complete_.addresses().valid() ? 1u << kCompletionWriter : 0) |
           (rx_.publish.addresses().valid() ? 1u << kRxIndexWriter : 0) |
           (tx_.publish.addresses().valid() ? 1u << kTxIndexWriter : 0) |
           (tx_complete_.addresses().valid() ? 1u << kTxCompletionWriter : 0);
  }

  void drive(const EngineInputs& in, const Now& now, EngineOutputs& out) const {
    regs_.drive(in, out);
    out.irq_valid = merge_.valid();
    if (out.irq_valid) out.irq_vector = static_cast<std::uint8_t>(merge_.vector());
    out.rx_tready = rss_.ready();
    out.ev_rx_done = now.rx_write.take && now.rx_beat.last;
    out.ev_rx_drop = now.rx_write.drop;
    out.ev_rx_queue = now.rx_beat.queue;
    send_.drive(out);
    drive_reads(out);
    drive_writes(out);
    out.idle = !(regs_.active() || rss_.active() || rx_.active(now.rx) || tx_.active(now.tx) ||
                 rx_write_.active() || rx_complete_.active(now.rx_complete) || read_.active(now.begin) ||
                 send_.active(now.send) || tx_complete_.active() || write_channel_.valid() ||
                 write_order_.valid() || read_channel_.valid() || merge_.valid());
  }

  void drive_reads(EngineOutputs& out) const {
    out.axi_rready = true;
    out.axi_arvalid = read_channel_.valid();
    if (!out.axi_arvalid) return;
    const BusAddress& address = read_channel_.address();
    out.axi_arid = address.id;
    out.axi_arlen = address.last_beat;
    out.axi_aruser = address.requester;
    out.axi_araddr = address.address;
  }

  void drive_writes(EngineOutputs& out) const {
    out.axi_bready = true;
    out.axi_awvalid = write_channel_.valid();
    if (out.axi_awvalid) {
      const BusAddress& address = write_channel_.address();
      out.axi_awid = address.id;
      out.axi_awlen = address.last_beat;
      out.axi_awuser = address.requester;
      out.axi_awaddr = address.address;
    }
    out.axi_wvalid = false;
    if (write_order_.valid()) drive_write_data(out);
  }

  void drive_write_data(EngineOutputs& out) const {
    out.axi_wlast = true;
    switch (write_order_.front()) {
      case kPayloadWriter: {
        out.axi_wvalid = rx_write_.beats().valid();
        if (!out.axi_wvalid) return;
        const RxWrite::Beat& beat = rx_write_.beats().front();
        out.axi_wdata = beat.data;
        out.axi_wstrb = beat.strobes;
        out.axi_wlast = beat.last;
        return;
      }
      case kCompletionWriter: {
        out.axi_wvalid = rx_complete_.beats().valid();
        if (!out.axi_wvalid) return;
        const RxComplete::Beat& beat = rx_complete_.beats().front();
        out.axi_wdata = beat.data;
        out.axi_wstrb = beat.strobes;
        return;
      }
      case kRxIndexWriter:
        return drive_index(rx_.publish, out);
      case kTxIndexWriter:
        return drive_index(tx_.publish, out);
      case kTxCompletionWriter: {
        out.axi_wvalid = tx_complete_.entries().valid();
        if (!out.axi_wvalid) return;
        const TxComplete::Entry& entry = tx_complete_.entries().front();
        for (std::size_t i = 0; i < out.axi_wdata.size(); i += 2) {
          out.axi_wdata[i] = static_cast<std::uint32_t>(entry.place);
          out.axi_wdata[i + 1] = static_cast<std::uint32_t>(entry.place >> 32);
        }
        out.axi_wstrb = entry.strobes;
        return;
      }
    }
  }

  static void drive_index(const Publish& publish, EngineOutputs& out) {
    out.axi_wvalid = publish.values().valid();
    if (!out.axi_wvalid) return;
    const Publish::IndexValue& value = publish.values().front();
    out.axi_wdata.fill(value.value);
    out.axi_wstrb = std::uint64_t{0xF} << value.word * 4;
  }

  // Where two parts write to one register, the order of these is that of the assignments in the RTL.
  void clock(const EngineInputs& in, const EngineOutputs& out, const Now& now) {
    const Write write = clock_registers(in, out);
    if (write.side != nullptr) clock_causes(write);
    clock_interrupts(now);
    rx_.publish.clock_issue(now.rx.publish, rx_.config);
    tx_.publish.clock_issue(now.tx.publish, tx_.config);
    clock_reads(in, now);
    clock_writes(in, out, now);
    clock_receive(in, now);
    clock_transmit(in, now);
    if (in.axi_bvalid) clock_write_response(in.axi_bid, is_error(in.axi_bresp));
    if (in.axi_rvalid) clock_read_answer(in);
    if (write.side != nullptr) clock_command(write);
    if (write.rss) rss_.clock_write(write.rss_address, write.rss_value);
  }

  // Before the events of this cycle, which stay.
  static void clock_causes(const Write& write) {
    write.side->cause.clock_command(write.command);
    if (write.command.doorbell && !write.in_range) {
      write.side->cause.clock_event(write.command.queue, kCauseDoorbell);
    }
  }

  // SLVERR and DECERR
  static bool is_error(std::uint8_t response) { return (response & 2) != 0; }

  // The commands of a write take effect at the end; what they mean is of the registers before the edge.
  Write clock_registers(const EngineInputs& in, const EngineOutputs& out) {
    Write write;
    if (!regs_.executing()) {
      regs_.clock(in, out, false, 0);
      return write;
    }
    const Regs::Space space = regs_.space();
    if (space == Regs::Space::kGlobal) {
      regs_.clock(in, out, false, regs_.global());
      return write;
    }
    if (space == Regs::Space::kRss) {
      write.rss = regs_.writing();
      write.rss_address = regs_.address();
      write.rss_value = regs_.value();
      regs_.clock(in, out, false, rss_.read(regs_.address()));
      return write;
    }
    const bool is_rx = space == Regs::Space::kRx;
    Side& side = is_rx ? rx_ : tx_;
    write.access = regs_.access();
    const std::uint32_t queue = write.access.queue;
    const bool stalls =
        regs_.writing() && regs_.enabling() && !side.config.enabled(queue) && side.in_flight(queue);
    if (regs_.writing() && !stalls) {
      write.side = &side;
      write.command = side.config.command(write.access);
      write.in_range =
          side.fetch.in_range(write.command, side.config[queue].ring_log2, side.publish.finished(queue));
    }
    regs_.clock(in, out, stalls, side.read(write.access, is_rx ? rx_counts(queue) : tx_counts(queue)));
    return write;
  }

  void clock_command(const Write& write) {
    Side& side = *write.side;
    side.fetch.clock_command(write.command, write.in_range);
    if (write.command.start) clock_start(side, write.command);
    side.irq.clock_command(write.command);
    side.config.clock(write.access, write.command);
  }

  void clock_start(Side& side, const Command& command) {
    const ZeroCopySettings& zero_copy = side.config[command.queue].zero_copy;
    side.publish.clock_start(command, zero_copy.comp_start);
    if (side.receives) {
      rx_complete_.clock_start(command.queue, zero_copy.on ? zero_copy.comp_start : command.value);
    } else {
      tx_complete_.clock_start(command.queue, zero_copy.comp_start);
    }
  }

  Side::Counts rx_counts(std::uint32_t queue) const {
    return {rx_write_.drops(queue), rx_complete_.issued(queue), truncated_[queue]};
  }
  Side::Counts tx_counts(std::uint32_t queue) const { return {0, tx_complete_.issued(queue), 0}; }

  void clock_reads(const EngineInputs& in, const Now& now) {
    BusAddress address;
    if (now.read.load) {
      const auto id_of = [&](std::uint8_t tag) {
        return static_cast<std::uint8_t>(tag << kReaderBits | now.read.who);
      };
      if (now.read.who == kPayloadReader) {
        address.id = id_of(read_.tag());
        address.address = read_.address();
        address.last_beat = static_cast<std::uint8_t>(now.burst.count - 1);
        address.requester = static_cast<std::uint8_t>(kTxVectorBase + read_.queue());
      } else {
        const bool is_rx = now.read.who == kRxDescReader;
        const DescFetch::Look& look = is_rx ? now.rx.look : now.tx.look;
        address.id = id_of((is_rx ? rx_ : tx_).fetch.tag());
        address.address = look.address;
        address.requester = static_cast<std::uint8_t>((is_rx ? 0 : kTxVectorBase) + look.queue);
      }
    }
    read_channel_.clock(now.read, in.axi_arready, address);
    rx_.fetch.clock_look(now.rx.look, now.read.load && now.read.who == kRxDescReader);
    tx_.fetch.clock_look(now.tx.look, now.read.load && now.read.who == kTxDescReader);
  }

  void clock_writes(const EngineInputs& in, const EngineOutputs& out, const Now& now) {
    // The beat that goes now belongs to the address taken first, and its source is asked before that moves
    // on.
    if (out.axi_wvalid && in.axi_wready) {
      switch (write_order_.front()) {
        case kPayloadWriter:
          rx_write_.pop_beat();
          break;
        case kCompletionWriter:
          rx_complete_.pop_beat();
          break;
        case kRxIndexWriter:
          rx_.publish.pop_value();
          break;
        case kTxIndexWriter:
          tx_.publish.pop_value();
          break;
        case kTxCompletionWriter:
          tx_complete_.pop_entry();
          break;
      }
      if (out.axi_wlast) write_order_.pop();
    }
    BusAddress address;
    if (now.write.load) {
      address = take_write_address(now.write.who);
      write_order_.push(static_cast<Writer>(now.write.who));
    }
    write_channel_.clock(now.write, in.axi_awready, address);
  }

  BusAddress take_write_address(std::uint8_t who) {
    BusAddress to;
    to.id = who;
    switch (who) {
      case kPayloadWriter: {
        const RxWrite::BurstAddress& from = rx_write_.bursts().front();
        to.address = from.address;
        to.last_beat = static_cast<std::uint8_t>(from.last_beat);
        to.requester = static_cast<std::uint8_t>(from.queue);
        rx_write_.pop_burst();
        return to;
      }
      case kCompletionWriter: {
        const RxComplete::BeatAddress& from = rx_complete_.addresses().front();
        to.address = from.address;
        to.requester = static_cast<std::uint8_t>(from.queue);
        rx_complete_.pop_address();
        return to;
      }
      case kTxCompletionWriter: {
        const TxComplete::EntryAddress& from = tx_complete_.addresses().front();
        to.address = from.address;
        to.requester = static_cast<std::uint8_t>(kTxVectorBase + from.queue);
        tx_complete_.pop_address();
        return to;
      }
      default: {
        const bool is_rx = who == kRxIndexWriter;
        Publish& publish = is_rx ? rx_.publish : tx_.publish;
        const Publish::IndexAddress& from = publish.addresses().front();
        to.address = from.address;
        to.requester = static_cast<std::uint8_t>((is_rx ? 0 : kTxVectorBase) + from.queue);
        publish.pop_address();
        return to;
      }
    }
  }

  void clock_receive(const EngineInputs& in, const Now& now) {
    if (in.rx_tvalid) rules_.require(in.rx_length != 0, "nic_queue_engine", "rx_frame_has_bytes");
    const RxBeat& beat = now.rx_beat;
    if (beat.data != nullptr) rx_write_.check(beat, now.rx_write, rules_);
    ResolvedDescriptor descriptor;
    if (now.rx_complete.lost && (now.rx_complete.hold || now.rx_complete.finish)) {
      rx_.cause.clock_event(rx_complete_.queue(), kCausePayload);
    }
    rx_complete_.clock(now.rx_complete, rx_.config);
    if (now.rx_write.pop) {
      descriptor = rx_.use(beat.queue);
      const BegunFrame frame = RxWrite::begun(beat, descriptor);
      if (frame.zero_copy && frame.cut) ++truncated_[beat.queue];
      rx_complete_.clock_begun(frame);
    }
    if (now.rx_write.emit && now.rx_write.burst_end) rx_complete_.clock_burst(now.rx_write.burst_last);
    rx_write_.clock(beat, now.rx_write, &descriptor);
    if (now.rx_write.pop) rx_.fetch.clock_pop(beat.queue);
    const bool taken = in.rx_tvalid && rss_.ready();
    if (taken) rss_.check(in, rules_);
    rss_.clock(in, taken, now.rx_write.take);
  }

  void clock_transmit(const EngineInputs& in, const Now& now) {
    clock_sent(send_.done(in.tx_tready));
    if (now.send.emit && now.send.last && now.send.frame->zero_copy) tx_complete_.clock_reserve();
    send_.clock(now.send, read_, in.tx_tready);
    if (now.send.pop) read_.pop_data();
    if (now.send.emit && now.send.last) read_.pop_frame();

    TxRead::Begun begun;
    ResolvedDescriptor descriptor;
    const std::uint32_t queue = now.begin.queue;
    if (now.begin.load) {
      descriptor = tx_.use(queue);
      begun = {&descriptor, tx_.fetch.used(queue), tx_.config[queue].weight};
    }
    read_.clock(now.burst, now.payload_issue, now.begin, begun);
    if (now.begin.load) tx_.fetch.clock_pop(queue);
  }

  // `taken`: the link takes the last beat of a frame. A report of nic_tx_complete has the cycles in which no
  // other frame is done.
  void clock_sent(bool taken) {
    const std::uint32_t queue = send_.queue();
    if (taken && send_.error() && send_.has_bytes()) tx_.cause.clock_event(queue, kCausePayload);
    const bool direct = taken && !send_.zero_copy();
    if (direct) {
      tx_.publish.clock_done({queue, 1, send_.error() ? 1u : 0u, false});
    } else if (tx_complete_.done()) {
      tx_.publish.clock_done(tx_complete_.clock_done());
    }
    if (taken && !direct) {
      tx_complete_.clock_taken({send_.entry(), queue, !send_.has_bytes(), send_.error()}, tx_.config);
    }
  }

  void clock_read_answer(const EngineInputs& in) {
    const std::uint32_t reader = in.axi_rid % (1u << kReaderBits);
    rules_.require(reader <= kPayloadReader, "nic_axi_read_arb", "data_has_known_id");
    const DescFetch::Answer answer{in.axi_rdata, is_error(in.axi_rresp),
                                   static_cast<std::uint8_t>(in.axi_rid >> kReaderBits), in.axi_rlast};
    switch (reader) {
      case kRxDescReader:
        rx_.fetch.clock_answer(answer, rules_);
        break;
      case kTxDescReader:
        tx_.fetch.clock_answer(answer, rules_);
        break;
      case kPayloadReader:
        read_.clock_answer(answer, rules_);
        break;
      default:
        break;
    }
  }

  void clock_write_response(std::uint8_t id, bool error) {
    rules_.require(id <= kTxCompletionWriter, "nic_axi_write_arb", "response_has_known_id");
    switch (id) {
      case kPayloadWriter:
        rx_complete_.clock_payload_response(error, rules_);
        break;
      case kCompletionWriter:
        clock_completed(error);
        break;
      case kRxIndexWriter:
        clock_index_response(rx_, error);
        break;
      case kTxIndexWriter:
        clock_index_response(tx_, error);
        break;
      case kTxCompletionWriter:
        if (error) tx_.cause.clock_event(tx_complete_.answered_queue(rules_), kCauseCompletion);
        tx_complete_.clock_response(error);
        break;
      default:
        break;
    }
  }

  void clock_completed(bool error) {
    const Done done = rx_complete_.done(error, rules_);
    if (error) rx_.cause.clock_event(done.queue, kCauseCompletion);
    rx_.publish.clock_done(done);
    rx_complete_.clock_done();
  }

  void clock_index_response(Side& side, bool error) {
    const Publish::Write write = side.publish.answered(rules_);
    if (error) side.cause.clock_event(write.queue, kCauseIndex);
    if (!write.first) side.irq.clock_moved(write.queue);
    side.publish.clock_response(error);
  }

  void clock_interrupts(const Now& now) {
    merge_.clock(now.merge, rx_.irq.queue(), tx_.irq.queue());
    rx_.irq.clock(now.rx.irq, now.merge.rx);
    tx_.irq.clock(now.tx.irq, now.merge.tx);
  }

  void reset() {
    regs_.reset();
    rss_.reset();
    rx_.reset();
    tx_.reset();
    rx_write_.reset();
    rx_complete_.reset();
    read_.reset();
    send_.reset();
    tx_complete_.reset();
    truncated_.fill(0);
    write_channel_.reset();
    write_order_.clear();
    read_channel_.reset();
    merge_.reset();
  }

  Rules rules_;
  Regs regs_;
  Rss rss_;
  Side rx_{true};
  Side tx_{false};
  RxWrite rx_write_;
  RxComplete rx_complete_;
  TxRead read_;
  TxSend send_;
  TxComplete tx_complete_;
  std::array<std::uint32_t, kQueues> truncated_{};
  AddressChannel write_channel_;
  Fifo<Writer, kWritesMax> write_order_;
  AddressChannel read_channel_;
  IrqMerge merge_;
};

}  // namespace
}  // namespace cycle

std::unique_ptr<QueueEngine> make_cycle_engine() { return std::make_unique<cycle::CycleEngine>(); }

}  // namespace ringproof::nic
