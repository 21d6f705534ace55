// Checksums of frames: published examples, every kind of packet against sums worked out byte by byte, frames
// with one bit wrong, frames cut anywhere, and requests that do not fit.

#include "model/nic/checksum.h"

#include <gtest/gtest.h>

#include <functional>
#include <string>

#include "testbench/model/nic/frames.h"

namespace ringproof::nic {
namespace {

using Frame = std::vector<unsigned char>;

std::vector<FrameShape> shapes() {
  std::vector<FrameShape> all;
  for (const bool v6 : {false, true}) {
    for (const bool tcp : {false, true}) {
      for (const bool tagged : {false, true}) {
        for (const std::size_t payload : {0u, 1u, 20u, 333u, 1400u}) {
          for (const std::size_t options : {0u, 4u, 40u}) {
            all.push_back({v6, tcp, tagged, v6 ? 0 : options, tcp ? options : 0, payload, payload % 7});
          }
        }
      }
    }
  }
  return all;
}

RxMeta expected_meta(const FrameShape& shape) {
  RxMeta meta;
  meta.layer2_bytes = static_cast<std::uint32_t>(shape.ip_at());
  meta.layer3_bytes = static_cast<std::uint32_t>(shape.ip_bytes());
  meta.layer4_bytes = static_cast<std::uint32_t>(shape.layer4_bytes());
  meta.layer3 = shape.v6                ? Layer3::kIpv6NoExtensions
                : shape.ip_options == 0 ? Layer3::kIpv4NoOptions
                                        : Layer3::kIpv4WithOptions;
  meta.layer4 = shape.tcp ? Layer4::kTcp : Layer4::kUdp;
  meta.layer3_verdict = shape.v6 ? Verdict::kNotChecked : Verdict::kSucceeded;
  meta.layer4_verdict = Verdict::kSucceeded;
  return meta;
}

TxRequest request_for(const FrameShape& shape) {
  return {.insert_layer3 = !shape.v6,
          .insert_layer4 = true,
          .layer3 = shape.v6 ? RequestLayer3::kIpv6 : RequestLayer3::kIpv4,
          .layer4 = shape.tcp ? RequestLayer4::kTcp : RequestLayer4::kUdp,
          .layer2_bytes = static_cast<std::uint32_t>(shape.ip_at()),
          .layer3_bytes = static_cast<std::uint32_t>(shape.ip_bytes())};
}

class Checksum : public testing::Test {
 protected:
  RandomStream random{7, "checksum test"};
};

// --- the sum ---

TEST_F(Checksum, SumsThePublishedExamples) {
  EXPECT_EQ(internet_sum(Frame{0x00, 0x01, 0xF2, 0x03, 0xF4, 0xF5, 0xF6, 0xF7}), 0xDDF2);  // RFC 1071
  Frame header = {0x45, 0x00, 0x00, 0x73, 0x00, 0x00, 0x40, 0x00, 0x40, 0x11,
                  0x00, 0x00, 0xC0, 0xA8, 0x00, 0x01, 0xC0, 0xA8, 0x00, 0xC7};
  EXPECT_EQ(0xFFFF - internet_sum(header), 0xB861);
}

TEST_F(Checksum, AnOddByteIsTheUpperHalfOfAWord) {
  EXPECT_EQ(internet_sum(Frame{0x12}), 0x1200);
  EXPECT_EQ(internet_sum(Frame{}), 0);
  EXPECT_EQ(internet_sum(Frame(65536, 0xFF)), 0xFFFF);
}

// --- verdicts ---

TEST_F(Checksum, FramesWithTheRightSumsSucceed) {
  for (const FrameShape& shape : shapes()) {
    EXPECT_EQ(judge_checksums(summed_frame(shape, random)), expected_meta(shape));
  }
}

TEST_F(Checksum, OneWrongBitInThePacketFailsLayer4) {
  for (const FrameShape& shape : shapes()) {
    Frame frame = summed_frame(shape, random);
    // Not the lengths and the kind of the packet, without which it is another one; and not the last bits of
    // a UDP checksum that would make it "none".
    std::size_t at = 0;
    do {
      at = shape.layer4_at() + random.below(shape.packet_end() - shape.layer4_at());
    } while (at == shape.layer4_at() + (shape.tcp ? 12 : 4) || (!shape.tcp && at == shape.layer4_at() + 5));
    frame[at] = static_cast<unsigned char>(frame[at] ^ 1u << random.below(8));
    RxMeta expected = expected_meta(shape);
    expected.layer4_verdict = Verdict::kFailed;
    EXPECT_EQ(judge_checksums(frame), expected) << at;
  }
}

TEST_F(Checksum, OneWrongBitInAnIpv4HeaderFailsLayer3) {
  for (const FrameShape& shape : shapes()) {
    if (shape.v6) continue;
    Frame frame = summed_frame(shape, random);
    const std::size_t at = shape.ip_at() + 1 + random.below(shape.ip_bytes() - 1);
    frame[at] = static_cast<unsigned char>(frame[at] ^ 1u << random.below(8));
    EXPECT_EQ(judge_checksums(frame).layer3_verdict, Verdict::kFailed) << at;
  }
}

TEST_F(Checksum, ABadIpv4HeaderDoesNotHideTheVerdictOnThePacket) {
  Frame frame = summed_frame({.tcp = true}, random);
  frame[24] ^= 1;
  RxMeta expected = expected_meta({.tcp = true});
  expected.layer3_verdict = Verdict::kFailed;
  EXPECT_EQ(judge_checksums(frame), expected);
}

TEST_F(Checksum, PaddingIsNotPartOfThePacket) {
  Frame frame = summed_frame({.payload = 1, .padding = 17}, random);
  frame.back() ^= 0xFF;
  EXPECT_EQ(judge_checksums(frame).layer4_verdict, Verdict::kSucceeded);
}

TEST_F(Checksum, AUdpChecksumOfZeroMeansNoneOverIpv4Only) {
  for (const bool v6 : {false, true}) {
    const FrameShape shape{.v6 = v6};
    Frame frame = summed_frame(shape, random);
    put16(frame, shape.checksum_at(), 0);
    EXPECT_EQ(judge_checksums(frame).layer4_verdict, v6 ? Verdict::kFailed : Verdict::kNotChecked);
    EXPECT_EQ(judge_checksums(frame).layer4, Layer4::kUdp);
  }
}

TEST_F(Checksum, OfAFragmentOnlyTheHeaderIsChecked) {
  for (const unsigned bits : {0x2000u, 0x0001u, 0x20B9u}) {
    const FrameShape shape;
    Frame frame = unsummed_frame(shape, random);
    put16(frame, 20, bits);
    put16(frame, 24, right_ip_checksum(shape, frame));
    const RxMeta meta = judge_checksums(frame);
    EXPECT_EQ(meta.layer3_verdict, Verdict::kSucceeded);
    EXPECT_EQ(meta.layer4_verdict, Verdict::kNotChecked);
    EXPECT_EQ(meta.layer4, Layer4::kIpFragment);
    EXPECT_EQ(meta.layer4_bytes, 0u);
  }
}

TEST_F(Checksum, OtherProtocolsAreNotChecked) {
  const FrameShape shape;
  Frame frame = unsummed_frame(shape, random);
  frame[23] = 1;
  put16(frame, 24, right_ip_checksum(shape, frame));
  EXPECT_EQ(judge_checksums(frame), (RxMeta{.layer3_verdict = Verdict::kSucceeded,
                                            .layer3 = Layer3::kIpv4NoOptions,
                                            .layer4 = Layer4::kIpNotFragment,
                                            .layer2_bytes = 14,
                                            .layer3_bytes = 20}));
}

TEST_F(Checksum, BehindIpv6ExtensionsNothingIsLookedAt) {
  for (const unsigned next_header : {0, 43, 44, 50, 51, 60, 135}) {
    Frame frame = summed_frame({.v6 = true}, random);
    frame[20] = static_cast<unsigned char>(next_header);
    EXPECT_EQ(judge_checksums(frame),
              (RxMeta{.layer3 = Layer3::kIpv6WithExtensions,
                      .layer4 = next_header == 44 ? Layer4::kIpFragment : Layer4::kUnknown,
                      .layer2_bytes = 14}));
  }
}

TEST_F(Checksum, AFrameThatIsNotIpHasAnEthernetHeaderOnly) {
  Frame arp(60, 0x55);
  put16(arp, 12, 0x0806);
  EXPECT_EQ(judge_checksums(arp), RxMeta{.layer2_bytes = 14});
  put16(arp, 12, 0x8100);
  put16(arp, 16, 0x8100);  // two tags
  EXPECT_EQ(judge_checksums(arp), RxMeta{.layer2_bytes = 18});
  put16(arp, 12, 0x0800);  // but no IP version
  EXPECT_EQ(judge_checksums(arp), RxMeta{.layer2_bytes = 14});
}

// A header that is there is judged; a packet that is not all there is not.
TEST_F(Checksum, ACutFrameIsJudgedAsFarAsItGoes) {
  for (const FrameShape& shape : shapes()) {
    if (shape.payload > 40) continue;
    const Frame frame = summed_frame(shape, random);
    for (std::size_t size = 0; size < shape.packet_end(); ++size) {
      // Exactly this much memory, so that a sanitizer sees a byte too many.
      const Frame cut(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(size));
      const RxMeta meta = judge_checksums(cut);
      ASSERT_EQ(meta.layer4_verdict, Verdict::kNotChecked) << size;
      const bool header_there = !shape.v6 && size >= shape.layer4_at();
      ASSERT_EQ(meta.layer3_verdict, header_there ? Verdict::kSucceeded : Verdict::kNotChecked) << size;
    }
  }
}

TEST_F(Checksum, RandomBytesBehindIpTypesAreSurvived) {
  for (int i = 0; i < 20'000; ++i) {
    Frame frame(14 + random.below(80));
    for (auto& byte : frame) byte = static_cast<unsigned char>(random.below(256));
    put16(frame, 12, random.below(2) == 0 ? 0x0800 : 0x86DD);
    if (frame.size() > 14) frame[14] = static_cast<unsigned char>(random.below(2) == 0 ? 0x45 : 0x60);
    if (frame.size() > 23) frame[23] = random.below(2) == 0 ? 6 : 17;
    const RxMeta meta = judge_checksums(frame);
    EXPECT_EQ(unpack_rx_meta(pack_rx_meta(meta)), meta);
  }
}

// --- insertion ---

TEST_F(Checksum, InsertedSumsAreTheRightOnes) {
  for (const FrameShape& shape : shapes()) {
    const Frame unsummed = unsummed_frame(shape, random);
    Frame frame = unsummed;
    // What stood there does not count.
    put16(frame, shape.checksum_at(), random.below(65536));
    if (!shape.v6) put16(frame, shape.ip_at() + 10, random.below(65536));
    const Insertion inserted = insert_checksums(request_for(shape), frame);
    EXPECT_EQ(inserted.layer3_at, shape.v6 ? 0 : shape.ip_at() + 10);
    EXPECT_EQ(inserted.layer4_at, shape.checksum_at());
    Frame expected = unsummed;
    put16(expected, shape.checksum_at(), right_layer4_checksum(shape, unsummed));
    if (!shape.v6) put16(expected, shape.ip_at() + 10, right_ip_checksum(shape, unsummed));
    EXPECT_EQ(frame, expected);
    EXPECT_EQ(judge_checksums(frame), expected_meta(shape));
  }
}

TEST_F(Checksum, AUdpSumOfZeroIsSentAsAllOnes) {
  for (const bool tcp : {false, true}) {
    const FrameShape shape{.tcp = tcp};
    Frame frame = unsummed_frame(shape, random);
    // The last word makes up what the sum lacks.
    put16(frame, shape.packet_end() - 2, 0);
    const unsigned lacking = right_layer4_checksum(shape, frame);
    put16(frame, shape.packet_end() - 2, lacking);
    ASSERT_TRUE(insert_checksums(request_for(shape), frame).done());
    EXPECT_EQ(frame[shape.checksum_at()], tcp ? 0x00 : 0xFF);
    EXPECT_EQ(frame[shape.checksum_at() + 1], tcp ? 0x00 : 0xFF);
    EXPECT_EQ(judge_checksums(frame).layer4_verdict, Verdict::kSucceeded);
  }
}

TEST_F(Checksum, EachLayerAlone) {
  const FrameShape shape{.tcp = true};
  const Frame unsummed = unsummed_frame(shape, random);
  TxRequest request = request_for(shape);
  request.insert_layer4 = false;
  Frame frame = unsummed;
  EXPECT_EQ(insert_checksums(request, frame).layer4_at, 0u);
  EXPECT_EQ(judge_checksums(frame).layer3_verdict, Verdict::kSucceeded);
  EXPECT_EQ(judge_checksums(frame).layer4_verdict, Verdict::kFailed);
  request = request_for(shape);
  request.insert_layer3 = false;
  frame = unsummed;
  EXPECT_EQ(insert_checksums(request, frame).layer3_at, 0u);
  EXPECT_EQ(judge_checksums(frame).layer3_verdict, Verdict::kFailed);
  EXPECT_EQ(judge_checksums(frame).layer4_verdict, Verdict::kSucceeded);
}

struct Misfit {
  const char* what;
  FrameShape shape;
  std::function<void(TxRequest&, Frame&)> spoil;
};

TEST_F(Checksum, ARequestThatDoesNotFitChangesNothing) {
  const FrameShape udp{};
  const FrameShape tcp{.tcp = true};
  const FrameShape udp6{.v6 = true};
  const FrameShape tcp6{.v6 = true, .tcp = true};
  const std::vector<Misfit> misfits = {
      {"layer 2 of 13", udp, [](TxRequest& r, Frame&) { r.layer2_bytes = 13; }},
      {"layer 2 of 0", udp, [](TxRequest& r, Frame&) { r.layer2_bytes = 0; }},
      {"layer 2 of 18 without a tag", udp, [](TxRequest& r, Frame&) { r.layer2_bytes = 18; }},
      {"layer 3 of 24", udp, [](TxRequest& r, Frame&) { r.layer3_bytes = 24; }},
      {"no layer 3", udp, [](TxRequest& r, Frame&) { r.layer3 = RequestLayer3::kNone; }},
      {"no layer 4", udp, [](TxRequest& r, Frame&) { r.layer4 = RequestLayer4::kNone; }},
      {"IPv6 of IPv4", udp, [](TxRequest& r, Frame&) { r.layer3 = RequestLayer3::kIpv6; }},
      {"TCP of UDP", udp, [](TxRequest& r, Frame&) { r.layer4 = RequestLayer4::kTcp; }},
      {"UDP of TCP", tcp, [](TxRequest& r, Frame&) { r.layer4 = RequestLayer4::kUdp; }},
      {"version 5", udp, [](TxRequest&, Frame& f) { f[14] = 0x55; }},
      {"header of 16", udp, [](TxRequest& r, Frame& f) { f[14] = 0x44, r.layer3_bytes = 16; }},
      {"header beyond the frame", udp, [](TxRequest& r, Frame& f) { f[14] = 0x4F, r.layer3_bytes = 60; }},
      {"frame without an IPv4 header", udp, [](TxRequest&, Frame& f) { f.resize(33); }},
      {"frame without an IPv6 header", udp6, [](TxRequest&, Frame& f) { f.resize(53); }},
      {"layer 3 of IPv6", udp6, [](TxRequest& r, Frame&) { r.insert_layer3 = true; }},
      {"layer 3 of IPv6 with 44", udp6, [](TxRequest& r, Frame&) { r.layer3_bytes = 44; }},
      {"version 4 of IPv6", udp6, [](TxRequest&, Frame& f) { f[14] = 0x45; }},
      {"UDP behind an extension", udp6, [](TxRequest&, Frame& f) { f[20] = 0; }},
      {"UDP length of 7", udp, [](TxRequest&, Frame& f) { put16(f, 38, 7); }},
      {"UDP length beyond the frame", udp, [](TxRequest&, Frame& f) { put16(f, 38, f.size() - 33); }},
      {"frame without a UDP header", udp, [](TxRequest&, Frame& f) { f.resize(41); }},
      {"TCP header of 16", tcp, [](TxRequest&, Frame& f) { f[46] = 0x40; }},
      {"TCP header beyond the packet", tcp, [](TxRequest&, Frame& f) { f[46] = 0xF0; }},
      {"TCP packet beyond the frame", tcp, [](TxRequest&, Frame& f) { f.pop_back(); }},
      {"TCP packet beyond the frame", tcp6, [](TxRequest&, Frame& f) { f.pop_back(); }},
      {"fragment", udp, [](TxRequest&, Frame& f) { put16(f, 20, 0x2000); }},
      {"empty frame", udp, [](TxRequest&, Frame& f) { f.clear(); }},
  };
  for (const Misfit& misfit : misfits) {
    Frame frame = unsummed_frame(misfit.shape, random);
    TxRequest request = request_for(misfit.shape);
    misfit.spoil(request, frame);
    const Frame before = frame;
    EXPECT_FALSE(insert_checksums(request, frame).done()) << misfit.what;
    EXPECT_EQ(frame, before) << misfit.what;
  }
}

TEST_F(Checksum, ACutFrameIsInsertedIntoOrLeftAlone) {
  for (const FrameShape& shape : shapes()) {
    if (shape.payload > 40) continue;
    const Frame frame = unsummed_frame(shape, random);
    for (std::size_t size = 0; size < shape.packet_end(); ++size) {
      Frame cut(frame.begin(), frame.begin() + static_cast<std::ptrdiff_t>(size));
      ASSERT_FALSE(insert_checksums(request_for(shape), cut).done()) << size;
    }
  }
}

}  // namespace
}  // namespace ringproof::nic
