// processors.h: which processors the machine has, as a list of entries of different lengths.
// Role     the part of sysinfoapi.h that programs divide their work by
// Shapes   an entry is Size bytes long; each virtual CPU is a core of its own, all are in one package, one
//          NUMA node and one group; caches and modules there are none: a list of them is empty
// Errors   ERROR_INSUFFICIENT_BUFFER: *ReturnedLength says how much is needed; ERROR_INVALID_PARAMETER for a
//          relationship that does not exist
// Source   Windows: sysinfoapi.h, winnt.h
#pragma once

#include "ringproof/win32/base.h"

typedef enum _LOGICAL_PROCESSOR_RELATIONSHIP {
  RelationProcessorCore,
  RelationNumaNode,
  RelationCache,
  RelationProcessorPackage,
  RelationGroup,
  RelationProcessorDie,
  RelationNumaNodeEx,
  RelationProcessorModule,
  RelationAll = 0xFFFF
} LOGICAL_PROCESSOR_RELATIONSHIP;

typedef struct _PROCESSOR_RELATIONSHIP {
  BYTE Flags;
  BYTE EfficiencyClass;
  BYTE Reserved[20];
  WORD GroupCount;
  GROUP_AFFINITY GroupMask[1];
} PROCESSOR_RELATIONSHIP, *PPROCESSOR_RELATIONSHIP;

typedef struct _NUMA_NODE_RELATIONSHIP {
  DWORD NodeNumber;
  BYTE Reserved[18];
  WORD GroupCount;
  __extension__ union {
    GROUP_AFFINITY GroupMask;
    GROUP_AFFINITY GroupMasks[1];
  };
} NUMA_NODE_RELATIONSHIP, *PNUMA_NODE_RELATIONSHIP;

typedef enum _PROCESSOR_CACHE_TYPE {
  CacheUnified,
  CacheInstruction,
  CacheData,
  CacheTrace
} PROCESSOR_CACHE_TYPE;

typedef struct _CACHE_RELATIONSHIP {
  BYTE Level;
  BYTE Associativity;
  WORD LineSize;
  DWORD CacheSize;
  PROCESSOR_CACHE_TYPE Type;
  BYTE Reserved[18];
  WORD GroupCount;
  __extension__ union {
    GROUP_AFFINITY GroupMask;
    GROUP_AFFINITY GroupMasks[1];
  };
} CACHE_RELATIONSHIP, *PCACHE_RELATIONSHIP;

typedef struct _PROCESSOR_GROUP_INFO {
  BYTE MaximumProcessorCount;
  BYTE ActiveProcessorCount;
  BYTE Reserved[38];
  KAFFINITY ActiveProcessorMask;
} PROCESSOR_GROUP_INFO, *PPROCESSOR_GROUP_INFO;

typedef struct _GROUP_RELATIONSHIP {
  WORD MaximumGroupCount;
  WORD ActiveGroupCount;
  BYTE Reserved[20];
  PROCESSOR_GROUP_INFO GroupInfo[1];
} GROUP_RELATIONSHIP, *PGROUP_RELATIONSHIP;

typedef struct _SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX {
  LOGICAL_PROCESSOR_RELATIONSHIP Relationship;
  DWORD Size;
  __extension__ union {
    PROCESSOR_RELATIONSHIP Processor;
    NUMA_NODE_RELATIONSHIP NumaNode;
    CACHE_RELATIONSHIP Cache;
    GROUP_RELATIONSHIP Group;
  };
} SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX, *PSYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX;
C_ASSERT(sizeof(PROCESSOR_RELATIONSHIP) == 40 && sizeof(NUMA_NODE_RELATIONSHIP) == 40);
C_ASSERT(sizeof(PROCESSOR_GROUP_INFO) == 48 && sizeof(SYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX) == 80);

EXTERN_C_START

RINGPROOF_API BOOL GetLogicalProcessorInformationEx(LOGICAL_PROCESSOR_RELATIONSHIP RelationshipType,
                                                    PSYSTEM_LOGICAL_PROCESSOR_INFORMATION_EX Buffer,
                                                    PDWORD ReturnedLength);

EXTERN_C_END
