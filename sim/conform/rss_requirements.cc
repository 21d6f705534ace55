// Receive-side scaling, judged by the C++ reference: model/nic/toeplitz.h.

#include <algorithm>
#include <array>
#include <functional>
#include <utility>

#include "model/nic/toeplitz.h"
#include "sim/conform/line_rate.h"
#include "sim/conform/trial.h"

namespace ringproof::conform {
namespace {

using nic::RssSettings;

constexpr unsigned char kTcp = 6, kUdp = 17, kIcmp = 1, kHopByHop = 0;
constexpr std::uint32_t kQueuesOpen = 8;
constexpr std::uint32_t kFrameBytes = 90;  // the longest header ends before
constexpr std::uint32_t kRounds = 4;
// Of frames that come while all registers are written, which takes some 200 cycles.
constexpr std::uint32_t kFramesOfAChange = 600;
constexpr std::uint32_t kCyclesBeforeAChange = 100;

// What a frame begins with.
struct Header {
  bool ipv6 = false;
  unsigned char protocol = kTcp;
  bool tag = false;
  std::uint32_t words = 5;     // of an IPv4 header
  std::uint32_t fragment = 0;  // flags and offset of IPv4
};

class RssBench {
 public:
  explicit RssBench(Trial& trial, const BenchOptions& options = brisk())
      : RssBench(trial, options, std::min(trial.queues(false), kQueuesOpen)) {}
  // All queues are off: frames have a queue all the same, and are discarded there.
  static RssBench without_buffers(Trial& trial) { return {trial, brisk(), 0}; }

  Bench& bench() { return bench_; }
  std::uint32_t open() const { return open_; }

  // Random ones: a key, and a table of the queues that are open.
  RssSettings any() { return any(0, queues_); }
  // A table of these.
  RssSettings any(std::uint32_t first, std::uint32_t queues) {
    RssSettings settings;
    for (auto& byte : settings.key) byte = static_cast<std::uint8_t>(bench_.random()());
    for (auto& queue : settings.table) {
      queue = static_cast<std::uint8_t>(first + bench_.random()() % queues);
    }
    return settings;
  }

  static constexpr std::uint16_t key_at(std::uint32_t word) {
    return static_cast<std::uint16_t>(nic::kRegisterRssKey + 4 * word);
  }
  static constexpr std::uint16_t table_at(std::uint32_t word) {
    return static_cast<std::uint16_t>(nic::kRegisterRssTable + 4 * word);
  }
  static constexpr std::uint32_t control(std::uint32_t types, bool enable) {
    return types << 8 | (enable ? nic::kRssControlEnable : 0);
  }

  // Key and table, which nothing follows from yet.
  void prepare(const RssSettings& settings) {
    for (std::uint32_t i = 0; i < nic::kRssKeyWords; ++i) bench_.write32(key_at(i), settings.key_word(i));
    for (std::uint32_t i = 0; i < nic::kRssTableWords; ++i)
      bench_.write32(table_at(i), settings.table_word(i));
  }
  void put_in_force(const RssSettings& settings) {
    bench_.write32(nic::kRegisterRssControl, control(settings.hash_types, true));
    in_force(settings);
  }
  // Frames that are made from now on are hashed so.
  void in_force(const RssSettings& settings) { scaling_.set(settings); }
  // All of it, as fast as the engine takes writes; frames do not wait for them.
  void post(const RssSettings& settings) {
    for (std::uint32_t i = 0; i < nic::kRssKeyWords; ++i)
      bench_.post_write32(key_at(i), settings.key_word(i));
    for (std::uint32_t i = 0; i < nic::kRssTableWords; ++i) {
      bench_.post_write32(table_at(i), settings.table_word(i));
    }
    bench_.post_write32(nic::kRegisterRssControl, control(settings.hash_types, true));
  }
  void set(const RssSettings& settings) {
    prepare(settings);
    put_in_force(settings);
  }
  void switch_off() { bench_.write32(nic::kRegisterRssControl, control(nic::rss_hash::kAll, false)); }

  Bytes frame(const Header& header, std::size_t bytes = kFrameBytes) {
    Bytes frame = bench_.random_bytes(std::max<std::size_t>(bytes, kFrameBytes));
    std::size_t ip = 14;
    if (header.tag) {
      frame[12] = 0x81;
      frame[13] = 0x00;
      ip = 18;
    }
    frame[ip - 2] = header.ipv6 ? 0x86 : 0x08;
    frame[ip - 1] = header.ipv6 ? 0xDD : 0x00;
    if (header.ipv6) {
      frame[ip + 6] = header.protocol;
    } else {
      frame[ip] = static_cast<unsigned char>(0x40 | header.words);
      frame[ip + 6] = static_cast<unsigned char>(header.fragment >> 8);
      frame[ip + 7] = static_cast<unsigned char>(header.fragment);
      frame[ip + 9] = header.protocol;
    }
    frame.resize(bytes);
    return frame;
  }

  // What the reference says of it; the MAC says something else.
  RxFrame hashed(Bytes bytes) {
    const nic::RssChoice choice = scaling_.choose(bytes);
    RxFrame frame = bench_.frame_for(static_cast<std::uint8_t>(choice.queue), 1);
    frame.bytes = std::move(bytes);
    frame.hash = choice.hash;
    frame.mac_hash = ~choice.hash;
    frame.mac_queue = static_cast<std::uint8_t>((choice.queue + 1) % queues_);
    return frame;
  }
  // Of this setting, or of the one that is being put in force.
  RxFrame hashed(Bytes bytes, const RssSettings& after) {
    nic::ReceiveSideScaling scaling{nic::RssKey{}, 1};
    scaling.set(after);
    const std::uint32_t queue_after = scaling.choose(bytes).queue;
    RxFrame frame = hashed(std::move(bytes));
    frame.queue_after = static_cast<std::uint8_t>(queue_after);
    return frame;
  }
  // As the MAC says.
  RxFrame passed(Bytes bytes) {
    RxFrame frame = bench_.frame_for(static_cast<std::uint8_t>(bench_.random()() % queues_), 1);
    frame.bytes = std::move(bytes);
    return frame;
  }

  // A buffer for each, in the queue where it has to go, if that is open; the rules of the bench judge the
  // rest. `meanwhile` is what the host begins when buffers are there, and no frame is.
  void receive(std::vector<RxFrame> frames, const std::function<void()>& meanwhile = {}) {
    const std::uint64_t drops_before = bench_.drops();
    std::uint64_t discarded = 0;
    for (std::size_t first = 0; first < frames.size(); first += std::size_t{1} << log2_) {
      const std::size_t end = std::min(frames.size(), first + (std::size_t{1} << log2_));
      for (std::size_t i = first; i < end; ++i) {
        if (frames[i].queue >= open_) {
          ++discarded;
          continue;
        }
        bench_.post_buffer(bench_.ring(false, frames[i].queue),
                           static_cast<std::uint32_t>(frames[i].bytes.size()));
      }
      for (std::uint32_t queue = 0; queue < open_; ++queue) bench_.ring_doorbell(bench_.ring(false, queue));
      if (meanwhile) meanwhile();
      for (std::size_t i = first; i < end; ++i) bench_.wire_sends(std::move(frames[i]));
      bench_.run_until_drained();
    }
    equal(bench_, "frames discarded", discarded, bench_.drops() - drops_before);
  }

  std::vector<RxFrame> some_frames(std::uint32_t count, std::size_t bytes = kFrameBytes) {
    std::vector<RxFrame> frames;
    for (std::uint32_t i = 0; i < count; ++i) {
      const auto bits = bench_.random()();
      const Header header{(bits & 1) != 0, (bits & 2) != 0 ? kTcp : kUdp, (bits & 4) != 0, 5, 0};
      frames.push_back(hashed(frame(header, bytes)));
    }
    return frames;
  }
  // Of this entry of the table.
  RxFrame frame_of_entry(std::uint32_t entry) {
    while (true) {
      RxFrame found = hashed(frame({}));
      if (found.hash % RssSettings::kTableEntries == entry) return found;
    }
  }

 private:
  RssBench(Trial& trial, const BenchOptions& options, std::uint32_t open)
      : bench_(trial.bench(options)),
        queues_(std::min(trial.queues(false), kQueuesOpen)),
        open_(open),
        log2_(trial.log2(5)) {
    for (std::uint32_t queue = 0; queue < open_; ++queue) {
      bench_.open_rx(static_cast<std::uint8_t>(queue), log2_);
    }
  }

  Bench& bench_;
  const std::uint32_t queues_;  // that tables name
  const std::uint32_t open_;    // from the first on
  const std::uint32_t log2_;
  nic::ReceiveSideScaling scaling_{nic::RssKey{}, 1};
};

std::vector<Header> every_header() {
  std::vector<Header> all;
  for (const bool tag : {false, true}) {
    for (const unsigned char protocol : {kTcp, kUdp, kIcmp, kHopByHop}) {
      all.push_back({true, protocol, tag});
      for (std::uint32_t words = 0; words < 16; ++words) all.push_back({false, protocol, tag, words});
      for (const std::uint32_t fragment : {0x4000u, 0x2000u, 0x0001u, 0x1FFFu, 0x0100u, 0x8000u}) {
        all.push_back({false, protocol, tag, 5, fragment});
      }
    }
  }
  return all;
}

// Words keep what was written, key and table also before it counts; a reset clears them.
void registers(Trial& trial) {
  if (!trial.has(nic::kFeaturesRss)) return;
  RssBench rss(trial);
  Bench& bench = rss.bench();
  const RssSettings settings = rss.any();
  rss.prepare(settings);
  bench.write32(nic::kRegisterRssControl, 0xFFFFFFFF);
  bench.write32_as(RssBench::key_at(3), 0, {.strobes = 7});
  bench.write32_as(RssBench::table_at(5), 0, {.strobes = 14});
  const auto expect = [&](bool kept) {
    equal(bench, "RSS_CONTROL", kept ? RssBench::control(0x3F, true) : 0,
          bench.read32(nic::kRegisterRssControl));
    for (std::uint32_t i = 0; i < nic::kRssKeyWords; ++i) {
      equal(bench, fmt::format("word {} of RSS_KEY", i), kept ? settings.key_word(i) : 0,
            bench.read32(RssBench::key_at(i)));
    }
    for (std::uint32_t i = 0; i < nic::kRssTableWords; ++i) {
      equal(bench, fmt::format("word {} of RSS_TABLE", i), kept ? settings.table_word(i) : 0,
            bench.read32(RssBench::table_at(i)));
    }
  };
  expect(true);
  bench.write32(RssBench::table_at(31), 0xFFFFFFFF);
  equal(bench, "word 31 of RSS_TABLE", 0x3F3F3F3Fu, bench.read32(RssBench::table_at(31)));
  bench.reset(2);
  expect(false);
}

// Before it is switched on, and after it was.
void off(Trial& trial) {
  if (!trial.has(nic::kFeaturesRss)) return;
  RssBench rss(trial);
  const auto pass_some = [&] {
    std::vector<RxFrame> frames;
    for (const bool ipv6 : {false, true}) {
      for (int i = 0; i < 8; ++i) frames.push_back(rss.passed(rss.frame({ipv6})));
    }
    rss.receive(std::move(frames));
  };
  pass_some();
  rss.prepare(rss.any());
  pass_some();
  rss.switch_off();
  pass_some();
  rss.set(rss.any());
  rss.switch_off();
  pass_some();
}

void hash(Trial& trial) {
  if (!trial.has(nic::kFeaturesRss)) return;
  RssBench rss(trial);
  for (std::uint32_t round = 0; round < kRounds; ++round) {
    rss.set(rss.any());
    std::vector<RxFrame> frames;
    for (const Header& header : every_header()) frames.push_back(rss.hashed(rss.frame(header)));
    rss.receive(std::move(frames));
  }
}

// A header that is not there whole is none, and ports that are not there whole are none.
void cut_headers(Trial& trial) {
  if (!trial.has(nic::kFeaturesRss)) return;
  RssBench rss(trial);
  rss.set(rss.any());
  for (const bool tag : {false, true}) {
    for (const Header& header :
         {Header{true, kUdp, tag}, {false, kTcp, tag}, {false, kUdp, tag, 12}, {false, kTcp, tag, 15}}) {
      std::vector<RxFrame> frames;
      for (std::size_t bytes = 1; bytes <= kFrameBytes; ++bytes)
        frames.push_back(rss.hashed(rss.frame(header, bytes)));
      rss.receive(std::move(frames));
    }
  }
}

void types(Trial& trial) {
  if (!trial.has(nic::kFeaturesRss)) return;
  RssBench rss(trial);
  RssSettings settings = rss.any();
  for (std::uint32_t types = 0; types <= nic::rss_hash::kAll; ++types) {
    settings.hash_types = types;
    rss.set(settings);
    std::vector<RxFrame> frames;
    for (const bool ipv6 : {false, true}) {
      for (const unsigned char protocol : {kTcp, kUdp, kIcmp})
        frames.push_back(rss.hashed(rss.frame({ipv6, protocol})));
    }
    rss.receive(std::move(frames));
  }
}

// A frame for every entry, whose neighbours name other queues.
void table(Trial& trial) {
  if (!trial.has(nic::kFeaturesRss)) return;
  RssBench rss(trial);
  for (std::uint32_t round = 0; round < 2; ++round) {
    rss.set(rss.any());
    std::array<bool, RssSettings::kTableEntries> met{};
    std::vector<RxFrame> frames;
    while (!std::all_of(met.begin(), met.end(), [](bool each) { return each; })) {
      RxFrame frame = rss.hashed(rss.frame({round != 0}));
      bool& entry = met[frame.hash % RssSettings::kTableEntries];
      if (!std::exchange(entry, true)) frames.push_back(std::move(frame));
    }
    rss.receive(std::move(frames));
  }
}

// Key and table count from the next write of RSS_CONTROL on, with the types that it brings.
void at_once(Trial& trial) {
  if (!trial.has(nic::kFeaturesRss)) return;
  RssBench rss(trial);
  rss.set(rss.any());
  for (std::uint32_t round = 0; round < kRounds; ++round) {
    const RssSettings next = rss.any();
    rss.prepare(next);
    rss.receive(rss.some_frames(32));
    rss.put_in_force(next);
    rss.receive(rss.some_frames(32));
  }
}

// Writes of what is there already: frames come while they are taken.
void while_frames_pass(Trial& trial) {
  if (!trial.has(nic::kFeaturesRss)) return;
  RssBench rss(trial, {.read_latency = 4, .write_latency = 3, .stall_pct = 5, .gap_pct = 20});
  const RssSettings settings = rss.any();
  rss.set(settings);
  for (std::uint32_t round = 0; round < kRounds; ++round) {
    rss.receive(rss.some_frames(32), [&] { rss.post(settings); });
  }
}

// Frames come without a pause, and are discarded as fast. One setting names the lower half of all queues and
// the other the upper, so that each frame shows which one it had; the first change is of the table alone.
void in_order(Trial& trial) {
  if (!trial.has(nic::kFeaturesRss)) return;
  constexpr std::uint32_t kHalf = kQueuesMax / 2;
  RssBench rss = RssBench::without_buffers(trial);
  Bench& bench = rss.bench();
  RssSettings setting = rss.any(0, 1);
  rss.set(setting);
  for (std::uint32_t round = 0; round < kRounds; ++round) {
    RssSettings next = rss.any(round % 2 == 0 ? kHalf : 0, round == 0 ? 1 : kHalf);
    if (round == 0) next.key = setting.key;
    bench.expect_change();
    for (std::uint32_t i = 0; i < kFramesOfAChange; ++i) {
      const auto bits = bench.random()();
      const Header header{(bits & 1) != 0, (bits & 2) != 0 ? kTcp : kUdp, (bits & 4) != 0};
      bench.wire_sends(rss.hashed(rss.frame(header, (bits & 8) != 0 ? 64 : kFrameBytes), next));
    }
    bench.run(kCyclesBeforeAChange);
    rss.post(next);
    bench.run_until_drained();
    rss.in_force(next);
    setting = next;
  }
}

// An entry may name any of 64 queues: of those that are not there, and that are off, frames are discarded.
void absent_queues(Trial& trial) {
  if (!trial.has(nic::kFeaturesRss)) return;
  RssBench rss(trial);
  Bench& bench = rss.bench();
  RssSettings settings = rss.any();
  for (std::size_t entry = 0; entry < settings.table.size(); entry += 2) {
    settings.table[entry] =
        static_cast<std::uint8_t>(rss.open() + bench.random()() % (kQueuesMax - rss.open()));
  }
  settings.table[0] = static_cast<std::uint8_t>(rss.open());
  settings.table[2] = kQueuesMax - 1;
  rss.set(settings);
  std::vector<RxFrame> frames = rss.some_frames(128);
  for (const std::uint32_t entry : {0u, 1u, 2u}) frames.push_back(rss.frame_of_entry(entry));
  std::vector<std::uint32_t> discarded(kQueuesMax);
  for (const RxFrame& frame : frames) discarded[frame.queue] += frame.queue >= rss.open() ? 1 : 0;
  rss.receive(std::move(frames));
  for (std::uint32_t queue = 0; queue < trial.queues(false); ++queue) {
    equal(bench, fmt::format("DROPS of queue {}", queue), discarded[queue],
          bench.read32(Bench::address_of(false, queue, nic::kDrops)));
  }
}

// A queue that the MAC has chosen for another reason stays; the hash does not.
void steered(Trial& trial) {
  if (!trial.has(nic::kFeaturesRss)) return;
  RssBench rss(trial);
  rss.set(rss.any());
  std::vector<RxFrame> frames = rss.some_frames(64);
  for (std::size_t i = 0; i < frames.size(); i += 2) {
    frames[i].steered = true;
    frames[i].queue = *frames[i].mac_queue;
  }
  rss.receive(std::move(frames));
}

// Frames of queues that are off are discarded as fast as they come.
void rate(Trial& trial) {
  if (!trial.has(nic::kFeaturesRss)) return;
  constexpr std::uint32_t kFrames = 1'000;
  RssBench rss = RssBench::without_buffers(trial);
  Bench& bench = rss.bench();
  rss.set(rss.any(0, kQueuesMax));
  for (RxFrame& frame : rss.some_frames(kFrames, 64)) bench.wire_sends(std::move(frame));
  const std::uint64_t begin = bench.now();
  bench.run_until_drained();
  const double cycles = static_cast<double>(bench.now() - begin) / kFrames;
  equal(bench, "frames discarded", kFrames, bench.drops());
  bench.require(cycles <= kLineRateCycles, fmt::format("{:.2f} cycles a frame or less", kLineRateCycles),
                fmt::format("{:.2f}", cycles));
}

}  // namespace

std::vector<Requirement> rss_requirements() {
  constexpr const char* kSource = "Receive-side scaling";
  return {
      {"rss.registers", "RSS_CONTROL, RSS_KEY and RSS_TABLE keep what is written, until a reset", kSource,
       registers},
      {"rss.off", "while it is off, hash and queue are those of the MAC", kSource, off},
      {"rss.hash", "every kind of header is hashed as the reference does", kSource, hash},
      {"rss.cut", "so is a frame that ends within it", kSource, cut_headers},
      {"rss.types", "hash types decide what of a frame is hashed", kSource, types},
      {"rss.table", "the lower seven bits of the hash choose the entry of the table", kSource, table},
      {"rss.at-once", "key and table count from the next write to RSS_CONTROL on", kSource, at_once},
      {"rss.undisturbed", "a write that changes nothing changes nothing for frames that pass", kSource,
       while_frames_pass},
      {"rss.order", "while a setting is written, frames have the old one, and from some frame on the new one",
       kSource, in_order},
      {"rss.absent",
       "frames of entries that name a queue that is not there or off are discarded, and no others", kSource,
       absent_queues},
      {"rss.steered", "a frame that the MAC has steered keeps its queue, and has its hash", kSource, steered},
      {"rss.rate", "64-byte frames are hashed at 100 Gb/s", kSource, rate},
  };
}

}  // namespace ringproof::conform
