// json_reader.h: reads JSON that a person wrote, and names what is wrong with it.
// Role     the one reader of NIC files, scenarios, fault plans and failure files: text -> JSON with every key once;
//          objects -> values, with the keys that were asked for
// Errors   InputError with file, JSON pointer, what was expected and what was got; line and column of what is no JSON
// Source   docs/nic-file.md, docs/scenario-file.md, docs/faults.md, docs/explore.md
#pragma once

#include <cstdint>
#include <nlohmann/json.hpp>
#include <span>
#include <string>
#include <utility>
#include <vector>

namespace ringproof {

// What a person writes is a few lines; more is some other file.
inline constexpr std::uint64_t kJsonBytesMax = 1 << 20;

// The whole of a file that is `what` ("a NIC file").
nlohmann::json read_json(const std::string& path, const std::string& what,
                         std::uint64_t bytes_max = kJsonBytesMax);
nlohmann::json parse_json(const std::string& path, const std::string& text);
// Refuses what stands at `place`, a JSON pointer. The whole of a file stands at none.
[[noreturn]] void refuse_at(const std::string& path, const std::string& place, const std::string& expected,
                            const std::string& got);
// A value for a message.
std::string shown(const nlohmann::json& value);

// One object. What it says of a key is the range that its page promises.
class ObjectReader {
 protected:
  // `page` lists the keys: "docs/nic-file.md".
  ObjectReader(const std::string& path, std::string place, const nlohmann::json& object, const char* page)
      : path_(path), place_(std::move(place)), object_(object), page_(page) {}

  [[noreturn]] void fail(const std::string& key, const std::string& expected,
                         const nlohmann::json& got) const;
  // In words what was got: "none".
  [[noreturn]] void refuse(const std::string& key, const std::string& expected, const std::string& got) const;
  // The value of a key, or null when its default holds.
  const nlohmann::json* find(const std::string& key);
  static bool whole_between(const nlohmann::json& value, std::uint64_t least, std::uint64_t most);

  void number(const std::string& key, double least, double most, double& target);
  void whole(const std::string& key, std::uint32_t least, std::uint32_t most, std::uint32_t& target);
  void whole64(const std::string& key, std::uint64_t least, std::uint64_t most, std::uint64_t& target);
  void power_of_two(const std::string& key, std::uint32_t least, std::uint32_t most, std::uint32_t& target);
  // A list of known words, each at most once: those in it become true, the others false.
  void words(const std::string& key, const std::vector<std::pair<std::string, bool*>>& known);
  // One of these words; its place in the list. `otherwise` when there is none.
  std::size_t word(const std::string& key, const std::vector<std::string>& known, std::size_t otherwise);
  void boolean(const std::string& key, bool& target);
  void text(const std::string& key, std::string& target);
  // As hexadecimal digits, two for each byte.
  void hexadecimal(const std::string& key, std::span<std::uint8_t> target);
  void refuse_other_keys() const;

  const std::string& path_;
  const std::string place_;
  const nlohmann::json& object_;

 private:
  const char* const page_;
  std::vector<std::string> known_;
};

}  // namespace ringproof
