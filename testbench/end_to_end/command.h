// command.h: runs build/ringproof and looks at what it left behind.
// Role     the vocabulary of the end-to-end tests
// Errors   anything that cannot be run or read fails the test that asked
#pragma once

#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace ringproof::test {

struct Outcome {
  int status = -1;
  std::string out;
  std::string err;
};

// Runs build/ringproof with these words.
Outcome ringproof(const std::vector<std::string>& words);
// Runs a shell command line.
Outcome shell(const std::string& line);

// The words of a line without quotes.
std::vector<std::string> words_of(const std::string& line);

// The first match of a regular expression in the text, and then what its groups match; empty when there is
// none.
std::vector<std::string> match_of(const std::string& text, const std::string& pattern);

std::string trace(const std::string& name);        // a bundled capture
std::string application(const std::string& name);  // one of the small test applications

// A folder of this test's own, empty at first, removed at the end.
class Folder {
 public:
  Folder();
  ~Folder();
  Folder(const Folder&) = delete;
  Folder& operator=(const Folder&) = delete;
  std::string path(const std::string& name = "") const;
  void write(const std::string& name, const std::string& content) const;
  std::string read(const std::string& name) const;
  bool has(const std::string& name) const;
  nlohmann::json stats() const;  // stats.json in this folder

 private:
  std::string root_;
};

struct Packet {
  std::uint64_t time_ns = 0;
  std::string bytes;
  std::size_t wire_bytes = 0;  // before it was cut short
};
std::vector<Packet> read_packets(const std::string& path);

// wire_in minus everything it must equal; 0 when the books balance.
long imbalance(const nlohmann::json& stats);

}  // namespace ringproof::test
