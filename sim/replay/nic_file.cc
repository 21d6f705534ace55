#include "sim/replay/nic_file.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <nlohmann/json.hpp>
#include <set>
#include <string_view>
#include <utility>

#include "sim/replay/input_error.h"

namespace ringproof {
namespace {

using nlohmann::json;

constexpr const char* kSchema = "ringproof.nic/1";
constexpr std::size_t kPortsMax = 8;
// A NIC file is a few lines; more is some other file.
constexpr std::size_t kFileBytesMax = 1 << 20;
constexpr std::size_t kNameBytesMax = 32;
constexpr std::uint32_t kPicosecondsPerMicrosecond = 1'000'000;

std::string read_text(const std::string& path) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) {
    throw InputError(
        fmt::format("{}: expected a NIC file that can be read, got: {}", path, std::strerror(errno)));
  }
  if (!S_ISREG(status.st_mode)) {
    throw InputError(fmt::format("{}: expected a NIC file, got {}", path,
                                 S_ISDIR(status.st_mode) ? "a directory" : "no regular file"));
  }
  if (static_cast<std::size_t>(status.st_size) > kFileBytesMax) {
    throw InputError(fmt::format("{}: expected a NIC file of at most {} bytes, got {} bytes", path,
                                 kFileBytesMax, status.st_size));
  }
  std::ifstream file(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file) {
    throw InputError(
        fmt::format("{}: expected a NIC file that can be read, got: {}", path, std::strerror(errno)));
  }
  return text;
}

std::string shown(const json& value) {
  return one_line(value.dump(-1, ' ', false, json::error_handler_t::replace), 60);
}

// The library's sentence without its number and place.
std::string reason_of(const json::parse_error& error) {
  std::string text = error.what();
  for (const std::string_view mark : {"syntax error while ", "parse error"}) {
    const std::size_t at = text.find(mark);
    if (at != std::string::npos) return text.substr(at);
  }
  return text;
}

json parse(const std::string& path, const std::string& text) {
  // The library takes the last of two equal keys; a reader of the file may take the first.
  std::vector<std::set<std::string>> keys;
  const auto watch = [&](int, json::parse_event_t event, json& parsed) {
    if (event == json::parse_event_t::object_start) keys.emplace_back();
    if (event == json::parse_event_t::object_end) keys.pop_back();
    if (event == json::parse_event_t::key && !keys.back().insert(parsed.get<std::string>()).second) {
      throw InputError(fmt::format("{}: expected every key once, got {} twice", path, shown(parsed)));
    }
    return true;
  };
  try {
    return json::parse(text, watch);
  } catch (const json::parse_error& error) {
    // `byte` counts from 1 and points behind the last byte read.
    const std::size_t at = std::min(text.size(), error.byte > 0 ? error.byte - 1 : 0);
    const std::string_view before = std::string_view(text).substr(0, at);
    const std::size_t begin_of_line = before.rfind('\n') == before.npos ? 0 : before.rfind('\n') + 1;
    throw InputError(fmt::format("{}: line {}, column {}: expected JSON, got: {}", path,
                                 1 + std::count(before.begin(), before.end(), '\n'), at - begin_of_line + 1,
                                 reason_of(error)));
  } catch (const json::exception& error) {
    throw InputError(fmt::format("{}: expected JSON, got: {}", path, error.what()));
  }
}

// Reads one object of the file; what it says of a key is the range that docs/nic-file.md promises.
class ObjectReader {
 protected:
  ObjectReader(const std::string& path, std::string place, const json& object)
      : path_(path), place_(std::move(place)), object_(object) {}

  [[noreturn]] void fail(const std::string& key, const std::string& expected, const json& got) const {
    throw InputError(fmt::format("{}: {}{}{}: expected {}, got {}", path_, place_, key.empty() ? "" : "/",
                                 key, expected, shown(got)));
  }

  // The value of a key, or null when its default holds.
  const json* find(const std::string& key) {
    known_.push_back(key);
    const auto found = object_.find(key);
    return found == object_.end() ? nullptr : &*found;
  }

  static bool whole_between(const json& value, std::uint64_t least, std::uint64_t most) {
    return value.is_number_unsigned() && value.get<std::uint64_t>() >= least &&
           value.get<std::uint64_t>() <= most;
  }

  void number(const std::string& key, double least, double most, double& target) {
    const json* value = find(key);
    if (value == nullptr) return;
    if (!value->is_number() || !(value->get<double>() >= least && value->get<double>() <= most)) {
      fail(key, fmt::format("a number from {} to {}", least, most), *value);
    }
    target = value->get<double>();
  }

  void whole(const std::string& key, std::uint32_t least, std::uint32_t most, std::uint32_t& target) {
    const json* value = find(key);
    if (value == nullptr) return;
    if (!whole_between(*value, least, most)) {
      fail(key, fmt::format("a whole number from {} to {}", least, most), *value);
    }
    target = value->get<std::uint32_t>();
  }

  void power_of_two(const std::string& key, std::uint32_t least, std::uint32_t most, std::uint32_t& target) {
    const json* value = find(key);
    if (value == nullptr) return;
    const bool good = whole_between(*value, least, most) &&
                      (value->get<std::uint32_t>() & (value->get<std::uint32_t>() - 1)) == 0;
    if (!good) fail(key, fmt::format("a power of two from {} to {}", least, most), *value);
    target = value->get<std::uint32_t>();
  }

  // A list of known words, each at most once: those in it become true, the others false.
  void words(const std::string& key, const std::vector<std::pair<std::string, bool*>>& known) {
    const json* value = find(key);
    if (value == nullptr) return;
    std::vector<std::string> names;
    for (const auto& [word, on] : known) {
      names.push_back(word);
      *on = false;
    }
    if (!value->is_array()) fail(key, fmt::format("a list of {}", fmt::join(names, ", ")), *value);
    for (std::size_t i = 0; i < value->size(); ++i) {
      const json& item = (*value)[i];
      const std::string item_key = fmt::format("{}/{}", key, i);
      const std::string word = item.is_string() ? item.get<std::string>() : std::string();
      const auto found =
          std::find_if(known.begin(), known.end(), [&](const auto& one) { return one.first == word; });
      if (found == known.end()) {
        throw InputError(fmt::format("{}: {}/{}: expected {}, got {}{}", path_, place_, item_key,
                                     fmt::join(names, ", "), shown(item), did_you_mean(word, names)));
      }
      if (std::exchange(*found->second, true)) fail(item_key, "every word once", item);
    }
  }

  void boolean(const std::string& key, bool& target) {
    const json* value = find(key);
    if (value == nullptr) return;
    if (!value->is_boolean()) fail(key, "true or false", *value);
    target = value->get<bool>();
  }

  void refuse_other_keys() const {
    for (const auto& [key, value] : object_.items()) {
      if (std::find(known_.begin(), known_.end(), key) == known_.end()) {
        throw InputError(fmt::format("{}: {}/{}: expected a key of docs/nic-file.md, got an unknown one{}",
                                     path_, place_, one_line(key, 60), did_you_mean(key, known_)));
      }
    }
  }

  const std::string& path_;
  const std::string place_;
  const json& object_;

 private:
  std::vector<std::string> known_;
};

class PortReader : private ObjectReader {
 public:
  PortReader(const std::string& path, std::size_t index, const json& port)
      : ObjectReader(path, fmt::format("/ports/{}", index), port) {
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
    whole("dma_stall_percent", 0, 90, config_.dma_stall_percent);
    whole("register_latency_ns", 10, 100'000, config_.register_latency_ns);
    whole("interrupt_latency_ns", 50, 1'000'000, config_.interrupt_latency_ns);
    whole("interrupt_gap_ns", 0, 10'000'000, config_.interrupt_gap_ns);
    rss_key();
    words("offloads", {{"rx_checksum", &config_.offloads.rx_checksum},
                       {"tx_checksum", &config_.offloads.tx_checksum},
                       {"rx_timestamp", &config_.offloads.rx_timestamp},
                       {"tx_timestamp", &config_.offloads.tx_timestamp}});
    rx_fragment();
    modes();
    boolean("polling", port_.polling);
    refuse_other_keys();
    return port_;
  }

 private:
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

  void rss_key() {
    const json* value = find("rss_key");
    if (value == nullptr) return;
    const std::string digits = value->is_string() ? value->get<std::string>() : std::string();
    if (digits.size() != 2 * config_.rss_key.size() ||
        digits.find_first_not_of("0123456789abcdefABCDEF") != std::string::npos) {
      const std::string count =
          value->is_string() ? fmt::format(" ({} characters)", digits.size()) : std::string();
      throw InputError(fmt::format("{}: {}/rss_key: expected 80 hexadecimal digits, got {}{}", path_, place_,
                                   shown(*value), count));
    }
    for (std::size_t i = 0; i < config_.rss_key.size(); ++i) {
      config_.rss_key[i] = static_cast<std::uint8_t>(std::stoul(digits.substr(2 * i, 2), nullptr, 16));
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
  MachineReader(const std::string& path, const json& file) : ObjectReader(path, "", file) {}

  xdp::PlatformSettings read() {
    xdp::SocketSettings& sockets = settings_.sockets;
    find("schema");
    find("ports");
    boolean("strict", sockets.strict);
    boolean("original_length_of_buffer", sockets.original_length_of_buffer);
    std::uint32_t mebibytes = static_cast<std::uint32_t>(sockets.ring_bytes_max >> 20);
    whole("ring_mebibytes_max", 1, 4096, mebibytes);
    sockets.ring_bytes_max = std::uint64_t{mebibytes} << 20;
    refuse_other_keys();
    return settings_;
  }

 private:
  xdp::PlatformSettings settings_;
};

// A wrong version explains whatever else is unknown, so it comes first.
void check_schema(const std::string& path, const json& file) {
  if (!file.is_object()) {
    throw InputError(fmt::format("{}: expected an object with schema and ports, got {}", path, shown(file)));
  }
  const auto schema = file.find("schema");
  if (schema == file.end() || *schema != kSchema) {
    throw InputError(fmt::format("{}: /schema: expected \"{}\", got {}", path, kSchema,
                                 schema == file.end() ? "none" : shown(*schema)));
  }
}

const json& ports_of(const std::string& path, const json& file) {
  const auto ports = file.find("ports");
  if (ports == file.end() || !ports->is_array() || ports->empty() || ports->size() > kPortsMax) {
    const std::string got = ports == file.end() ? "none"
                            : ports->is_array() ? fmt::format("{} of them", ports->size())
                                                : shown(*ports);
    throw InputError(
        fmt::format("{}: /ports: expected a list of 1 to {} ports, got {}", path, kPortsMax, got));
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
  const json file = parse(path, read_text(path));
  check_schema(path, file);
  NicFile result;
  result.platform = MachineReader(path, file).read();
  const json& ports = ports_of(path, file);
  for (std::size_t i = 0; i < ports.size(); ++i) {
    result.ports.push_back(PortReader(path, i, ports[i]).read());
    for (std::size_t earlier = 0; earlier < i; ++earlier) {
      if (result.ports[earlier].nic.name == result.ports[i].nic.name) {
        throw InputError(
            fmt::format("{}: /ports/{}/name: expected a name that no other port has, got \"{}\", "
                        "the name of /ports/{}",
                        path, i, result.ports[i].nic.name, earlier));
      }
    }
  }
  return result;
}

}  // namespace ringproof
