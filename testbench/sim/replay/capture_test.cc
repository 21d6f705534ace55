// Captures: every format is read alike; cut off is not corrupt; what is refused is refused with its place.

#include "sim/replay/capture.h"

#include <gtest/gtest.h>
#include <unistd.h>

#include "sim/replay/input_error.h"
#include "testbench/sim/folder.h"
#include "testbench/sim/replay/capture_files.h"

namespace ringproof::test {
namespace {

const std::vector<Packet> kPackets = {{1'600'000'000'123'456'789, std::string(60, 'a')},
                                      {1'600'000'001'000'000'000, std::string(1514, 'b')},
                                      {1'600'000'000'999'999'000, std::string(61, 'c'), 200}};

class Captures : public testing::Test {
 protected:
  Capture read(const std::string& content) { return read_capture(folder_.write("a.pcap", content)); }

  // The line that refuses the file, without the folder.
  std::string refused(const std::string& content) { return refused_file(folder_.write("a.pcap", content)); }
  std::string refused_file(const std::string& path) {
    try {
      read_capture(path);
    } catch (const InputError& error) {
      const std::string line = error.what();
      EXPECT_EQ(line.find('\n'), std::string::npos) << line;
      EXPECT_EQ(line.compare(0, folder_.root().size(), folder_.root()), 0) << line;
      return line.substr(folder_.root().size() + 1);
    }
    return "accepted";
  }

  static std::string bytes_of(const Capture& capture, std::size_t frame) {
    const auto bytes = capture.bytes(frame);
    return {reinterpret_cast<const char*>(bytes.data()), bytes.size()};
  }
  static void expect_packets(const Capture& capture, const std::vector<Packet>& packets,
                             std::uint64_t resolution_ns) {
    ASSERT_EQ(capture.frames.size(), packets.size());
    for (std::size_t i = 0; i < packets.size(); ++i) {
      EXPECT_EQ(bytes_of(capture, i), packets[i].bytes) << i;
      EXPECT_EQ(capture.frames[i].time_ns, packets[i].time_ns / resolution_ns * resolution_ns) << i;
      EXPECT_EQ(capture.frames[i].original_length,
                packets[i].original_length != 0 ? packets[i].original_length : packets[i].bytes.size())
          << i;
    }
  }
  Folder folder_;
};

TEST_F(Captures, ReadsPcapOfBothByteOrdersAndResolutions) {
  for (const bool big_endian : {false, true}) {
    for (const bool nanoseconds : {false, true}) {
      const Capture capture = read(pcap_file(kPackets, {big_endian, nanoseconds}));
      expect_packets(capture, kPackets, nanoseconds ? 1 : 1000);
      EXPECT_EQ(capture.lost, 0u);
      EXPECT_EQ(capture.shortened, 1u);
    }
  }
}

TEST_F(Captures, ReadsPcapngOfBothByteOrders) {
  for (const bool big_endian : {false, true}) {
    const Capture capture = read(pcapng_file(kPackets, big_endian));
    expect_packets(capture, kPackets, 1);
    EXPECT_EQ(capture.lost, 0u);
    EXPECT_EQ(capture.shortened, 1u);
  }
}

TEST_F(Captures, ReadsTimesBeyond2038) {
  const std::vector<Packet> late = {{4'294'967'295'000'000'000, std::string(60, 'z')}};
  expect_packets(read(pcap_file(late)), late, 1);
  expect_packets(read(pcapng_file(late)), late, 1);
}

// A time that 64 bits of nanoseconds do not hold must not wrap into one that looks right.
TEST_F(Captures, RefusesTimesBeyondAllReason) {
  Packet packet = kPackets[0];
  packet.time_ns = ~std::uint64_t{0};
  EXPECT_EQ(refused(pcapng_file({packet})).find("a.pcap: frame 1: expected a time, got 18446744073 s"), 0u)
      << refused(pcapng_file({packet}));
}

TEST_F(Captures, PassesOverBlocksThatAreNoFrames) {
  const std::string file = pcapng_section(false) + pcapng_block(0x0BAD, "unknown", false) +
                           pcapng_interface(1, false) + pcapng_packet(kPackets[0], false) +
                           pcapng_block(5, std::string(12, '\0'), false);
  EXPECT_EQ(read(file).frames.size(), 1u);
}

TEST_F(Captures, KeepsWhatIsWholeOfAFileThatIsCutOffInAFrame) {
  for (const bool big_endian : {false, true}) {
    for (const bool ng : {false, true}) {
      const auto make = [&](const std::vector<Packet>& packets) {
        return ng ? pcapng_file(packets, big_endian) : pcap_file(packets, {big_endian, false});
      };
      const std::string whole = make(kPackets);
      const std::string without_last = make({kPackets[0], kPackets[1]});
      for (std::size_t size = without_last.size() + 1; size < whole.size(); ++size) {
        const Capture capture = read(whole.substr(0, size));
        ASSERT_EQ(capture.frames.size(), 2u) << size << " bytes, pcapng " << ng;
        ASSERT_EQ(capture.lost, 1u) << size << " bytes, pcapng " << ng;
        ASSERT_EQ(bytes_of(capture, 1), kPackets[1].bytes);
      }
      EXPECT_EQ(read(without_last).lost, 0u);
    }
  }
}

TEST_F(Captures, AFileThatIsCutOffBehindItsFramesHasLostNone) {
  const std::string whole = pcapng_file(kPackets);
  const std::string more = whole + pcapng_block(5, std::string(12, '\0'), false);
  for (std::size_t size = whole.size() + 4; size < more.size(); ++size) {
    const Capture capture = read(more.substr(0, size));
    ASSERT_EQ(capture.frames.size(), 3u);
    ASSERT_EQ(capture.lost, 0u) << size;
  }
}

TEST_F(Captures, RefusesAFileWithoutAWholeFrame) {
  EXPECT_EQ(refused(pcap_file({})), "a.pcap: expected at least one frame, got none");
  EXPECT_EQ(refused(pcapng_file({})), "a.pcap: expected at least one frame, got none");
  for (const std::string& file : {pcap_file({kPackets[0]}), pcapng_file({kPackets[0]})}) {
    EXPECT_EQ(refused(file.substr(0, file.size() - 1)),
              "a.pcap: expected at least one whole frame, got a file that is cut off in frame 1");
  }
}

TEST_F(Captures, RefusesAFileThatEndsInItsHeader) {
  const std::string pcap = pcap_file({});
  const std::string pcapng = pcapng_section(false);
  for (std::size_t size = 4; size < pcap.size(); ++size) {
    EXPECT_EQ(refused(pcap.substr(0, size)),
              "a.pcap: expected a pcap or pcapng capture, got a file that ends inside its header");
  }
  for (std::size_t size = 4; size < pcapng.size(); ++size) {
    EXPECT_EQ(refused(pcapng.substr(0, size)),
              "a.pcap: expected a pcap or pcapng capture, got a file that ends inside its header");
  }
}

TEST_F(Captures, RefusesWhatIsNoFile) {
  EXPECT_EQ(refused_file(folder_.path("none.pcap")),
            "none.pcap: expected a capture that can be read, got: No such file or directory");
  std::filesystem::create_directory(folder_.path("sub"));
  EXPECT_EQ(refused_file(folder_.path("sub")), "sub: expected a capture, got a directory");
  std::filesystem::create_symlink("/dev/zero", folder_.path("zero"));
  EXPECT_EQ(refused_file(folder_.path("zero")), "zero: expected a capture, got no regular file");
}

TEST_F(Captures, RefusesWhatIsNoCapture) {
  EXPECT_EQ(refused(""), "a.pcap: expected a pcap or pcapng capture, got an empty file");
  EXPECT_EQ(refused("this is no capture at all, but long enough to hold a header"),
            "a.pcap: expected a pcap or pcapng capture, got a file that cannot be read as one (unknown file "
            "format)");
  EXPECT_EQ(refused("x"),
            "a.pcap: expected a pcap or pcapng capture, got a file that ends inside its header");
  EXPECT_EQ(refused("\x1f\x8b\x08" + std::string(50, 'z')),
            "a.pcap: expected a pcap or pcapng capture, got a file packed with gzip; unpack it first");
  EXPECT_EQ(refused("\x28\xb5\x2f\xfd" + std::string(50, 'z')),
            "a.pcap: expected a pcap or pcapng capture, got a file packed with zstd; unpack it first");
}

TEST_F(Captures, RefusesFilesThatAreTooLarge) {
  const std::string path = folder_.write("large.pcap", pcap_file(kPackets));
  ASSERT_EQ(truncate(path.c_str(), (std::int64_t{2} << 30) + 1), 0);  // a hole: it takes no room
  EXPECT_EQ(refused_file(path), "large.pcap: expected a capture of at most 2 GiB, got 2147483649 bytes");
}

TEST_F(Captures, RefusesOtherLinkTypes) {
  EXPECT_EQ(refused(pcap_file(kPackets, {false, false, 101})),
            "a.pcap: expected Ethernet frames (link type 1), got link type 12 (RAW, Raw IP)");
  EXPECT_EQ(refused(pcapng_file(kPackets, false, 113)),
            "a.pcap: expected Ethernet frames (link type 1), got link type 113 (LINUX_SLL, Linux cooked v1)");
  const std::string mixed = pcapng_section(false) + pcapng_interface(1, false) +
                            pcapng_packet(kPackets[0], false) + pcapng_interface(113, false) +
                            pcapng_packet(kPackets[1], false);
  EXPECT_EQ(refused(mixed).find("a.pcap: frame 2: expected Ethernet frames only, got several link types ("),
            0u)
      << refused(mixed);
}

// One byte of the second record's header is wrong.
TEST_F(Captures, RefusesAPcapThatIsCorruptInside) {
  const std::string good = pcap_file(kPackets);
  const std::size_t second = 24 + 16 + 60;
  const struct {
    std::size_t at;
    char value;
    const char* line;
  } cases[] = {
      {second + 11, '\x7f',
       "a.pcap: frame 2: expected a frame or the end, got a corrupt file ("},  // too long
      {second + 10, '\x01',
       "a.pcap: frame 2: expected a frame or the end, got a corrupt file ("},  // over original
      {second + 9, '\x06',
       "a.pcap: frame 2: expected at most the 1514 bytes that were on the wire, got 1770"},
      {second + 7, '\x7f', "a.pcap: frame 2: expected a time, got "},
  };
  for (const auto& one : cases) {
    std::string bad = good;
    bad[one.at] = one.value;
    EXPECT_EQ(refused(bad + std::string(4000, 'x')).find(one.line), 0u)
        << refused(bad + std::string(4000, 'x')) << " at " << one.at;
  }
  // Longer than the rest of the file, and yet not cut off: it is longer than the frame was on the wire.
  std::string bad = good;
  bad[second + 9] = '\x7f';
  EXPECT_EQ(refused(bad).find("a.pcap: frame 2: expected a frame or the end, got a corrupt file ("), 0u)
      << refused(bad);
}

TEST_F(Captures, RefusesAPcapngThatIsCorruptInside) {
  const std::string head =
      pcapng_section(false) + pcapng_interface(1, false) + pcapng_packet(kPackets[0], false);
  const std::string good = head + pcapng_packet(kPackets[1], false) + pcapng_packet(kPackets[2], false);
  const std::size_t second = head.size();
  for (const auto& [at, value] :
       {std::pair<std::size_t, char>{second + 4, '\x01'},  // length no multiple of 4
        {second + 7, '\x7f'},                              // absurd length
        {second + 5, '\x00'},                              // the two lengths differ
        {second + 22, '\x01'}}) {                          // frame beyond its block
    std::string bad = good;
    bad[at] = value;
    EXPECT_EQ(refused(bad).find("a.pcap: frame 2: expected a frame or the end, got a corrupt file ("), 0u)
        << refused(bad) << " at " << at - second;
  }
}

TEST_F(Captures, RefusesFramesWithoutAByte) {
  EXPECT_EQ(refused(pcap_file({kPackets[0], {1, "", 60}})),
            "a.pcap: frame 2: expected at least 1 captured byte, got none");
}

// Whatever byte of a file is wrong: it is read, or refused with a line; nothing else happens.
TEST_F(Captures, SurvivesAnyWrongByte) {
  const std::vector<Packet> small = {{1'000, std::string(14, 'a')}, {2'000, std::string(15, 'b')}};
  for (const std::string& good : {pcap_file(small), pcapng_file(small)}) {
    for (std::size_t at = 0; at < good.size(); ++at) {
      for (const unsigned flip : {0x01u, 0x80u, 0xFFu}) {
        std::string bad = good;
        bad[at] = static_cast<char>(static_cast<unsigned char>(bad[at]) ^ flip);
        const std::string path = folder_.write("a.pcap", bad);
        try {
          const Capture capture = read_capture(path);
          EXPECT_GE(capture.frames.size(), 1u);
          // A frame that claims one byte less leaves one that looks like the beginning of another frame.
          EXPECT_LE(capture.frames.size() + capture.lost, 3u) << at;
        } catch (const InputError& error) {
          EXPECT_NE(std::string(error.what()).find(": expected "), std::string::npos) << error.what();
        }
      }
    }
  }
}

TEST_F(Captures, MovingACaptureKeepsItsFrames) {
  Capture first = read(pcap_file(kPackets));
  const Capture second = std::move(first);
  EXPECT_EQ(bytes_of(second, 2), kPackets[2].bytes);
}

}  // namespace
}  // namespace ringproof::test
