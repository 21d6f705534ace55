// fault.h: "something may go wrong here": what the model asks of a fault plan.
// Role     named fault points; a plan, if there is one, says whether a fault strikes, and how hard. The model
//          acts it out with its own mechanisms; without a plan a point is one predictable branch
// Shapes   a strike has a kind (which of the sorts of this fault), an amount and an extent, whose meaning and
//          unit are those of docs/faults.md, and a draw for whatever else has to be chosen
// Units    [ps] for times; amounts and extents as documented
// Threads  simulation thread
// Errors   none
// Source   docs/faults.md
#pragma once

#include <array>
#include <bitset>
#include <cstddef>
#include <cstdint>
#include <limits>

namespace ringproof {

// In the order of the taxonomy: F-LNK-01 is kLnk01.
// clang-format off
enum class FaultId : std::uint8_t {
  kLnk01, kLnk02, kLnk03, kLnk04, kLnk05, kLnk06, kLnk07, kLnk08,
  kDma01, kDma02, kDma03, kDma04, kDma05, kDma06, kDma07, kDma08,
  kDsc01, kDsc02, kDsc03, kDsc04, kDsc05, kDsc06, kDsc07,
  kDbl01, kDbl02, kDbl03, kDbl04, kDbl05,
  kIrq01, kIrq02, kIrq03, kIrq04, kIrq05, kIrq06,
  kMem01, kMem02, kMem03, kMem04, kMem05,
  kAlc01, kAlc02, kAlc03, kAlc04,
  kLif01, kLif02, kLif03, kLif04, kLif05, kLif06,
  kApp01, kApp02, kApp03, kApp04, kApp05, kApp06, kApp07,
  kSch01, kSch02, kSch03, kSch04, kSch05, kSch06,
  kClk01, kClk02, kClk03, kClk04, kClk05,
  kCount
};
// clang-format on
constexpr std::size_t kFaultIds = static_cast<std::size_t>(FaultId::kCount);

// Where a fault may strike; what a point does not know stays kAny.
struct FaultTarget {
  static constexpr std::uint32_t kAny = std::numeric_limits<std::uint32_t>::max();
  std::uint32_t port = kAny;
  std::uint32_t queue = kAny;
  std::uint64_t socket = kAny;
  std::uint32_t ring = kAny;   // RingKind
  std::uint32_t actor = kAny;  // number of a task
  std::uint32_t kinds = kAny;  // the sorts of this fault that this point can act out, as bits
  bool operator==(const FaultTarget&) const = default;
};

// Sorts of faults that a point has to tell apart.
namespace fault_kind {
enum BitError : std::uint32_t { kBadFcs, kGoodFcs };
enum Line : std::uint32_t { kDuplicate, kReorder };
enum Length : std::uint32_t { kResize, kLengthField };
enum Header : std::uint32_t { kTruncate, kNestedVlan, kIpOptions, kFragment, kSplit };
enum Gap : std::uint32_t { kReorderIds, kSplitCompletion };
enum Descriptor : std::uint32_t { kZero, kMax, kUnaligned, kOutOfUmem, kWrap };
enum Start : std::uint32_t { kSocketRings, kHardwareRings };
enum Completion : std::uint32_t { kLength, kId, kIndex };
enum Doorbell : std::uint32_t { kDelay, kCoalesce };
enum Stale : std::uint32_t { kRepeat, kBackwards };
enum Absent : std::uint32_t { kAbsentQueue, kAllOnes };
enum Extra : std::uint32_t { kDuplicateInterrupt, kSharedVector };
enum Wait : std::uint32_t { kNoTime, kShortTime, kCancel };
enum Allocation : std::uint32_t { kHandle, kRing, kUmem, kMapping, kProgram };
enum Limit : std::uint32_t { kHandles, kQueues, kRules };
enum Poll : std::uint32_t { kMigrate, kYield };
enum Poke : std::uint32_t { kFlood, kNever };
enum Crossing : std::uint32_t { kRegisters, kInterrupts };
}  // namespace fault_kind

struct FaultStrike {
  bool struck = false;
  std::uint32_t kind = 0;
  std::uint64_t amount = 0;
  std::uint64_t extent = 0;
  std::uint64_t draw = 0;
  explicit operator bool() const { return struck; }
};

class FaultPoints {
 public:
  virtual ~FaultPoints() = default;

  // Nothing ever goes wrong.
  static FaultPoints& none();

  bool armed(FaultId id) const { return armed_[static_cast<std::size_t>(id)]; }

  // An opportunity for this fault.
  FaultStrike at(FaultId id, std::uint64_t time_ps, const FaultTarget& target = {}) {
    if (!armed(id)) [[likely]]
      return {};
    return strike(id, time_ps, target);
  }

  // An opportunity for a fault that lasts: the strike that holds at this time, be it new or an earlier one.
  // `until_ps` is when it ends.
  FaultStrike held(FaultId id, std::uint64_t time_ps, const FaultTarget& target, std::uint64_t* until_ps) {
    if (!armed(id)) [[likely]]
      return {};
    return hold(id, time_ps, target, until_ps);
  }
  bool holds(FaultId id, std::uint64_t time_ps, const FaultTarget& target = {}) {
    std::uint64_t until_ps;
    return held(id, time_ps, target, &until_ps).struck;
  }

 protected:
  void arm(FaultId id, bool on) { armed_[static_cast<std::size_t>(id)] = on; }

 private:
  virtual FaultStrike strike(FaultId, std::uint64_t /*time_ps*/, const FaultTarget&) { return {}; }
  virtual FaultStrike hold(FaultId, std::uint64_t /*time_ps*/, const FaultTarget&,
                           std::uint64_t* /*until_ps*/) {
    return {};
  }

  std::bitset<kFaultIds> armed_;
};

}  // namespace ringproof
