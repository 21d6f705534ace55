#include "sim/win32/crt_scan.h"

#include <cstdint>
#include <cstdlib>
#include <cstring>
#include <memory>
#include <string>
#include <string_view>
#include <utility>

#include "sim/win32/crt_sizes.h"
#include "sim/win32/crt_text.h"

namespace ringproof::win32 {
namespace {

class TextInput {
 public:
  explicit TextInput(const char* text) : at_(text) {}
  template <typename... Targets>
  int scan(const std::string& format, int* taken, Targets... targets) {
    const int stored = std::sscanf(at_, format.c_str(), targets..., taken);
    if (*taken > 0) at_ += *taken;
    return stored;
  }

 private:
  const char* at_;
};

class FileInput {
 public:
  explicit FileInput(std::FILE* file) : file_(file) {}
  template <typename... Targets>
  int scan(const std::string& format, int* taken, Targets... targets) {
    return std::fscanf(file_, format.c_str(), targets..., taken);
  }

 private:
  std::FILE* file_;
};

struct Directive {
  bool suppressed = false;
  std::string width;
  Size size = Size::kPlain;
  std::string type;  // "d", "s", "[a-z]"
};

struct FreeText {
  void operator()(void* memory) const { std::free(memory); }
};

// A conversion that is not ours to judge ends the call.
class Scanner {
 public:
  Scanner(const char* format, const ScanRules& rules, va_list arguments) : at_(format), rules_(rules) {
    va_copy(arguments_, arguments);
  }
  ~Scanner() { va_end(arguments_); }
  Scanner(const Scanner&) = delete;
  Scanner& operator=(const Scanner&) = delete;

  template <typename Input>
  int run(Input input) {
    std::string literal;  // what has to be there before the next conversion
    while (*at_ != '\0') {
      if (*at_ != '%' || at_[1] == '%') {
        literal.append(at_, *at_ == '%' ? 2 : 1);
        at_ += *at_ == '%' ? 2 : 1;
        continue;
      }
      ++at_;
      const Directive directive = parse();
      if (directive.type.empty()) return result(0);
      if (directive.type == "n") {
        if (!literal.empty() && !pass(input, literal)) return result(0);
        literal.clear();
        if (!directive.suppressed) store(directive.size, taken_);
        continue;
      }
      const int stored = convert(input, literal, directive);
      literal.clear();
      if (stored <= 0) return result(stored);
      if (!directive.suppressed) ++fields_;
    }
    if (!literal.empty()) pass(input, literal);
    return fields_;
  }

 private:
  Directive parse() {
    Directive directive;
    if (*at_ == '*') {
      directive.suppressed = true;
      ++at_;
    }
    for (; *at_ >= '0' && *at_ <= '9'; ++at_) directive.width += *at_;
    directive.size = parse_size(at_);
    if (*at_ == '\0') return directive;
    const char* begin = at_++;
    if (*begin == '[') {
      if (*at_ == '^') ++at_;
      if (*at_ == ']') ++at_;
      while (*at_ != '\0' && *at_ != ']') ++at_;
      if (*at_ == '\0') return directive;
      ++at_;
    }
    directive.type.assign(begin, at_);
    return directive;
  }

  int result(int stored) const { return stored == EOF && fields_ == 0 ? EOF : fields_; }

  template <typename Input>
  bool pass(Input& input, const std::string& literal) {
    int taken = -1;
    input.scan(literal + "%n", &taken);
    if (taken < 0) return false;
    taken_ += taken;
    return true;
  }

  // 1 when it is done, 0 when the input does not match, EOF when it has ended.
  template <typename Input, typename... Targets>
  int scan(Input& input, const std::string& format, Targets... targets) {
    int taken = -1;
    const int stored = input.scan(format + "%n", &taken, targets...);
    if (taken >= 0) {
      taken_ += taken;
      return 1;
    }
    return stored == EOF ? EOF : 0;
  }

  template <typename Input>
  int convert(Input& input, const std::string& literal, const Directive& directive) {
    const char type = directive.type[0];
    const bool text = type == 's' || type == 'S' || type == 'c' || type == 'C' || type == '[';
    if (text) return convert_text(input, literal, directive, type);
    const std::string_view kNumbers = "diouxXpaAeEfFgG";
    if (kNumbers.find(type) == std::string_view::npos) return 0;
    const char* size = nullptr;
    if (std::string_view("diouxX").find(type) != std::string_view::npos) {
      size = size_of_integer(directive.size);
    } else if (type == 'p') {
      size = "";
    } else {
      const bool double_target = directive.size == Size::kLong || directive.size == Size::kLongLong;
      size = directive.size == Size::kLongDouble ? "L" : double_target ? "l" : "";
    }
    const std::string format =
        literal + "%" + (directive.suppressed ? "*" : "") + directive.width + size + directive.type;
    if (directive.suppressed) return scan(input, format);
    return scan(input, format, va_arg(arguments_, void*));
  }

  static const char* size_of_integer(Size size) {
    if (is_64_bits(size)) return "ll";
    if (size == Size::kByte) return "hh";
    return size == Size::kShort ? "h" : "";
  }

  template <typename Input>
  int convert_text(Input& input, const std::string& literal, const Directive& directive, char type) {
    const bool character = type == 'c' || type == 'C';
    const std::string letter = type == '[' ? directive.type : character ? "c" : "s";
    if (directive.suppressed) return scan(input, literal + "%*" + directive.width + letter);
    bool wide = (type == 'S' || type == 'C') != rules_.wide;
    if (directive.size == Size::kShort) wide = false;
    if (directive.size == Size::kLong || directive.size == Size::kWide) wide = true;
    void* target = va_arg(arguments_, void*);
    const std::size_t room = rules_.sizes ? va_arg(arguments_, unsigned) : SIZE_MAX;
    std::string text;
    if (character) {
      if (!literal.empty() && !pass(input, literal)) return 0;
      text.resize(directive.width.empty() ? 1 : std::strtoull(directive.width.c_str(), nullptr, 10));
      const std::int64_t before = taken_;
      const int stored = scan(input, "%" + directive.width + letter, text.data());
      if (stored != 1) return stored;
      text.resize(static_cast<std::size_t>(taken_ - before));  // the input may have ended
    } else {
      char* read = nullptr;
      const int stored = scan(input, literal + "%" + directive.width + "m" + letter, &read);
      const std::unique_ptr<char, FreeText> owner(read);
      if (stored != 1) return stored;
      text = read;
    }
    if (wide) {
      return store_text(std::u16string_view(to_utf16(text)), static_cast<char16_t*>(target), room, character);
    }
    return store_text(std::string_view(text), static_cast<char*>(target), room, character);
  }

  // Characters are not terminated.
  template <typename Unit>
  static int store_text(std::basic_string_view<Unit> text, Unit* target, std::size_t room, bool characters) {
    const std::size_t needed = text.size() + (characters ? 0 : 1);
    if (needed > room) {
      if (room > 0) *target = 0;
      return 0;
    }
    text.copy(target, text.size());
    if (!characters) target[text.size()] = 0;
    return 1;
  }

  void store(Size size, std::int64_t value) {
    void* target = va_arg(arguments_, void*);
    if (is_64_bits(size)) {
      *static_cast<std::int64_t*>(target) = value;
    } else if (size == Size::kShort) {
      *static_cast<std::int16_t*>(target) = static_cast<std::int16_t>(value);
    } else if (size == Size::kByte) {
      *static_cast<std::int8_t*>(target) = static_cast<std::int8_t>(value);
    } else {
      *static_cast<std::int32_t*>(target) = static_cast<std::int32_t>(value);
    }
  }

  const char* at_;
  const ScanRules rules_;
  va_list arguments_;
  int fields_ = 0;
  std::int64_t taken_ = 0;
};

}  // namespace

int scan_text(const char* text, const char* format, const ScanRules& rules, va_list arguments) {
  return Scanner(format, rules, arguments).run(TextInput(text));
}

int scan_file(std::FILE* file, const char* format, const ScanRules& rules, va_list arguments) {
  return Scanner(format, rules, arguments).run(FileInput(file));
}

}  // namespace ringproof::win32
