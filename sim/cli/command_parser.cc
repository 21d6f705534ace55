#include "sim/cli/command_parser.h"

#include <fmt/format.h>

#include <algorithm>
#include <memory>

#include "sim/cli/values.h"
#include "sim/replay/input_error.h"

namespace ringproof {
namespace {

class HelpFormatter final : public CLI::Formatter {
 public:
  explicit HelpFormatter(std::string usage) : usage_(std::move(usage)) {
    column_width(28);
    label("Positionals", "Arguments");
  }
  std::string make_usage(const CLI::App*, std::string) const override { return usage_ + "\n"; }
  std::string make_option_opts(const CLI::Option* option) const override {
    return option->get_type_name().empty() ? "" : " " + option->get_type_name();
  }

 private:
  std::string usage_;
};

}  // namespace

void use_our_layout(CLI::App& app, const std::string& usage) {
  app.formatter(std::make_shared<HelpFormatter>(usage));
}

// CLI11 leaves two empty lines between groups.
std::string help_of(const CLI::App& app) {
  std::string text = app.help();
  for (std::size_t at = 0; (at = text.find("\n\n\n", at)) != std::string::npos;) text.erase(at, 1);
  return text;
}

CommandParser::CommandParser(CommandTexts texts) : texts_(std::move(texts)) {
  use_our_layout(app_, texts_.usage);
  app_.description(texts_.description);
  app_.set_help_flag("-h,--help", "this help");
  app_.footer(texts_.footer);
  app_.allow_extras();
}

void CommandParser::positional(const std::string& name, std::string& target) {
  app_.add_option(name, target)->type_name("");
  values_.emplace_back(name, &target);
}

void CommandParser::option(const std::string& name, std::string& target, const std::string& type,
                           const std::string& group, const std::string& description) {
  known_.push_back(name);
  values_.emplace_back(name, &target);
  app_.add_option(name, target, description)
      ->type_name(type)
      ->group(group)
      ->multi_option_policy(CLI::MultiOptionPolicy::Throw);
}

void CommandParser::flag(const std::string& name, bool& target, const std::string& group,
                         const std::string& description) {
  known_.push_back(name);
  app_.add_flag(name, target, description)->group(group)->multi_option_policy(CLI::MultiOptionPolicy::Throw);
}

std::optional<std::string> CommandParser::parse(std::vector<std::string> words) {
  try {
    app_.parse(std::vector<std::string>(words.rbegin(), words.rend()));
  } catch (const CLI::CallForHelp&) {
    return help_of(app_);
  } catch (const CLI::ParseError& error) {
    throw InputError(in_our_words(error, words));
  }
  refuse_options_as_values();
  refuse_unknown();
  return std::nullopt;
}

std::set<std::string> CommandParser::given() const {
  std::set<std::string> names;
  for (const CLI::Option* option : app_.get_options()) {
    if (option->count() > 0) names.insert(option->get_name());
  }
  return names;
}

void CommandParser::require_text(const std::string& name, const std::string& value,
                                 const std::string& expected) const {
  if (value.empty()) refuse(name, expected, given(name) ? "an empty one" : "none");
}

// CLI11's own checks: too few or too many values, and what they are called is the option's name.
std::string CommandParser::in_our_words(const CLI::ParseError& error,
                                        const std::vector<std::string>& words) const {
  const std::string text = error.what();
  const std::string name = text.substr(0, text.find(':'));
  if (dynamic_cast<const CLI::ArgumentMismatch*>(&error) != nullptr) {
    // A message about several values is the only one that counts them.
    const auto times = std::count(words.begin(), words.end(), name) +
                       std::count_if(words.begin(), words.end(), [&name](const std::string& word) {
                         return word.compare(0, name.size() + 1, name + "=") == 0;
                       });
    return times > 1 ? fmt::format("{}: expected once, got it {} times", name, times)
                     : fmt::format("{}: expected a value, got none", name);
  }
  return fmt::format("command line: expected options of `ringproof {} --help`, got: {}", texts_.name, text);
}

// A value that begins like an option is a forgotten value.
void CommandParser::refuse_options_as_values() const {
  for (const auto& [name, value] : values_) {
    if (value->compare(0, 2, "--") == 0) refuse(name, "a value", "the option " + one_line(*value, 60));
  }
}

void CommandParser::refuse_unknown() const {
  const std::vector<std::string> extras = app_.remaining();
  if (extras.empty()) return;
  const std::string& word = extras.front();
  if (word[0] == '-') {
    const std::string name = word.substr(0, word.find('='));
    refuse(one_line(name, 60), fmt::format("an option of `ringproof {} --help`", texts_.name),
           "an unknown one" + did_you_mean(name, known_));
  }
  refuse(texts_.name, texts_.words, in_quotes(word) + " as well");
}

}  // namespace ringproof
