// A capture goes through the whole stack, and every frame is accounted for.

#include <gtest/gtest.h>

#include <algorithm>
#include <map>

#include "testbench/end_to_end/command.h"

namespace ringproof::test {
namespace {

// Where the UDP header of a frame begins, if it goes to `port` untagged over IPv4 without options or IPv6.
bool goes_to_udp_port(const std::string& frame, unsigned port) {
  const auto byte = [&frame](std::size_t at) { return static_cast<unsigned char>(frame[at]); };
  if (frame.size() < 42) return false;
  const unsigned type = byte(12) * 256u + byte(13);
  std::size_t udp = 0;
  if (type == 0x0800 && byte(14) == 0x45 && byte(23) == 17) udp = 34;
  if (type == 0x86DD && byte(20) == 17) udp = 54;
  return udp != 0 && frame.size() >= udp + 8 && byte(udp + 2) * 256u + byte(udp + 3) == port;
}

std::string with_swapped_macs(const std::string& frame) {
  return frame.substr(6, 6) + frame.substr(0, 6) + frame.substr(12);
}

std::vector<std::string> echo_of(const std::string& capture) {
  std::vector<std::string> frames;
  for (const Packet& packet : read_packets(capture)) {
    if (goes_to_udp_port(packet.bytes, 1234)) frames.push_back(with_swapped_macs(packet.bytes));
  }
  std::sort(frames.begin(), frames.end());
  return frames;
}

std::vector<std::string> sent(const Folder& folder) {
  std::vector<std::string> frames;
  for (const Packet& packet : read_packets(folder.path("tx.pcapng"))) frames.push_back(packet.bytes);
  std::sort(frames.begin(), frames.end());
  return frames;
}

TEST(Replay, EchoesEveryFrameToThePortWithSwappedAddresses) {
  const Folder folder;
  const Outcome run = ringproof({"replay", trace("mixed.pcapng"), "--app", "xskfwd", "--seed", "1", "--out",
                                 folder.path(), "--", "1", "4"});
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_EQ(run.err, "");
  const std::vector<std::string> expected = echo_of(trace("mixed.pcapng"));
  EXPECT_GT(expected.size(), 100u);
  EXPECT_EQ(sent(folder), expected);
  const nlohmann::json stats = folder.stats();
  EXPECT_EQ(stats["frames"]["wire_in"], read_packets(trace("mixed.pcapng")).size());
  EXPECT_EQ(stats["frames"]["to_sockets"], expected.size());
  EXPECT_EQ(stats["frames"]["wire_out"], expected.size());
  EXPECT_EQ(imbalance(stats), 0);
  EXPECT_EQ(stats["invariants"]["violations"], 0);
}

// The rule matches whatever lies on the port, as the echo program's does; nobody copies a frame.
TEST(Replay, AnInterfaceSendsFramesBackByItself) {
  const std::vector<std::string> expected = echo_of(trace("mixed.pcapng"));
  const Folder folder;
  const Outcome run =
      ringproof({"replay", trace("mixed.pcapng"), "--app", application("forwards"), "--out", folder.path()});
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_EQ(sent(folder), expected);
  const nlohmann::json stats = folder.stats();
  EXPECT_EQ(stats["frames"]["forwarded"], expected.size());
  EXPECT_EQ(stats["frames"]["to_sockets"], 0);
  EXPECT_EQ(imbalance(stats), 0);
  EXPECT_EQ(stats["invariants"]["violations"], 0);
}

// One rule for all queues, and a map that knows the socket of each.
TEST(Replay, AMapSplitsTheTrafficOverTheQueues) {
  const Folder folder;
  const Outcome run = ringproof({"replay", trace("mixed.pcapng"), "--app", "xskmaprx", "--out", folder.path(),
                                 "--", "-if", "1", "-queues", "4"});
  EXPECT_EQ(run.status, 0) << run.err;
  std::size_t frames = 0;
  for (std::size_t at = 0; (at = run.out.find("queue ", at)) != std::string::npos; at += 6) {
    const std::size_t colon = run.out.find(": ", at);
    if (colon != at + 7) continue;  // further below, the table of the NIC's queues
    const std::size_t taken = std::stoul(run.out.substr(colon + 2));
    EXPECT_GT(taken, 0u) << run.out.substr(at, 8);
    frames += taken;
  }
  const nlohmann::json stats = folder.stats();
  EXPECT_EQ(frames, 900u);  // UDP, untagged, headers in one piece
  EXPECT_EQ(stats["frames"]["to_sockets"], frames);
  EXPECT_EQ(imbalance(stats), 0);
  EXPECT_EQ(stats["invariants"]["violations"], 0);
}

TEST(Replay, BalancesTheBooksOfEveryBundledCapture) {
  for (const char* name : {"http.pcapng", "dns-ping.pcap", "udp-echo.pcapng", "ipv6-vlan.pcapng"}) {
    const Folder folder;
    const Outcome run =
        ringproof({"replay", trace(name), "--app", "xskfwd", "--out", folder.path(), "--", "1", "4"});
    EXPECT_EQ(run.status, 0) << name << run.err;
    EXPECT_EQ(imbalance(folder.stats()), 0) << name;
    EXPECT_EQ(sent(folder), echo_of(trace(name))) << name;
  }
}

// stats.json without the one value that may differ, and the bytes of what was sent.
std::pair<nlohmann::json, std::string> all_of(const Folder& folder) {
  nlohmann::json stats = folder.stats();
  stats.erase("wall_s");
  return {stats, folder.read("tx.pcapng")};
}

TEST(Replay, GivesTheSameRunForTheSameSeed) {
  const Folder first;
  const Folder second;
  for (const Folder* folder : {&first, &second}) {
    EXPECT_EQ(ringproof({"replay", trace("udp-echo.pcapng"), "--app", "xskfwd", "--seed", "7", "--out",
                         folder->path(), "--", "1", "4"})
                  .status,
              0);
  }
  EXPECT_EQ(all_of(first), all_of(second));
}

TEST(Replay, RunningTwiceChecksDeterminism) {
  const Folder folder;
  const Outcome run = ringproof({"replay", trace("dns-ping.pcap"), "--app", application("drops_all"),
                                 "--twice", "--out", folder.path()});
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_EQ(folder.stats()["invariants"]["by_id"]["INV-48"]["checked"], 1);
  EXPECT_EQ(folder.stats()["invariants"]["by_id"]["INV-48"]["violations"], 0);
}

TEST(Replay, RunningTwiceFindsAnApplicationThatReadsTheRealWorld) {
  const Outcome run =
      ringproof({"replay", trace("dns-ping.pcap"), "--app", application("reads_pid"), "--twice"});
  EXPECT_EQ(run.status, 1);
  EXPECT_NE(run.err.find("INV-48"), std::string::npos) << run.err;
}

TEST(Replay, DoesNotDependOnAddressesOrTheEnvironment) {
  const Folder first;
  const Folder second;
  const std::string line = "'" RINGPROOF_BINARY_DIR "/ringproof' replay '" + trace("udp-echo.pcapng") +
                           "' --app xskfwd --seed 3 --out ";
  EXPECT_EQ(shell("setarch -R " + line + first.path()).status, 0);
  EXPECT_EQ(shell("LONG=" + std::string(5000, 'x') + " " + line + second.path()).status, 0);
  EXPECT_EQ(all_of(first), all_of(second));
}

TEST(Replay, ASeedChangesTheTimingAndNothingElse) {
  const Folder first;
  const Folder second;
  ringproof({"replay", trace("udp-echo.pcapng"), "--app", "xskfwd", "--seed", "1", "--out", first.path()});
  ringproof({"replay", trace("udp-echo.pcapng"), "--app", "xskfwd", "--seed", "2", "--out", second.path()});
  EXPECT_NE(first.stats()["result_hash"], second.stats()["result_hash"]);
  EXPECT_EQ(first.stats()["frames"]["wire_in"], second.stats()["frames"]["wire_in"]);
}

TEST(Replay, AWaveformDoesNotChangeTheRun) {
  const Folder plain;
  const Folder fst;
  const Folder vcd;
  const std::vector<std::string> words = {"replay",   trace("dns-ping.pcap"), "--app", "xskfwd", "--pace",
                                          "line-rate"};
  const auto with = [&words](std::vector<std::string> more) {
    more.insert(more.begin(), words.begin(), words.end());
    return ringproof(more).status;
  };
  EXPECT_EQ(with({"--out", plain.path()}), 0);
  EXPECT_EQ(with({"--out", fst.path(), "--wave", fst.path("w.fst")}), 0);
  EXPECT_EQ(with({"--out", vcd.path(), "--wave", vcd.path("w.vcd")}), 0);
  EXPECT_EQ(all_of(plain), all_of(fst));
  EXPECT_EQ(all_of(plain), all_of(vcd));
  EXPECT_GT(fst.read("w.fst").size(), 1000u);
  EXPECT_NE(vcd.read("w.vcd").find("$enddefinitions"), std::string::npos);
}

TEST(Replay, StopsAnEndlessApplicationAtMaxTime) {
  const Folder folder;
  const Outcome run = ringproof(
      {"replay", trace("mixed.pcapng"), "--app", "xskfwd", "--max-time", "200ms", "--out", folder.path()});
  EXPECT_EQ(run.status, 0) << run.err;
  const nlohmann::json stats = folder.stats();
  EXPECT_EQ(stats["end"]["reason"], "max-time");
  EXPECT_GE(stats["sim"]["ns"], 200'000'000);
  EXPECT_LT(stats["sim"]["ns"], 201'000'000);
  EXPECT_GT(stats["frames"]["wire_in"], 0);
  EXPECT_LT(stats["frames"]["wire_in"], read_packets(trace("mixed.pcapng")).size());
  EXPECT_EQ(imbalance(stats), 0);
}

TEST(Replay, LineRateWithOneQueueLosesFramesOnlyByNamedReasons) {
  const Folder folder;
  folder.write("nic.json", R"({"schema": "ringproof.nic/1",
      "ports": [{"name": "port1", "gbps": 25, "rx_queues": 1, "tx_queues": 1, "rx_ring_entries": 16}]})");
  const Outcome run =
      ringproof({"replay", trace("mixed.pcapng"), "--app", "xskfwd", "--nic", folder.path("nic.json"),
                 "--pace", "line-rate", "--loop", "2", "--out", folder.path()});
  EXPECT_EQ(run.status, 0) << run.err;
  const nlohmann::json stats = folder.stats();
  EXPECT_EQ(stats["frames"]["wire_in"], 2 * read_packets(trace("mixed.pcapng")).size());
  EXPECT_FALSE(stats["frames"]["dropped"].empty());
  EXPECT_EQ(imbalance(stats), 0);
}

TEST(Replay, QueuesThatWaitForMoreAreSlowerAndLoseNothing) {
  const Folder folder;
  folder.write("paced.json", R"({"schema": "ringproof.nic/1",
      "ports": [{"name": "port1", "coalesce_ns": 20000, "coalesce_frames": 64, "moderation_ns": 10000}]})");
  const auto replay = [&](std::vector<std::string> more) {
    std::vector<std::string> arguments = {
        "replay", trace("mixed.pcapng"), "--app", "xskfwd", "--engine", "cycle", "--out", folder.path()};
    arguments.insert(arguments.end(), more.begin(), more.end());
    arguments.insert(arguments.end(), {"--", "1", "4"});
    EXPECT_EQ(ringproof(arguments).status, 0);
    const nlohmann::json stats = folder.stats();
    EXPECT_EQ(stats["invariants"]["violations"], 0);
    EXPECT_EQ(imbalance(stats), 0);
    EXPECT_EQ(sent(folder), echo_of(trace("mixed.pcapng")));
    return stats["latency_ns"]["p50"].get<double>();
  };
  const double at_once = replay({});
  const double paced = replay({"--nic", folder.path("paced.json")});
  // Frames are far apart: each waits its 20 us for more, and 10 us for the interrupt.
  EXPECT_GE(paced - at_once, 29'000);
  EXPECT_LE(paced - at_once, 32'000);
}

// The device takes every frame to send from the rings by itself, and nobody sees a difference.
TEST(Replay, ZeroCopyQueuesSendTheSame) {
  const Folder folder;
  const auto replay = [&](const char* engine, const char* zero_copy) {
    folder.write("nic.json",
                 std::string(R"({"schema": "ringproof.nic/1", "ports": [{"name": "port1", "zero_copy": )") +
                     zero_copy + "}]}");
    const Outcome run = ringproof({"replay", trace("mixed.pcapng"), "--app", "xskfwd", "--engine", engine,
                                   "--nic", folder.path("nic.json"), "--out", folder.path(), "--", "1", "4"});
    EXPECT_EQ(run.status, 0) << run.err;
    EXPECT_EQ(sent(folder), echo_of(trace("mixed.pcapng"))) << engine;
    const nlohmann::json stats = folder.stats();
    EXPECT_EQ(stats["invariants"]["violations"], 0) << engine;
    EXPECT_EQ(imbalance(stats), 0);
    for (const nlohmann::json& queue : stats["queues"]) {
      // Its rules choose among received frames, which is the platform's work.
      const bool by_device = std::string(zero_copy) == "true" && queue["direction"] == "tx";
      EXPECT_EQ(queue["zero_copy"].get<int>(), by_device ? queue["frames"].get<int>() : 0) << queue;
    }
    return stats["result_hash"];
  };
  EXPECT_NE(replay("cycle", "false"), replay("cycle", "true"));
  EXPECT_EQ(replay("cycle", "true"), replay("rtl", "true"));
}

TEST(Replay, ReplaysACaptureMadeElsewhere) {
  // A capture with frames that our own do not have: tiny, unknown type, LLC, jumbo.
  const Folder folder;
  std::string file("\xd4\xc3\xb2\xa1\x02\x00\x04\x00\0\0\0\0\0\0\0\0\xff\xff\0\0\x01\0\0\0", 24);
  const auto add = [&file](const std::string& frame, unsigned char second) {
    const auto word = [&file](std::uint32_t value) { file.append(reinterpret_cast<const char*>(&value), 4); };
    word(second);
    word(0);
    word(static_cast<std::uint32_t>(frame.size()));
    word(static_cast<std::uint32_t>(frame.size()));
    file += frame;
  };
  add(std::string(14, '\x11'), 9);
  add(std::string(12, '\x22') + std::string("\x88\xcc", 2) + std::string(50, 'l'), 1);  // time goes back
  add(std::string(12, '\x33') + std::string("\0\x26", 2) + std::string(46, 'q'), 2);
  add(std::string(9000, '\x44'), 3);
  add(std::string(1, '\x55'), 4);
  folder.write("foreign.pcap", file);
  const Outcome run =
      ringproof({"replay", folder.path("foreign.pcap"), "--app", "xskfwd", "--out", folder.path()});
  EXPECT_EQ(run.status, 0) << run.err;
  const nlohmann::json stats = folder.stats();
  EXPECT_EQ(stats["frames"]["wire_in"], 5);
  EXPECT_EQ(stats["frames"]["passed"], 4);
  EXPECT_EQ(stats["frames"]["dropped"]["oversize"], 1);
  EXPECT_EQ(imbalance(stats), 0);
}

TEST(Replay, RecordsWhatTheHostsOwnStackReceives) {
  const Folder folder;
  const Outcome run = ringproof({"replay", trace("mixed.pcapng"), "--app", "xskfwd", "--record-stack",
                                 "--out", folder.path(), "--", "1", "4"});
  EXPECT_EQ(run.status, 0) << run.err;
  std::vector<std::string> passed;
  for (const Packet& packet : read_packets(trace("mixed.pcapng"))) {
    if (!goes_to_udp_port(packet.bytes, 1234)) passed.push_back(packet.bytes);
  }
  std::vector<std::string> recorded;
  for (const Packet& packet : read_packets(folder.path("stack.pcapng"))) recorded.push_back(packet.bytes);
  EXPECT_EQ(folder.stats()["frames"]["passed"], recorded.size());
  std::sort(passed.begin(), passed.end());  // queues come to their turns in another order
  std::sort(recorded.begin(), recorded.end());
  EXPECT_EQ(recorded, passed);
}

TEST(Replay, TwoPortsEachHaveTheirInterface) {
  const Folder folder;
  folder.write("nic.json", R"({"schema": "ringproof.nic/1", "ports": [{"name": "a"}, {"name": "b"}]})");
  const Outcome run = ringproof({"replay", trace("udp-echo.pcapng"), "--app", "xskfwd", "--nic",
                                 folder.path("nic.json"), "--out", folder.path(), "--", "1", "4"});
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_EQ(sent(folder), echo_of(trace("udp-echo.pcapng")));
}

// What a NIC file says of the platform holds for the run: the echo is the same through the software path, in
// strict mode, and with frames that come in pieces.
TEST(Replay, EveryKindOfInterfaceEchoesTheSame) {
  for (const char* nic :
       {R"({"schema": "ringproof.nic/1", "strict": true, "ports": [{"modes": ["generic"]}]})",
        R"({"schema": "ringproof.nic/1", "ports": [{"modes": ["native"], "rx_fragment_bytes": 64}]})",
        R"({"schema": "ringproof.nic/1", "ports": [{"offloads": [], "polling": true}]})"}) {
    SCOPED_TRACE(nic);
    const Folder folder;
    folder.write("nic.json", nic);
    const Outcome run = ringproof({"replay", trace("udp-echo.pcapng"), "--app", "xskfwd", "--nic",
                                   folder.path("nic.json"), "--out", folder.path(), "--", "1", "4"});
    EXPECT_EQ(run.status, 0) << run.err;
    EXPECT_EQ(sent(folder), echo_of(trace("udp-echo.pcapng")));
    EXPECT_EQ(imbalance(folder.stats()), 0);
  }
}

// The plan of all tests below: a fault of this id, with these keys beside it.
void write_plan(const Folder& folder, const nlohmann::json& fault) {
  folder.write("plan.json", nlohmann::json{{"schema", "ringproof.faults/1"}, {"faults", {fault}}}.dump());
}

std::vector<std::string> faulty_replay(const Folder& folder, std::vector<std::string> more = {}) {
  std::vector<std::string> words = {"replay",   trace("udp-echo.pcapng"), "--app", "xskfwd",
                                    "--faults", folder.path("plan.json"), "--out", folder.path()};
  words.insert(words.end(), more.begin(), more.end());
  words.insert(words.end(), {"--", "1", "4"});
  return words;
}

// Frames that the fault takes are counted where the line loses them, and nowhere else, on both engines.
TEST(Replay, AFaultStrikesAsOftenAsItsCountersSay) {
  const Folder folder;
  write_plan(folder, {{"id", "F-LNK-01"}, {"trigger", {{"rate", 0.05}}}});
  std::vector<std::pair<nlohmann::json, std::string>> results;
  for (const char* engine : {"cycle", "rtl"}) {
    const Outcome run = ringproof(faulty_replay(folder, {"--engine", engine, "--twice"}));
    EXPECT_EQ(run.status, 0) << run.err;
    const nlohmann::json stats = folder.stats();
    const int struck = stats["faults"]["F-LNK-01"];
    EXPECT_GT(struck, 50);
    EXPECT_EQ(stats["frames"]["dropped"]["line_lost"], struck);
    EXPECT_LT(sent(folder).size(), echo_of(trace("udp-echo.pcapng")).size());
    EXPECT_EQ(imbalance(stats), 0);
    EXPECT_EQ(stats["invariants"]["violations"], 0);
    EXPECT_EQ(stats["invariants"]["by_id"]["INV-48"]["checked"], 1);
    EXPECT_NE(run.out.find("faults      F-LNK-01 " + std::to_string(struck) + " times"), std::string::npos)
        << run.out;
    results.push_back(all_of(folder));
    EXPECT_EQ(results.back().first["engine"], engine);
    results.back().first.erase("engine");
  }
  EXPECT_EQ(results[0], results[1]);
  EXPECT_EQ(ringproof(faulty_replay(folder, {"--engine", "rtl"})).status, 0);
  EXPECT_EQ(all_of(folder).second, results[1].second) << "the same seed, other strikes";
  EXPECT_EQ(ringproof(faulty_replay(folder, {"--engine", "rtl", "--seed", "2"})).status, 0);
  EXPECT_NE(all_of(folder).second, results[1].second) << "another seed, the same strikes";
}

// An index that is moved behind the back of the program breaks INV-03 at its ring, if nobody excuses it.
TEST(Replay, InvariantsThatAFaultBreaksAreExcused) {
  const Folder folder;
  write_plan(folder, {{"id", "F-APP-01"},
                      {"trigger", {{"event", "delivered"}, {"nth", 50}}},
                      {"target", {{"ring", "TX"}}},
                      {"parameters", {{"kind", "backward"}, {"delta", 3}}}});
  const Outcome run = ringproof(faulty_replay(folder, {"--engine", "cycle"}));
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_EQ(folder.stats()["faults"], (nlohmann::json{{"F-APP-01", 1}}));
  EXPECT_EQ(folder.stats()["invariants"]["violations"], 0);
}

// A call that fails by a fault of class T3 may make the program give up.
TEST(Replay, AProgramMayGiveUpAfterAFaultThatLetsItsCallsFail) {
  const Folder folder;
  write_plan(folder, {{"id", "F-ALC-01"},
                      {"trigger", {{"event", "opportunity"}, {"nth", 1}}},
                      {"parameters", {{"kind", "umem"}}}});
  const Outcome run = ringproof(faulty_replay(folder, {"--engine", "cycle"}));
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_NE(run.err.find("XSK_SOCKOPT_UMEM_REG on queue 0 failed"), std::string::npos) << run.err;
  EXPECT_EQ(folder.stats()["end"]["application_status"], 1);
}

TEST(Replay, AFaultThatNeverStruckIsNamed) {
  const Folder folder;
  write_plan(folder, {{"id", "F-LNK-05"}, {"trigger", {{"time_ns", 4'000'000'000}}}});
  const Outcome run = ringproof(faulty_replay(folder, {"--engine", "cycle"}));
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_EQ(folder.stats()["faults"], (nlohmann::json{{"F-LNK-05", 0}}));
  EXPECT_NE(run.out.find("faults      F-LNK-05 never"), std::string::npos) << run.out;
  EXPECT_EQ(sent(folder), echo_of(trace("udp-echo.pcapng")));
}

// One bit of one frame is no reason to end a run before its traffic.
TEST(Replay, SpoiltMemoryLetsTheTrafficComeToItsEnd) {
  const Folder folder;
  write_plan(folder, {{"id", "F-MEM-03"},
                      {"trigger", {{"event", "delivered"}, {"nth", 50}}},
                      {"parameters", {{"kind", "umem"}}}});
  const Outcome run = ringproof(faulty_replay(folder, {"--engine", "cycle"}));
  EXPECT_EQ(run.status, 0) << run.err;
  EXPECT_EQ(folder.stats()["faults"]["F-MEM-03"], 1);
  EXPECT_EQ(folder.stats()["end"]["reason"], "quiet");
  EXPECT_EQ(folder.stats()["frames"]["wire_in"], 2458);
}

TEST(Replay, ASeedDrawsItsFaults) {
  const auto swarm = [](const Folder& folder, const char* seed) {
    const Outcome run = ringproof({"replay", trace("udp-echo.pcapng"), "--app", "xskfwd", "--engine", "cycle",
                                   "--faults", "swarm", "--seed", seed, "--pace", "1Mpps", "--twice", "--out",
                                   folder.path(), "--", "1", "4"});
    EXPECT_EQ(run.status, 0) << run.err;
    EXPECT_EQ(folder.stats()["invariants"]["by_id"]["INV-48"]["checked"], 1);
    return folder.stats()["faults"];
  };
  const Folder folder;
  const nlohmann::json of_17 = swarm(folder, "17");
  EXPECT_GT(of_17["F-IRQ-01"], 10) << of_17;
  EXPECT_NE(of_17, swarm(folder, "15"));
}

// No fence between publishing and asking for NEED_POKE: right on the machine that processors seem to be, and
// in each seed the correct twin is right on any.
TEST(Replay, WeakMemoryShowsAMissingFence) {
  const auto replay = [](const char* app, const std::string& memory, int seed) {
    return ringproof({"replay", trace("udp-echo.pcapng"), "--app", application(app), "--engine", "cycle",
                      "--memory", memory, "--pace", "1Mpps", "--seed", std::to_string(seed), "--twice"});
  };
  for (const std::string memory : {"sequential", "tso", "release-acquire"}) {
    int broken = 0;
    for (int seed = 1; seed <= 4; ++seed) {
      const Outcome wrong = replay("no_fence_wrong", memory, seed);
      if (wrong.err.find("INV-33 no lost poke, application") != std::string::npos) ++broken;
      EXPECT_EQ(wrong.err.find("INV-48"), std::string::npos) << wrong.err;
      EXPECT_EQ(replay("no_fence_right", memory, seed).err, "") << memory << seed;
    }
    EXPECT_EQ(broken > 0, memory != "sequential") << memory;
  }
}

// One seed, one run, whichever of the two commands makes it.
TEST(Replay, IsTheRunOfAScenarioFileAlsoUnderWeakMemory) {
  const Folder replayed;
  const Folder run;
  run.write("it.scenario.json",
            nlohmann::json{{"schema", "ringproof.scenario/1"},
                           {"engine", "cycle"},
                           {"nic", {{"schema", "ringproof.nic/1"}, {"ports", {nlohmann::json::object()}}}},
                           {"traffic", {{"capture", trace("udp-echo.pcapng")}, {"pace", "1Mpps"}}},
                           {"applications", {{{"app", "xskfwd"}, {"arguments", {"1", "4"}}}}}}
                .dump());
  std::vector<nlohmann::json> hashes;
  for (const char* memory : {"sequential", "tso", "release-acquire"}) {
    EXPECT_EQ(ringproof({"replay", trace("udp-echo.pcapng"), "--app", "xskfwd", "--engine", "cycle", "--pace",
                         "1Mpps", "--memory", memory, "--out", replayed.path(), "--", "1", "4"})
                  .status,
              0);
    EXPECT_EQ(
        ringproof({"run", run.path("it.scenario.json"), "--memory", memory, "--out", run.path()}).status, 0);
    EXPECT_EQ(replayed.stats()["result_hash"], run.stats()["result_hash"]) << memory;
    hashes.push_back(run.stats()["result_hash"]);
  }
  EXPECT_NE(hashes[0], hashes[1]);
  EXPECT_NE(hashes[1], hashes[2]);
}

}  // namespace
}  // namespace ringproof::test
