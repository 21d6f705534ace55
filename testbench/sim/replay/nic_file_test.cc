// NIC files: defaults, every key, and the one line that refuses each kind of mistake.

#include "sim/replay/nic_file.h"

#include <gtest/gtest.h>

#include <fstream>
#include <nlohmann/json.hpp>

#include "sim/replay/input_error.h"
#include "testbench/sim/folder.h"

namespace ringproof {
namespace {

// rx_checksum, tx_checksum, rx_timestamp, tx_timestamp
std::string offloads_of(const nic::NicConfig& port) {
  std::string text;
  for (const bool on : {port.offloads.rx_checksum, port.offloads.tx_checksum, port.offloads.rx_timestamp,
                        port.offloads.tx_timestamp}) {
    text += on ? '1' : '0';
  }
  return text;
}

class NicFileTest : public testing::Test {
 protected:
  NicFile read_file(const std::string& text) { return read_nic_file(folder_.write("nic.json", text)); }
  std::vector<nic::NicConfig> read(const std::string& text) { return read_file(text).configs(); }
  std::vector<nic::NicConfig> read_ports(const std::string& ports) {
    return read(R"({"schema": "ringproof.nic/1", "ports": )" + ports + "}");
  }
  // The line that refuses the file, behind its name.
  std::string refused(const std::string& text) { return refused_file(folder_.write("nic.json", text)); }
  std::string refused_file(const std::string& path) {
    try {
      read_nic_file(path);
    } catch (const InputError& error) {
      const std::string line = error.what();
      EXPECT_EQ(line.find('\n'), std::string::npos) << line;
      EXPECT_EQ(line.compare(0, path.size() + 2, path + ": "), 0) << line;
      return line.substr(std::min(line.size(), path.size() + 2));
    }
    return "accepted";
  }
  std::string refused_ports(const std::string& ports) {
    return refused(R"({"schema": "ringproof.nic/1", "ports": )" + ports + "}");
  }
  std::string refused_key(const std::string& key, const std::string& value) {
    return refused_ports("[{\"" + key + "\": " + value + "}]");
  }
  test::Folder folder_;
};

TEST_F(NicFileTest, EveryKeyHasADefault) {
  const std::vector<nic::NicConfig> ports = read_ports("[{}, {}]");
  ASSERT_EQ(ports.size(), 2u);
  EXPECT_EQ(ports[0].name, "port1");
  EXPECT_EQ(ports[1].name, "port2");
  const nic::NicConfig expected;
  EXPECT_EQ(ports[0].gbps, expected.gbps);
  EXPECT_EQ(ports[0].rx_queues, expected.rx_queues);
  EXPECT_EQ(ports[0].rx_fifo_bytes, expected.rx_fifo_bytes);
  EXPECT_EQ(ports[0].rss_key, expected.rss_key);
  EXPECT_EQ(offloads_of(ports[0]), "1111");
  EXPECT_EQ(ports[0].rx_fragment_bytes, 0u);
  EXPECT_FALSE(ports[0].zero_copy);
  EXPECT_EQ(ports[0].coalesce.ns, 0u);
  EXPECT_EQ(ports[0].moderation.ns, 0u);
}

TEST_F(NicFileTest, ReadsEveryKey) {
  const nic::NicConfig port =
      read_ports(R"([{"name": "up-link_0.1", "gbps": 0.5, "rx_queues": 1, "tx_queues": 16,
        "rx_ring_entries": 8, "tx_ring_entries": 8192, "clock_mhz": 500, "data_bits": 512, "mtu": 9000,
        "rx_fifo_bytes": 65536, "dma_read_latency_ns": 1, "dma_write_latency_ns": 2, "dma_jitter_ns": 0,
        "dma_reorder_reads": true, "dma_stall_percent": 90, "register_latency_ns": 10, "interrupt_latency_ns": 50,
        "interrupt_gap_ns": 0, "rss_key": "0123456789abcdefABCDEF00000000000000000000000000000000000000000000000000000000ff",
        "offloads": ["tx_timestamp", "rx_checksum"], "rx_fragment_bytes": 2048, "zero_copy": true,
        "coalesce_ns": 131070, "coalesce_frames": 255, "moderation_ns": 3, "moderation_frames": 7
      }])")
          .at(0);
  EXPECT_EQ(port.name, "up-link_0.1");
  EXPECT_EQ(port.gbps, 0.5);
  EXPECT_EQ(port.rx_queues, 1u);
  EXPECT_EQ(port.tx_queues, 16u);
  EXPECT_EQ(port.rx_ring_entries, 8u);
  EXPECT_EQ(port.tx_ring_entries, 8192u);
  EXPECT_EQ(port.clock_mhz, 500u);
  EXPECT_EQ(port.mtu, 9000u);
  EXPECT_EQ(port.rx_fifo_bytes, 65536u);
  EXPECT_EQ(port.dma_read_latency_ns, 1u);
  EXPECT_EQ(port.dma_write_latency_ns, 2u);
  EXPECT_EQ(port.dma_jitter_ns, 0u);
  EXPECT_TRUE(port.dma_reorder_reads);
  EXPECT_EQ(port.dma_stall_percent, 90u);
  EXPECT_EQ(port.register_latency_ns, 10u);
  EXPECT_EQ(port.interrupt_latency_ns, 50u);
  EXPECT_EQ(port.interrupt_gap_ns, 0u);
  EXPECT_EQ(port.coalesce.ns, 131070u);
  EXPECT_EQ(port.coalesce.frames, 255u);
  EXPECT_EQ(port.moderation.ns, 3u);
  EXPECT_EQ(port.moderation.frames, 7u);
  EXPECT_EQ(port.rss_key[0], 0x01);
  EXPECT_EQ(port.rss_key[10], 0xEF);
  EXPECT_EQ(port.rss_key[8], 0xAB);
  EXPECT_EQ(port.rss_key[39], 0xFF);
  EXPECT_EQ(offloads_of(port), "1001");
  EXPECT_EQ(port.rx_fragment_bytes, 2048u);
  EXPECT_TRUE(port.zero_copy);
}

TEST_F(NicFileTest, RefusesValuesOutOfRange) {
  const struct {
    const char* key;
    const char* expected;
    std::vector<const char*> values;
  } cases[] = {
      {"gbps", "a number from 0.01 to 400", {"\"fast\"", "0", "-1", "400.5", "null", "true", "[]"}},
      {"rx_queues", "a whole number from 1 to 16", {"0", "17", "-1", "1.5", "4.0", "\"4\"", "1e30"}},
      {"tx_queues", "a whole number from 1 to 16", {"0", "17", "4294967297"}},
      {"rx_ring_entries", "a power of two from 8 to 8192", {"0", "4", "100", "16384", "\"8\""}},
      {"tx_ring_entries", "a power of two from 8 to 8192", {"0", "9"}},
      {"clock_mhz",
       "a whole number from 10 to 1000 that divides 1000000 (such as 100, 125, 200, 250, 400 or 500)",
       {"0", "8", "300", "250.0", "2000", "\"250\""}},
      {"data_bits", "512", {"256", "\"512\"", "0"}},
      {"mtu", "a whole number from 68 to 9216", {"67", "9217", "{}"}},
      {"rx_fifo_bytes", "a whole number from 2048 to 16777216", {"2047", "16777217"}},
      {"dma_read_latency_ns", "a whole number from 1 to 100000", {"0", "100001"}},
      {"dma_write_latency_ns", "a whole number from 1 to 100000", {"0", "100001"}},
      {"dma_jitter_ns", "a whole number from 0 to 100000", {"-1", "100001"}},
      {"dma_stall_percent", "a whole number from 0 to 90", {"-1", "91", "2.5"}},
      {"register_latency_ns", "a whole number from 10 to 100000", {"9", "100001"}},
      {"interrupt_latency_ns", "a whole number from 50 to 1000000", {"49", "1000001"}},
      {"interrupt_gap_ns", "a whole number from 0 to 10000000", {"-1", "10000001"}},
      {"coalesce_ns", "a whole number from 0 to 262140", {"-1", "262141"}},
      {"coalesce_frames", "a whole number from 0 to 255", {"-1", "256"}},
      {"moderation_ns", "a whole number from 0 to 262140", {"262141"}},
      {"moderation_frames", "a whole number from 0 to 255", {"256"}},
      {"rx_fragment_bytes", "0 or a whole number from 64 to 9216", {"63", "1", "9217", "-1", "64.5", "[]"}},
      {"offloads",
       "a list of rx_checksum, tx_checksum, rx_timestamp, tx_timestamp",
       {"\"rx_checksum\"", "true", "{}", "null"}},
      {"name", "1 to 32 letters, digits, '_', '.' or '-'", {"\"\"", "\"a b\"", "7", "\"a/b\""}},
  };
  for (const auto& one : cases) {
    for (const std::string value : one.values) {
      const std::string shown = value == "1e30" ? "1e+30" : value;
      EXPECT_EQ(refused_key(one.key, value),
                std::string("/ports/0/") + one.key + ": expected " + one.expected + ", got " + shown);
    }
  }
  EXPECT_EQ(refused_key("name", '"' + std::string(33, 'n') + '"').find("/ports/0/name: expected 1 to 32 "),
            0u);
}

TEST_F(NicFileTest, RefusesAReceiveBufferThatHoldsNoFrame) {
  EXPECT_EQ(refused_ports(R"([{"mtu": 9000, "rx_fifo_bytes": 4096}])"),
            "/ports/0/rx_fifo_bytes: expected room for a frame of mtu + 18 = 9018 bytes, got 4096");
}

TEST_F(NicFileTest, RefusesHashKeys) {
  EXPECT_EQ(refused_key("rss_key", "\"6d5a\""),
            "/ports/0/rss_key: expected 80 hexadecimal digits, got \"6d5a\" (4 characters)");
  EXPECT_EQ(refused_key("rss_key", "12"), "/ports/0/rss_key: expected 80 hexadecimal digits, got 12");
  EXPECT_EQ(refused_key("rss_key", '"' + std::string(79, '0') + "g\""),
            "/ports/0/rss_key: expected 80 hexadecimal digits, got \"" + std::string(59, '0') +
                "... (80 characters)");
}

TEST_F(NicFileTest, AListOfOffloadsIsTheWholeList) {
  EXPECT_EQ(offloads_of(read_ports(R"([{"offloads": []}])").at(0)), "0000");
  EXPECT_EQ(offloads_of(read_ports(R"([{"offloads": ["rx_timestamp", "tx_checksum"]}])").at(0)), "0110");
}

TEST_F(NicFileTest, RefusesUnknownOffloadsAndThoseGivenTwice) {
  const std::string words = "expected rx_checksum, tx_checksum, rx_timestamp, tx_timestamp, got ";
  EXPECT_EQ(refused_key("offloads", R"(["rx_checksum", "rx_checksums"])"),
            "/ports/0/offloads/1: " + words + "\"rx_checksums\" (did you mean rx_checksum?)");
  EXPECT_EQ(refused_key("offloads", R"(["lso"])"), "/ports/0/offloads/0: " + words + "\"lso\"");
  EXPECT_EQ(refused_key("offloads", "[1]"), "/ports/0/offloads/0: " + words + "1");
  EXPECT_EQ(refused_key("offloads", R"(["tx_checksum", "rx_checksum", "tx_checksum"])"),
            "/ports/0/offloads/2: expected every word once, got \"tx_checksum\"");
}

TEST_F(NicFileTest, InspectorQuirksAreOnUnlessAListLeavesThemOut) {
  const NicFile file = read_file(
      R"({"schema": "ringproof.nic/1", "ports": [{"inspector_quirks": ["icmp_any_protocol"]}, {}]})");
  ASSERT_EQ(file.ports.size(), 2u);
  EXPECT_EQ(file.ports[1].interfaces.quirks, InspectorQuirks());
  const InspectorQuirks& one = file.ports[0].interfaces.quirks;
  EXPECT_FALSE(one.tcp_short_offset);
  EXPECT_TRUE(one.icmp_any_protocol);
  EXPECT_FALSE(one.icmp_in_one_buffer);
  EXPECT_EQ(
      refused_key("inspector_quirks", R"(["icmp_protocol"])"),
      "/ports/0/inspector_quirks/0: expected tcp_short_offset, icmp_any_protocol, icmp_in_one_buffer, got "
      "\"icmp_protocol\" (did you mean icmp_any_protocol?)");
}

TEST_F(NicFileTest, TheHostMayNotHaveConfiguredRssYet) {
  const NicFile file =
      read_file(R"({"schema": "ringproof.nic/1", "ports": [{"rss_configured": false}, {}]})");
  EXPECT_FALSE(file.ports[0].interfaces.rss_configured);
  EXPECT_TRUE(file.ports[1].interfaces.rss_configured);
}

TEST_F(NicFileTest, APortHasTheInterfacesOfItsModes) {
  const NicFile file = read_file(
      R"({"schema": "ringproof.nic/1", "ports": [{"modes": ["generic"], "polling": true}, {"modes": ["native"]}, {}]})");
  ASSERT_EQ(file.ports.size(), 3u);
  EXPECT_FALSE(file.ports[0].interfaces.native);
  EXPECT_TRUE(file.ports[0].interfaces.generic);
  EXPECT_TRUE(file.ports[0].polling);
  EXPECT_TRUE(file.ports[1].interfaces.native);
  EXPECT_FALSE(file.ports[1].interfaces.generic);
  EXPECT_TRUE(file.ports[2].interfaces.native && file.ports[2].interfaces.generic);
  EXPECT_FALSE(file.ports[2].polling);
  EXPECT_EQ(refused_key("modes", "[]"), "/ports/0/modes: expected native, generic or both, got []");
  EXPECT_EQ(refused_key("modes", R"(["nativ"])"),
            "/ports/0/modes/0: expected native, generic, got \"nativ\" (did you mean native?)");
  EXPECT_EQ(refused_key("polling", "1"), "/ports/0/polling: expected true or false, got 1");
}

TEST_F(NicFileTest, APortSendsReceivedFramesOutAgainAsFarAsItIsSaid) {
  const NicFile file = read_file(
      R"({"schema": "ringproof.nic/1", "ports": [{"native_forwarding": false, "generic_forward_limit": 7}, {}]})");
  EXPECT_FALSE(file.ports[0].interfaces.native_forwarding);
  EXPECT_EQ(file.ports[0].generic_forward_limit, 7u);
  EXPECT_TRUE(file.ports[1].interfaces.native_forwarding);
  EXPECT_EQ(file.ports[1].generic_forward_limit, 1024u);
}

TEST_F(NicFileTest, TheMachineOpensWhatIsListed) {
  const NicFile file =
      read_file(R"({"schema": "ringproof.nic/1", "access": ["sockets", "maps"], "ports": [{}]})");
  EXPECT_TRUE(file.platform.access.sockets && file.platform.access.maps);
  EXPECT_FALSE(file.platform.access.programs || file.platform.access.interfaces);
  EXPECT_EQ(refused(R"({"schema": "ringproof.nic/1", "access": ["map"], "ports": [{}]})"),
            "/access/0: expected programs, sockets, interfaces, maps, got \"map\" (did you mean maps?)");
}

TEST_F(NicFileTest, TheMachineHasSettingsOfItsOwn) {
  const NicFile file = read_file(
      R"({"schema": "ringproof.nic/1", "strict": true, "original_length_of_buffer": true, "ring_mebibytes_max": 3,
          "ports": [{}]})");
  EXPECT_TRUE(file.platform.sockets.strict);
  EXPECT_TRUE(file.platform.sockets.original_length_of_buffer);
  EXPECT_EQ(file.platform.sockets.ring_bytes_max, 3u << 20);
  const NicFile plain = read_file(R"({"schema": "ringproof.nic/1", "ports": [{}]})");
  EXPECT_FALSE(plain.platform.sockets.strict);
  EXPECT_FALSE(plain.platform.sockets.original_length_of_buffer);
  EXPECT_EQ(plain.platform.sockets.ring_bytes_max, 256u << 20);
  EXPECT_EQ(refused(R"({"schema": "ringproof.nic/1", "strict": "yes", "ports": [{}]})"),
            "/strict: expected true or false, got \"yes\"");
  EXPECT_EQ(refused(R"({"schema": "ringproof.nic/1", "ring_mebibytes_max": 0, "ports": [{}]})"),
            "/ring_mebibytes_max: expected a whole number from 1 to 4096, got 0");
}

TEST_F(NicFileTest, RefusesUnknownKeysAndSuggestsTheNearest) {
  EXPECT_EQ(
      refused_key("rx_queue", "1"),
      "/ports/0/rx_queue: expected a key of docs/nic-file.md, got an unknown one (did you mean rx_queues?)");
  EXPECT_EQ(refused_key("Gbps", "1"),
            "/ports/0/Gbps: expected a key of docs/nic-file.md, got an unknown one (did you mean gbps?)");
  EXPECT_EQ(refused_key("colour", "1"),
            "/ports/0/colour: expected a key of docs/nic-file.md, got an unknown one");
  EXPECT_EQ(refused_key("a\\nb", "1"),
            "/ports/0/a?b: expected a key of docs/nic-file.md, got an unknown one");
  EXPECT_EQ(refused(R"({"schema": "ringproof.nic/1", "port": [{}]})"),
            "/port: expected a key of docs/nic-file.md, got an unknown one (did you mean ports?)");
}

TEST_F(NicFileTest, RefusesKeysThatAreGivenTwice) {
  EXPECT_EQ(refused_ports(R"([{"gbps": 1, "mtu": 1500, "gbps": 2}])"),
            "/ports/0/gbps: expected this key once, got it twice");
  EXPECT_EQ(
      refused(R"({"schema": "ringproof.nic/1", "ports": [{"mtu": 1500}], "schema": "ringproof.nic/1"})"),
      "/schema: expected this key once, got it twice");
  EXPECT_EQ(read_ports(R"([{"gbps": 1}, {"gbps": 2}])").size(), 2u);
}

TEST_F(NicFileTest, RefusesPortsThatShareAName) {
  EXPECT_EQ(refused_ports(R"([{"name": "a"}, {}, {"name": "a"}])"),
            "/ports/2/name: expected a name that no other port has, got \"a\", the name of /ports/0");
  EXPECT_EQ(refused_ports(R"([{"name": "port2"}, {}])"),
            "/ports/1/name: expected a name that no other port has, got \"port2\", the name of /ports/0");
}

TEST_F(NicFileTest, RefusesSomethingElseThanAListOfPorts) {
  EXPECT_EQ(refused_ports("[]"), "/ports: expected a list of 1 to 8 ports, got 0 of them");
  EXPECT_EQ(refused_ports("[{},{},{},{},{},{},{},{},{}]"),
            "/ports: expected a list of 1 to 8 ports, got 9 of them");
  EXPECT_EQ(refused_ports("{}"), "/ports: expected a list of 1 to 8 ports, got {}");
  EXPECT_EQ(refused(R"({"schema": "ringproof.nic/1"})"), "/ports: expected a list of 1 to 8 ports, got none");
  EXPECT_EQ(refused_ports("[{}, 7]"), "/ports/1: expected an object that describes a port, got 7");
  EXPECT_EQ(read_ports("[{},{},{},{},{},{},{},{}]").size(), 8u);
}

TEST_F(NicFileTest, RefusesOtherSchemas) {
  EXPECT_EQ(refused(R"({"schema": "ringproof.nic/2", "prots": []})"),
            "/schema: expected \"ringproof.nic/1\", got \"ringproof.nic/2\"");
  EXPECT_EQ(refused(R"({"ports": [{}]})"), "/schema: expected \"ringproof.nic/1\", got none");
  EXPECT_EQ(refused("[]"), "expected an object with schema and ports, got []");
  EXPECT_EQ(refused("null"), "expected an object with schema and ports, got null");
}

TEST_F(NicFileTest, NamesLineAndColumnOfWhatIsNoJson) {
  EXPECT_EQ(refused("{\n  \"schema\": \"ringproof.nic/1\",\n  \"ports\": [{},]\n}")
                .find("line 3, column 16: expected JSON, got: syntax error while parsing value"),
            0u)
      << refused("{\n  \"schema\": \"ringproof.nic/1\",\n  \"ports\": [{},]\n}");
  EXPECT_EQ(refused("{").find("line 1, column 2: expected JSON, got: syntax error while parsing object key"),
            0u)
      << refused("{");
  EXPECT_EQ(refused(" ").find("line 1, column 2: expected JSON, got: syntax error"), 0u) << refused(" ");
  EXPECT_EQ(refused("{\"a\nb\": 1}").find("line 1, column 4: expected JSON, got: syntax error"), 0u)
      << refused("{\"a\nb\": 1}");
  EXPECT_EQ(refused("{\"\xff\": 1}").find("line 1, column 3: expected JSON, got: syntax error"), 0u)
      << refused("{\"\xff\": 1}");
}

TEST_F(NicFileTest, RefusesWhatIsNoSuchFile) {
  EXPECT_EQ(refused_file(folder_.path("none.json")),
            "expected a NIC file that can be read, got: No such file or directory");
  EXPECT_EQ(refused_file(folder_.root()), "expected a NIC file, got a directory");
  EXPECT_EQ(refused(""), "expected a NIC file, got an empty file");
  EXPECT_EQ(refused(std::string((1 << 20) + 1, ' ')),
            "expected a NIC file of at most 1048576 bytes, got 1048577 bytes");
}

TEST_F(NicFileTest, SurvivesDeepNesting) {
  const std::string levels = std::string(100'000, '[') + std::string(100'000, ']');
  EXPECT_EQ(refused_ports(levels),
            "line 1, column 103: expected at most 64 lists and objects in each other, got one more");
  EXPECT_EQ(refused(std::string(500'000, '[')),
            "line 1, column 65: expected at most 64 lists and objects in each other, got one more");
}

// The examples of the page are files that work.
// ---- the schema for editors ----

nlohmann::json schema_at(const std::string& pointer) {
  std::ifstream file(RINGPROOF_SOURCE_DIR "/docs/nic.schema.json");
  return nlohmann::json::parse(file).at(nlohmann::json::json_pointer(pointer));
}

TEST_F(NicFileTest, EveryKeyOfTheSchemaIsKnown) {
  const nlohmann::json port = schema_at("/properties/ports/items/properties");
  const nlohmann::json top = schema_at("/properties");
  for (const auto& [key, what] : port.items()) {
    EXPECT_EQ(refused_key(key, "{}").find("an unknown one"), std::string::npos) << key;
  }
  for (const auto& [key, what] : top.items()) {
    nlohmann::json file = {{"schema", "ringproof.nic/1"},
                           {"ports", nlohmann::json::array({nlohmann::json::object()})}};
    if (!file.contains(key)) file[key] = nlohmann::json::object();
    EXPECT_EQ(refused(file.dump()).find("an unknown one"), std::string::npos) << key;
  }
}

// The page is what the reader names when it refuses a key.
TEST_F(NicFileTest, TheSchemaHasEveryKeyOfThePage) {
  const nlohmann::json port = schema_at("/properties/ports/items/properties");
  const nlohmann::json top = schema_at("/properties");
  std::ifstream page(RINGPROOF_SOURCE_DIR "/docs/nic-file.md");
  int keys = 0;
  for (std::string line; std::getline(page, line);) {
    if (line.rfind("| `", 0) != 0) continue;
    // One row may tell of two: `rx_queues`, `tx_queues`
    const std::string cell = line.substr(0, line.find(" | "));
    for (std::size_t at = cell.find('`'); at != std::string::npos;
         at = cell.find('`', cell.find('`', at + 1) + 1)) {
      const std::string key = cell.substr(at + 1, cell.find('`', at + 1) - at - 1);
      EXPECT_TRUE(port.contains(key) || top.contains(key)) << key;
      ++keys;
    }
  }
  EXPECT_EQ(keys, static_cast<int>(port.size() + top.size() - 1));  // $schema is told of elsewhere
}

TEST_F(NicFileTest, ReadsTheExamplesOfItsPage) {
  std::ifstream page(RINGPROOF_SOURCE_DIR "/docs/nic-file.md");
  ASSERT_TRUE(page);
  std::string example;
  int examples = 0;
  for (std::string line; std::getline(page, line);) {
    const bool indented = line.compare(0, 4, "    ") == 0;
    if (indented) example += line + "\n";
    if (!indented && !example.empty()) {
      EXPECT_GE(read(example).size(), 1u) << example;
      example.clear();
      ++examples;
    }
  }
  EXPECT_EQ(examples, 2);
}

}  // namespace
}  // namespace ringproof
