// Which processors the machine has: include/ringproof/win32/processors.h.

#include <ringproof/win32/errors.h>
#include <ringproof/win32/processors.h>
#include <ringproof/win32/threads.h>

#include <algorithm>
#include <cstddef>
#include <cstring>
#include <vector>

#include "sim/win32/state.h"

using ringproof::fail_with;
using Entry = SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX;

namespace {

class Entries {
 public:
  void add_processors(LOGICAL_PROCESSOR_RELATIONSHIP relationship, KAFFINITY mask) {
    Entry entry{relationship, offsetof(Entry, Processor) + sizeof(PROCESSOR_RELATIONSHIP), {}};
    entry.Processor.GroupCount = 1;
    entry.Processor.GroupMask[0].Mask = mask;
    append(entry);
  }
  void add_node(LOGICAL_PROCESSOR_RELATIONSHIP relationship, KAFFINITY mask) {
    Entry entry{relationship, offsetof(Entry, NumaNode) + sizeof(NUMA_NODE_RELATIONSHIP), {}};
    entry.NumaNode.GroupCount = 1;
    entry.NumaNode.GroupMask.Mask = mask;
    append(entry);
  }
  void add_group(KAFFINITY mask, BYTE processors) {
    Entry entry{RelationGroup, offsetof(Entry, Group) + sizeof(GROUP_RELATIONSHIP), {}};
    entry.Group = {};
    entry.Group.MaximumGroupCount = 1;
    entry.Group.ActiveGroupCount = 1;
    entry.Group.GroupInfo[0] = {processors, processors, {}, mask};
    append(entry);
  }
  const std::vector<unsigned char>& bytes() const { return bytes_; }

 private:
  void append(const Entry& entry) {
    const auto* begin = reinterpret_cast<const unsigned char*>(&entry);
    bytes_.insert(bytes_.end(), begin, begin + entry.Size);
  }
  std::vector<unsigned char> bytes_;
};

Entries entries_of(LOGICAL_PROCESSOR_RELATIONSHIP asked) {
  Entries entries;
  const auto wanted = [&](LOGICAL_PROCESSOR_RELATIONSHIP one) {
    return asked == one || asked == RelationAll;
  };
  const DWORD processors = std::min<DWORD>(GetActiveProcessorCount(0), 8 * sizeof(KAFFINITY));
  const KAFFINITY all = ~KAFFINITY{0} >> (8 * sizeof(KAFFINITY) - processors);
  if (wanted(RelationProcessorCore)) {
    for (DWORD i = 0; i < processors; ++i) entries.add_processors(RelationProcessorCore, KAFFINITY{1} << i);
  }
  if (wanted(RelationNumaNode)) entries.add_node(RelationNumaNode, all);
  if (asked == RelationNumaNodeEx) entries.add_node(RelationNumaNodeEx, all);
  if (wanted(RelationProcessorPackage)) entries.add_processors(RelationProcessorPackage, all);
  if (asked == RelationProcessorDie) entries.add_processors(RelationProcessorDie, all);
  if (wanted(RelationGroup)) entries.add_group(all, static_cast<BYTE>(processors));
  return entries;
}

}  // namespace

extern "C" {

BOOL GetLogicalProcessorInformationEx(LOGICAL_PROCESSOR_RELATIONSHIP RelationshipType,
                                      PSYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX Buffer,
                                      PDWORD ReturnedLength) {
  const auto asked = static_cast<unsigned>(RelationshipType);
  if (ReturnedLength == nullptr || (asked > RelationProcessorModule && asked != RelationAll)) {
    return fail_with(ERROR_INVALID_PARAMETER);
  }
  const Entries entries = entries_of(RelationshipType);
  const DWORD room = *ReturnedLength;
  *ReturnedLength = static_cast<DWORD>(entries.bytes().size());
  if (entries.bytes().empty()) return TRUE;
  if (Buffer == nullptr || room < *ReturnedLength) return fail_with(ERROR_INSUFFICIENT_BUFFER);
  std::memcpy(Buffer, entries.bytes().data(), entries.bytes().size());
  return TRUE;
}

}  // extern "C"
