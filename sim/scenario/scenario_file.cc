#include "sim/scenario/scenario_file.h"

#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <filesystem>
#include <optional>
#include <utility>

#include "sim/cli/values.h"
#include "sim/fault/catalogue.h"
#include "sim/fault/plan_json.h"
#include "sim/replay/input_error.h"
#include "sim/replay/json_reader.h"
#include "sim/scenario/generated_traffic.h"
#include "sim/testbench/frames.h"

namespace ringproof {
namespace {

using nlohmann::json;

constexpr const char* kScenarioSchema = "ringproof.scenario/1";
constexpr const char* kPage = "docs/scenario-file.md";
constexpr std::uint64_t kLongest = 1'000'000'000;
constexpr std::size_t kProgramsMax = 16;  // one for each virtual CPU
constexpr std::size_t kNameBytesMax = 64;

const std::vector<std::string> kMemories(kMemoryNames.begin(), kMemoryNames.end());
const std::vector<std::string> kStrategies = {"first-come", "random", "pct", "bounded", "delays"};

// One object of the file, with what is common to all of them.
class ScenarioObject : public ObjectReader {
 protected:
  ScenarioObject(const std::string& path, std::string place, const json& object, const char* what)
      : ObjectReader(path, std::move(place), object, kPage) {
    if (!object_.is_object()) fail("", what, object_);
    find("why");
  }

  void time(const std::string& key, std::uint64_t& target_ps) {
    const json* value = find(key);
    if (value == nullptr) return;
    try {
      target_ps = parse_time_ps(key, value->is_string() ? value->get<std::string>() : std::string());
    } catch (const InputError&) {
      fail(key, "a time with a unit (ns, us, ms or s), such as \"1.5ms\"", *value);
    }
  }
  // A number, or two: [least, most].
  void range(const std::string& key, std::uint64_t most, Bounds& target) {
    const json* value = find(key);
    if (value == nullptr) return;
    if (whole_between(*value, 0, most)) {
      target.least = target.most = value->get<std::uint64_t>();
      return;
    }
    const bool two = value->is_array() && value->size() == 2 && whole_between((*value)[0], 0, most) &&
                     whole_between((*value)[1], 0, most) && (*value)[0] <= (*value)[1];
    if (!two) fail(key, fmt::format("a whole number up to {}, or two: [least, most]", most), *value);
    target.least = (*value)[0].get<std::uint64_t>();
    target.most = (*value)[1].get<std::uint64_t>();
  }
  // As a path beside the file.
  std::string beside(const std::string& name) const {
    const std::filesystem::path found(name);
    return found.is_absolute() ? name : (std::filesystem::path(path_).parent_path() / found).string();
  }
};

class TrafficReader : private ScenarioObject {
 public:
  TrafficReader(const std::string& path, const std::string& place, const json& traffic)
      : ScenarioObject(path, place, traffic, "an object with a capture or a shape") {}

  // `frames`: what it says of the frames of a capture that come.
  FurtherTraffic read(std::uint64_t seed, std::size_t ports,
                      std::optional<std::vector<std::uint32_t>>& frames) {
    FurtherTraffic traffic;
    std::uint32_t port = 1;
    whole("port", 1, static_cast<std::uint32_t>(ports), port);
    traffic.port = port - 1;
    pace(traffic.run);
    whole("loops", 1, 1'000'000, traffic.run.loops);
    time("start_delay", traffic.run.start_delay_ps);
    // What is generated has no file of its own.
    traffic.run.capture_path = path_;
    traffic.capture = object_.contains("capture") ? captured(traffic.run, frames) : generated(seed);
    refuse_other_keys();
    return traffic;
  }

 private:
  void pace(ReplayOptions& run) {
    const json* value = find("pace");
    if (value == nullptr) return;
    try {
      parse_pace(value->is_string() ? value->get<std::string>() : std::string(), run);
    } catch (const InputError&) {
      fail("pace", "original, line-rate, a factor such as \"0.5x\", or a rate such as \"1.5Mpps\"", *value);
    }
  }

  Capture captured(ReplayOptions& run, std::optional<std::vector<std::uint32_t>>& numbers) {
    std::string name;
    text("capture", name);
    run.capture_path = beside(name);
    frames(numbers);
    return read_capture(run.capture_path);
  }

  void frames(std::optional<std::vector<std::uint32_t>>& numbers) {
    const json* value = find("frames");
    if (value == nullptr) return;
    const bool good = value->is_array() && !value->empty() &&
                      std::all_of(value->begin(), value->end(),
                                  [](const json& each) { return whole_between(each, 1, kLongest); });
    if (!good) fail("frames", "a list of frame numbers of the capture, from 1", *value);
    numbers = value->get<std::vector<std::uint32_t>>();
  }

  Capture generated(std::uint64_t seed) {
    TrafficPlan plan;
    if (find("shape") == nullptr) fail("", "a capture, or a shape (steady, burst or random)", object_);
    plan.shape = static_cast<TrafficShape>(word("shape", {"steady", "burst", "random"}, 0));
    whole("frames", 1, 1'000'000, plan.frames);
    Bounds bytes{plan.frame_bytes_least, plan.frame_bytes_most};
    range("frame_bytes", 9216, bytes);
    if (bytes.least < 42) fail("frame_bytes", "at least 42 bytes", object_["frame_bytes"]);
    plan.frame_bytes_least = static_cast<std::uint32_t>(bytes.least);
    plan.frame_bytes_most = static_cast<std::uint32_t>(bytes.most);
    ports(plan);
    whole("flows", 1, 40'000, plan.flows);
    whole("burst", 1, 1'000'000, plan.burst);
    std::uint64_t gap_ps = plan.gap_ns * 1000;
    time("gap", gap_ps);
    plan.gap_ns = gap_ps / 1000;
    return generate(plan, seed);
  }

  void ports(TrafficPlan& plan) {
    const json* value = find("ports");
    if (value == nullptr) return;
    const bool good = value->is_array() && !value->empty() &&
                      std::all_of(value->begin(), value->end(),
                                  [](const json& each) { return whole_between(each, 1, 65'535); });
    if (!good) fail("ports", "a list of UDP ports from 1 to 65535", *value);
    plan.ports = value->get<std::vector<std::uint16_t>>();
  }
};

class ApplicationReader : private ScenarioObject {
 public:
  ApplicationReader(const std::string& path, std::size_t i, const json& application)
      : ScenarioObject(path, fmt::format("/applications/{}", i), application, "an object with an app") {}

  ProgramSpec read() {
    ProgramSpec program;
    if (find("app") == nullptr) refuse("app", "the application to run, a name or a path", "none");
    text("app", program.app);
    const bool file = program.app.find('/') != std::string::npos || program.app.ends_with(".so");
    if (file) program.app = beside(program.app);
    program.place = fmt::format("{}: {}/app", path_, place_);
    name(program);
    program.arguments = {"1"};
    if (const json* value = find("arguments")) {
      const bool good = value->is_array() && std::all_of(value->begin(), value->end(),
                                                         [](const json& each) { return each.is_string(); });
      if (!good) fail("arguments", "a list of texts", *value);
      program.arguments = value->get<std::vector<std::string>>();
    }
    refuse_other_keys();
    return program;
  }

 private:
  void name(ProgramSpec& program) {
    const json* value = find("name");
    if (value == nullptr) return;
    const bool good = value->is_string() && !value->get_ref<const std::string&>().empty() &&
                      value->get_ref<const std::string&>().size() <= kNameBytesMax;
    if (!good) fail("name", fmt::format("a text of 1 to {} bytes", kNameBytesMax), *value);
    program.name = value->get<std::string>();
  }
};

class WireReader : private ScenarioObject {
 public:
  WireReader(const std::string& path, std::size_t i, const json& wire)
      : ScenarioObject(path, fmt::format("/wires/{}", i), wire,
                       "an object such as {\"ports\": [1, 2]} or {\"switch\": [1, 2, 3]}") {}

  // `taken`: the ports of other wires, by number.
  WirePlan read(std::vector<bool>& taken) {
    WirePlan wire;
    const bool cable = find("ports") != nullptr;
    wire.learns = find("switch") != nullptr;
    if (cable == wire.learns) fail("", "one of \"ports\" (a cable) and \"switch\"", object_);
    const char* key = cable ? "ports" : "switch";
    const json& ports = object_[key];
    const bool good = ports.is_array() && (cable ? ports.size() == 2 : ports.size() >= 2) &&
                      std::all_of(ports.begin(), ports.end(),
                                  [&](const json& port) { return whole_between(port, 1, taken.size()); });
    if (!good) {
      fail(key, fmt::format("{} ports from 1 to {}", cable ? "two" : "two or more", taken.size()), ports);
    }
    for (const json& each : ports) {
      const auto port = each.get<std::uint32_t>() - 1;
      if (taken[port]) fail(key, "ports that have no other wire", ports);
      taken[port] = true;
      wire.ports.push_back(port);
    }
    time("latency", wire.latency_ps);
    if (wire.latency_ps < kLatencyMinPs || wire.latency_ps > kLatencyMaxPs) {
      fail("latency", "a time from 100ns to 1s", object_["latency"]);
    }
    refuse_other_keys();
    return wire;
  }

 private:
  // All ports stop at least once in so long a time while something is under way.
  static constexpr std::uint64_t kLatencyMinPs = 100'000;
  static constexpr std::uint64_t kLatencyMaxPs = 1'000'000'000'000;
};

class ScheduleReader : private ScenarioObject {
 public:
  ScheduleReader(const std::string& path, const json& schedule)
      : ScenarioObject(path, "/schedule", schedule, "an object with a strategy") {}

  void read(ExploreOptions& options) {
    options.strategy =
        static_cast<StrategyKind>(word("strategy", kStrategies, static_cast<std::size_t>(options.strategy)));
    whole64("schedules", 1, 1'000'000'000'000, options.schedules);
    whole("depth", depth_min(options.strategy), kDepthMax, options.depth);
    time("window", options.window_ps);
    if (options.window_ps > kWindowMaxPs) fail("window", "a time of at most 1s", object_["window"]);
    refuse_other_keys();
  }
};

class OperationReader : private ScenarioObject {
 public:
  OperationReader(const std::string& path, std::size_t i, const json& operation, const NicFile& nic)
      : ScenarioObject(path, fmt::format("/operations/{}", i), operation,
                       "an object such as {\"at\": \"1.5ms\", \"do\": \"remove interface\"}"),
        nic_(nic) {}

  PlannedOperation read() {
    PlannedOperation operation;
    if (find("do") == nullptr) refuse("do", fmt::format("{}", fmt::join(operation_names(), ", ")), "none");
    operation.kind = static_cast<OperationKind>(word("do", operation_names(), 0));
    when(operation);
    time("for", operation.for_ps);
    whole("interface", 1, static_cast<std::uint32_t>(nic_.ports.size()), operation.interface);
    details(operation, nic_.ports[operation.interface - 1].nic);
    refuse_other_keys();
    return operation;
  }

 private:
  void when(PlannedOperation& operation) {
    const bool timed = find("at") != nullptr;
    std::uint64_t cycle = 0;
    whole64("at_cycle", 0, 1'000'000'000'000, cycle);
    if (timed == object_.contains("at_cycle")) {
      fail("at", "one of \"at\" (a time) and \"at_cycle\"", object_);
    }
    operation.at_ps = cycle * (1'000'000 / nic_.ports[0].nic.clock_mhz);
    time("at", operation.at_ps);
  }

  void details(PlannedOperation& operation, const nic::NicConfig& nic) {
    if (operation.kind == OperationKind::kSetMtu) {
      if (find("mtu") == nullptr) refuse("mtu", "a whole number from 68 to 65535", "none");
      whole("mtu", 68, 65'535, operation.mtu);
    } else if (operation.kind == OperationKind::kSetOffloads) {
      words("offloads", {{"rx_checksum", &operation.rx_checksum}, {"tx_checksum", &operation.tx_checksum}});
    } else if (operation.kind == OperationKind::kSetRss) {
      rss(operation, nic);
    } else if (operation.kind == OperationKind::kSetQueueCpu) {
      operation.receive = word("direction", {"rx", "tx"}, 0) == 0;
      whole("queue", 0, (operation.receive ? nic.rx_queues : nic.tx_queues) - 1, operation.queue);
      whole("cpu", 0, 15, operation.cpu);
    } else if (operation.kind == OperationKind::kHostSend) {
      constexpr std::uint32_t kUdpBytesMin = 42;
      constexpr unsigned char kMark = 0x48;
      std::uint32_t bytes = 64;
      std::uint32_t port = 0;
      const bool udp = find("port") != nullptr;
      whole("port", 1, 65535, port);
      whole("bytes", udp ? kUdpBytesMin : 1, nic.max_frame_bytes(), bytes);
      whole("queue", 0, std::max(nic.rx_queues, nic.tx_queues) - 1, operation.queue);
      whole("count", 1, 1000, operation.count);
      operation.frame.assign(bytes, kMark);
      if (udp) operation.frame = make_udp_frame(bytes, kMark, static_cast<std::uint16_t>(port));
    }
  }

  void rss(PlannedOperation& operation, const nic::NicConfig& nic) {
    if (const json* table = find("table")) {
      const bool good = table->is_array() && !table->empty() && table->size() <= xdp::kRssTableEntries &&
                        (table->size() & (table->size() - 1)) == 0 &&
                        std::all_of(table->begin(), table->end(), [&](const json& queue) {
                          return whole_between(queue, 0, nic.rx_queues - 1);
                        });
      if (!good) {
        fail("table",
             fmt::format("a power of two of queues from 0 to {}, at most {}", nic.rx_queues - 1,
                         xdp::kRssTableEntries),
             *table);
      }
      operation.rss_queues = table->get<std::vector<std::uint8_t>>();
    }
    nic::RssKey key{};
    hexadecimal("key", key);
    if (object_.contains("key")) operation.rss_key = key;
    hash_types(operation);
  }

  void hash_types(PlannedOperation& operation) {
    constexpr std::size_t kTypes = 6;
    static constexpr std::array<const char*, kTypes> kNames = {"ipv4", "tcp_ipv4", "udp_ipv4",
                                                               "ipv6", "tcp_ipv6", "udp_ipv6"};
    if (!object_.contains("hash_types")) {
      find("hash_types");
      return;
    }
    std::array<bool, kTypes> wanted{};
    std::vector<std::pair<std::string, bool*>> known;
    for (std::size_t bit = 0; bit < kTypes; ++bit) known.emplace_back(kNames[bit], &wanted[bit]);
    words("hash_types", known);
    operation.rss_hash_types = 0;
    for (std::size_t bit = 0; bit < kTypes; ++bit) *operation.rss_hash_types |= wanted[bit] ? 1U << bit : 0;
  }

  const NicFile& nic_;
};

class ExpectReader : private ScenarioObject {
 public:
  ExpectReader(const std::string& path, const json& expect)
      : ScenarioObject(path, "/expect", expect, "an object with expectations") {}

  Expectations read() {
    Expectations result;
    for (const char* name : {"delivered", "passed", "forwarded", "sent", "received", "to_stack"}) {
      if (!object_.contains(name)) {
        find(name);
        continue;
      }
      range(name, 1'000'000'000'000, result.frames[name]);
    }
    if (const json* dropped = find("dropped")) {
      result.dropped = DroppedReader(path_, *dropped).read();
    }
    boolean("in_order", result.in_order);
    if (object_.contains("buffers_leaked")) {
      std::uint64_t leaked = 0;
      whole64("buffers_leaked", 0, 1'000'000, leaked);
      result.buffers_leaked = leaked;
    }
    if (object_.contains("application_returns")) {
      bool returns = false;
      boolean("application_returns", returns);
      result.application_returns = returns;
    }
    find("buffers_leaked");
    find("application_returns");
    refuse_other_keys();
    return result;
  }

 private:
  class DroppedReader : private ScenarioObject {
   public:
    DroppedReader(const std::string& path, const json& dropped)
        : ScenarioObject(path, "/expect/dropped", dropped, "an object with numbers by reason") {}
    std::map<std::string, Bounds> read() {
      std::map<std::string, Bounds> result;
      for (std::size_t i = 0; i < static_cast<std::size_t>(DropReason::kCount); ++i) {
        const char* name = drop_reason_name(static_cast<DropReason>(i));
        if (object_.contains(name)) range(name, 1'000'000'000'000, result[name]);
        find(name);
      }
      refuse_other_keys();
      return result;
    }
  };
};

class FileReader : private ScenarioObject {
 public:
  FileReader(const std::string& path, const json& file)
      : ScenarioObject(path, "", file, "an object with schema, traffic and applications") {}

  ScenarioFile read() {
    check_schema();
    ScenarioFile file;
    file.options.scenario_path = path_;
    find("$schema");
    file.title = std::filesystem::path(path_).filename().string();
    text("title", file.title);
    whole64("seed", 0, ~std::uint64_t{0}, file.options.run.seed);
    engine(file.options.engine);
    file.options.memory = static_cast<MemoryKind>(word("memory", kMemories, 0));
    time("max_time", file.options.run.max_time_ps);
    if (find("max_time") != nullptr && file.options.run.max_time_ps == 0) {
      fail("max_time", "a time longer than 0", object_["max_time"]);
    }
    nic(file);
    applications(file);
    if (const json* schedule = find("schedule")) ScheduleReader(path_, *schedule).read(file.options);
    faults(file.options);
    wires(file);
    traffic(file);
    operations(file);
    if (const json* expect = find("expect")) file.expect = ExpectReader(path_, *expect).read();
    expected_faults(file);
    refuse_other_keys();
    return file;
  }

 private:
  void check_schema() {
    const json* schema = find("schema");
    if (schema == nullptr || *schema != kScenarioSchema) {
      refuse("schema", fmt::format("\"{}\"", kScenarioSchema), schema == nullptr ? "none" : shown(*schema));
    }
  }

  void engine(EngineChoice& target) {
    const json* value = find("engine");
    if (value == nullptr) return;
    if (!value->is_string()) fail("engine", "the name of an engine, or the path of one", *value);
    const auto name = value->get<std::string>();
    try {
      target = EngineChoice::find(EngineChoice::is_path(name) ? beside(name) : name);
    } catch (const NoSuchEngine& error) {
      refuse("engine", error.expected(), error.got() + did_you_mean(name, EngineChoice::names()));
    }
  }

  void nic(ScenarioFile& file) {
    const json* value = find("nic");
    if (value == nullptr) {
      file.nic_file.ports.emplace_back();
    } else if (value->is_object()) {
      file.nic_file = nic_from_json(*value, path_, "/nic");
    } else {
      text("nic", file.options.run.nic_path);
      file.options.run.nic_path = beside(file.options.run.nic_path);
      file.nic_file = read_nic_file(file.options.run.nic_path);
    }
  }

  // An object, or a list of them for several ports. Ports with wires may do without.
  void traffic(ScenarioFile& file) {
    const json* value = find("traffic");
    ReplayOptions& run = file.options.run;
    run.capture_path = path_;
    if (value == nullptr) {
      if (file.wires.empty()) refuse("traffic", "an object with a capture or a shape", "none");
      return;
    }
    const std::size_t count = value->is_array() ? value->size() : 1;
    for (std::size_t i = 0; i < count; ++i) {
      const std::string place = value->is_array() ? fmt::format("/traffic/{}", i) : "/traffic";
      const json& each = value->is_array() ? (*value)[i] : *value;
      std::optional<std::vector<std::uint32_t>> frames;
      FurtherTraffic traffic =
          TrafficReader(path_, place, each).read(run.seed + i, file.nic_file.ports.size(), frames);
      check_port(file, place, traffic.port);
      if (i > 0) {
        keep_frames(frames, traffic.run.capture_path, traffic.capture);
        file.further_traffic.push_back(std::move(traffic));
        continue;
      }
      file.options.frames = frames;
      file.traffic_port = traffic.port;
      file.capture = std::move(traffic.capture);
      run.capture_path = traffic.run.capture_path;
      run.pace = traffic.run.pace;
      run.pace_value = traffic.run.pace_value;
      run.loops = traffic.run.loops;
      run.start_delay_ps = traffic.run.start_delay_ps;
    }
    if (value->is_array() && count == 0)
      fail("traffic", "an object with a capture or a shape, or a list of them", *value);
  }

  void check_port(const ScenarioFile& file, const std::string& place, std::uint32_t port) const {
    const bool wired = std::any_of(file.wires.begin(), file.wires.end(), [port](const WirePlan& wire) {
      return std::find(wire.ports.begin(), wire.ports.end(), port) != wire.ports.end();
    });
    const bool taken = file.traffic_port == port ||
                       std::any_of(file.further_traffic.begin(), file.further_traffic.end(),
                                   [port](const FurtherTraffic& traffic) { return traffic.port == port; });
    if (wired || taken) {
      fail(place.substr(1) + "/port", "a port without a wire, and without other traffic", port + 1);
    }
  }

  void wires(ScenarioFile& file) {
    const json* value = find("wires");
    if (value == nullptr) return;
    if (!value->is_array() || value->empty()) fail("wires", "a list of cables and switches", *value);
    std::vector<bool> taken(file.nic_file.ports.size());
    for (std::size_t i = 0; i < value->size(); ++i) {
      file.wires.push_back(WireReader(path_, i, (*value)[i]).read(taken));
    }
  }

  void applications(ScenarioFile& file) {
    const json* value = find("applications");
    const bool good =
        value != nullptr && value->is_array() && !value->empty() && value->size() <= kProgramsMax;
    if (!good) {
      refuse("applications", fmt::format("a list of 1 to {} applications", kProgramsMax),
             value == nullptr ? "none" : shown(*value));
    }
    for (std::size_t i = 0; i < value->size(); ++i) {
      file.programs.push_back(ApplicationReader(path_, i, (*value)[i]).read());
      for (std::size_t earlier = 0; earlier < i; ++earlier) {
        const std::string& name = file.programs[i].name;
        if (name.empty() || name != file.programs[earlier].name) continue;
        fail(fmt::format("applications/{}/name", i), "a name that no other application has", name);
      }
    }
    file.options.run.app = file.programs.front().app;
    file.options.run.app_arguments = file.programs.front().arguments;
  }

  void faults(ExploreOptions& options) {
    const json* value = find("faults");
    if (value == nullptr) return;
    if (value->is_object() || value->is_array()) {
      options.faults = path_ + kFaultsInside;
      return;
    }
    if (!value->is_string()) fail("faults", "\"swarm\", the path of a fault plan, or faults", *value);
    options.faults = value->get<std::string>();
    if (options.faults != "swarm") options.faults = beside(options.faults);
  }

  // A plan may name faults of either engine here; the one that is asked for refuses what it has not.
  static void expected_faults(ScenarioFile& file) {
    const std::string& faults = file.options.faults;
    file.expect.any_faults = faults == "swarm";
    if (faults.empty() || file.expect.any_faults) return;
    for (const FaultRecord& record : read_faults(faults, EngineKind::kRtl, file.nic_file).records) {
      file.expect.own_faults.insert(fault_info(record.id).id);
    }
  }

  void operations(ScenarioFile& file) {
    const json* value = find("operations");
    if (value == nullptr) return;
    if (!value->is_array()) fail("operations", "a list of operations", *value);
    for (std::size_t i = 0; i < value->size(); ++i) {
      file.operations.push_back(OperationReader(path_, i, (*value)[i], file.nic_file).read());
    }
  }
};

}  // namespace

void keep_frames(const std::optional<std::vector<std::uint32_t>>& frames, const std::string& path,
                 Capture& capture) {
  if (!frames.has_value()) return;
  std::vector<CapturedFrame> kept;
  for (const std::uint32_t number : *frames) {
    if (number < 1 || number > capture.frames.size()) {
      throw InputError(
          fmt::format("{}: expected a frame {}, got {} frames", path, number, capture.frames.size()));
    }
    kept.push_back(capture.frames[number - 1]);
  }
  capture.frames = std::move(kept);
}

ScenarioFile read_scenario_file(const std::string& path) {
  return FileReader(path, read_json(path, "a scenario file")).read();
}

FaultPlan read_faults(const std::string& path, const EngineChoice& engine, const NicFile& nic_file) {
  const PlanMachine machine{!engine.has_clock(), &nic_file};
  const std::string inside(kFaultsInside);
  if (!path.ends_with(inside)) return read_fault_plan(path, machine);
  const std::string file = path.substr(0, path.size() - inside.size());
  const json document = read_json(file, "a scenario file");
  if (!document.is_object() || !document.contains("faults")) {
    throw InputError(fmt::format("{}: expected a key \"faults\", got none", file));
  }
  return plan_within(document["faults"], file, "/faults", machine);
}

ExploreOptions with_scenario_file(const ExploreOptions& asked) {
  if (asked.scenario_path.empty()) return asked;
  const ExploreOptions file = read_scenario_file(asked.scenario_path).options;
  const ExploreOptions defaults;
  ExploreOptions result = asked;
  const auto given = [&](const char* option) { return asked.given.contains(option); };
  const auto take = [&](const char* option, auto member) {
    if (!given(option) && asked.*member == defaults.*member) result.*member = file.*member;
  };
  take("--frames", &ExploreOptions::frames);
  take("--engine", &ExploreOptions::engine);
  take("--schedules", &ExploreOptions::schedules);
  take("--strategy", &ExploreOptions::strategy);
  take("--depth", &ExploreOptions::depth);
  take("--window", &ExploreOptions::window_ps);
  take("--memory", &ExploreOptions::memory);
  take("--faults", &ExploreOptions::faults);
  const auto take_run = [&](const char* option, auto member) {
    if (!given(option) && asked.run.*member == defaults.run.*member) result.run.*member = file.run.*member;
  };
  if (asked.run.capture_path.empty()) result.run.capture_path = file.run.capture_path;
  take_run("--app", &ReplayOptions::app);
  take_run("--nic", &ReplayOptions::nic_path);
  take_run("--pace", &ReplayOptions::pace);
  take_run("--pace", &ReplayOptions::pace_value);
  take_run("--start-delay", &ReplayOptions::start_delay_ps);
  take_run("--loop", &ReplayOptions::loops);
  take_run("--seed", &ReplayOptions::seed);
  take_run("--max-time", &ReplayOptions::max_time_ps);
  // Another program gets its own arguments, or what a program gets without any.
  const std::vector<std::string>& arguments = asked.run.app_arguments;
  const bool default_arguments = arguments.empty() || arguments == std::vector<std::string>{"1"};
  if (!given("--") && asked.run.app.empty() && default_arguments) {
    result.run.app_arguments = file.run.app_arguments;
  }
  return result;
}

}  // namespace ringproof
