// Lists without a lock: include/ringproof/win32/slists.h.
//
// The first entry and what else changes with it are two words, so a bit of the first word says that an
// operation is under way. No schedule point is inside, so only threads that run freely ever see the bit.

#include <ringproof/win32/atomics.h>
#include <ringproof/win32/slists.h>

namespace {

constexpr ULONGLONG kUnderWay = 1;
constexpr ULONGLONG kDepth = 0xFFFF;
constexpr ULONGLONG kNextSequence = 0x10000;

PSLIST_ENTRY entry_of(ULONGLONG word) { return reinterpret_cast<PSLIST_ENTRY>(word); }
ULONGLONG word_of(PSLIST_ENTRY entry) { return reinterpret_cast<ULONGLONG>(entry); }

ULONGLONG begin(PSLIST_HEADER list) {
  for (;;) {
    ULONGLONG first = __atomic_load_n(&list->Region, __ATOMIC_RELAXED) & ~kUnderWay;
    if (__atomic_compare_exchange_n(&list->Region, &first, first | kUnderWay, true, __ATOMIC_ACQUIRE,
                                    __ATOMIC_RELAXED)) {
      return first;
    }
  }
}

void end(PSLIST_HEADER list, ULONGLONG first, ULONGLONG depth) {
  const ULONGLONG sequence = (list->Alignment & ~kDepth) + kNextSequence;
  __atomic_store_n(&list->Alignment, sequence | (depth & kDepth), __ATOMIC_RELAXED);
  __atomic_store_n(&list->Region, first, __ATOMIC_RELEASE);
}

// `operation` gets the first entry and the depth, changes the depth and answers the new first entry.
template <class Operation>
PSLIST_ENTRY change(PSLIST_HEADER list, Operation operation) {
  const bool listening = ringproof_hooks_or_null() != nullptr;
  if (listening) ringproof_change_begins(&list->Region, sizeof list->Region);
  const ULONGLONG before = begin(list);
  ULONGLONG depth = list->Alignment & kDepth;
  const ULONGLONG after = word_of(operation(entry_of(before), &depth));
  end(list, after, depth);
  if (listening) ringproof_change_ends(&list->Region, sizeof list->Region, before, after != before);
  return entry_of(before);
}

}  // namespace

extern "C" {

VOID InitializeSListHead(PSLIST_HEADER ListHead) { *ListHead = {}; }

PSLIST_ENTRY InterlockedPushEntrySList(PSLIST_HEADER ListHead, PSLIST_ENTRY ListEntry) {
  return InterlockedPushListSListEx(ListHead, ListEntry, ListEntry, 1);
}

PSLIST_ENTRY InterlockedPushListSListEx(PSLIST_HEADER ListHead, PSLIST_ENTRY List, PSLIST_ENTRY ListEnd,
                                        ULONG Count) {
  return change(ListHead, [&](PSLIST_ENTRY first, ULONGLONG* depth) {
    ListEnd->Next = first;
    *depth += Count;
    return List;
  });
}

PSLIST_ENTRY InterlockedPopEntrySList(PSLIST_HEADER ListHead) {
  return change(ListHead, [](PSLIST_ENTRY first, ULONGLONG* depth) -> PSLIST_ENTRY {
    if (first == nullptr) return nullptr;
    --*depth;
    return first->Next;
  });
}

PSLIST_ENTRY InterlockedFlushSList(PSLIST_HEADER ListHead) {
  return change(ListHead, [](PSLIST_ENTRY, ULONGLONG* depth) -> PSLIST_ENTRY {
    *depth = 0;
    return nullptr;
  });
}

USHORT QueryDepthSList(PSLIST_HEADER ListHead) {
  return static_cast<USHORT>(ReadULong64Acquire(&ListHead->Alignment) & kDepth);
}

PSLIST_ENTRY RtlFirstEntrySList(const SLIST_HEADER* ListHead) {
  return entry_of(ReadULong64Acquire(&ListHead->Region) & ~kUnderWay);
}

}  // extern "C"
