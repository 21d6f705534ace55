#include "sim/replay/json_reader.h"

#include <fmt/format.h>
#include <sys/stat.h>

#include <algorithm>
#include <cerrno>
#include <cstring>
#include <fstream>
#include <iterator>
#include <set>
#include <string_view>

#include "sim/replay/input_error.h"

namespace ringproof {

using nlohmann::json;

namespace {

// What a person writes is a few lines; more is some other file.
constexpr std::size_t kFileBytesMax = 1 << 20;

// The library's sentence without its number and place.
std::string reason_of(const json::parse_error& error) {
  std::string text = error.what();
  for (const std::string_view mark : {"syntax error while ", "parse error"}) {
    const std::size_t at = text.find(mark);
    if (at != std::string::npos) return text.substr(at);
  }
  return text;
}

}  // namespace

std::string read_json_text(const std::string& path, const std::string& what) {
  struct stat status {};
  if (stat(path.c_str(), &status) != 0) {
    throw InputError(
        fmt::format("{}: expected {} that can be read, got: {}", path, what, std::strerror(errno)));
  }
  if (!S_ISREG(status.st_mode)) {
    throw InputError(fmt::format("{}: expected {}, got {}", path, what,
                                 S_ISDIR(status.st_mode) ? "a directory" : "no regular file"));
  }
  if (static_cast<std::size_t>(status.st_size) > kFileBytesMax) {
    throw InputError(fmt::format("{}: expected {} of at most {} bytes, got {} bytes", path, what,
                                 kFileBytesMax, status.st_size));
  }
  std::ifstream file(path, std::ios::binary);
  std::string text((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
  if (!file) {
    throw InputError(
        fmt::format("{}: expected {} that can be read, got: {}", path, what, std::strerror(errno)));
  }
  return text;
}

std::string shown(const json& value) {
  return one_line(value.dump(-1, ' ', false, json::error_handler_t::replace), 60);
}

json parse_json(const std::string& path, const std::string& text) {
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

void ObjectReader::fail(const std::string& key, const std::string& expected, const json& got) const {
  throw InputError(fmt::format("{}: {}{}{}: expected {}, got {}", path_, place_, key.empty() ? "" : "/", key,
                               expected, shown(got)));
}

const json* ObjectReader::find(const std::string& key) {
  known_.push_back(key);
  const auto found = object_.find(key);
  return found == object_.end() ? nullptr : &*found;
}

bool ObjectReader::whole_between(const json& value, std::uint64_t least, std::uint64_t most) {
  return value.is_number_unsigned() && value.get<std::uint64_t>() >= least &&
         value.get<std::uint64_t>() <= most;
}

void ObjectReader::number(const std::string& key, double least, double most, double& target) {
  const json* value = find(key);
  if (value == nullptr) return;
  if (!value->is_number() || !(value->get<double>() >= least && value->get<double>() <= most)) {
    fail(key, fmt::format("a number from {} to {}", least, most), *value);
  }
  target = value->get<double>();
}

void ObjectReader::whole(const std::string& key, std::uint32_t least, std::uint32_t most,
                         std::uint32_t& target) {
  const json* value = find(key);
  if (value == nullptr) return;
  if (!whole_between(*value, least, most)) {
    fail(key, fmt::format("a whole number from {} to {}", least, most), *value);
  }
  target = value->get<std::uint32_t>();
}

void ObjectReader::power_of_two(const std::string& key, std::uint32_t least, std::uint32_t most,
                                std::uint32_t& target) {
  const json* value = find(key);
  if (value == nullptr) return;
  const bool good = whole_between(*value, least, most) &&
                    (value->get<std::uint32_t>() & (value->get<std::uint32_t>() - 1)) == 0;
  if (!good) fail(key, fmt::format("a power of two from {} to {}", least, most), *value);
  target = value->get<std::uint32_t>();
}

void ObjectReader::words(const std::string& key, const std::vector<std::pair<std::string, bool*>>& known) {
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

void ObjectReader::boolean(const std::string& key, bool& target) {
  const json* value = find(key);
  if (value == nullptr) return;
  if (!value->is_boolean()) fail(key, "true or false", *value);
  target = value->get<bool>();
}

void ObjectReader::refuse_other_keys() const {
  for (const auto& [key, value] : object_.items()) {
    if (std::find(known_.begin(), known_.end(), key) == known_.end()) {
      throw InputError(fmt::format("{}: {}/{}: expected a key of {}, got an unknown one{}", path_, place_,
                                   one_line(key, 60), page_, did_you_mean(key, known_)));
    }
  }
}

void ObjectReader::whole64(const std::string& key, std::uint64_t least, std::uint64_t most,
                           std::uint64_t& target) {
  const json* value = find(key);
  if (value == nullptr) return;
  if (!whole_between(*value, least, most)) {
    fail(key, fmt::format("a whole number from {} to {}", least, most), *value);
  }
  target = value->get<std::uint64_t>();
}

std::size_t ObjectReader::word(const std::string& key, const std::vector<std::string>& known,
                               std::size_t otherwise) {
  const json* value = find(key);
  if (value == nullptr) return otherwise;
  const std::string found = value->is_string() ? value->get<std::string>() : std::string();
  const auto place = std::find(known.begin(), known.end(), found);
  if (place == known.end()) {
    throw InputError(fmt::format("{}: {}/{}: expected {}, got {}{}", path_, place_, key,
                                 fmt::join(known, ", "), shown(*value), did_you_mean(found, known)));
  }
  return static_cast<std::size_t>(place - known.begin());
}

void ObjectReader::text(const std::string& key, std::string& target) {
  const json* value = find(key);
  if (value == nullptr) return;
  if (!value->is_string() || value->get_ref<const std::string&>().empty()) fail(key, "a text", *value);
  target = value->get<std::string>();
}

void ObjectReader::hexadecimal(const std::string& key, std::span<std::uint8_t> target) {
  const json* value = find(key);
  if (value == nullptr) return;
  const std::string digits = value->is_string() ? value->get<std::string>() : std::string();
  if (digits.size() != 2 * target.size() ||
      digits.find_first_not_of("0123456789abcdefABCDEF") != std::string::npos) {
    const std::string count =
        value->is_string() ? fmt::format(" ({} characters)", digits.size()) : std::string();
    throw InputError(fmt::format("{}: {}/{}: expected {} hexadecimal digits, got {}{}", path_, place_, key,
                                 2 * target.size(), shown(*value), count));
  }
  for (std::size_t i = 0; i < target.size(); ++i) {
    target[i] = static_cast<std::uint8_t>(std::stoul(digits.substr(2 * i, 2), nullptr, 16));
  }
}

}  // namespace ringproof
