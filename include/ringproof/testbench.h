// testbench.h: a simulated machine in a test's hands: NIC, driver, XDP platform, and everything around them.
// Role     a C++ test starts application threads, which call the real XDP API, and plays the wire, the host
//          stack and the operating system; link with libringproof.so
// Shapes   interfaces (ports) count from 1, queues from 0; operations that change the machine answer with a
//          handle, and are undone when that is dropped
// Units    simulated time as std::chrono durations; frames in bytes without FCS
// Threads  everything in one thread of the process; application threads are simulated. Calls may be made from
//          the test's own code and, unless they say otherwise, from inside application threads
// Errors   an operation that cannot be: std::invalid_argument, with what was expected and what was got.
//          What the machine does wrong (a violated invariant, a frame that was not expected, a thread that
//          waits for ever) is a failure of the test: see on_failure
// Source   docs/testbench-api.md
#pragma once

#if !defined(__cplusplus) || __cplusplus < 202002L
#error "ringproof/testbench.h needs C++20"
#endif

#include <chrono>
#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <ratio>
#include <span>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

#include "ringproof/export.h"

namespace ringproof::testbench {

// A time or a span of simulated time; literals of std::chrono convert: run_for(5us).
using Time = std::chrono::duration<std::int64_t, std::pico>;
// More than any test takes, and still an end.
constexpr Time kLongTime = std::chrono::seconds(10);

using Bytes = std::vector<unsigned char>;
using ByteView = std::span<const unsigned char>;

// ---- frames ----

// One of the buffers that a frame comes in: `length` of its bytes (none: all the others) from `offset` on.
struct Buffer {
  Bytes bytes;
  std::size_t offset = 0;
  std::optional<std::size_t> length{};
};

// What the device says of a checksum. kJudged: whatever is true of the bytes.
enum class Checksum : std::uint8_t { kJudged, kNotChecked, kGood, kBad };

struct Frame {
  Frame() = default;
  Frame(Bytes bytes) : buffers{{std::move(bytes)}} {}  // NOLINT: bytes are a frame

  std::vector<Buffer> buffers;
  std::optional<std::uint32_t> queue{};  // none: by RSS
  Checksum layer3 = Checksum::kJudged;
  Checksum layer4 = Checksum::kJudged;
  std::optional<std::uint64_t> timestamp_ns{};  // later than those of all frames before
};

// An Ethernet frame with IPv4 and UDP inside and correct checksums; `mark` fills the payload.
RINGPROOF_API Bytes udp_frame(std::size_t bytes, unsigned char mark, std::uint16_t destination_port = 1234);

// Matches frames that have these bytes at this place, as far as the mask says; without bytes, every frame.
struct Pattern {
  Bytes bytes{};
  Bytes mask{};  // shorter than `bytes`: the rest must be equal
  std::size_t offset = 0;

  RINGPROOF_API bool matches(ByteView frame) const;
};

struct SentFrame {
  std::uint32_t interface = 1;
  std::uint32_t queue = 0;
  Time time{};  // end of the frame on the wire
  Bytes bytes;
};

// ---- handles ----

// What an operation changed. Dropped, it is undone.
class RINGPROOF_API Handle {
 public:
  struct State;
  Handle();
  explicit Handle(std::shared_ptr<State> state);
  ~Handle();
  Handle(Handle&& other) noexcept;
  Handle& operator=(Handle&& other) noexcept;
  Handle(const Handle&) = delete;
  Handle& operator=(const Handle&) = delete;

  // The operation came to its end: what it must wait for (frames in flight, say) has happened. A timed one:
  // its time has come.
  bool done() const;
  // Begins to undo it, now; does nothing the second time.
  void undo();
  // It stays when the handle is dropped.
  void keep();

 private:
  std::shared_ptr<State> state_;
};

// An application thread.
class RINGPROOF_API Thread {
 public:
  struct State;
  explicit Thread(std::shared_ptr<State> state) : state_(std::move(state)) {}
  bool ended() const;

 private:
  friend class Testbench;
  std::shared_ptr<State> state_;
};

struct HeldFrame {
  Bytes bytes;
  std::uint32_t queue = 0;
  Time since{};
  bool layer3_checksum_wanted = false;
  bool layer4_checksum_wanted = false;
  // Where the application says that the headers are [bytes], and what they are, in the words of
  // XDP_FRAME_LAYOUT: zeros where no checksum offload is enabled.
  std::uint32_t layer2_header_bytes = 0, layer3_header_bytes = 0, layer4_header_bytes = 0;
  std::uint32_t layer2_type = 0, layer3_type = 0, layer4_type = 0;
};

// Frames to send that match stay with the driver, as if the device had them, until they are completed.
// Dropped, it lets all of them go.
class RINGPROOF_API TxHold {
 public:
  struct State;
  explicit TxHold(std::shared_ptr<State> state);
  ~TxHold();
  TxHold(TxHold&&) noexcept = default;
  TxHold& operator=(TxHold&&) = delete;
  TxHold(const TxHold&) = delete;
  TxHold& operator=(const TxHold&) = delete;

  std::size_t size() const;
  // Frames are numbered from 0 in the order in which they came to be held. REQUIRES: i < size(); the same
  // below.
  HeldFrame peek(std::size_t i) const;
  // What the completion of a held frame will report. `sent` false: completed without having been sent.
  void set(std::size_t i, std::optional<std::uint64_t> timestamp_ns, bool sent = true);
  // The device gets these frames, in this order; numbers as they were before the call.
  void complete(const std::vector<std::size_t>& frames);
  // Completes all, and holds no more.
  void release();

 private:
  std::shared_ptr<State> state_;
};

struct PassedFrame {
  std::uint32_t queue = 0;
  Time time{};  // when the driver gave it to the host stack
  std::uint64_t timestamp_ns = 0;
  Bytes bytes;
};

// Sees what programs pass to the host stack. While it is open, frames that match wait here.
class RINGPROOF_API PassUp {
 public:
  struct State;
  explicit PassUp(std::shared_ptr<State> state);
  ~PassUp();
  PassUp(PassUp&&) noexcept = default;
  PassUp& operator=(PassUp&&) = delete;
  PassUp(const PassUp&) = delete;
  PassUp& operator=(const PassUp&) = delete;

  // All that ever matched, and those that wait.
  std::size_t count() const;
  std::size_t waiting() const;
  // REQUIRES: i < waiting(); the same below.
  const PassedFrame& peek(std::size_t i) const;
  // The stack gets the frame, or loses it; later ones move up.
  void release(std::size_t i);
  void drop(std::size_t i);
  std::size_t released() const;
  std::size_t dropped() const;

 private:
  std::shared_ptr<State> state_;
};

// ---- what can be seen ----

struct RingSnapshot {
  std::uint64_t socket = 0;  // sockets count from 1 as they are created
  std::string ring;          // "FILL", "RX", "TX", "COMPLETION"
  std::uint32_t size = 0;
  std::uint32_t producer = 0;
  std::uint32_t consumer = 0;
  std::uint32_t flags = 0;
};

struct BufferSnapshot {
  std::uint64_t socket = 0;
  std::uint64_t address = 0;  // in the UMEM
  std::string owner;          // "APP", "FILL", "DEV-RX", "RX", "TX", "DEV-TX", "COMP"
};

struct Snapshot {
  Time time{};
  std::uint64_t step = 0;
  std::vector<RingSnapshot> rings;
  std::vector<BufferSnapshot> buffers;
  std::map<std::string, std::uint64_t> counters;  // "wire_in", "to_sockets", "dropped.rule", …

  // The first ring of this name; of this socket, if one is named.
  RINGPROOF_API const RingSnapshot& ring(std::string_view name, std::uint64_t socket = 0) const;
  RINGPROOF_API std::size_t buffers_of(std::string_view owner) const;
};

struct Event {
  Time time{};
  std::uint64_t step = 0;
  std::string what;  // "operation", "pause", "queue", "interrupt", "detach", "failure", …
  std::string text;
};

// ---- the machine ----

enum class Engine : std::uint8_t { kFunctional, kCycle, kRtl };
enum class Memory : std::uint8_t { kSequential, kTso, kReleaseAcquire };

struct Options {
  std::string nic_file{};  // path; empty: one port with `queues` queues each way
  std::uint32_t queues = 1;
  bool polling = false;  // that port's driver lets sockets poll its queues
  Engine engine = Engine::kFunctional;
  Memory memory = Memory::kSequential;
  std::uint64_t seed = 1;
  std::string own_engine{};  // path of an engine of ringproof_add_engine, which takes the place of `engine`
};

enum class Direction : std::uint8_t { kRx, kTx };
enum class ControlRequest : std::uint8_t { kRssSet, kConnectionOffload };

struct BatchOptions {
  std::uint32_t queue = 0;
  bool one_batch = true;               // false: the driver may show them in several
  bool low_resources = false;          // every buffer is back with the device before flush() returns
  std::optional<std::uint32_t> cpu{};  // where the driver polls; none: as it is
};

// Members that are not set stay as they are.
struct OffloadSettings {
  std::optional<bool> rx_checksum{};
  std::optional<bool> tx_checksum{};
  std::optional<bool> rx_timestamp{};  // capabilities only
  std::optional<bool> tx_timestamp{};
};

struct RssSettings {
  std::optional<Bytes> key{};                         // 40 bytes
  std::optional<std::vector<std::uint32_t>> table{};  // queue numbers; a power of two of them, at most 128
  std::optional<std::uint32_t> hash_types{};          // XDP_RSS_HASH_TYPE_…; 0: off, all goes to queue 0
};

// A connection that an adapter encrypts packets of, for XdpQeoSet.
struct QuicConnection {
  bool receive = false;
  std::uint32_t address_family = 0;  // XDP_QUIC_ADDRESS_FAMILY
  std::uint16_t udp_port = 0;        // host byte order
  Bytes connection_id;
  Bytes address;             // 16 bytes; IPv4 uses the first 4
  std::uint32_t cipher = 0;  // XDP_QUIC_CIPHER_TYPE
  bool key_phase = false;
  std::uint64_t next_packet_number = 0;
  bool passes_undecrypted = false;  // XDP_QUIC_DECRYPT_FAILURE_ACTION_CONTINUE
  Bytes payload_key;                // 32 bytes, whatever the cipher uses of them; so the next
  Bytes header_key;
  Bytes payload_iv;  // 12 bytes
};

// What a program asks of an adapter and waits for. Of kRssSet: `rss`, all of it, with the whole table.
struct HeldRequest {
  RssSettings rss;
  std::vector<QuicConnection> added;
  std::vector<QuicConnection> removed;
};

// Requests of a kind wait here, with the thread that made them, until they are answered. Dropped, it lets the
// adapter answer all of them, and those that come.
class RINGPROOF_API ControlHold {
 public:
  struct State;
  explicit ControlHold(std::shared_ptr<State> state);
  ~ControlHold();
  ControlHold(ControlHold&&) noexcept = default;
  ControlHold& operator=(ControlHold&&) = delete;
  ControlHold(const ControlHold&) = delete;
  ControlHold& operator=(const ControlHold&) = delete;

  std::size_t size() const;
  // Numbered from 0 in the order in which they came. REQUIRES: i < size(); the same below.
  HeldRequest peek(std::size_t i) const;
  // 0: the adapter does what it is asked for. Any other HRESULT that is a failure: it does nothing.
  void complete(std::size_t i, std::uint32_t status = 0);
  // Lets the adapter answer all, and holds no more.
  void release();

 private:
  std::shared_ptr<State> state_;
};

// What an adapter says to connections that are to be added or removed; statuses are HRESULTs, 0: success.
struct QuicAnswers {
  std::optional<std::uint64_t> connections_max{};  // room for so many; then 0x800705AA. None: any number
  std::uint32_t request_status = 0;                // of whole requests, which then do nothing
  std::uint32_t add_status = 0;                    // of each connection
  std::uint32_t remove_status = 0;
};

class RINGPROOF_API Testbench {
 public:
  explicit Testbench(const Options& options = {});
  // As finish(), if that was not called.
  ~Testbench();
  Testbench(const Testbench&) = delete;
  Testbench& operator=(const Testbench&) = delete;

  // ---- applications ----

  // Starts an application thread. What it does happens while the test runs the machine.
  Thread start(const std::string& name, std::function<void()> body);
  // Runs until the thread has ended; that it waits for what will never happen is a failure, and false.
  // From inside another application thread it blocks that thread.
  bool join(const Thread& thread, Time bound = kLongTime);
  // Starts a thread and joins it: calls of the API that the test itself makes.
  bool call(const std::function<void()>& body, Time bound = kLongTime);

  // ---- receive side ----

  // Puts frames on the wire, one behind the other, and returns at once.
  void inject(const Frame& frame, std::uint32_t interface = 1);
  void inject(const std::vector<Frame>& frames, std::uint32_t interface = 1);
  // Frames that flush() indicates together. Between the two calls they are nowhere.
  void enqueue(const Frame& frame, std::uint32_t interface = 1);
  // Returns when the driver has shown them all; not from inside application threads.
  void flush(const BatchOptions& options = {}, std::uint32_t interface = 1);
  PassUp pass_up(const Pattern& match = {}, std::uint32_t interface = 1);

  // ---- transmit side ----

  TxHold hold_tx(const Pattern& match = {}, std::uint32_t interface = 1);
  // All that left a port so far, in order.
  const std::vector<SentFrame>& sent() const;
  // Runs until one more frame has left the port; none: it never comes, which is a failure. Each frame is
  // expected once, in the order in which they left.
  std::optional<SentFrame> expect_frame(const Pattern& match = {}, Time bound = kLongTime);
  // Runs until nothing moves any more. That a frame left which nobody expected is a failure, and false.
  bool expect_no_frame(const Pattern& match = {}, Time bound = kLongTime);
  // The host's own stack sends a frame through the same port; programs on {TX, INSPECT} of the queue see it
  // first. `buffers`: lengths of the buffers that it lies in; none: one.
  void host_send(const Bytes& frame, std::uint32_t queue = 0, std::uint32_t interface = 1,
                 const std::vector<std::uint32_t>& buffers = {});

  // ---- interface ----

  Handle remove_interface(std::uint32_t interface = 1);
  Handle add_interface(std::uint32_t interface = 1);
  // It goes, and comes back; nothing to undo.
  Handle restart_interface(std::uint32_t interface = 1);
  Handle pause_interface(std::uint32_t interface = 1);
  Handle link_down(std::uint32_t interface = 1);
  Handle set_mtu(std::uint32_t bytes, std::uint32_t interface = 1);
  // What is switched on now; and what the hardware can do at all.
  Handle set_offloads(const OffloadSettings& current, std::uint32_t interface = 1);
  Handle set_capabilities(const OffloadSettings& hardware, std::uint32_t interface = 1);
  // What the host asks for. While an application has set RSS itself, it waits for that to end.
  Handle set_rss(const RssSettings& settings, std::uint32_t interface = 1);
  std::vector<QuicConnection> quic_connections(std::uint32_t interface = 1) const;
  Handle set_quic_answers(const QuicAnswers& answers, std::uint32_t interface = 1);
  ControlHold hold_control_requests(ControlRequest kind, std::uint32_t interface = 1);
  // Every handle of an application becomes invalid; undone, the driver starts again.
  Handle stop_driver();
  Handle set_queue_cpu(std::uint32_t queue, Direction direction, std::uint32_t cpu,
                       std::uint32_t interface = 1);
  Snapshot snapshot() const;

  // ---- time ----

  Time now() const;
  std::uint64_t step() const;
  // Calls `action` at a time, at a clock edge of the first port, or after so many schedule steps.
  Handle at(Time time, std::function<void()> action);
  Handle at_cycle(std::uint64_t cycle, std::function<void()> action);
  Handle at_step(std::uint64_t step, std::function<void()> action);
  // These four: not from inside application threads. Nothing left to happen ends each of them early.
  void run_for(Time span);
  void run_cycles(std::uint64_t cycles);
  // True: wire, device, driver and every thread are at rest. The bound passed: a failure.
  bool run_until_idle(Time bound = kLongTime);
  // True: the condition holds. That it never does, or not within the bound, is a failure.
  bool run_until(const std::function<bool()>& condition, Time bound = kLongTime);
  // One schedule step; false: nothing is left to happen.
  bool run_step();

  // ---- faults and what was seen ----

  // Arms one record of a fault plan, as JSON text; dropped, it heals.
  Handle fault(std::string_view record);
  // Pauses, queues made and gone, interrupts, detaches, and every operation, with their times.
  const std::vector<Event>& events() const;

  // ---- the verdict ----

  // Violations of this invariant ("INV-11") are not failures.
  void expect_violation(const std::string& id);
  // The same for all that the application is to blame for.
  void expect_application_violations();
  // Ends the process: threads are stopped, handles closed, what is in flight comes to its end, and the
  // monitors give their verdict. Called once; nothing else is called afterwards but what reads.
  void finish();
  // All lines of the monitors, expected or not; after finish().
  const std::vector<std::string>& violations() const;
  std::uint64_t result_hash() const;  // after finish()
  // What went wrong so far, in order.
  const std::vector<std::string>& failures() const;
  // Hears of each failure as it happens.
  void on_failure(std::function<void(const std::string&)> listener);
  // A failure that the test found itself.
  void fail(const std::string& message);

  class Impl;
  Impl& impl() { return *impl_; }

 private:
  friend struct ExploredRun;
  explicit Testbench(std::unique_ptr<Impl> impl);
  std::unique_ptr<Impl> impl_;
};

// ---- exploring ----

enum class Strategy : std::uint8_t { kFirstCome, kRandom, kPct, kBounded, kDelays };

struct Exploring {
  Options machine{};               // its seed is that of the first schedule
  std::uint64_t schedules = 1000;  // the first one delays nothing
  Strategy strategy = Strategy::kRandom;
  std::uint32_t depth = 3;                     // PCT: of the bug; bounded: decisions; delays
  Time window = std::chrono::microseconds(5);  // how far the strategy may move what is due
  std::uint64_t steps_max = 1'000'000;         // a schedule that takes more goes on for ever: a failure
  std::vector<std::string> faults{};           // records of a fault plan, armed before the body begins
  // This schedule alone, of those that the rest describes; a bounded search goes on until it.
  std::optional<std::uint64_t> only{};
  std::string decisions{};  // this log instead of a strategy: FailedSchedule::decisions
  // Calls the body and answers what failed in it by other means than the testbench (EXPECT_…, say); empty:
  // nothing. ringproof/testbench_gtest.h has one.
  std::function<std::string(const std::function<void()>& body)> collect{};
};

struct FailedSchedule {
  std::uint64_t schedule = 0;  // its number, from 0: Exploring::only brings it back
  std::uint64_t seed = 0;
  std::string message;    // the first failure, one line
  std::string decisions;  // JSON: Exploring::decisions brings it back, also in a later build
  std::vector<Event> events;

  // Everything in a few lines for a test's output.
  RINGPROOF_API std::string story() const;
};

struct Exploration {
  std::uint64_t schedules = 0;
  std::uint64_t choices = 0;  // decisions with alternatives, of all schedules
  std::uint64_t hash = 0;     // of the results of all schedules
  double certified = 0;       // PCT: the least probability with which a bug of this depth was found
  bool complete = false;      // bounded: no schedule within the bound is left
  std::optional<FailedSchedule> failure{};  // the first; exploring ends with it
  std::optional<std::string> divergence{};  // of a replayed log: the first choice that differs

  bool failed() const { return failure.has_value(); }
};

// Runs the body once for each schedule, each time on a new machine: situation, threads, outcome. A failure of
// the testbench, or one that `collect` found, is that of the schedule.
RINGPROOF_API Exploration explore(const Exploring& exploring, const std::function<void(Testbench&)>& body);

}  // namespace ringproof::testbench
