#include "sim/replay/capture.h"

#include <fmt/format.h>
#include <pcap/pcap.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstring>
#include <memory>
#include <string_view>

#include "sim/replay/input_error.h"
#include "sim/replay/input_file.h"

namespace ringproof {
namespace {

constexpr std::uint64_t kFileBytesMax = std::uint64_t{2} << 30;
// libpcap refuses longer Ethernet frames as nonsense; so do we where we look ourselves.
constexpr std::uint32_t kFrameBytesMax = 262'144;
// A pcapng block is a frame with a few options; longer ones are not cut off but wrong.
constexpr std::uint32_t kBlockBytesMax = 16 << 20;
constexpr std::int64_t kNanosecondsPerSecond = 1'000'000'000;
// Year 2255. What lies beyond comes from a broken file, and would overflow signed nanoseconds soon after.
constexpr std::int64_t kSecondsMax = 9'000'000'000;

struct FileCloser {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
struct PcapCloser {
  void operator()(pcap_t* file) const { pcap_close(file); }
};
using File = std::unique_ptr<std::FILE, FileCloser>;
using Pcap = std::unique_ptr<pcap_t, PcapCloser>;

[[noreturn]] void fail(const std::string& path, const std::string& line) {
  throw InputError(fmt::format("{}: {}", path, line));
}

File open_file(const std::string& path, std::uint64_t& size) {
  size = regular_file_bytes(path, "a capture");
  if (size == 0) fail(path, "expected a pcap or pcapng capture, got an empty file");
  if (size > kFileBytesMax) {
    fail(path, fmt::format("expected a capture of at most 2 GiB, got {} bytes", size));
  }
  File file(std::fopen(path.c_str(), "rb"));
  if (!file) fail(path, fmt::format("expected a capture that can be read, got: {}", std::strerror(errno)));
  return file;
}

// A few bytes of the file, for a diagnosis.
class Bytes {
 public:
  explicit Bytes(const std::string& path) : file_(std::fopen(path.c_str(), "rb")) {}

  // Fills `target`; false when the file has fewer bytes there.
  bool read(std::uint64_t at, unsigned char* target, std::size_t count) {
    return file_ && std::fseek(file_.get(), static_cast<long>(at), SEEK_SET) == 0 &&
           std::fread(target, 1, count, file_.get()) == count;
  }
  std::uint32_t word(std::uint64_t at, bool big_endian) {
    std::array<unsigned char, 4> bytes{};
    read(at, bytes.data(), bytes.size());
    return big_endian ? word_of(bytes[3], bytes[2], bytes[1], bytes[0])
                      : word_of(bytes[0], bytes[1], bytes[2], bytes[3]);
  }

 private:
  static std::uint32_t word_of(unsigned char b0, unsigned char b1, unsigned char b2, unsigned char b3) {
    return b0 | std::uint32_t{b1} << 8 | std::uint32_t{b2} << 16 | std::uint32_t{b3} << 24;
  }
  File file_;
};

enum class Damage : std::uint8_t { kNone, kCutOffInFrame, kCutOffElsewhere, kCorrupt };

// Walks the records of a pcap file, to tell a file that ends too early from one that is wrong inside.
Damage pcap_damage(Bytes& bytes, std::uint64_t size) {
  constexpr std::uint64_t kFileHeader = 24;
  const std::uint32_t magic = bytes.word(0, false);
  const bool big_endian = (magic & 0xFF) == 0xA1;
  const std::uint32_t native = bytes.word(0, big_endian);
  const bool nanoseconds = native == 0xA1B23C4D;
  const std::uint64_t record_header = native == 0xA1B2CD34 ? 24 : 16;  // Kuznetzov's variant has 8 bytes more
  for (std::uint64_t at = kFileHeader; at < size;) {
    if (size - at < 16) return Damage::kCutOffInFrame;
    const std::uint32_t fraction = bytes.word(at + 4, big_endian);
    const std::uint32_t captured = bytes.word(at + 8, big_endian);
    const std::uint32_t original = bytes.word(at + 12, big_endian);
    if (captured > kFrameBytesMax || captured > original ||
        fraction >= (nanoseconds ? 1'000'000'000u : 1'000'000u)) {
      return Damage::kCorrupt;
    }
    if (size - at < record_header + captured) return Damage::kCutOffInFrame;
    at += record_header + captured;
  }
  return Damage::kNone;
}

constexpr std::uint32_t kSectionHeader = 0x0A0D0D0A;
constexpr std::uint64_t kSectionHeaderBytes = 28;
constexpr std::uint32_t kEnhancedPacket = 6;

bool holds_frame(std::uint32_t type) { return type == kEnhancedPacket || type == 2 || type == 3; }

Damage pcapng_damage(Bytes& bytes, std::uint64_t size) {
  bool big_endian = false;
  for (std::uint64_t at = 0; at < size;) {
    if (size - at < 4) return Damage::kCutOffInFrame;
    const std::uint32_t type = bytes.word(at, big_endian);
    if (size - at < 12) return holds_frame(type) ? Damage::kCutOffInFrame : Damage::kCutOffElsewhere;
    if (type == kSectionHeader) {
      const std::uint32_t order = bytes.word(at + 8, false);
      if (order != 0x1A2B3C4D && order != 0x4D3C2B1A) return Damage::kCorrupt;
      big_endian = order == 0x4D3C2B1A;
    }
    const std::uint32_t length = bytes.word(at + 4, big_endian);
    if (length < 12 || length % 4 != 0 || length > kBlockBytesMax) return Damage::kCorrupt;
    if (type == kEnhancedPacket && size - at >= 28) {
      const std::uint32_t captured = bytes.word(at + 20, big_endian);
      if (captured > kFrameBytesMax || std::uint64_t{captured} + 32 > length) return Damage::kCorrupt;
    }
    if (size - at < length) return holds_frame(type) ? Damage::kCutOffInFrame : Damage::kCutOffElsewhere;
    if (bytes.word(at + length - 4, big_endian) != length) return Damage::kCorrupt;
    at += length;
  }
  return Damage::kNone;
}

Damage damage_of(const std::string& path, std::uint64_t size) {
  Bytes bytes(path);
  return bytes.word(0, false) == kSectionHeader ? pcapng_damage(bytes, size) : pcap_damage(bytes, size);
}

// Why libpcap does not know the file, if its first bytes tell.
std::string packed_with(const std::string& path) {
  std::array<unsigned char, 4> first{};
  Bytes(path).read(0, first.data(), first.size());
  if (first[0] == 0x1F && first[1] == 0x8B) return "a file packed with gzip";
  if (first[0] == 0x28 && first[1] == 0xB5 && first[2] == 0x2F && first[3] == 0xFD) {
    return "a file packed with zstd";
  }
  if (first[0] == 0xFD && first[1] == '7' && first[2] == 'z' && first[3] == 'X') {
    return "a file packed with xz";
  }
  return {};
}

Pcap open_capture(const std::string& path, std::uint64_t size, File file) {
  char error[PCAP_ERRBUF_SIZE] = "";
  Pcap capture(pcap_fopen_offline_with_tstamp_precision(file.get(), PCAP_TSTAMP_PRECISION_NANO, error));
  if (!capture) {
    const std::string packed = packed_with(path);
    if (!packed.empty()) fail(path, "expected a pcap or pcapng capture, got " + packed + "; unpack it first");
    // Of less than 12 bytes of pcapng libpcap only says that it does not know them.
    const bool short_section = size < kSectionHeaderBytes && Bytes(path).word(0, false) == kSectionHeader;
    if (short_section || std::string_view(error).find("truncated") != std::string_view::npos) {
      fail(path, "expected a pcap or pcapng capture, got a file that ends inside its header");
    }
    fail(path,
         fmt::format("expected a pcap or pcapng capture, got a file that cannot be read as one ({})", error));
  }
  static_cast<void>(file.release());  // libpcap closes it
  return capture;
}

void require_ethernet(const std::string& path, int link_type) {
  if (link_type == DLT_EN10MB) return;
  const char* name = pcap_datalink_val_to_name(link_type);
  const char* words = pcap_datalink_val_to_description(link_type);
  fail(path, fmt::format("expected Ethernet frames (link type 1), got link type {} ({}{}{})", link_type,
                         name != nullptr ? name : "unknown", words != nullptr ? ", " : "",
                         words != nullptr ? words : ""));
}

void add_frame(const std::string& path, const pcap_pkthdr& header, const unsigned char* data,
               Capture& capture) {
  const std::size_t number = capture.frames.size() + 1;
  // Files of 32-bit seconds reach to 2106; libpcap hands the second half over as negative.
  const std::int64_t seconds =
      header.ts.tv_sec < 0 ? header.ts.tv_sec + (std::int64_t{1} << 32) : header.ts.tv_sec;
  const std::int64_t nanoseconds = header.ts.tv_usec;
  if (seconds < 0 || seconds > kSecondsMax || nanoseconds < 0 || nanoseconds >= kNanosecondsPerSecond) {
    fail(path, fmt::format("frame {}: expected a time, got {} s and {} ns; the file is corrupt", number,
                           header.ts.tv_sec, nanoseconds));
  }
  if (header.caplen == 0) {
    fail(path, fmt::format("frame {}: expected at least 1 captured byte, got none", number));
  }
  if (header.caplen > header.len) {
    fail(path, fmt::format("frame {}: expected at most the {} bytes that were on the wire, got {}; the file "
                           "is corrupt",
                           number, header.len, header.caplen));
  }
  capture.frames.push_back({static_cast<std::uint64_t>(seconds * kNanosecondsPerSecond + nanoseconds),
                            capture.arena.size(), header.caplen, header.len});
  capture.arena.insert(capture.arena.end(), data, data + header.caplen);
  if (header.len > header.caplen) ++capture.shortened;
}

// libpcap gave up after the frames that are in `capture`.
void judge_end(const std::string& path, std::uint64_t size, const std::string& error, Capture& capture) {
  const std::size_t number = capture.frames.size() + 1;
  switch (damage_of(path, size)) {
    case Damage::kCutOffInFrame:
      capture.lost = 1;
      return;
    case Damage::kCutOffElsewhere:
      return;
    case Damage::kCorrupt:
      fail(path,
           fmt::format("frame {}: expected a frame or the end, got a corrupt file ({})", number, error));
    case Damage::kNone:
      break;
  }
  if (error.find("different from the type") != std::string::npos) {
    fail(path,
         fmt::format("frame {}: expected Ethernet frames only, got several link types ({})", number, error));
  }
  fail(path, fmt::format("frame {}: expected a frame that libpcap can read, got: {}", number, error));
}

}  // namespace

Capture read_capture(const std::string& path) {
  std::uint64_t size = 0;
  File file = open_file(path, size);
  const Pcap reader = open_capture(path, size, std::move(file));
  require_ethernet(path, pcap_datalink(reader.get()));

  Capture capture;
  capture.arena.reserve(size);
  pcap_pkthdr* header = nullptr;
  const unsigned char* data = nullptr;
  int answer = 0;
  while ((answer = pcap_next_ex(reader.get(), &header, &data)) == 1) add_frame(path, *header, data, capture);
  if (answer != PCAP_ERROR_BREAK) judge_end(path, size, pcap_geterr(reader.get()), capture);

  if (capture.frames.empty()) {
    fail(path, capture.lost > 0 ? "expected at least one whole frame, got a file that is cut off in frame 1"
                                : "expected at least one frame, got none");
  }
  return capture;
}

}  // namespace ringproof
