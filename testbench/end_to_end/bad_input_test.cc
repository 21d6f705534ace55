// Whatever is wrong with the input: one line that names the place, status 2, nothing left behind.

#include <gtest/gtest.h>

#include <fstream>
#include <iterator>

#include "testbench/end_to_end/command.h"

namespace ringproof::test {
namespace {

class BadInput : public testing::Test {
 protected:
  // Refused with one line that holds each of these words.
  void refused(const std::vector<std::string>& words, const std::vector<std::string>& said) {
    const Outcome outcome = ringproof(words);
    EXPECT_EQ(outcome.status, 2) << outcome.err;
    EXPECT_EQ(outcome.out, "");
    EXPECT_EQ(outcome.err.find('\n'), outcome.err.size() - 1) << outcome.err;
    EXPECT_EQ(outcome.err.compare(0, 11, "ringproof: "), 0) << outcome.err;
    for (const std::string& word : said) {
      EXPECT_NE(outcome.err.find(word), std::string::npos) << word << " in: " << outcome.err;
    }
    EXPECT_FALSE(folder_.has("out/stats.json"));
    EXPECT_FALSE(folder_.has("out/tx.pcapng"));
    EXPECT_FALSE(folder_.has("out/tx.pcapng.partial"));
  }
  std::vector<std::string> replay(const std::string& capture, std::vector<std::string> more = {}) {
    std::vector<std::string> words = {"replay", capture, "--app", "xskfwd", "--out", folder_.path("out")};
    words.insert(words.end(), more.begin(), more.end());
    return words;
  }
  Folder folder_;
};

TEST_F(BadInput, Captures) {
  refused(replay(folder_.path("none.pcap")), {"none.pcap"});
  folder_.write("empty.pcap", "");
  refused(replay(folder_.path("empty.pcap")), {"empty.pcap"});
  folder_.write("text.pcap", "this is no capture at all, but long enough to hold a header");
  refused(replay(folder_.path("text.pcap")), {"text.pcap"});
  std::string file("\xd4\xc3\xb2\xa1\x02\x00\x04\x00\0\0\0\0\0\0\0\0\xff\xff\0\0\x65\0\0\0", 24);
  file += std::string("\1\0\0\0\0\0\0\0\4\0\0\0\4\0\0\0", 16) + "abcd";
  folder_.write("raw.pcap", file);
  refused(replay(folder_.path("raw.pcap")), {"raw.pcap", "Ethernet"});
}

TEST_F(BadInput, NicFiles) {
  const auto with = [this](const std::string& text) {
    folder_.write("nic.json", text);
    return replay(trace("dns-ping.pcap"), {"--nic", folder_.path("nic.json")});
  };
  refused(with("{"), {"nic.json", "line 1"});
  refused(with(R"({"schema": "ringproof.nic/2", "ports": [{}]})"), {"nic.json", "/schema"});
  refused(with(R"({"schema": "ringproof.nic/1", "ports": [{"gbps": "fast"}]})"), {"/ports/0/gbps", "fast"});
  refused(with(R"({"schema": "ringproof.nic/1", "ports": [{"rx_queue": 1}]})"),
          {"/ports/0/rx_queue", "rx_queues"});
  refused(with(R"({"schema": "ringproof.nic/1", "ports": [{"rx_queues": 0}]})"), {"/ports/0/rx_queues", "0"});
  refused(with(R"({"schema": "ringproof.nic/1", "ports": []})"), {"/ports"});
}

// As `explore` and `run` refuse them.
TEST_F(BadInput, FaultPlans) {
  const auto with = [this](const std::string& fault) {
    folder_.write("plan.json", R"({"schema": "ringproof.faults/1", "faults": [)" + fault + "]}");
    const std::vector<std::string> words =
        replay(trace("dns-ping.pcap"), {"--faults", folder_.path("plan.json")});
    std::vector<std::string> explored = {"explore", "--engine", "rtl"};
    explored.insert(explored.end(), words.begin() + 1, words.end());
    EXPECT_EQ(ringproof(explored).err, ringproof(words).err);
    return words;
  };
  refused(replay(trace("dns-ping.pcap"), {"--faults", folder_.path("none.json")}),
          {"none.json: expected a fault plan that can be read"});
  refused(with("{"), {"plan.json: line 1, column 46: expected JSON, got: syntax error"});
  refused(with(R"({"id": "F-LNK-99", "trigger": {"rate": 1}})"), {"plan.json: /faults/0/id: expected"});
  refused(with(R"({"id": "F-DSC-05", "trigger": {"rate": 1}})"),
          {"plan.json: /faults/0/id: expected a fault of a run, got F-DSC-05: the hardware rings go by"});
  refused(with(R"({"id": "F-LNK-01", "trigger": {"rate": 1}, "parameters": {"burst_frames": 0}})"),
          {"/faults/0/parameters/burst_frames: expected a whole number from 1 to 1000, got 0"});
  refused(with(R"({"id": "F-LNK-01", "trigger": {"rate": 1}, "parameters": {"bits": 1}})"),
          {"/faults/0/parameters/bits: expected"});
  refused(with(R"({"id": "F-LNK-01", "trigger": {"rate": 1}, "target": {"port": 5}})"),
          {"plan.json: /faults/0/target/port: expected a port from 1 to 1, got 5"});
  refused(replay(trace("dns-ping.pcap"), {"--memory", "weak"}),
          {"--memory: expected sequential, tso or release-acquire"});
}

// Whatever kind of file is asked for: a pipe that nobody writes to, one without an end, a folder, nothing,
// levels without end, a number that is none, a key twice.
TEST_F(BadInput, EveryFileOfJson) {
  ASSERT_EQ(shell("mkfifo '" + folder_.path("fifo") + "'").status, 0);
  folder_.write("empty.json", "");
  folder_.write("deep.json", std::string(100'000, '[') + std::string(100'000, ']'));
  folder_.write("open.json", "{\n\"schema\": ");
  folder_.write("large.json", R"({"a": 1e999})");
  folder_.write("twice.json", R"({"a": {"b": 1, "b": 2}})");
  const auto each_refuses = [this](const std::string& path, const std::string& said) {
    refused(replay(trace("dns-ping.pcap"), {"--nic", path}), {path + ": " + said});
    refused(replay(trace("dns-ping.pcap"), {"--faults", path}), {path + ": " + said});
    refused({"explore", trace("dns-ping.pcap"), "--app", "xskfwd", "--nic", path}, {path + ": " + said});
    refused({"explore", trace("dns-ping.pcap"), "--app", "xskfwd", "--faults", path}, {path + ": " + said});
    refused({"run", path}, {path + ": " + said});
    refused({"replay-failure", path}, {path + ": " + said});
    refused({"shrink", path, "--out", folder_.path("small.json")}, {path + ": " + said});
  };
  each_refuses(folder_.path("fifo"), "expected a ");
  each_refuses("/dev/zero", "expected a ");
  each_refuses(folder_.path(), "expected a ");
  each_refuses(folder_.path("empty.json"), "expected a ");
  each_refuses(folder_.path("deep.json"), "line 1, column 65: expected at most 64 lists and objects");
  each_refuses(folder_.path("open.json"), "line 2, column 11: expected JSON, got: syntax error");
  each_refuses(folder_.path("large.json"), "/a: expected a number between -1.8e308 and 1.8e308, got 1e999");
  each_refuses(folder_.path("twice.json"), "/a/b: expected this key once, got it twice");
  refused({"replay-failure", folder_.path()}, {"expected a failure file, got a directory"});
  refused({"shrink", "/dev/zero", "--out", folder_.path("small.json")},
          {"/dev/zero: expected a failure file, got no regular file"});
  refused(replay(trace("dns-ping.pcap"), {"--faults", folder_.path()}),
          {"expected a fault plan, got a directory"});
}

TEST_F(BadInput, Applications) {
  refused({"replay", trace("dns-ping.pcap"), "--app", "no-such-app", "--out", folder_.path("out")},
          {"application \"no-such-app\": expected the path of a shared object", "xskbench, xskfwd"});
  refused({"replay", trace("dns-ping.pcap"), "--app", "./none.so", "--out", folder_.path("out")},
          {"./none.so: expected a shared object that can be read, got: No such file or directory"});
  refused({"replay", trace("dns-ping.pcap"), "--app", application("no_main"), "--out", folder_.path("out")},
          {"no_main.so", "main"});
  folder_.write("text.so", "not an object");
  refused({"replay", trace("dns-ping.pcap"), "--app", folder_.path("text.so"), "--out", folder_.path("out")},
          {"text.so"});
}

TEST_F(BadInput, Options) {
  refused({"replay"}, {});
  refused({"replay", trace("dns-ping.pcap")}, {"--app"});
  refused(replay(trace("dns-ping.pcap"), {"--engine", "functional"}), {"--engine", "cycle, rtl, "});
  refused(replay(trace("dns-ping.pcap"), {"--engine", "cycle", "--wave", "w.fst"}),
          {"--wave", "such as rtl"});
  refused(replay(trace("dns-ping.pcap"), {"--pace", "quick"}), {"--pace", "quick"});
  refused(replay(trace("dns-ping.pcap"), {"--max-time", "10"}), {"--max-time", "ms"});
  refused(replay(trace("dns-ping.pcap"), {"--loop", "0"}), {"--loop"});
  refused(replay(trace("dns-ping.pcap"), {"--wave", "wave.txt"}), {"--wave", ".fst"});
  refused(replay(trace("dns-ping.pcap"), {"--wave", folder_.path("none/w.fst")}), {"w.fst"});
  folder_.write("file", "");
  refused({"replay", trace("dns-ping.pcap"), "--app", "xskfwd", "--out", folder_.path("file/out")},
          {"file/out"});
}

TEST_F(BadInput, ACutOffCaptureReplaysWhatIsWhole) {
  std::ifstream source(trace("dns-ping.pcap"), std::ios::binary);
  std::string bytes((std::istreambuf_iterator<char>(source)), std::istreambuf_iterator<char>());
  const auto whole = read_packets(trace("dns-ping.pcap")).size();
  folder_.write("cut.pcap", bytes.substr(0, bytes.size() - 3));
  const Outcome outcome = ringproof(replay(folder_.path("cut.pcap")));
  EXPECT_EQ(outcome.status, 1);
  EXPECT_NE(outcome.err.find("cut.pcap"), std::string::npos) << outcome.err;
  EXPECT_NE(outcome.err.find("1 lost"), std::string::npos) << outcome.err;
  const auto stats = nlohmann::json::parse(folder_.read("out/stats.json"));
  EXPECT_EQ(stats["frames"]["wire_in"], whole - 1);
  EXPECT_EQ(imbalance(stats), 0);
}

}  // namespace
}  // namespace ringproof::test
