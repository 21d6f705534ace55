#include "sim/win32/crt_format.h"

#include <algorithm>
#include <climits>
#include <cstddef>
#include <cstdint>
#include <cstdio>
#include <type_traits>

#include "sim/win32/crt_sizes.h"
#include "sim/win32/crt_text.h"

namespace ringproof::win32 {
namespace {

struct Directive {
  std::string flags;
  int width = 0;       // negative: to the left
  int precision = -1;  // negative: not given
  Size size = Size::kPlain;
  char type = 0;
};

// The C library's answer for one number; `value` has the type that `conversion` names.
template <typename Value>
std::string print_number(const Directive& directive, const char* conversion, Value value) {
  const std::string format = "%" + directive.flags + "*.*" + conversion;
  const int length = std::snprintf(nullptr, 0, format.c_str(), directive.width, directive.precision, value);
  if (length <= 0) return {};
  std::string text(static_cast<std::size_t>(length) + 1, '\0');
  std::snprintf(text.data(), text.size(), format.c_str(), directive.width, directive.precision, value);
  text.pop_back();
  return text;
}

// The first `most` units of a string, which need not be terminated when it is longer.
template <typename Unit>
std::basic_string_view<Unit> first_units(const Unit* text, int most) {
  std::size_t length = 0;
  const std::size_t length_max = most < 0 ? SIZE_MAX : static_cast<std::size_t>(most);
  while (length < length_max && text[length] != 0) ++length;
  return {text, length};
}

template <typename Unit>
class Formatter {
 public:
  Formatter(const Unit* format, va_list arguments) : at_(format) { va_copy(arguments_, arguments); }
  ~Formatter() { va_end(arguments_); }
  Formatter(const Formatter&) = delete;
  Formatter& operator=(const Formatter&) = delete;

  // False: refused.
  bool run() {
    while (*at_ != 0) {
      if (*at_ != '%') {
        text_ += *at_++;
        continue;
      }
      const Unit* begin = at_++;
      const Directive directive = parse();
      if (directive.type == 'n') return false;
      if (!print(directive)) text_.append(begin, at_);  // as it stands
    }
    return true;
  }
  Text<Unit> take() { return std::move(text_); }

 private:
  static constexpr bool kWide = std::is_same_v<Unit, char16_t>;
  using Other = std::conditional_t<kWide, char, char16_t>;

  int parse_count() {
    if (*at_ == '*') {
      ++at_;
      return va_arg(arguments_, int);
    }
    std::int64_t count = 0;
    for (; *at_ >= '0' && *at_ <= '9'; ++at_)
      count = std::min<std::int64_t>(count * 10 + (*at_ - '0'), INT_MAX);
    return static_cast<int>(count);
  }

  Directive parse() {
    Directive directive;
    for (; *at_ == '-' || *at_ == '+' || *at_ == ' ' || *at_ == '#' || *at_ == '0'; ++at_) {
      directive.flags += static_cast<char>(*at_);
    }
    directive.width = parse_count();
    if (*at_ == '.') {
      ++at_;
      directive.precision = *at_ == '-' ? -1 : parse_count();
    }
    directive.size = parse_size(at_);
    if (*at_ != 0) directive.type = *at_ < 0x80 ? static_cast<char>(*at_++) : '\0';
    return directive;
  }

  // False when there is no such conversion.
  bool print(const Directive& directive) {
    switch (directive.type) {
      case '%':
        text_ += '%';
        return true;
      case 'd':
      case 'i':
        put(print_number(directive, "lld", signed_argument(directive.size)));
        return true;
      case 'u':
        put(print_number(directive, "llu", unsigned_argument(directive.size)));
        return true;
      case 'o':
        put(print_number(directive, "llo", unsigned_argument(directive.size)));
        return true;
      case 'x':
        put(print_number(directive, "llx", unsigned_argument(directive.size)));
        return true;
      case 'X':
        put(print_number(directive, "llX", unsigned_argument(directive.size)));
        return true;
      case 'p':
        print_pointer(directive);
        return true;
      case 'a':
      case 'A':
      case 'e':
      case 'E':
      case 'f':
      case 'F':
      case 'g':
      case 'G':
        print_floating(directive);
        return true;
      case 'c':
      case 'C':
        print_character(directive);
        return true;
      case 's':
      case 'S':
        print_string(directive);
        return true;
      default:
        return false;
    }
  }

  long long signed_argument(Size size) {
    if (is_64_bits(size)) return va_arg(arguments_, long long);
    const int value = va_arg(arguments_, int);
    if (size == Size::kByte) return static_cast<signed char>(value);
    return size == Size::kShort ? static_cast<short>(value) : value;
  }
  unsigned long long unsigned_argument(Size size) {
    if (is_64_bits(size)) return va_arg(arguments_, unsigned long long);
    const unsigned value = va_arg(arguments_, unsigned);
    if (size == Size::kByte) return static_cast<unsigned char>(value);
    return size == Size::kShort ? static_cast<unsigned short>(value) : value;
  }

  void print_pointer(Directive directive) {
    constexpr int kDigits = 2 * sizeof(void*);
    directive.precision = kDigits;
    put(print_number(directive, "llX", static_cast<unsigned long long>(va_arg(arguments_, std::uintptr_t))));
  }

  void print_floating(const Directive& directive) {
    if (directive.size == Size::kLongDouble) {
      const char conversion[] = {'L', directive.type, '\0'};
      put(print_number(directive, conversion, va_arg(arguments_, long double)));
    } else {
      const char conversion[] = {directive.type, '\0'};
      put(print_number(directive, conversion, va_arg(arguments_, double)));
    }
  }

  // Whether the argument of %c, %s, %C, %S is wide: what the size says, or else the letter.
  static bool wide_argument(const Directive& directive) {
    if (directive.size == Size::kShort) return false;
    if (directive.size == Size::kLong || directive.size == Size::kWide) return true;
    return (directive.type == 'c' || directive.type == 's') == kWide;
  }

  void print_character(const Directive& directive) {
    const int value = va_arg(arguments_, int);
    if (wide_argument(directive)) {
      const auto unit = static_cast<char16_t>(value);
      pad(directive, convert(std::u16string_view(&unit, 1)));
    } else {
      const char unit = static_cast<char>(value);
      pad(directive, convert(std::string_view(&unit, 1)));
    }
  }

  void print_string(const Directive& directive) {
    if (wide_argument(directive)) {
      const auto* text = va_arg(arguments_, const char16_t*);
      print_string(directive, text == nullptr ? u"(null)" : text);
    } else {
      const char* text = va_arg(arguments_, const char*);
      print_string(directive, text == nullptr ? "(null)" : text);
    }
  }

  template <typename Given>
  void print_string(const Directive& directive, const Given* given) {
    if constexpr (std::is_same_v<Given, Unit>) {
      pad(directive, Text<Unit>(first_units(given, directive.precision)));
    } else {
      // The precision counts what is printed. A UTF-16 unit is never less than one of UTF-8, so so many are
      // enough; of UTF-8 up to four make one character.
      constexpr int kUnitsMax = std::is_same_v<Given, char> ? 4 : 1;
      const int most = directive.precision < 0 || directive.precision > INT_MAX / kUnitsMax
                           ? -1
                           : directive.precision * kUnitsMax;
      Text<Unit> text = convert(first_units(given, most));
      if (directive.precision >= 0) cut(text, static_cast<std::size_t>(directive.precision));
      pad(directive, std::move(text));
    }
  }

  // No character is cut in two.
  static void cut(Text<Unit>& text, std::size_t length) {
    if (text.size() <= length) return;
    if constexpr (kWide) {
      if (length > 0 && (text[length] & 0xFC00) == 0xDC00) --length;
    } else {
      while (length > 0 && (static_cast<unsigned char>(text[length]) & 0xC0) == 0x80) --length;
    }
    text.resize(length);
  }

  static Text<Unit> convert(std::basic_string_view<Unit> text) { return Text<Unit>(text); }
  static Text<Unit> convert(std::basic_string_view<Other> text) {
    if constexpr (kWide) {
      return to_utf16(text);
    } else {
      return to_utf8(text);
    }
  }

  void pad(const Directive& directive, const Text<Unit>& text) {
    const std::int64_t asked = directive.width;
    const auto width = static_cast<std::size_t>(asked < 0 ? -asked : asked);
    const std::size_t missing = width > text.size() ? width - text.size() : 0;
    const bool left = asked < 0 || directive.flags.find('-') != std::string::npos;
    if (!left) text_.append(missing, Unit{' '});
    text_ += text;
    if (left) text_.append(missing, Unit{' '});
  }

  // Digits and signs are the same in both encodings.
  void put(const std::string& number) { text_.append(number.begin(), number.end()); }

  const Unit* at_;
  va_list arguments_;
  Text<Unit> text_;
};

}  // namespace

template <typename Unit>
std::optional<Text<Unit>> format_text(const Unit* format, va_list arguments) {
  Formatter<Unit> formatter(format, arguments);
  if (!formatter.run()) return std::nullopt;
  return formatter.take();
}

template std::optional<std::string> format_text(const char* format, va_list arguments);
template std::optional<std::u16string> format_text(const char16_t* format, va_list arguments);

}  // namespace ringproof::win32
