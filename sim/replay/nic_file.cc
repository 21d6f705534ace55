#include "sim/replay/nic_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>
#include <utility>

#include "sim/replay/json_reader.h"

namespace ringproof {
namespace {

using nlohmann::json;

constexpr const char* kNicSchema = "ringproof.nic/1";
constexpr std::size_t kPortsMax = 8;
constexpr std::size_t kNameBytesMax = 32;
constexpr std::uint32_t kPicosecondsPerMicrosecond = 1'000'000;

constexpr const char* kPage = "docs/nic-file.md";

class PortReader : private ObjectReader {
 public:
  PortReader(const std::string& path, const std::string& place, std::size_t index, const json& port)
      : ObjectReader(path, fmt::format("{}/ports/{}", place, index), port, kPage) {
    if (!object_.is_object()) fail("", "an object that describes a port", object_);
    config_.name = fmt::format("port{}", index + 1);
  }

  PortSettings read() {
    name();
    number("gbps", 0.01, 400, config_.gbps);
    whole("rx_queues", 1, nic::kMaxQueues, config_.rx_queues);
    whole("tx_queues", 1, nic::kMaxQueues, config_.tx_queues);
    power_of_two("rx_ring_entries", 8, 8192, config_.rx_ring_entries);
    power_of_two("tx_ring_entries", 8, 8192, config_.tx_ring_entries);
    clock();
    data_bits();
    whole("mtu", 68, 9216, config_.mtu);
    rx_fifo();
    whole("dma_read_latency_ns", 1, 100'000, config_.dma_read_latency_ns);
    whole("dma_write_latency_ns", 1, 100'000, config_.dma_write_latency_ns);
    whole("dma_jitter_ns", 0, 100'000, config_.dma_jitter_ns);
    boolean("dma_reorder_reads", config_.dma_reorder_reads);
    whole("dma_stall_percent", 0, 90, config_.dma_stall_percent);
    whole("register_latency_ns", 10, 100'000, config_.register_latency_ns);
    whole("interrupt_latency_ns", 50, 1'000'000, config_.interrupt_latency_ns);
    whole("interrupt_gap_ns", 0, 10'000'000, config_.interrupt_gap_ns);
    pacing("coalesce", config_.coalesce);
    pacing("moderation", config_.moderation);
    hexadecimal("rss_key", config_.rss_key);
    words("offloads", {{"rx_checksum", &config_.offloads.rx_checksum},
                       {"tx_checksum", &config_.offloads.tx_checksum},
                       {"rx_timestamp", &config_.offloads.rx_timestamp},
                       {"tx_timestamp", &config_.offloads.tx_timestamp}});
    rx_fragment();
    modes();
    InspectorQuirks& quirks = port_.interfaces.quirks;
    words("inspector_quirks", {{"tcp_short_offset", &quirks.tcp_short_offset},
                               {"icmp_any_protocol", &quirks.icmp_any_protocol},
                               {"icmp_in_one_buffer", &quirks.icmp_in_one_buffer}});
    boolean("zero_copy", config_.zero_copy);
    boolean("polling", port_.polling);
    boolean("native_forwarding", port_.interfaces.native_forwarding);
    whole("generic_forward_limit", 0, 65'536, port_.generic_forward_limit);
    boolean("rss_configured", port_.interfaces.rss_configured);
    refuse_other_keys();
    return port_;
  }

 private:
  // The engine counts cycles, in 16 bits.
  void pacing(const std::string& what, nic::Pacing& pacing) {
    whole((what + "_frames").c_str(), 0, 255, pacing.frames);
    whole((what + "_ns").c_str(), 0, nic::kPacingCyclesMax * 1000 / config_.clock_mhz, pacing.ns);
  }
  void name() {
    const json* value = find("name");
    if (value == nullptr) return;
    static constexpr std::string_view kLetters =
        "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_.-";
    const bool good = value->is_string() && !value->get_ref<const std::string&>().empty() &&
                      value->get_ref<const std::string&>().size() <= kNameBytesMax &&
                      value->get_ref<const std::string&>().find_first_not_of(kLetters) == std::string::npos;
    if (!good) {
      fail("name", fmt::format("1 to {} letters, digits, '_', '.' or '-'", kNameBytesMax), *value);
    }
    config_.name = value->get<std::string>();
  }

  void clock() {
    const json* value = find("clock_mhz");
    if (value == nullptr) return;
    const bool good =
        whole_between(*value, 10, 1000) && kPicosecondsPerMicrosecond % value->get<std::uint32_t>() == 0;
    if (!good) {
      fail("clock_mhz",
           "a whole number from 10 to 1000 that divides 1000000 (such as 100, 125, 200, 250, 400 or 500)",
           *value);
    }
    config_.clock_mhz = value->get<std::uint32_t>();
  }

  // The engine is built with one width; the key is there so that a file can say what it was made for.
  void data_bits() {
    const json* value = find("data_bits");
    if (value != nullptr && !whole_between(*value, 512, 512)) fail("data_bits", "512", *value);
  }

  void rx_fifo() {
    whole("rx_fifo_bytes", 2048, 16 << 20, config_.rx_fifo_bytes);
    if (config_.rx_fifo_bytes < config_.max_frame_bytes()) {
      fail("rx_fifo_bytes", fmt::format("room for a frame of mtu + 18 = {} bytes", config_.max_frame_bytes()),
           config_.rx_fifo_bytes);
    }
  }

  void rx_fragment() {
    const json* value = find("rx_fragment_bytes");
    if (value == nullptr) return;
    if (!whole_between(*value, 0, 0) && !whole_between(*value, 64, 9216)) {
      fail("rx_fragment_bytes", "0 or a whole number from 64 to 9216", *value);
    }
    config_.rx_fragment_bytes = value->get<std::uint32_t>();
  }

  void modes() {
    xdp::InterfaceSettings& interfaces = port_.interfaces;
    words("modes", {{"native", &interfaces.native}, {"generic", &interfaces.generic}});
    if (!interfaces.native && !interfaces.generic) fail("modes", "native, generic or both", object_["modes"]);
  }

  PortSettings port_;
  nic::NicConfig& config_ = port_.nic;
};

// What holds for the whole machine.
class MachineReader : private ObjectReader {
 public:
  MachineReader(const std::string& path, const std::string& place, const json& file)
      : ObjectReader(path, place, file, kPage) {}

  xdp::PlatformSettings read() {
    xdp::SocketSettings& sockets = settings_.sockets;
    for (const char* elsewhere : {"$schema", "schema", "ports"}) find(elsewhere);
    boolean("strict", sockets.strict);
    boolean("original_length_of_buffer", sockets.original_length_of_buffer);
    std::uint32_t mebibytes = static_cast<std::uint32_t>(sockets.ring_bytes_max >> 20);
    whole("ring_mebibytes_max", 1, 4096, mebibytes);
    sockets.ring_bytes_max = std::uint64_t{mebibytes} << 20;
    xdp::AccessSettings& access = settings_.access;
    words("access", {{"programs", &access.programs},
                     {"sockets", &access.sockets},
                     {"interfaces", &access.interfaces},
                     {"maps", &access.maps}});
    refuse_other_keys();
    return settings_;
  }

 private:
  xdp::PlatformSettings settings_;
};

// A wrong version explains whatever else is unknown, so it comes first.
void check_schema(const std::string& path, const std::string& place, const json& file) {
  if (!file.is_object()) {
    refuse_at(path, place, "an object with schema and ports", shown(file));
  }
  const auto schema = file.find("schema");
  if (schema == file.end() || *schema != kNicSchema) {
    refuse_at(path, place + "/schema", fmt::format("\"{}\"", kNicSchema),
              schema == file.end() ? "none" : shown(*schema));
  }
}

const json& ports_of(const std::string& path, const std::string& place, const json& file) {
  const auto ports = file.find("ports");
  if (ports == file.end() || !ports->is_array() || ports->empty() || ports->size() > kPortsMax) {
    const std::string got = ports == file.end() ? "none"
                            : ports->is_array() ? fmt::format("{} of them", ports->size())
                                                : shown(*ports);
    refuse_at(path, place + "/ports", fmt::format("a list of 1 to {} ports", kPortsMax), got);
  }
  return *ports;
}

}  // namespace

std::vector<nic::NicConfig> NicFile::configs() const {
  std::vector<nic::NicConfig> result;
  for (const PortSettings& port : ports) result.push_back(port.nic);
  return result;
}

NicFile read_nic_file(const std::string& path) {
  return nic_from_json(read_json(path, "a NIC file"), path, "");
}

NicFile nic_from_json(const json& file, const std::string& path, const std::string& place) {
  check_schema(path, place, file);
  NicFile result;
  result.platform = MachineReader(path, place, file).read();
  const json& ports = ports_of(path, place, file);
  for (std::size_t i = 0; i < ports.size(); ++i) {
    result.ports.push_back(PortReader(path, place, i, ports[i]).read());
    for (std::size_t earlier = 0; earlier < i; ++earlier) {
      if (result.ports[earlier].nic.name == result.ports[i].nic.name) {
        refuse_at(path, fmt::format("{}/ports/{}/name", place, i), "a name that no other port has",
                  fmt::format("\"{}\", the name of {}/ports/{}", result.ports[i].nic.name, place, earlier));
      }
    }
  }
  return result;
}

}  // namespace ringproof
