// command_parser.h: the words of one command, taken apart.
// Role     what all commands have in common: options, help, and refusals that read alike
// Shapes   every value is kept as it was written; values.h makes something of it
// Errors   too few words, too many, or unknown ones -> InputError
// Source   docs/command-line.md
#pragma once

#include <CLI/CLI.hpp>
#include <optional>
#include <set>
#include <string>
#include <utility>
#include <vector>

namespace ringproof {

struct CommandTexts {
  std::string name;   // "replay"
  std::string usage;  // the lines that begin with "Usage: "
  std::string description;
  std::string footer;
  std::string words;  // what stands beside the options, for whoever gives more: "one CAPTURE"
};

class CommandParser {
 public:
  explicit CommandParser(CommandTexts texts);
  CommandParser(const CommandParser&) = delete;
  CommandParser& operator=(const CommandParser&) = delete;

  void positional(const std::string& name, std::string& target);
  void option(const std::string& name, std::string& target, const std::string& type, const std::string& group,
              const std::string& description);
  void flag(const std::string& name, bool& target, const std::string& group, const std::string& description);

  // `words` are those behind the command. Returns the help, if that was asked for.
  std::optional<std::string> parse(std::vector<std::string> words);

  bool given(const std::string& name) const { return app_.get_option(name)->count() > 0; }
  // All that were given.
  std::set<std::string> given() const;
  // Refuses an empty value, or none.
  void require_text(const std::string& name, const std::string& value, const std::string& expected) const;

 private:
  std::string in_our_words(const CLI::ParseError& error, const std::vector<std::string>& words) const;
  void refuse_options_as_values() const;
  void refuse_unknown() const;

  const CommandTexts texts_;
  CLI::App app_;
  std::vector<std::string> known_ = {"--help"};
  std::vector<std::pair<std::string, const std::string*>> values_;
};

// A help text in our layout: a usage line that says what the command wants, types without decoration.
void use_our_layout(CLI::App& app, const std::string& usage);
std::string help_of(const CLI::App& app);

}  // namespace ringproof
