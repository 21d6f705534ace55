#include "sim/explore/explore_files.h"

#include <fmt/format.h>

#include <algorithm>
#include <cmath>
#include <nlohmann/json.hpp>
#include <pugixml.hpp>
#include <sstream>

#include "sim/explore/explore_report.h"

namespace ringproof {
namespace {

using Json = nlohmann::ordered_json;

Json invariants_json(const CampaignResult& result) {
  Json by_id = Json::object();
  for (const InvariantResult& invariant : result.invariants) {
    by_id[std::string(invariant.id)] = {
        {"title", invariant.title}, {"checked", invariant.checked}, {"violations", invariant.violations}};
  }
  return by_id;
}

Json failures_json(const CampaignResult& result) {
  Json list = Json::array();
  for (const FoundFailure& failure : result.failures) {
    list.push_back({{"what", failure.key},
                    {"message", failure.message},
                    {"first_schedule", failure.schedule},
                    {"seed", failure.seed},
                    {"schedules", failure.times},
                    {"decisions", failure.decisions},
                    {"file", failure.file}});
  }
  return list;
}

const char* end_of(const CampaignResult& result) {
  if (result.stopped) return "signal";
  if (result.out_of_time) return "time";
  return result.complete ? "complete" : "done";
}

const FoundFailure* failure_of(const CampaignResult& result, const std::string& key) {
  const auto found = std::find_if(result.failures.begin(), result.failures.end(),
                                  [&key](const FoundFailure& failure) { return failure.key == key; });
  return found == result.failures.end() ? nullptr : &*found;
}

class JUnit {
 public:
  JUnit(const CampaignResult& result, const ExploreOptions& options) : result_(result), options_(options) {}

  std::string text() {
    pugi::xml_node declaration = document_.prepend_child(pugi::node_declaration);
    declaration.append_attribute("version") = "1.0";
    declaration.append_attribute("encoding") = "UTF-8";
    suite_ = document_.append_child("testsuites").append_child("testsuite");
    suite_.append_attribute("name") = ("ringproof explore: " + result_.title).c_str();
    for (const char* name : {"tests", "failures", "skipped"}) suite_.append_attribute(name) = 0;
    suite_.append_attribute("errors") = 0;
    suite_.append_attribute("time") = fmt::format("{:.3f}", result_.wall_s).c_str();
    for (const InvariantResult& invariant : result_.invariants) add(invariant);
    for (const FoundFailure& failure : result_.failures) {
      if (!is_invariant(failure.key)) fail(add_case("program", failure.key), failure);
    }
    if (tests_ == skipped_) add_case("program", "runs");
    suite_.attribute("tests") = tests_;
    suite_.attribute("failures") = failures_;
    suite_.attribute("skipped") = skipped_;
    std::ostringstream stream;
    document_.save(stream, " ");
    return stream.str();
  }

 private:
  bool is_invariant(const std::string& key) const {
    return std::any_of(result_.invariants.begin(), result_.invariants.end(),
                       [&key](const InvariantResult& invariant) { return invariant.id == key; });
  }
  pugi::xml_node add_case(const char* group, const std::string& name) {
    ++tests_;
    pugi::xml_node one = suite_.append_child("testcase");
    one.append_attribute("classname") = group;
    one.append_attribute("name") = name.c_str();
    return one;
  }
  void add(const InvariantResult& invariant) {
    pugi::xml_node one = add_case("invariants", fmt::format("{} {}", invariant.id, invariant.title));
    const FoundFailure* failure = failure_of(result_, std::string(invariant.id));
    if (failure != nullptr) {
      fail(one, *failure);
    } else if (invariant.checked == 0) {
      ++skipped_;
      one.append_child("skipped").append_attribute("message") = "never put to the test";
    }
  }
  void fail(pugi::xml_node one, const FoundFailure& failure) {
    ++failures_;
    pugi::xml_node node = one.append_child("failure");
    node.append_attribute("type") = failure.key.c_str();
    node.append_attribute("message") = failure.message.c_str();
    const std::string command =
        failure.file.empty() ? std::string() : replay_command(options_.program, failure.file);
    node.append_child(pugi::node_pcdata)
        .set_value(
            fmt::format("{} schedules, the first with seed {}\n{}", failure.times, failure.seed, command)
                .c_str());
  }

  const CampaignResult& result_;
  const ExploreOptions& options_;
  pugi::xml_document document_;
  pugi::xml_node suite_;
  int tests_ = 0;
  int failures_ = 0;
  int skipped_ = 0;
};

}  // namespace

std::string explore_json(const CampaignResult& result, const ExploreOptions& options) {
  Json json;
  json["schema"] = "ringproof.explore/1";
  json["title"] = result.title;
  json["strategy"] = {{"name", result.strategy},
                      {"depth", result.depth},
                      {"window_ps", options.window_ps},
                      {"certified", result.certified}};
  json["engine"] = result.engine;
  json["memory"] = result.memory;
  json["seed"] = result.seed;
  json["schedules"] = result.schedules;
  json["failed_schedules"] = result.failed_schedules;
  json["excused_ends"] = result.excused_ends;
  json["campaign_hash"] = fmt::format("{:016x}", result.campaign_hash);
  json["coverage"] = result.coverage;
  json["steps"] = result.steps;
  json["first_come"] = {{"choices", result.baseline_steps}, {"actors", result.baseline_actors}};
  json["end"] = end_of(result);
  json["wall_s"] = std::round(result.wall_s * 1000) / 1000;
  json["failures"] = failures_json(result);
  json["faults"] = result.faults;
  json["struck_in"] = result.struck_in;
  json["struck_together"] = result.struck_together;
  json["invariants"] = invariants_json(result);
  return json.dump(2, ' ', false, Json::error_handler_t::replace) + "\n";
}

std::string explore_junit(const CampaignResult& result, const ExploreOptions& options) {
  return JUnit(result, options).text();
}

}  // namespace ringproof
