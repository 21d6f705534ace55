// bcrypt.h: random numbers by way of Windows' cryptography.
// Role     the generator only; its bytes are decided by the seed of the run
// Errors   STATUS_INVALID_PARAMETER without a buffer, STATUS_INVALID_HANDLE for a handle that is no
//          generator's; STATUS_NOT_FOUND for an algorithm that is none
// Source   Windows: bcrypt.h
#pragma once

#include <windows.h>

typedef PVOID BCRYPT_HANDLE;
typedef PVOID BCRYPT_ALG_HANDLE;
#define BCRYPT_SUCCESS(status) (((NTSTATUS)(status)) >= 0)
#define BCRYPT_RNG_ALGORITHM RINGPROOF_WIDE("RNG")
#define BCRYPT_RNG_USE_ENTROPY_IN_BUFFER 0x00000001
#define BCRYPT_USE_SYSTEM_PREFERRED_RNG 0x00000002
#define BCRYPT_RNG_ALG_HANDLE ((BCRYPT_ALG_HANDLE)0x00000081)

EXTERN_C_START

RINGPROOF_API NTSTATUS BCryptGenRandom(BCRYPT_ALG_HANDLE hAlgorithm, PUCHAR pbBuffer, ULONG cbBuffer,
                                       ULONG dwFlags);
RINGPROOF_API NTSTATUS BCryptOpenAlgorithmProvider(BCRYPT_ALG_HANDLE* phAlgorithm, LPCWSTR pszAlgId,
                                                   LPCWSTR pszImplementation, ULONG dwFlags);
RINGPROOF_API NTSTATUS BCryptCloseAlgorithmProvider(BCRYPT_ALG_HANDLE hAlgorithm, ULONG dwFlags);

EXTERN_C_END
