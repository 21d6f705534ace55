#include "sim/explore/failure_file.h"

#include <dlfcn.h>
#include <fmt/format.h>

#include <array>
#include <cstdlib>
#include <fstream>
#include <nlohmann/json.hpp>
#include <sstream>

#include "model/base/hash.h"
#include "sim/app/application.h"
#include "sim/explore/compared_run.h"
#include "sim/explore/outcome_json.h"
#include "sim/fault/plan_json.h"
#include "sim/replay/input_error.h"
#include "sim/replay/whole_file.h"

namespace ringproof {
namespace {

using Json = nlohmann::ordered_json;

constexpr const char* kFailureSchema = "ringproof.failure/1";
constexpr std::array<const char*, 4> kPaces = {"original", "line-rate", "factor", "frames-per-second"};

std::string read_text(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  // A folder can be opened, but not read.
  if (!file || !(text << file.rdbuf())) {
    throw InputError(fmt::format("{}: expected a failure file that can be read, got none", path));
  }
  return text.str();
}

// Reads values of a failure file, and names the place of what is not as expected.
class Reader {
 public:
  Reader(std::string path, const Json& file) : path_(std::move(path)), file_(file) {}

  template <typename Value>
  Value get(const char* pointer, const char* expected) const {
    const Json::json_pointer place(pointer);
    if (!file_.contains(place)) refuse(pointer, expected, "none");
    try {
      return file_.at(place).get<Value>();
    } catch (const nlohmann::json::exception&) {
      refuse(pointer, expected, file_.at(place).dump());
    }
  }
  std::uint64_t whole(const char* pointer) const {
    constexpr const char* kExpected = "a whole number";
    const Json::json_pointer place(pointer);
    if (file_.contains(place) && !file_.at(place).is_number_unsigned()) {
      refuse(pointer, kExpected, file_.at(place).dump());
    }
    return get<std::uint64_t>(pointer, kExpected);
  }
  std::string text(const char* pointer) const { return get<std::string>(pointer, "a text"); }
  template <std::size_t N>
  std::size_t word(const char* pointer, const std::array<const char*, N>& words) const {
    const std::string found = text(pointer);
    for (std::size_t i = 0; i < N; ++i) {
      if (found == words[i]) return i;
    }
    refuse(pointer, fmt::format("{}", fmt::join(words, ", ")), found);
  }
  [[noreturn]] void refuse(const std::string& pointer, const std::string& expected,
                           const std::string& got) const {
    throw InputError(fmt::format("{}: {}: expected {}, got {}", path_, pointer, expected, one_line(got, 60)));
  }
  bool has(const char* pointer) const { return file_.contains(Json::json_pointer(pointer)); }

 private:
  const std::string path_;
  const Json& file_;
};

Json scenario_json(const ExploreOptions& options) {
  const ReplayOptions& run = options.run;
  Json json = {{"capture", run.capture_path},
               {"app", run.app},
               {"arguments", run.app_arguments},
               {"nic", run.nic_path},
               {"pace", kPaces[static_cast<std::size_t>(run.pace)]},
               {"pace_value", run.pace_value},
               {"start_delay_ps", run.start_delay_ps},
               {"loops", run.loops},
               {"max_time_ps", run.max_time_ps},
               {"stall_seconds", run.stall_seconds},
               {"engine", engine_name(options.engine)},
               {"memory", memory_name(options.memory)},
               {"window_ps", options.window_ps}};
  if (options.frames.has_value()) json["frames"] = *options.frames;
  if (!options.scenario_path.empty()) json["file"] = options.scenario_path;
  return json;
}

ExploreOptions scenario_of(const Reader& reader) {
  ExploreOptions options;
  ReplayOptions& run = options.run;
  run.capture_path = reader.text("/scenario/capture");
  run.app = reader.text("/scenario/app");
  run.app_arguments = reader.get<std::vector<std::string>>("/scenario/arguments", "a list of texts");
  run.nic_path = reader.text("/scenario/nic");
  run.pace = static_cast<PaceKind>(reader.word("/scenario/pace", kPaces));
  run.pace_value = reader.get<double>("/scenario/pace_value", "a number");
  run.start_delay_ps = reader.whole("/scenario/start_delay_ps");
  run.loops = static_cast<std::uint32_t>(reader.whole("/scenario/loops"));
  run.max_time_ps = reader.whole("/scenario/max_time_ps");
  run.stall_seconds = static_cast<std::uint32_t>(reader.whole("/scenario/stall_seconds"));
  options.engine = static_cast<EngineKind>(reader.word("/scenario/engine", kEngineNames));
  options.memory = static_cast<MemoryKind>(reader.word("/scenario/memory", kMemoryNames));
  options.window_ps = reader.whole("/scenario/window_ps");
  if (reader.has("/scenario/file")) options.scenario_path = reader.text("/scenario/file");
  if (reader.has("/scenario/frames")) {
    options.frames = reader.get<std::vector<std::uint32_t>>("/scenario/frames", "a list of whole numbers");
  }
  if (run.loops == 0) reader.refuse("/scenario/loops", "1 or more", "0");
  if (!(run.pace_value > 0)) reader.refuse("/scenario/pace_value", "a number above 0", "none");
  return options;
}

// The grammar is that of a fault plan, in two keys of the failure.
FaultPlan faults_of(const Reader& reader, const Json& file, const std::string& path, EngineKind engine) {
  if (!reader.has("/faults")) return {};
  nlohmann::json plan = to_json(FaultPlan());
  plan["faults"] = file.at("faults");
  if (reader.has("/heal_ns")) plan["heal_ns"] = file.at("heal_ns");
  return plan_from_json(plan, path, "", {engine == EngineKind::kFunctional});
}

}  // namespace

void write_failure(const Failure& failure, const std::string& path) {
  const Json json = {{"schema", kFailureSchema},
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
  write_whole_file(path, json.dump(1, ' ', false, Json::error_handler_t::replace) + "\n");
}

Failure read_failure(const std::string& path) {
  Json file;
  try {
    file = Json::parse(read_text(path));
  } catch (const nlohmann::json::parse_error& error) {
    throw InputError(fmt::format("{}: byte {}: expected JSON, got something else", path, error.byte));
  }
  const Reader reader(path, file);
  if (!file.is_object() || reader.text("/schema") != kFailureSchema) {
    reader.refuse("/schema", fmt::format("\"{}\"", kFailureSchema),
                  file.is_object() ? file["schema"].dump() : "none");
  }
  Failure failure;
  failure.options = scenario_of(reader);
  failure.seed = reader.whole("/seed");
  failure.must_end = reader.get<bool>("/must_end", "true or false");
  failure.steps_max = reader.whole("/steps_max");
  failure.key = reader.text("/broke/what");
  failure.message = reader.text("/broke/message");
  failure.build = reader.text("/build");
  failure.hash = std::strtoull(reader.text("/result_hash").c_str(), nullptr, 16);
  try {
    failure.log = log_from_json(file.at("decisions"));
  } catch (const nlohmann::json::exception&) {
    reader.refuse("/decisions", "a list of {\"at\", \"n\", \"run\"} or {\"memory\", \"n\", \"value\"}",
                  "another shape");
  }
  failure.faults = faults_of(reader, file, path, failure.options.engine);
  return failure;
}

std::string build_id(const std::string& application) {
  Dl_info self;
  const std::string library =
      dladdr(reinterpret_cast<const void*>(&build_id), &self) != 0 ? self.dli_fname : "";
  Hash64 hash;
  for (const std::string& path : {library, find_application(application)}) {
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
