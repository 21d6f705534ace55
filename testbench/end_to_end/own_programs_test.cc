// The programs that come with Ringproof and are written for Windows: what they count, print and write.

#include <gtest/gtest.h>

#include <algorithm>
#include <array>

#include "testbench/end_to_end/command.h"

namespace ringproof::test {
namespace {

using Json = nlohmann::json;
using Words = std::vector<std::string>;

class OwnPrograms : public testing::Test {
 protected:
  // A run on the cycle engine, which does what the RTL does; `arguments` are the program's, `options`
  // replay's.
  Outcome run(const std::string& app, const std::string& capture, const std::string& arguments,
              const std::string& options = "") const {
    Words words = {"replay", trace(capture), "--app", app, "--engine", "cycle", "--out", folder.path()};
    for (const std::string& word : words_of(options)) words.push_back(word);
    words.push_back("--");
    for (const std::string& word : words_of(arguments)) words.push_back(word);
    return ringproof(words);
  }
  Json frames() const { return folder.stats()["frames"]; }
  std::string one_queue() const {
    folder.write("nic.json", R"({"schema": "ringproof.nic/1", "ports": [{"rx_queues": 1, "tx_queues": 1}]})");
    return "--nic " + folder.path("nic.json");
  }
  const Folder folder;
};

bool begins(const Outcome& outcome, const std::string& text) { return outcome.out.rfind(text, 0) == 0; }

// What the pattern's groups match in the text, as numbers; empty when it does not match.
std::vector<unsigned long long> numbers(const std::string& text, const std::string& pattern) {
  const std::vector<std::string> match = match_of(text, pattern);
  std::vector<unsigned long long> found;
  for (std::size_t i = 1; i < match.size(); ++i) found.push_back(std::stoull(match[i]));
  return found;
}

std::vector<std::string> contents(const std::vector<Packet>& packets) {
  std::vector<std::string> bytes;
  for (const Packet& packet : packets) bytes.push_back(packet.bytes);
  return bytes;
}

std::vector<std::string> sorted(std::vector<std::string> texts) {
  std::sort(texts.begin(), texts.end());
  return texts;
}

// ---- what is wrong is told in one line ----

struct BadWords {
  const char* app;
  const char* words;
  const char* line;
};

const BadWords bad_words[] = {
    {"rxfilter", "-rule all drop", "rxfilter: -if: expected the index of an interface, got nothing"},
    {"rxfilter", "-if 0", "rxfilter: -if: expected a number from 1 to 4294967295, got \"0\""},
    {"rxfilter", "-if 1", "rxfilter: -rule: expected at least one rule, got nothing"},
    {"rxfilter", "-if 1 -rule port 53 drop",
     "rxfilter: -rule: expected a match, see rxfilter -?, got \"port\""},
    {"rxfilter", "-if 1 -rule udp-dst 65536 drop",
     "rxfilter: -rule: expected a number from 0 to 65535, got \"65536\""},
    {"rxfilter", "-if 1 -rule udp-ports 53,60-50 drop",
     "rxfilter: -rule: expected ports such as 53,1000-1999, got \"53,60-50\""},
    {"rxfilter", "-if 1 -rule udp-ports 53, drop",
     "rxfilter: -rule: expected ports such as 53,1000-1999, got \"53,\""},
    {"rxfilter", "-if 1 -rule ipv4-dst 10.0.0.0/33 drop",
     "rxfilter: -rule: expected an IPv4 address or ADDRESS/BITS, got \"10.0.0.0/33\""},
    {"rxfilter", "-if 1 -rule ipv6-tcp-ports 10.0.0.1 80 drop",
     "rxfilter: -rule: expected an IPv6 address, got \"10.0.0.1\""},
    {"rxfilter", "-if 1 -rule quic-dst-cid 443 18 010203 drop",
     "rxfilter: -rule: expected an ID of 2 to 40 hexadecimal digits, with its offset at most 20 bytes, got "
     "\"010203\""},
    {"rxfilter", "-if 1 -rule udp redirect",
     "rxfilter: -rule: expected drop, pass or l2fwd, got \"redirect\""},
    {"rxfilter", "-if 1 -rule udp", "rxfilter: -rule: expected drop, pass or l2fwd, got nothing"},
    {"rxfilter", "-if 1 -when now", "rxfilter: -when: expected an option, see rxfilter -?"},
    {"rxfilter", "-if 9 -rule udp drop", "rxfilter: XdpCreateProgram failed: 0x80070490"},
    {"xdpcap", "-if 1", "xdpcap: -o: expected the name of a file, got nothing"},
    {"xdpcap", "-if 1 -o", "xdpcap: -o: expected the name of a file, got nothing"},
    {"xdpcap", "-if 1 -o /nowhere/x.pcapng",
     "xdpcap: -o: expected a file that can be written, got \"/nowhere/x.pcapng\""},
    {"xdpcap", "-if 1 -o x -snaplen 13", "xdpcap: -snaplen: expected a number from 14 to 65535, got \"13\""},
    {"xdpcap", "-if 1 -o x -ring 100", "xdpcap: -ring: expected a power of two up to 4096, got \"100\""},
    {"xskbench", "-if 1", "xskbench: mode: expected rx, tx, fwd or lat, got \"-if\""},
    {"xskbench", "rx", "xskbench: -if: expected the index of an interface, got nothing"},
    {"xskbench", "rx -if 1 -batch many", "xskbench: -batch: expected a number from 1 to 1024, got \"many\""},
    {"xskbench", "rx -if 1 -wait sleep", "xskbench: -wait: expected spin or block, got \"sleep\""},
    {"xskbench", "tx -if 1 -size 59", "xskbench: -size: expected a number from 60 to 1514, got \"59\""},
    {"xskbench", "tx -if 1 -queues 9", "xskbench: XskBind on queue 4 failed: 0x80070490"},
    {"xskmaprx", "1 4", "xskmaprx: 1: expected an option, see xskmaprx -?"},
    {"xskmaprx", "-if 1 -quiet", "xskmaprx: -quiet: expected a number from 1 to 4294967294, got nothing"},
    {"xsklend", "-queues 2", "xsklend: -if: expected the index of an interface, got nothing"},
    {"xsklend", "-if 1 -queues 17", "xsklend: -queues: expected a number from 1 to 16, got \"17\""},
    {"xsklend", "-if 9", "xsklend: XskBind failed: 0x80070490"},
    {"xsksoak", "-if 1 -threads 17", "xsksoak: -threads: expected a number from 1 to 16, got \"17\""},
};

TEST_F(OwnPrograms, TellInOneLineWhatIsWrong) {
  for (const BadWords& bad : bad_words) {
    const Outcome outcome = run(bad.app, "mixed.pcapng", bad.words);
    EXPECT_EQ(outcome.status, 1) << bad.app << " " << bad.words;
    EXPECT_EQ(outcome.err.substr(0, outcome.err.find('\n')), bad.line) << bad.words;
    EXPECT_EQ(folder.stats()["end"]["application_status"], 1) << bad.words;
    EXPECT_EQ(frames()["wire_in"], 0) << bad.words;
  }
}

TEST_F(OwnPrograms, TellHowTheyAreUsed) {
  for (const char* app : {"rxfilter", "xdpcap", "xskbench", "xskmaprx", "xsklend", "xsksoak"}) {
    const Outcome outcome = run(app, "mixed.pcapng", "-?");
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_TRUE(begins(outcome, std::string(app) + ": ")) << outcome.out;
    EXPECT_NE(outcome.out.find("\n  " + std::string(app) + " "), std::string::npos) << outcome.out;
    EXPECT_NE(outcome.out.find("\n  -if N "), std::string::npos) << outcome.out;
  }
}

// ---- rxfilter ----

struct Filter {
  const char* match;
  unsigned frames;  // that tshark finds in mixed.pcapng, without VLAN tags
};

const Filter filters[] = {
    {"all", 2158},
    {"udp", 900},
    {"udp-dst 1234", 836},
    {"udp-ports 50-55", 50},
    {"udp-ports 53,1234", 886},
    {"tcp-dst 80", 730},
    {"tcp-control-dst 80", 46},
    {"ipv4-dst 192.0.2.2", 1910},
    {"ipv4-dst 192.0.2.0/24", 1910},
    {"ipv4-dst 192.0.2.128/25", 0},
    {"ipv6-dst 2001:db8:0:1::/64", 166},
    {"ipv4-udp-ports 192.0.2.2 1234", 724},
    {"ipv4-udp-ports 192.0.2.3 1234", 0},
    {"ipv6-udp-ports 2001:db8:0:1::2 1234", 112},
    {"ipv4-tcp-ports 192.0.2.2 80", 716},
    {"ipv4-tcp-ports 192.0.2.2 1-80", 722},
    {"ipv6-tcp-ports 2001:db8:0:1::2 80", 14},
    {"ipv4-udp 192.0.2.1 40000 192.0.2.2 1234", 18},
    {"ipv4-udp 192.0.2.1 40000 192.0.2.2 1235", 0},
    {"next-header 1", 110},
    {"next-header 58", 17},
    {"icmpv4-echo-reply 192.0.2.2", 5},
};

TEST_F(OwnPrograms, RxfilterDropsWhatEachMatchSays) {
  for (const Filter& filter : filters) {
    const Outcome outcome =
        run("rxfilter", "mixed.pcapng", "-if 1 -time 2000 -rule " + std::string(filter.match) + " drop");
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_TRUE(
        begins(outcome, "rxfilter: 1 rules on interface 1, all queues\nrxfilter: detached after 2000 ms\n"))
        << outcome.out;
    EXPECT_EQ(frames()["wire_in"], 2158) << filter.match;
    EXPECT_EQ(frames()["dropped"].value("rule", 0u), filter.frames) << filter.match;
    EXPECT_EQ(frames()["passed"], 2158 - filter.frames) << filter.match;
    EXPECT_EQ(folder.stats()["invariants"]["violations"], 0) << filter.match;
  }
}

TEST_F(OwnPrograms, RxfilterTakesTheFirstRuleThatMatches) {
  const Outcome outcome =
      run("rxfilter", "mixed.pcapng",
          "-if 1 -rule udp-dst 1234 l2fwd -rule ipv4-dst 192.0.2.2 pass -rule ipv6-dst ::/0 drop -time 2000");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(frames()["forwarded"], 836);
  EXPECT_EQ(frames()["wire_out"], 836);
  EXPECT_EQ(frames()["dropped"]["rule"], 167 - 112);  // all of IPv6 but what was sent back
  EXPECT_EQ(imbalance(folder.stats()), 0);
}

TEST_F(OwnPrograms, RxfilterCanHaveOneQueueOnly) {
  const Outcome outcome =
      run("rxfilter", "mixed.pcapng", "-if 1 -queue 2 -mode generic -rule all drop -time 2000");
  EXPECT_TRUE(begins(outcome, "rxfilter: 1 rules on interface 1, queue 2\n")) << outcome.out << outcome.err;
  const Json stats = folder.stats();
  for (const Json& queue : stats["queues"]) {
    if (queue["direction"] == "rx" && queue["queue"] == 2) {
      EXPECT_EQ(queue["frames"], stats["frames"]["dropped"]["rule"]);
    }
  }
  EXPECT_EQ(stats["frames"]["dropped"]["rule"], 815);
}

TEST_F(OwnPrograms, RxfilterSleepsUntilTheRunEnds) {
  const Outcome outcome = run("rxfilter", "dns-ping.pcap", "-if 1 -rule udp-dst 53 drop");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_FALSE(folder.stats()["end"]["application_ended"]);
  EXPECT_EQ(imbalance(folder.stats()), 0);
}

// ---- xdpcap ----

class Xdpcap : public OwnPrograms {
 protected:
  Outcome capture(const std::string& name, const std::string& arguments,
                  const std::string& options = "") const {
    return run("xdpcap", name, "-if 1 -o " + path() + " " + arguments, options);
  }
  std::string path() const { return folder.path("captured.pcapng"); }
  std::vector<Packet> captured() const { return read_packets(path()); }
};

TEST_F(Xdpcap, WritesEveryFrameInItsOrder) {
  const std::vector<Packet> sent = read_packets(trace("mixed.pcapng"));
  const Outcome outcome = capture("mixed.pcapng", "-time 2000", one_queue());
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_TRUE(begins(outcome,
                     "queue 0: 2158 frames, 0 cut short, 0 dropped\n"
                     "total: 2158 frames, 1351912 bytes, 0 dropped, time stamps of the NIC\n"))
      << outcome.out;
  const std::vector<Packet> written = captured();
  EXPECT_EQ(contents(written), contents(sent));
  EXPECT_EQ(frames()["to_sockets"], 2158);
  EXPECT_EQ(frames()["passed"], 0) << "what is captured does not reach the host";
}

// The wire delays a frame while it is busy with others, by less than a millisecond in this capture.
TEST_F(Xdpcap, StampsFramesWithTheTimeAtWhichTheyCame) {
  const std::vector<Packet> sent = read_packets(trace("mixed.pcapng"));
  capture("mixed.pcapng", "-time 2000", one_queue());
  const std::vector<Packet> written = captured();
  ASSERT_EQ(written.size(), sent.size());
  for (std::size_t i = 1; i < sent.size(); ++i) {
    const std::uint64_t due = sent[i].time_ns - sent[0].time_ns;
    const std::uint64_t came = written[i].time_ns - written[0].time_ns;
    EXPECT_GT(written[i].time_ns, written[i - 1].time_ns);
    EXPECT_GE(came + 1000, due) << i;
    EXPECT_LE(came, due + 1'000'000) << i;
  }
}

TEST_F(Xdpcap, TakesAllQueuesWithOneThread) {
  const Outcome outcome = capture("mixed.pcapng", "-time 2000 -queues 4");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_TRUE(
      begins(outcome,
             "queue 0: 541 frames, 0 cut short, 0 dropped\nqueue 1: 366 frames, 0 cut short, 0 dropped\n"
             "queue 2: 815 frames, 0 cut short, 0 dropped\nqueue 3: 436 frames, 0 cut short, 0 dropped\n"))
      << outcome.out;
  EXPECT_EQ(sorted(contents(captured())), sorted(contents(read_packets(trace("mixed.pcapng")))));
}

TEST_F(Xdpcap, KeepsTheLengthOfWhatItCutsShort) {
  const std::vector<Packet> sent = read_packets(trace("udp-echo.pcapng"));
  const auto longer =
      std::count_if(sent.begin(), sent.end(), [](const Packet& p) { return p.bytes.size() > 64; });
  const Outcome outcome = capture("udp-echo.pcapng", "-time 3000 -snaplen 64", one_queue());
  EXPECT_TRUE(begins(outcome, "queue 0: 2458 frames, " + std::to_string(longer) + " cut short, 0 dropped\n"))
      << outcome.out << outcome.err;
  const std::vector<Packet> written = captured();
  ASSERT_EQ(written.size(), sent.size());
  for (std::size_t i = 0; i < sent.size(); ++i) {
    EXPECT_EQ(written[i].bytes, sent[i].bytes.substr(0, 64));
    EXPECT_EQ(written[i].wire_bytes, sent[i].bytes.size());
  }
}

TEST_F(Xdpcap, EndsAfterSoManyFrames) {
  const Outcome outcome = capture("mixed.pcapng", "-count 100 -queues 4", "--pace line-rate");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(captured().size(), 100u);
  EXPECT_NE(outcome.out.find("total: 100 frames, "), std::string::npos) << outcome.out;
}

TEST_F(Xdpcap, TakesWhatAnyFilterTakes) {
  const struct {
    const char* filters;
    std::size_t frames;
  } cases[] = {
      {"-udp-dst 1234", 836}, {"-tcp-dst 80", 730}, {"-proto 1", 110}, {"-udp-dst 53 -proto 1", 160}};
  for (const auto& one : cases) {
    const Outcome outcome = capture("mixed.pcapng", "-queues 4 -time 2000 " + std::string(one.filters));
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_EQ(captured().size(), one.frames) << one.filters;
    EXPECT_EQ(frames()["passed"], 2158 - one.frames) << one.filters;
  }
}

TEST_F(Xdpcap, UsesThePerformanceCounterWhereTheNicHasNoClock) {
  folder.write(
      "nic.json",
      R"({"schema": "ringproof.nic/1", "ports": [{"rx_queues": 1, "tx_queues": 1, "offloads": []}]})");
  const Outcome outcome = capture("dns-ping.pcap", "-time 2000", "--nic " + folder.path("nic.json"));
  EXPECT_NE(
      outcome.out.find("total: 219 frames, 99375 bytes, 0 dropped, time stamps of the performance counter\n"),
      std::string::npos)
      << outcome.out << outcome.err;
  const std::vector<Packet> written = captured();
  ASSERT_EQ(written.size(), 219u);
  for (std::size_t i = 0; i < written.size(); ++i) {
    EXPECT_EQ(written[i].time_ns % 100, 0u) << "the counter ticks every 100 ns";
    EXPECT_GE(written[i].time_ns, written[i == 0 ? 0 : i - 1].time_ns);
  }
}

TEST_F(Xdpcap, CountsWhatFindsNoRoom) {
  const Outcome outcome = capture("mixed.pcapng", "-time 100 -ring 1", one_queue() + " --pace line-rate");
  const auto counts = numbers(outcome.out, "total: ([0-9]+) frames, [0-9]+ bytes, ([0-9]+) dropped");
  ASSERT_EQ(counts.size(), 2u) << outcome.out << outcome.err;
  EXPECT_EQ(captured().size(), counts[0]);
  EXPECT_GT(counts[1], 0u);
  EXPECT_EQ(frames()["to_sockets"], counts[0]);
  const Json dropped = frames()["dropped"];
  EXPECT_EQ(dropped.value("socket_rx_full", 0u) + dropped.value("socket_fill_empty", 0u), counts[1]);
}

// ---- xskbench ----

class Xskbench : public OwnPrograms {
 protected:
  Outcome bench(const std::string& arguments, const std::string& options = "") const {
    return run("xskbench", "mixed.pcapng", arguments + " -if 1", options);
  }
};

// Frames, bytes, and time [0.1 us] of the line "total: …".
std::array<unsigned long long, 3> total(const Outcome& outcome) {
  const auto found =
      numbers(outcome.out, "total: ([0-9]+) frames, ([0-9]+) bytes in ([0-9]+)\\.([0-9]{4}) ms");
  if (found.size() != 4) {
    ADD_FAILURE() << outcome.out << outcome.err;
    return {};
  }
  return {found[0], found[1], found[2] * 10000 + found[3]};
}

unsigned long long total_rate(const Outcome& outcome) {
  const auto found = numbers(outcome.out, "total: [^\n]* ms, ([0-9]+) frames/s");
  return found.empty() ? 0 : found[0];
}

TEST_F(Xskbench, ReceivesEveryFrameSpinningOrBlocking) {
  for (const char* wait : {"spin", "block"}) {
    const Outcome outcome = bench("rx -queues 4 -count 2158 -wait " + std::string(wait), "--pace line-rate");
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    for (const char* line : {"queue 0: 541 frames, 330511 bytes, ", "queue 1: 366 frames, 163976 bytes, ",
                             "queue 2: 815 frames, 457643 bytes, ", "queue 3: 436 frames, 399782 bytes, "}) {
      EXPECT_NE(outcome.out.find(line), std::string::npos) << outcome.out;
    }
    EXPECT_EQ(total(outcome)[0], 2158u);
    EXPECT_EQ(total(outcome)[1], 1351912u);
    EXPECT_EQ(frames()["to_sockets"], 2158);
    EXPECT_EQ(folder.stats()["invariants"]["violations"], 0);
    EXPECT_EQ(outcome.out.find("waits 0\n") != std::string::npos, std::string(wait) == "spin");
  }
}

TEST_F(Xskbench, ForwardsWhatItReceives) {
  for (const char* mode : {"native", "generic"}) {
    const Outcome outcome =
        bench("fwd -queues 4 -port 1234 -count 836 -time 3000 -mode " + std::string(mode));
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_EQ(total(outcome)[0], 836u) << mode;
    EXPECT_EQ(frames()["wire_out"], 836) << mode;
    EXPECT_EQ(folder.stats()["invariants"]["violations"], 0) << mode;
  }
}

TEST_F(Xskbench, SendsAsManyFramesAsItIsTold) {
  for (const char* more : {"", "-wait block", "-poke always", "-ring 4 -batch 1", "-mode generic"}) {
    const Outcome outcome = bench("tx -queues 3 -count 1000 -size 100 " + std::string(more));
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_EQ(total(outcome)[0], 1000u) << more;
    EXPECT_EQ(total(outcome)[1], 100000u) << more;
    EXPECT_EQ(frames()["wire_out"], 1000) << more;
    EXPECT_EQ(folder.stats()["invariants"]["violations"], 0) << more;
  }
}

// 25 Gb/s carry a frame of 1514 bytes, with 24 bytes around it, in 492.16 ns.
TEST_F(Xskbench, TheRateIsThatOfTheWire) {
  const Outcome outcome = bench("tx -queues 4 -count 4000 -size 1514");
  const auto [frames, bytes, ticks] = total(outcome);
  EXPECT_EQ(bytes, frames * 1514);
  EXPECT_GE(ticks, 4000 * 4.9216);
  EXPECT_LE(ticks, 4000 * 4.9216 + 500) << "50 us for the first and the last";
  EXPECT_NEAR(static_cast<double>(total_rate(outcome)),
              static_cast<double>(frames) * 1e7 / static_cast<double>(ticks), 1);
}

TEST_F(Xskbench, EndsWhenItsTimeIsOver) {
  for (const char* mode : {"rx", "fwd"}) {
    const Outcome outcome = bench(std::string(mode) + " -queues 4 -time 200");
    EXPECT_GE(total(outcome)[2], 2'000'000u) << outcome.out << outcome.err;
    EXPECT_LE(total(outcome)[2], 2'010'000u) << "frames that are under way are waited for";
    EXPECT_TRUE(folder.stats()["end"]["application_ended"]);
  }
}

TEST_F(Xskbench, EndsByCtrlC) {
  for (const char* words : {"rx -wait block", "rx -wait spin", "tx -wait block", "lat -count 1000000"}) {
    const Outcome outcome = run(application("interrupted_bench"), "mixed.pcapng",
                                std::string(words) + " -if 1 -time 1000", "--pace 10kpps");
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_GE(total(outcome)[2], 45'000u) << outcome.out;
    EXPECT_LE(total(outcome)[2], 160'000u) << "a thread that blocks looks up every 10 ms";
    EXPECT_GT(total(outcome)[0], 0u) << words;
  }
}

TEST_F(Xskbench, LatencyHasPercentilesInOrder) {
  for (const char* wait : {"spin", "block"}) {
    const Outcome outcome = bench("lat -queues 2 -count 500 -wait " + std::string(wait));
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_EQ(total(outcome)[0], 500u);
    const auto values =
        numbers(outcome.out,
                "total: latency \\[ns\\]: min ([0-9]+), p50 ([0-9]+), p90 ([0-9]+), p99 ([0-9]+), "
                "p99.9 ([0-9]+), max ([0-9]+)\n");
    ASSERT_EQ(values.size(), 6u) << outcome.out;
    EXPECT_TRUE(std::is_sorted(values.begin(), values.end())) << outcome.out;
    EXPECT_GT(values[0], 0u);
    // One frame at a time: together they take no longer than the run does on each queue.
    EXPECT_LE(values[0] * 500, 2 * total(outcome)[2] * 100);
  }
}

TEST_F(Xskbench, OneFrameAfterTheOtherTakesAsLongAsItSays) {
  const Outcome outcome = bench("lat -count 1");
  const auto values =
      numbers(outcome.out, "total: latency \\[ns\\]: min ([0-9]+), p50 ([0-9]+), .*, max ([0-9]+)\n");
  ASSERT_EQ(values.size(), 3u) << outcome.out << outcome.err;
  EXPECT_EQ(values[0], values[1]);
  EXPECT_EQ(values[0], values[2]);
}

TEST_F(Xskbench, TwoRunsAreEqual) {
  const Outcome outcome = bench("fwd -queues 4 -count 1000 -wait block", "--pace line-rate --twice");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_EQ(folder.stats()["invariants"]["by_id"]["INV-48"]["checked"], 1);
}

// ---- xskmaprx ----

TEST_F(OwnPrograms, XskmaprxCountsPerQueue) {
  const Outcome outcome = run("xskmaprx", "mixed.pcapng", "-if 1 -queues 4 -port 1234");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_NE(outcome.out.find("total: 836 frames, 367944 bytes\n"), std::string::npos) << outcome.out;
  EXPECT_EQ(frames()["to_sockets"], 836);
}

TEST_F(OwnPrograms, XskmaprxHasNoSocketForOtherQueues) {
  const Outcome outcome = run("xskmaprx", "mixed.pcapng", "-if 1 -queues 2");
  EXPECT_NE(outcome.out.find("total: 535 frames, "), std::string::npos) << outcome.out << outcome.err;
  EXPECT_EQ(frames()["to_sockets"], 535);
  EXPECT_EQ(imbalance(folder.stats()), 0);
  EXPECT_EQ(frames()["passed"], 1258) << "what is not UDP";
}

// ---- xsklend ----

// The children are told that they may open nothing, and count every frame with what they are lent.
TEST_F(OwnPrograms, XsklendCountsInRestrictedChildren) {
  const Outcome outcome = run("xsklend", "mixed.pcapng", "-if 1 -queues 4 -port 1234");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
  EXPECT_TRUE(
      begins(outcome,
             "queue 0: 264 frames, 116072 bytes; a socket of the child's own: 0x80070005; exit code 0\n"
             "queue 1: 240 frames, 98232 bytes; a socket of the child's own: 0x80070005; exit code 0\n"
             "queue 2: 170 frames, 73348 bytes; a socket of the child's own: 0x80070005; exit code 0\n"
             "queue 3: 162 frames, 80292 bytes; a socket of the child's own: 0x80070005; exit code 0\n"
             "total: 836 frames, 367944 bytes\n"))
      << outcome.out;
  EXPECT_EQ(frames()["to_sockets"], 836);
  EXPECT_EQ(imbalance(folder.stats()), 0);
  EXPECT_EQ(folder.stats()["invariants"]["violations"], 0);
  const Json programs = folder.stats()["applications"];
  ASSERT_EQ(programs.size(), 5u);
  for (const Json& program : programs) EXPECT_TRUE(program["ended"] && program["status"] == 0) << programs;
}

TEST_F(OwnPrograms, XsklendRunsAreEqual) {
  const Outcome outcome = run("xsklend", "udp-echo.pcapng", "-if 1 -queues 2", "--twice");
  EXPECT_EQ(outcome.status, 0) << outcome.err;
}

// ---- xsksoak ----

TEST_F(OwnPrograms, XsksoakFindsNothing) {
  for (int seed = 1; seed <= 4; ++seed) {
    const Outcome outcome = run("xsksoak", "udp-echo.pcapng",
                                "-if 1 -queues 4 -threads 3 -steps 5000 -seed " + std::to_string(seed),
                                "--pace 100kpps --loop 2");
    EXPECT_EQ(outcome.status, 0) << outcome.err;
    EXPECT_EQ(outcome.err, "");
    EXPECT_TRUE(begins(outcome, "xsksoak: 3 threads, 5000 steps each, seed " + std::to_string(seed) + "\n"));
    EXPECT_EQ(folder.stats()["invariants"]["violations"], 0);
    const auto moved = numbers(outcome.out, "frames: ([0-9]+) received, ([0-9]+) sent, ([0-9]+) completed\n");
    ASSERT_EQ(moved.size(), 3u) << outcome.out;
    EXPECT_GT(moved[0], 0u) << outcome.out;
    EXPECT_GT(moved[2], 0u) << outcome.out;
    EXPECT_GE(moved[1], moved[2]) << outcome.out;
    EXPECT_GE(frames()["to_sockets"], moved[0]);
  }
}

TEST_F(OwnPrograms, XsksoakDoesTheSameAgain) {
  const std::string words = "-if 1 -queues 2 -steps 2000 -seed 5";
  const Outcome first = run("xsksoak", "udp-echo.pcapng", words, "--pace 100kpps");
  const std::string hash = folder.stats()["result_hash"];
  run("xsksoak", "udp-echo.pcapng", words, "--pace 100kpps");
  EXPECT_EQ(folder.stats()["result_hash"], hash);
  run("xsksoak", "udp-echo.pcapng", "-if 1 -queues 2 -steps 2000 -seed 6", "--pace 100kpps");
  EXPECT_NE(folder.stats()["result_hash"], hash);
}

}  // namespace
}  // namespace ringproof::test
