#include "testbench/end_to_end/command.h"

#include <gtest/gtest.h>
#include <pcap/pcap.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <regex>
#include <sstream>

namespace ringproof::test {
namespace {

std::string slurp(const std::string& path) {
  std::ifstream file(path, std::ios::binary);
  std::ostringstream text;
  text << file.rdbuf();
  return text.str();
}

std::string quoted(const std::string& word) {
  std::string result = "'";
  for (const char letter : word) result += letter == '\'' ? std::string("'\\''") : std::string(1, letter);
  return result + "'";
}

}  // namespace

Outcome shell(const std::string& line) {
  const Folder folder;
  const std::string out = folder.path("out");
  const std::string err = folder.path("err");
  const int status =
      std::system(("( " + line + " ) >" + quoted(out) + " 2>" + quoted(err) + " </dev/null").c_str());
  return {WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status), slurp(out), slurp(err)};
}

Outcome ringproof(const std::vector<std::string>& words) {
  std::string line = quoted(RINGPROOF_BINARY_DIR "/ringproof");
  for (const std::string& word : words) line += " " + quoted(word);
  return shell(line);
}

std::vector<std::string> words_of(const std::string& line) {
  std::istringstream stream(line);
  std::vector<std::string> words;
  for (std::string word; stream >> word;) words.push_back(word);
  return words;
}

std::vector<std::string> match_of(const std::string& text, const std::string& pattern) {
  std::smatch match;
  std::vector<std::string> found;
  if (!std::regex_search(text, match, std::regex(pattern))) return found;
  for (const std::ssub_match& part : match) found.push_back(part.str());
  return found;
}

std::string trace(const std::string& name) { return RINGPROOF_SOURCE_DIR "/traces/" + name; }

std::string application(const std::string& name) {
  return RINGPROOF_BINARY_DIR "/tests/apps/" + name + ".so";
}

Folder::Folder() {
  std::string name = (std::filesystem::temp_directory_path() / "ringproof-test-XXXXXX").string();
  if (mkdtemp(name.data()) == nullptr) ADD_FAILURE() << "no temporary folder";
  root_ = name;
}

Folder::~Folder() {
  std::error_code error;
  std::filesystem::remove_all(root_, error);
}

std::string Folder::path(const std::string& name) const { return name.empty() ? root_ : root_ + "/" + name; }

void Folder::write(const std::string& name, const std::string& content) const {
  std::ofstream(path(name), std::ios::binary) << content;
}

std::string Folder::read(const std::string& name) const { return slurp(path(name)); }

bool Folder::has(const std::string& name) const { return std::filesystem::exists(path(name)); }

nlohmann::json Folder::stats() const { return nlohmann::json::parse(read("stats.json")); }

std::vector<Packet> read_packets(const std::string& path) {
  char error[PCAP_ERRBUF_SIZE];
  std::vector<Packet> packets;
  pcap_t* file = pcap_open_offline_with_tstamp_precision(path.c_str(), PCAP_TSTAMP_PRECISION_NANO, error);
  if (file == nullptr) {
    ADD_FAILURE() << error;
    return packets;
  }
  pcap_pkthdr* header;
  const unsigned char* data;
  while (pcap_next_ex(file, &header, &data) == 1) {
    packets.push_back({static_cast<std::uint64_t>(header->ts.tv_sec) * 1'000'000'000u +
                           static_cast<std::uint64_t>(header->ts.tv_usec),
                       std::string(reinterpret_cast<const char*>(data), header->caplen), header->len});
  }
  pcap_close(file);
  return packets;
}

long imbalance(const nlohmann::json& stats) {
  const nlohmann::json& frames = stats.at("frames");
  long rest = frames.at("wire_in").get<long>() - frames.at("to_sockets").get<long>() -
              frames.at("passed").get<long>() - frames.at("forwarded").get<long>();
  for (const auto& [reason, count] : frames.at("dropped").items()) rest -= count.get<long>();
  return rest;
}

}  // namespace ringproof::test
