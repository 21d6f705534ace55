#include "sim/explore/reducer.h"

#include <algorithm>
#include <charconv>
#include <string>
#include <vector>

#include "sim/explore/smaller_logs.h"

namespace ringproof {
namespace {

// The whole of the text as a number, or 0.
std::uint64_t number_in(const std::string& text) {
  std::uint64_t number = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), number);
  return error == std::errc() && end == text.data() + text.size() ? number : 0;
}

template <typename Item>
void erase_part(std::vector<Item>& items, std::size_t begin, std::size_t end) {
  items.erase(items.begin() + static_cast<std::ptrdiff_t>(begin),
              items.begin() + static_cast<std::ptrdiff_t>(end));
}

}  // namespace

void Reducer::all() {
  while (best_.go_on() && round()) {
  }
}

bool Reducer::round() {
  bool any = reduce_decisions();
  any |= reduce_faults();
  any |= reduce_frames();
  any |= reduce_loops();
  any |= reduce_arguments();
  return any;
}

bool Reducer::reduce_chunks(const List& list, std::size_t chunk) {
  bool any = false;
  for (std::size_t begin = 0; begin < list.size() && best_.go_on();) {
    const std::size_t parts = std::min((list.size() - begin + chunk - 1) / chunk, Trials::kBatch);
    const std::size_t place = best_.keep_first(parts, [&](std::size_t i) {
      const std::size_t at = begin + i * chunk;
      return Candidate{list.without(at, std::min(at + chunk, list.size()))};
    });
    // What stood there is gone, so the next part stands in its place.
    begin += place * chunk;
    any |= place < parts;
  }
  return any;
}

// Single entries are tried until none can go; of larger chunks one round is enough.
bool Reducer::reduce(const List& list) {
  bool any = false;
  for (std::size_t chunk = list.size(); chunk > 1 && best_.go_on(); chunk = (chunk + 1) / 2) {
    any |= reduce_chunks(list, chunk);
  }
  while (best_.go_on() && reduce_chunks(list, 1)) any = true;
  return any;
}

bool Reducer::reduce_decisions() {
  const List decisions = {[this] { return best_.failure().log.size(); },
                          [this](std::size_t begin, std::size_t end) {
                            Failure candidate = best_.failure();
                            erase_part(candidate.log, begin, end);
                            return candidate;
                          }};
  bool any = cut_tail();
  any |= reduce(decisions);
  while (best_.go_on() && replace_log()) {
    any = true;
    reduce(decisions);
  }
  return any;
}

// What was decided after the failure does not matter. Its place is looked for between thirds, whatever the
// number of workers.
bool Reducer::cut_tail() {
  const std::size_t before = best_.failure().log.size();
  std::size_t least = 0;
  while (least < best_.failure().log.size() && best_.go_on()) {
    const std::size_t third = (best_.failure().log.size() - least) / 3;
    const std::vector<std::size_t> lengths = {least + third, least + 2 * third};
    std::vector<Failure> candidates(lengths.size(), best_.failure());
    for (std::size_t i = 0; i < lengths.size(); ++i) candidates[i].log.resize(lengths[i]);
    const std::size_t place = best_.keep_first(candidates);
    if (place > 0) least = lengths[place - 1] + 1;
  }
  return best_.failure().log.size() < before;
}

bool Reducer::replace_log() {
  const std::vector<DecisionLog> logs = smaller_logs(best_.failure().log);
  const Failure now = best_.failure();
  return best_.keep_first(logs.size(), [&](std::size_t i) {
    Candidate candidate{now};
    candidate.failure.log = logs[i];
    return candidate;
  }) < logs.size();
}

bool Reducer::reduce_faults() {
  return reduce({[this] { return best_.failure().faults.records.size(); },
                 [this](std::size_t begin, std::size_t end) {
                   Failure candidate = best_.failure();
                   erase_part(candidate.faults.records, begin, end);
                   return candidate;
                 }});
}

bool Reducer::reduce_frames() {
  return reduce({[this] { return best_.frames().size(); },
                 [this](std::size_t begin, std::size_t end) {
                   Failure candidate = best_.failure();
                   candidate.options.frames = best_.frames();
                   erase_part(*candidate.options.frames, begin, end);
                   return candidate;
                 }});
}

bool Reducer::reduce_loops() {
  return reduce_number({[](const Failure& failure) { return failure.options.run.loops; },
                        [](Failure& failure, std::uint64_t number) {
                          failure.options.run.loops = static_cast<std::uint32_t>(number);
                        }});
}

bool Reducer::reduce_arguments() {
  bool any = false;
  for (std::size_t i = 0; i < best_.failure().options.run.app_arguments.size() && best_.go_on(); ++i) {
    any |= reduce_number(
        {[i](const Failure& failure) { return number_in(failure.options.run.app_arguments[i]); },
         [i](Failure& failure, std::uint64_t number) {
           failure.options.run.app_arguments[i] = std::to_string(number);
         }});
  }
  return any;
}

// Smaller ones, the smallest first.
bool Reducer::reduce_number(const Number& number) {
  bool any = false;
  while (best_.go_on()) {
    const std::uint64_t now = number.get(best_.failure());
    if (now <= 1) break;
    std::vector<Failure> candidates;
    for (const std::uint64_t smaller : {std::uint64_t{1}, now / 2, now - 1}) {
      candidates.push_back(best_.failure());
      number.set(candidates.back(), smaller);
    }
    if (best_.keep_first(candidates) == candidates.size()) break;
    any = true;
  }
  return any;
}

}  // namespace ringproof
