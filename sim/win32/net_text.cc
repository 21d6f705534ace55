#include "sim/win32/net_text.h"

#include <fmt/format.h>

#include <algorithm>

namespace ringproof::win32 {
namespace {

bool is_decimal(char letter) { return letter >= '0' && letter <= '9'; }

// 16 for what is no digit.
unsigned digit_of(char letter) {
  if (is_decimal(letter)) return static_cast<unsigned>(letter - '0');
  if (letter >= 'a' && letter <= 'f') return static_cast<unsigned>(letter - 'a' + 10);
  if (letter >= 'A' && letter <= 'F') return static_cast<unsigned>(letter - 'A' + 10);
  return 16;
}

// Reads text from the left; past its end there are zeros.
class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}
  char at(std::size_t ahead = 0) const {
    return position_ + ahead < text_.size() ? text_[position_ + ahead] : '\0';
  }
  void skip(std::size_t letters = 1) { position_ += letters; }
  std::size_t position() const { return position_; }
  void go_to(std::size_t position) { position_ = position; }

 private:
  std::string_view text_;
  std::size_t position_ = 0;
};

// A number in C's notation of at most 32 bits; decimal alone when `strict`.
bool read_number(Reader& reader, bool strict, std::uint32_t* value) {
  unsigned radix = 10;
  if (!is_decimal(reader.at())) return false;
  if (reader.at() == '0' && (reader.at(1) == 'x' || reader.at(1) == 'X')) {
    reader.skip(2);
    radix = 16;
  } else if (reader.at() == '0' && is_decimal(reader.at(1))) {
    reader.skip();
    radix = 8;
  }
  if (radix != 10 && (strict || digit_of(reader.at()) >= radix)) return false;
  std::uint64_t number = 0;
  for (; digit_of(reader.at()) < radix; reader.skip()) {
    number = number * radix + digit_of(reader.at());
    if (number > UINT32_MAX) return false;
  }
  *value = static_cast<std::uint32_t>(number);
  return true;
}

// The rest of d.d.d.d behind its first number, which is given.
bool read_quad(Reader& reader, std::uint32_t first, std::uint8_t* bytes) {
  std::uint32_t value = first;
  for (int i = 0;; ++i) {
    if (value > 255) return false;
    bytes[i] = static_cast<std::uint8_t>(value);
    if (i == 3) return true;
    if (reader.at() != '.') return false;
    reader.skip();
    if (!is_decimal(reader.at())) return false;
    value = 0;
    for (; is_decimal(reader.at()); reader.skip()) {
      value = std::min<std::uint32_t>(value * 10 + digit_of(reader.at()), 256);
    }
  }
}

// One address of IPv6 as it is read.
class Ipv6Parser {
 public:
  explicit Ipv6Parser(std::string_view text) : reader_(text) {}

  ParsedAddress<16> run() {
    const bool good = read() && (gap_.has_value() || count_ == kGroups);
    ParsedAddress<16> parsed;
    parsed.taken = reader_.position();
    if (good) parsed.address = address();
    return parsed;
  }

 private:
  static constexpr std::size_t kGroups = 8;

  // How many groups may stand beside a gap. A gap at the very beginning counts for two.
  std::size_t room() const {
    if (!gap_.has_value()) return kGroups;
    return *gap_ == 0 ? kGroups - 2 : kGroups - 1;
  }

  bool read() {
    if (reader_.at() == ':') {
      if (reader_.at(1) != ':') return false;
      if (!open_gap()) return true;
    }
    while (true) {
      if (!read_group()) return false;
      if (quad_ || reader_.at() != ':') return true;
      if (reader_.at(1) == ':') {
        if (gap_.has_value() || count_ == kGroups) return true;
        if (!open_gap()) return true;
        continue;
      }
      if (count_ == room()) return true;
      reader_.skip();
    }
  }

  // Whether a group can follow.
  bool open_gap() {
    gap_ = count_;
    reader_.skip(2);
    return count_ < room() && digit_of(reader_.at()) < 16;
  }

  bool read_group() {
    const std::size_t begin = reader_.position();
    std::uint32_t value = 0;
    std::uint32_t decimal = 0;
    bool is_number = true;
    for (; digit_of(reader_.at()) < 16; reader_.skip()) {
      value = (value << 4) | digit_of(reader_.at());
      is_number = is_number && is_decimal(reader_.at());
      decimal = decimal * 10 + digit_of(reader_.at());
      if (reader_.position() - begin >= 4) value = decimal = 1u << 16;  // too long, however it goes on
    }
    if (reader_.position() == begin || value > 0xFFFF) return false;
    if (reader_.at() == '.' && is_number && count_ + 2 <= room()) {
      std::uint8_t bytes[4];
      if (!read_quad(reader_, decimal, bytes)) return false;
      add(static_cast<std::uint16_t>((bytes[0] << 8) | bytes[1]));
      add(static_cast<std::uint16_t>((bytes[2] << 8) | bytes[3]));
      quad_ = true;
      return true;
    }
    add(static_cast<std::uint16_t>(value));
    return true;
  }

  void add(std::uint16_t group) { groups_[count_++] = group; }

  std::array<std::uint8_t, 16> address() const {
    std::array<std::uint8_t, 16> bytes = {};
    const std::size_t missing = kGroups - count_;
    const std::size_t before = gap_.value_or(count_);
    for (std::size_t place = 0; place < kGroups; ++place) {
      if (place >= before && place < before + missing) continue;
      const std::uint16_t group = groups_[place < before ? place : place - missing];
      bytes[2 * place] = static_cast<std::uint8_t>(group >> 8);
      bytes[2 * place + 1] = static_cast<std::uint8_t>(group);
    }
    return bytes;
  }

  Reader reader_;
  std::array<std::uint16_t, kGroups> groups_ = {};
  std::size_t count_ = 0;
  std::optional<std::size_t> gap_;  // before which group
  bool quad_ = false;
};

}  // namespace

ParsedAddress<4> parse_ipv4(std::string_view text, bool strict) {
  Reader reader(text);
  std::uint32_t parts[4] = {};
  unsigned count = 0;
  bool good = false;
  while (true) {
    if (reader.at() == '.') {
      reader.skip();
      break;
    }
    if (!read_number(reader, strict, &parts[count])) break;
    ++count;
    good = reader.at() != '.';
    if (good || count == 4) break;
    reader.skip();
  }
  ParsedAddress<4> parsed;
  parsed.taken = reader.position();
  if (!good || (strict && count != 4)) return parsed;
  std::uint32_t value = parts[count - 1];
  // The last part fills what the others leave.
  if (std::uint64_t{value} >> (8 * (5 - count)) != 0) return parsed;
  for (unsigned i = 0; i + 1 < count; ++i) {
    if (parts[i] > 255) return parsed;
    value |= parts[i] << (24 - 8 * i);
  }
  parsed.address = {static_cast<std::uint8_t>(value >> 24), static_cast<std::uint8_t>(value >> 16),
                    static_cast<std::uint8_t>(value >> 8), static_cast<std::uint8_t>(value)};
  return parsed;
}

ParsedAddress<16> parse_ipv6(std::string_view text) { return Ipv6Parser(text).run(); }

ParsedAddress<6> parse_ethernet(std::string_view text) {
  Reader reader(text);
  std::array<std::uint8_t, 6> bytes = {};
  ParsedAddress<6> parsed;
  const char separator = text.find(':') < text.find('-') ? ':' : '-';
  for (std::size_t i = 0; i < bytes.size(); ++i) {
    if (i > 0) {
      if (reader.at() != separator) break;
      reader.skip();
    }
    const unsigned high = digit_of(reader.at());
    if (high == 16) break;
    reader.skip();
    const unsigned low = digit_of(reader.at());
    if (low == 16) break;
    reader.skip();
    bytes[i] = static_cast<std::uint8_t>((high << 4) | low);
    if (i + 1 == bytes.size()) parsed.address = bytes;
  }
  parsed.taken = reader.position();
  return parsed;
}

std::optional<std::uint16_t> parse_port(std::string_view text) {
  Reader reader(text);
  std::uint32_t port = 0;
  if (!read_number(reader, false, &port) || reader.position() != text.size()) return std::nullopt;
  if (port == 0 || port > UINT16_MAX) return std::nullopt;
  return static_cast<std::uint16_t>(port);
}

std::string print_ipv4(const std::uint8_t* address) {
  return fmt::format("{}.{}.{}.{}", address[0], address[1], address[2], address[3]);
}

std::string print_ipv6(const std::uint8_t* address) {
  const auto group = [&](std::size_t i) {
    return static_cast<std::uint16_t>((address[2 * i] << 8) | address[2 * i + 1]);
  };
  const auto zero_until = [&](std::size_t end) {
    for (std::size_t i = 0; i < end; ++i) {
      if (group(i) != 0) return false;
    }
    return true;
  };
  // Compatible, mapped and translated addresses of IPv4, and those of ISATAP.
  const bool holds_ipv4 =
      zero_until(4) && group(6) != 0 &&
      ((group(4) == 0 && (group(5) == 0 || group(5) == 0xFFFF)) || (group(4) == 0xFFFF && group(5) == 0));
  const bool isatap = (group(4) & ~0x0200u) == 0 && group(5) == 0x5EFE;
  const std::size_t groups = holds_ipv4 || isatap ? 6 : 8;

  // The first of the longest runs of two or more zeros.
  std::size_t gap = groups, gap_length = 1;
  for (std::size_t i = 0; i < groups; ++i) {
    std::size_t length = 0;
    while (i + length < groups && group(i + length) == 0) ++length;
    if (length > gap_length) {
      gap = i;
      gap_length = length;
    }
  }
  std::string text;
  for (std::size_t i = 0; i < groups; ++i) {
    if (i == gap) {
      text += "::";
      i += gap_length - 1;
      continue;
    }
    if (!text.empty() && text.back() != ':') text += ':';
    text += fmt::format("{:x}", group(i));
  }
  if (groups == 8) return text;
  if (text.back() != ':') text += ':';
  return text + print_ipv4(address + 12);
}

std::string print_ethernet(const std::uint8_t* address) {
  return fmt::format("{:02X}-{:02X}-{:02X}-{:02X}-{:02X}-{:02X}", address[0], address[1], address[2],
                     address[3], address[4], address[5]);
}

}  // namespace ringproof::win32
