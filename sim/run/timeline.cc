#include "sim/run/timeline.h"

#include <fmt/format.h>

#include <nlohmann/json.hpp>

#include "sim/replay/whole_file.h"

namespace ringproof {
namespace {

constexpr std::uint32_t kWireTracks = 100'000;  // after those of the tasks
constexpr int kProcess = 1;

std::string microseconds(std::uint64_t time_ps) {
  return fmt::format("{}.{:06}", time_ps / 1'000'000, time_ps % 1'000'000);
}

std::string quoted(const std::string& text) {
  return nlohmann::json(text).dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
}

}  // namespace

void Timeline::add(const std::string& event) {
  events_ += events_.empty() ? "\n" : ",\n";
  events_ += event;
}

void Timeline::name_track(std::uint32_t track, const std::string& name) {
  if (std::exchange(named_[track], true)) return;
  add(fmt::format(R"({{"ph":"M","pid":{},"tid":{},"name":"thread_name","args":{{"name":{}}}}})", kProcess,
                  track, quoted(name)));
}

void Timeline::task_ran(const Task& task, std::uint64_t begin_ps, std::uint64_t end_ps) {
  const std::uint32_t track = task.number + 1;
  name_track(track, task.name);
  add(fmt::format(R"({{"ph":"X","pid":{},"tid":{},"ts":{},"dur":{},"name":"runs","args":{{"cpu":{}}}}})",
                  kProcess, track, microseconds(begin_ps), microseconds(end_ps - begin_ps), task.cpu));
}

void Timeline::wire_in(std::uint32_t port, std::uint64_t timestamp_ns, Bytes bytes) {
  const std::uint32_t track = kWireTracks + 2 * port;
  name_track(track, fmt::format("port{} wire in", port + 1));
  add(fmt::format(R"({{"ph":"i","s":"t","pid":{},"tid":{},"ts":{},"name":"{} bytes"}})", kProcess, track,
                  microseconds(timestamp_ns * 1000), bytes.size()));
}

void Timeline::nic_dropped(std::uint32_t port, std::uint64_t timestamp_ns, DropReason reason) {
  const std::uint32_t track = kWireTracks + 2 * port;
  name_track(track, fmt::format("port{} wire in", port + 1));
  add(fmt::format(R"({{"ph":"i","s":"t","pid":{},"tid":{},"ts":{},"name":"dropped: {}"}})", kProcess, track,
                  microseconds(timestamp_ns * 1000), drop_reason_name(reason)));
}

void Timeline::wire_out(std::uint32_t port, std::uint32_t queue, std::uint64_t time_ps, Bytes bytes) {
  const std::uint32_t track = kWireTracks + 2 * port + 1;
  name_track(track, fmt::format("port{} wire out", port + 1));
  add(fmt::format(R"({{"ph":"i","s":"t","pid":{},"tid":{},"ts":{},"name":"{} bytes, queue {}"}})", kProcess,
                  track, microseconds(time_ps), bytes.size(), queue));
}

void Timeline::ring_moved(std::uint64_t socket, RingKind kind, Actor actor, std::uint32_t old,
                          std::uint32_t now, std::uint64_t time_ps) {
  const bool application_produces = kind == RingKind::kFill || kind == RingKind::kTx;
  const auto moved = static_cast<std::int32_t>(now - old);
  std::int64_t& used = used_[{socket, kind}];
  used += application_produces == (actor == Actor::kApplication) ? moved : -moved;
  add(fmt::format(R"({{"ph":"C","pid":{},"ts":{},"name":"socket {} {}","args":{{"entries":{}}}}})", kProcess,
                  microseconds(time_ps), socket, ring_kind_name(kind), used));
}

void Timeline::write(const std::string& path) const {
  write_whole_file(path, "{\"displayTimeUnit\":\"ns\",\"traceEvents\":[" + events_ + "\n]}\n");
}

}  // namespace ringproof
