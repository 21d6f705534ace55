#include "sim/replay/json_reader.h"

#include <fmt/format.h>

#include <algorithm>
#include <string_view>

#include "sim/replay/input_error.h"
#include "sim/replay/input_file.h"

namespace ringproof {

using nlohmann::json;

namespace {

// No file of ours has more than ten. Whoever walks a value goes down as deep as it is, on a stack that has an
// end.
constexpr std::size_t kLevelsMax = 64;
constexpr int kOutOfRange = 406;  // the library's number for a number that no double can hold

// The library's sentence without its number and place.
std::string reason_of(const json::exception& error) {
  std::string text = error.what();
  for (const std::string_view mark : {"syntax error while ", "parse error"}) {
    const std::size_t at = text.find(mark);
    if (at != std::string::npos) return text.substr(at);
  }
  return text;
}

std::string line_and_column(std::string_view text, std::size_t at) {
  const std::string_view before = text.substr(0, at);
  const std::size_t begin_of_line = before.rfind('\n') == before.npos ? 0 : before.rfind('\n') + 1;
  return fmt::format("line {}, column {}", 1 + std::count(before.begin(), before.end(), '\n'),
                     at - begin_of_line + 1);
}

// Where the first bracket stands that opens a level too many; up to there the text is JSON.
std::size_t first_level_too_many(std::string_view text) {
  std::size_t levels = 0;
  bool quoted = false;
  for (std::size_t at = 0; at < text.size(); ++at) {
    const char letter = text[at];
    if (letter == '"') quoted = !quoted;
    if (quoted && letter == '\\') ++at;
    if (quoted) continue;
    if ((letter == '[' || letter == '{') && ++levels > kLevelsMax) return at;
    if (letter == ']' || letter == '}') --levels;
  }
  return text.size();
}

// Makes the JSON of a text, and refuses the first thing in it that is wrong.
class Builder : public nlohmann::json_sax<json> {
 public:
  Builder(const std::string& path, std::string_view text) : path_(path), text_(text) {}

  json take() { return std::move(root_); }

  bool null() override { return add(nullptr); }
  bool boolean(bool value) override { return add(value); }
  bool number_integer(std::int64_t value) override { return add(value); }
  bool number_unsigned(std::uint64_t value) override { return add(value); }
  bool number_float(double value, const std::string& /*digits*/) override { return add(value); }
  bool string(std::string& value) override { return add(std::move(value)); }
  bool binary(json::binary_t& value) override { return add(std::move(value)); }
  bool start_object(std::size_t /*elements*/) override { return open(json::object()); }
  bool start_array(std::size_t /*elements*/) override { return open(json::array()); }
  bool end_object() override { return close(); }
  bool end_array() override { return close(); }
  bool key(std::string& key) override {
    levels_.back().key = key;
    // The library takes the last of two equal keys; a reader of the file may take the first.
    if (levels_.back().value->contains(key)) refuse_at(path_, place(), "this key once", "it twice");
    return true;
  }
  bool parse_error(std::size_t byte, const std::string& token, const json::exception& error) override {
    if (error.id == kOutOfRange) {
      refuse_at(path_, place(), "a number between -1.8e308 and 1.8e308", one_line(token, 60));
    }
    // `byte` counts from 1 and points behind the last byte read.
    const std::size_t at = std::min(text_.size(), byte > 0 ? byte - 1 : 0);
    throw InputError(
        fmt::format("{}: {}: expected JSON, got: {}", path_, line_and_column(text_, at), reason_of(error)));
  }

 private:
  // An object or a list that is not closed yet.
  struct Level {
    json* value;
    std::string key;  // of an object: the last one
  };

  // The pointer to the value that comes next, or whose key was just read.
  std::string place() const {
    std::string pointer;
    for (const Level& level : levels_) {
      const bool last = &level == &levels_.back();
      const std::size_t size = level.value->size();
      pointer += level.value->is_object() ? "/" + one_line(level.key, 60)
                                          : fmt::format("/{}", last ? size : size - 1);
    }
    return pointer;
  }
  // Pointers into the tree hold: what a level has grows only while it is the last one.
  json* put(json value) {
    if (levels_.empty()) return &(root_ = std::move(value));
    Level& level = levels_.back();
    if (level.value->is_object()) return &((*level.value)[level.key] = std::move(value));
    level.value->push_back(std::move(value));
    return &level.value->back();
  }
  bool add(json value) {
    put(std::move(value));
    return true;
  }
  bool open(json value) {
    if (levels_.size() == kLevelsMax) {
      refuse_at(path_, line_and_column(text_, first_level_too_many(text_)),
                fmt::format("at most {} lists and objects in each other", kLevelsMax), "one more");
    }
    json* placed = put(std::move(value));
    levels_.push_back({placed, {}});
    return true;
  }
  bool close() {
    levels_.pop_back();
    return true;
  }

  const std::string& path_;
  const std::string_view text_;
  json root_;
  std::vector<Level> levels_;
};

}  // namespace

json read_json(const std::string& path, const std::string& what, std::uint64_t bytes_max) {
  return parse_json(path, read_regular_file(path, what, bytes_max));
}

std::string shown(const json& value) {
  return one_line(value.dump(-1, ' ', false, json::error_handler_t::replace), 60);
}

void refuse_at(const std::string& path, const std::string& place, const std::string& expected,
               const std::string& got) {
  throw InputError(
      fmt::format("{}: {}{}expected {}, got {}", path, place, place.empty() ? "" : ": ", expected, got));
}

json parse_json(const std::string& path, const std::string& text) {
  Builder builder(path, text);
  json::sax_parse(text, &builder);
  // To the library a NUL is the end of the text. Within a value it refuses it.
  if (const std::size_t at = text.find('\0'); at != text.npos) {
    refuse_at(path, line_and_column(text, at), "the end of the JSON", "a NUL byte");
  }
  return builder.take();
}

void ObjectReader::fail(const std::string& key, const std::string& expected, const json& got) const {
  refuse(key, expected, shown(got));
}

void ObjectReader::refuse(const std::string& key, const std::string& expected, const std::string& got) const {
  refuse_at(path_, place_ + (key.empty() ? "" : "/") + key, expected, got);
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
      refuse(item_key, fmt::format("{}", fmt::join(names, ", ")), shown(item) + did_you_mean(word, names));
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
      refuse(one_line(key, 60), fmt::format("a key of {}", page_),
             "an unknown one" + did_you_mean(key, known_));
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
    refuse(key, fmt::format("{}", fmt::join(known, ", ")), shown(*value) + did_you_mean(found, known));
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
    refuse(key, fmt::format("{} hexadecimal digits", 2 * target.size()), shown(*value) + count);
  }
  for (std::size_t i = 0; i < target.size(); ++i) {
    target[i] = static_cast<std::uint8_t>(std::stoul(digits.substr(2 * i, 2), nullptr, 16));
  }
}

}  // namespace ringproof
