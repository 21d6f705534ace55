#include "sim/replay/pcapng_writer.h"

#include <fmt/format.h>

#include <cerrno>
#include <cmath>
#include <cstring>
#include <utility>

#include "model/base/check.h"
#include "sim/replay/input_error.h"
#include "sim/replay/whole_file.h"

namespace ringproof {
namespace {

constexpr std::uint32_t kSectionHeader = 0x0A0D0D0A;
constexpr std::uint32_t kByteOrder = 0x1A2B3C4D;
constexpr std::uint32_t kInterface = 1;
constexpr std::uint32_t kEnhancedPacket = 6;
constexpr std::uint16_t kLinkTypeEthernet = 1;

constexpr std::uint16_t kOptionEnd = 0;
constexpr std::uint16_t kOptionUserApplication = 4;
constexpr std::uint16_t kOptionName = 2;   // of an interface
constexpr std::uint16_t kOptionFlags = 2;  // of a packet: 1 in, 2 out
constexpr std::uint16_t kOptionSpeed = 8;
constexpr std::uint16_t kOptionTimeResolution = 9;
constexpr char kNanoseconds = 9;  // 10^-9

void add_word(std::string& body, std::uint64_t value, std::size_t bytes) {
  for (std::size_t i = 0; i < bytes; ++i) body += static_cast<char>(value >> (8 * i) & 0xFF);
}

void pad(std::string& body) { body.append((4 - body.size() % 4) % 4, '\0'); }

void add_option(std::string& body, std::uint16_t code, std::string_view value) {
  add_word(body, code, 2);
  add_word(body, value.size(), 2);
  body += value;
  pad(body);
}

}  // namespace

PcapngWriter::PcapngWriter(std::string path, const std::vector<nic::NicConfig>& ports)
    : path_(std::move(path)),
      partial_path_(is_written_in_place(path_) ? path_ : path_ + ".partial"),
      port_count_(ports.size()) {
  file_ = std::fopen(partial_path_.c_str(), "wb");
  if (file_ == nullptr) give_up(errno);
  check();

  add_word(body_, kByteOrder, 4);
  add_word(body_, 1, 2);
  add_word(body_, 0, 2);
  add_word(body_, ~std::uint64_t{0}, 8);  // the section's length is not told
  add_option(body_, kOptionUserApplication, "ringproof");
  add_option(body_, kOptionEnd, "");
  put_block(kSectionHeader);

  for (const nic::NicConfig& port : ports) {
    add_word(body_, kLinkTypeEthernet, 2);
    add_word(body_, 0, 2);
    add_word(body_, 0, 4);  // frames are whole
    add_option(body_, kOptionName, port.name);
    std::string speed;
    add_word(speed, static_cast<std::uint64_t>(std::llround(port.gbps * 1e9)), 8);
    add_option(body_, kOptionSpeed, speed);
    add_option(body_, kOptionTimeResolution, std::string_view(&kNanoseconds, 1));
    add_option(body_, kOptionEnd, "");
    put_block(kInterface);
  }
}

PcapngWriter::~PcapngWriter() { abandon(); }

void PcapngWriter::write(std::uint32_t port, std::uint64_t time_ns, std::span<const unsigned char> bytes,
                         FrameDirection direction) {
  if (problem_ != 0) return;
  SIM_CHECK(file_ != nullptr, "frame for a file that is finished");
  SIM_CHECK(port < port_count_, "frame of a port that the file does not have");
  add_word(body_, port, 4);
  add_word(body_, time_ns >> 32, 4);
  add_word(body_, time_ns & 0xFFFFFFFF, 4);
  add_word(body_, bytes.size(), 4);
  add_word(body_, bytes.size(), 4);
  body_.append(reinterpret_cast<const char*>(bytes.data()), bytes.size());
  pad(body_);
  if (direction != FrameDirection::kUnsaid) {
    std::string flags;
    add_word(flags, static_cast<std::uint64_t>(direction), 4);
    add_option(body_, kOptionFlags, flags);
    add_option(body_, kOptionEnd, "");
  }
  put_block(kEnhancedPacket);
}

void PcapngWriter::check() const {
  if (problem_ == 0) return;
  throw InputError(
      fmt::format("{}: expected a file that can be written, got: {}", path_, std::strerror(problem_)));
}

void PcapngWriter::finish() {
  check();
  SIM_CHECK(file_ != nullptr, "file finished twice");
  if (std::fflush(file_) != 0) give_up(errno);
  check();
  std::FILE* file = std::exchange(file_, nullptr);
  const bool in_place = partial_path_ == path_;
  if (std::fclose(file) == 0 && (in_place || std::rename(partial_path_.c_str(), path_.c_str()) == 0)) return;
  problem_ = errno;
  if (!in_place) std::remove(partial_path_.c_str());
  check();
}

void PcapngWriter::put_block(std::uint32_t type) {
  const auto total = static_cast<std::uint32_t>(body_.size() + 12);
  std::string header;
  add_word(header, type, 4);
  add_word(header, total, 4);
  add_word(body_, total, 4);
  put(header.data(), header.size());
  put(body_.data(), body_.size());
  body_.clear();
}

void PcapngWriter::put(const void* data, std::size_t size) {
  if (problem_ == 0 && std::fwrite(data, 1, size, file_) != size) give_up(errno);
}

void PcapngWriter::give_up(int problem) {
  problem_ = problem;
  abandon();
}

void PcapngWriter::abandon() {
  if (file_ == nullptr) return;
  std::fclose(std::exchange(file_, nullptr));
  if (partial_path_ != path_) std::remove(partial_path_.c_str());
}

}  // namespace ringproof
