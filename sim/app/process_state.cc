#include "sim/app/process_state.h"

#include <getopt.h>
#include <sys/stat.h>
#include <unistd.h>

#include <clocale>
#include <cstdlib>
#include <ctime>
#include <ios>
#include <iostream>

namespace ringproof {
namespace {

std::string current_folder() {
  char path[4096];
  return getcwd(path, sizeof path) != nullptr ? path : "";
}

mode_t file_mask() {
  const mode_t mask = umask(0);
  umask(mask);
  return mask;
}

template <typename Stream>
void as_new(Stream& stream) {
  stream.copyfmt(std::basic_ios<typename Stream::char_type>(nullptr));
  stream.clear();
}

}  // namespace

ProcessState::ProcessState()
    : folder_(current_folder()), c_locale_(std::setlocale(LC_ALL, nullptr)), file_mask_(file_mask()) {
  for (char** entry = environ; entry != nullptr && *entry != nullptr; ++entry) {
    environment_.push_back(*entry);
    words_.emplace_back(*entry);
  }
  environment_.push_back(nullptr);
  std::srand(1);
  unsigned short nothing_drawn[3] = {};
  seed48(nothing_drawn);
}

ProcessState::~ProcessState() {
  bool same = environ != nullptr;
  for (std::size_t i = 0; same && i < environment_.size(); ++i) {
    same = environ[i] == environment_[i] && (environ[i] == nullptr || words_[i] == environ[i]);
  }
  if (!same) {
    clearenv();
    for (std::string& word : words_) {
      // An entry is the environment's own from now on.
      if (char* kept = ::strdup(word.c_str())) putenv(kept);
    }
    tzset();
  }
  if (!folder_.empty() && current_folder() != folder_ && chdir(folder_.c_str()) != 0) folder_.clear();
  umask(static_cast<mode_t>(file_mask_));
  if (c_locale_ != std::setlocale(LC_ALL, nullptr)) std::setlocale(LC_ALL, c_locale_.c_str());
  if (std::locale() != locale_) std::locale::global(locale_);
  optind = opterr = 1;
  for (std::ostream* stream : {&std::cout, &std::cerr, &std::clog}) as_new(*stream);
  std::cerr.setf(std::ios_base::unitbuf);
  as_new(std::cin);
}

}  // namespace ringproof
