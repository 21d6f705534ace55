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

}  // namespace
}  // namespace ringproof::test
