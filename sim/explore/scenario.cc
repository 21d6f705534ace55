#include "sim/explore/scenario.h"

#include <fmt/format.h>

#include <filesystem>
#include <utility>

#include "sim/replay/input_error.h"
#include "sim/run/port_maker.h"
#include "sim/scenario/scenario_file.h"

namespace ringproof {

namespace {

// On the machine of the scenario.
void read_plan(const ExploreOptions& options, Scenario& scenario) {
  if (options.faults.empty() || scenario.swarm) return;
  scenario.faults = read_faults(options.faults, options.engine, scenario.nic_file);
}

}  // namespace

Scenario read_scenario(const ExploreOptions& options) {
  Scenario scenario;
  scenario.run = options.run;
  scenario.engine = options.engine;
  scenario.memory = options.memory;
  scenario.window_ps = options.window_ps;
  scenario.swarm = options.faults == "swarm";
  ProgramSpec first{options.run.app, options.run.app_arguments};
  scenario.programs = with_names({first});
  if (!options.scenario_path.empty()) {
    ScenarioFile file = read_scenario_file(options.scenario_path);
    scenario.title = file.title;
    // The options say which the first one is, and what it gets.
    first.name = file.programs.front().name;
    if (first.app == file.programs.front().app) first.place = file.programs.front().place;
    file.programs.front() = first;
    scenario.programs = with_names(std::move(file.programs));
    scenario.nic_file = std::move(file.nic_file);
    scenario.capture = std::move(file.capture);
    scenario.traffic_port = file.traffic_port;
    scenario.further_traffic = std::move(file.further_traffic);
    scenario.wires = std::move(file.wires);
    scenario.operations = std::move(file.operations);
    scenario.expect = std::move(file.expect);
    expect_fits(scenario.engine, scenario.nic_file, options.scenario_path);
    read_plan(options, scenario);
    keep_frames(options.frames, options.run.capture_path, scenario.capture);
    return scenario;
  }
  if (options.run.nic_path.empty()) {
    scenario.nic_file.ports.emplace_back();
  } else {
    scenario.nic_file = read_nic_file(options.run.nic_path);
  }
  expect_fits(scenario.engine, scenario.nic_file, options.run.nic_path);
  read_plan(options, scenario);
  scenario.capture = read_capture(options.run.capture_path);
  keep_frames(options.frames, options.run.capture_path, scenario.capture);
  const auto name = [](const std::string& path) { return std::filesystem::path(path).filename().string(); };
  scenario.title = name(options.run.app) + " on " + name(options.run.capture_path);
  return scenario;
}

std::vector<std::string> inputs_of(const ExploreOptions& options, const Scenario& scenario) {
  std::vector<std::string> inputs = {options.scenario_path, scenario.run.capture_path, scenario.run.nic_path,
                                     options.faults};
  for (const FurtherTraffic& further : scenario.further_traffic) inputs.push_back(further.run.capture_path);
  for (const ProgramSpec& program : scenario.programs) inputs.push_back(program.app);
  inputs.push_back(scenario.engine.file());
  return inputs;
}

}  // namespace ringproof
