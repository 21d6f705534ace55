#include "sim/explore/failure_file.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <algorithm>
#include <array>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#include <utility>

#include "model/base/hash.h"
#include "sim/app/application.h"
#include "sim/explore/compared_run.h"
#include "sim/explore/outcome_json.h"
#include "sim/fault/plan_json.h"
#include "sim/replay/json_reader.h"
#include "sim/replay/run_limits.h"
#include "sim/replay/whole_file.h"

namespace ringproof {
namespace {

using Json = nlohmann::ordered_json;
using nlohmann::json;

constexpr const char* kFailureSchema = "ringproof.failure/1";
constexpr std::array<const char*, 4> kPaces = {"original", "line-rate", "factor", "frames-per-second"};
// Every decision of a long run is some millions of lines.
constexpr std::uint64_t kFailureBytesMax = 1 << 30;

Json scenario_json(const ExploreOptions& options) {
  const ReplayOptions& run = options.run;
  Json scenario = {{"capture", run.capture_path},
                   {"app", run.app},
                   {"arguments", run.app_arguments},
                   {"nic", run.nic_path},
                   {"pace", kPaces[static_cast<std::size_t>(run.pace)]},
                   {"pace_value", run.pace_value},
                   {"start_delay_ps", run.start_delay_ps},
                   {"loops", run.loops},
                   {"max_time_ps", run.max_time_ps},
                   {"stall_seconds", run.stall_seconds},
                   {"engine", options.engine.name()},
                   {"memory", memory_name(options.memory)},
                   {"window_ps", options.window_ps}};
  if (options.frames.has_value()) scenario["frames"] = *options.frames;
  if (!options.scenario_path.empty()) scenario["file"] = options.scenario_path;
  return scenario;
}

// One object of a failure file. Few keys may be left out: docs/explore.md names them.
class FailureObject : public ObjectReader {
 protected:
  FailureObject(const std::string& path, std::string place, const json& object, const char* what)
      : ObjectReader(path, std::move(place), object, "docs/explore.md") {
    if (!object_.is_object()) fail("", what, object_);
  }

  const json& needed(const std::string& key, const std::string& expected) {
    const json* value = find(key);
    if (value == nullptr) refuse(key, expected, "none");
    return *value;
  }
  std::uint64_t needed_whole(const std::string& key, std::uint64_t least, std::uint64_t most) {
    needed(key, fmt::format("a whole number from {} to {}", least, most));
    std::uint64_t target = 0;
    whole64(key, least, most, target);
    return target;
  }
  std::uint32_t needed_count(const std::string& key, std::uint32_t least, std::uint32_t most) {
    return static_cast<std::uint32_t>(needed_whole(key, least, most));
  }
  std::string needed_text(const std::string& key) {
    const json& value = needed(key, "a text");
    if (!value.is_string()) fail(key, "a text", value);
    return value.get<std::string>();
  }
  template <std::size_t N>
  std::size_t needed_word(const std::string& key, const std::array<const char*, N>& words) {
    needed(key, fmt::format("{}", fmt::join(words, ", ")));
    return word(key, {words.begin(), words.end()}, 0);
  }
};

class BrokeReader : private FailureObject {
 public:
  BrokeReader(const std::string& path, const json& broke)
      : FailureObject(path, "/broke", broke, "an object with what and message") {}

  void read(Failure& failure) {
    failure.key = needed_text("what");
    failure.message = needed_text("message");
    refuse_other_keys();
  }
};

class FailedScenarioReader : private FailureObject {
 public:
  FailedScenarioReader(const std::string& path, const json& scenario)
      : FailureObject(path, "/scenario", scenario, "an object with capture, app and nic") {}

  ExploreOptions read() {
    ExploreOptions options;
    ReplayOptions& run = options.run;
    run.capture_path = needed_text("capture");
    run.app = needed_text("app");
    run.app_arguments = arguments();
    run.nic_path = needed_text("nic");
    pace(run);
    run.start_delay_ps = needed_whole("start_delay_ps", 0, kLongestPs);
    run.loops = needed_count("loops", 1, kLoopsMax);
    run.max_time_ps = needed_whole("max_time_ps", 0, kLongestPs);
    run.stall_seconds = needed_count("stall_seconds", 0, kStallSecondsMax);
    engine(options.engine);
    options.memory = static_cast<MemoryKind>(needed_word("memory", kMemoryNames));
    options.window_ps = needed_whole("window_ps", 0, kLongestPs);
    if (find("file") != nullptr) options.scenario_path = needed_text("file");
    frames(options.frames);
    refuse_other_keys();
    return options;
  }

 private:
  std::vector<std::string> arguments() {
    const json& list = needed("arguments", "a list of texts");
    const bool good = list.is_array() && std::all_of(list.begin(), list.end(),
                                                     [](const json& each) { return each.is_string(); });
    if (!good) fail("arguments", "a list of texts", list);
    return list.get<std::vector<std::string>>();
  }
  void engine(EngineChoice& target) {
    const std::string name = needed_text("engine");
    try {
      target = EngineChoice::find(name);
    } catch (const NoSuchEngine& error) {
      refuse("engine", error.expected(), error.got() + did_you_mean(name, EngineChoice::names()));
    }
  }
  // Within the bounds of --pace.
  void pace(ReplayOptions& run) {
    run.pace = static_cast<PaceKind>(needed_word("pace", kPaces));
    const bool rate = run.pace == PaceKind::kFramesPerSecond;
    needed("pace_value", "a number");
    number("pace_value", rate ? 1e-3 : 1e-6, rate ? 1e9 : 1e6, run.pace_value);
  }
  void frames(std::optional<std::vector<std::uint32_t>>& target) {
    const json* list = find("frames");
    if (list == nullptr) return;
    constexpr std::uint64_t kMost = std::numeric_limits<std::uint32_t>::max();
    const bool good = list->is_array() && !list->empty() &&
                      std::all_of(list->begin(), list->end(),
                                  [](const json& each) { return whole_between(each, 1, kMost); });
    if (!good) fail("frames", "a list of one or more frame numbers of the capture, from 1", *list);
    target = list->get<std::vector<std::uint32_t>>();
  }
};

class DecisionReader : private FailureObject {
 public:
  DecisionReader(const std::string& path, const std::string& place, const json& decision)
      : FailureObject(path, place, decision, "{\"at\", \"n\", \"run\"} or {\"memory\", \"n\", \"value\"}") {}

  Decision read() {
    constexpr std::uint32_t kMost = std::numeric_limits<std::uint32_t>::max();
    Decision decision;
    decision.number = needed_count("n", 1, kMost);
    if (object_.contains("memory")) {
      decision.kind = DecisionKind::kMemory;
      decision.at = needed_text("memory");
      decision.value = needed_count("value", 1, kMost);
    } else {
      decision.at = needed_text("at");
      decision.run = needed_text("run");
    }
    refuse_other_keys();
    return decision;
  }
};

// A list of them at `place`.
DecisionLog read_decisions(const std::string& path, const std::string& place, const json& list) {
  if (!list.is_array()) refuse_at(path, place, "a list of decisions", shown(list));
  DecisionLog log;
  for (std::size_t i = 0; i < list.size(); ++i) {
    log.push_back(DecisionReader(path, fmt::format("{}/{}", place, i), list[i]).read());
  }
  return log;
}

class FailureReader : private FailureObject {
 public:
  FailureReader(const std::string& path, const json& file)
      : FailureObject(path, "", file, "an object with schema, scenario and decisions") {}

  Failure read() {
    check_schema();
    constexpr std::uint64_t kAny = std::numeric_limits<std::uint64_t>::max();
    Failure failure;
    BrokeReader(path_, needed("broke", "an object with what and message")).read(failure);
    failure.seed = needed_whole("seed", 0, kAny);
    needed("must_end", "true or false");
    boolean("must_end", failure.must_end);
    failure.steps_max = needed_whole("steps_max", 0, kAny);
    failure.options =
        FailedScenarioReader(path_, needed("scenario", "an object with capture, app and nic")).read();
    std::uint64_t counted_again = 0;
    whole64("preemptions", 0, kAny, counted_again);
    failure.log = read_decisions(path_, "/decisions", needed("decisions", "a list of decisions"));
    faults(failure);
    hash(failure);
    failure.build = needed_text("build");
    refuse_other_keys();
    return failure;
  }

 private:
  // A wrong version explains whatever else is unknown, so it comes first.
  void check_schema() {
    const std::string expected = fmt::format("\"{}\"", kFailureSchema);
    const json& schema = needed("schema", expected);
    if (schema != kFailureSchema) fail("schema", expected, schema);
  }
  // The grammar is that of a fault plan, in two keys of the failure.
  void faults(Failure& failure) {
    const json* records = find("faults");
    const json* heal_ns = find("heal_ns");
    json plan = to_json(FaultPlan());
    if (records != nullptr) plan["faults"] = *records;
    if (heal_ns != nullptr) plan["heal_ns"] = *heal_ns;
    failure.faults = plan_from_json(plan, path_, "", {!failure.options.engine.has_clock()});
  }
  void hash(Failure& failure) {
    std::array<std::uint8_t, 8> bytes{};
    needed("result_hash", "16 hexadecimal digits");
    hexadecimal("result_hash", bytes);
    for (const std::uint8_t byte : bytes) failure.hash = failure.hash << 8 | byte;
  }
};

}  // namespace

void write_failure(const Failure& failure, const std::string& path) {
  const Json file = {{"schema", kFailureSchema},
                     {"broke", {{"what", failure.key}, {"message", failure.message}}},
                     {"seed", failure.seed},
                     {"must_end", failure.must_end},
                     {"steps_max", failure.steps_max},
                     {"scenario", scenario_json(failure.options)},
                     {"preemptions", preemptions_of(failure.log).size()},
                     {"decisions", to_json(failure.log)},
                     {"heal_ns", failure.faults.heal_ns},
                     {"faults", to_json(failure.faults.records)},
                     {"result_hash", fmt::format("{:016x}", failure.hash)},
                     {"build", failure.build}};
  write_whole_file(path, file.dump(1, ' ', false, Json::error_handler_t::replace) + "\n");
}

Failure read_failure(const std::string& path) {
  return FailureReader(path, read_json(path, "a failure file", kFailureBytesMax)).read();
}

DecisionLog decisions_from_text(const std::string& name, const std::string& text) {
  return read_decisions(name, "", parse_json(name, text));
}

std::string build_id(const ExploreOptions& options) {
  Dl_info self;
  const std::string library =
      dladdr(reinterpret_cast<const void*>(&build_id), &self) != 0 ? self.dli_fname : "";
  Hash64 hash;
  std::vector<std::string> files = {library, find_application(options.run.app)};
  if (!options.engine.file().empty()) files.push_back(options.engine.file());
  for (const std::string& path : files) {
    std::ifstream file(path, std::ios::binary);
    std::ostringstream content;
    content << file.rdbuf();
    const std::string bytes = content.str();
    hash.add_bytes(bytes.data(), bytes.size());
  }
  return fmt::format("{:016x}", hash.value());
}

ScheduleSpec spec_of(const Failure& failure) {
  ScheduleSpec spec;
  spec.seed = failure.seed;
  spec.must_end = failure.must_end;
  spec.steps_max = failure.steps_max;
  spec.log = failure.log;
  spec.faults = failure.faults;
  spec.compared = is_found_by_comparing(failure.key);
  return spec;
}

}  // namespace ringproof
