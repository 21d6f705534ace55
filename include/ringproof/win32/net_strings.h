// net_strings.h: addresses as text.
// Role     ntdll's parsers and printers of addresses: ip2string.h, which mstcpip.h brings along
// Shapes   a parser reads as far as the text is an address and leaves `*Terminator` behind it; ports come and
//          go in network byte order
// Errors   STATUS_INVALID_PARAMETER with `*Terminator` where the text stops to be one; the printers with Ex
//          answer so when the buffer is too small, and tell the size needed, terminator included
// Source   Windows: ip2string.h
#pragma once

#include "ringproof/win32/net_link.h"

EXTERN_C_START

// `Strict`: four decimal parts; else one to four parts, decimal, octal or hexadecimal, the last one filling
// up.
RINGPROOF_API NTSTATUS RtlIpv4StringToAddressA(PCSTR String, BOOLEAN Strict, PCSTR* Terminator,
                                               IN_ADDR* Address);
RINGPROOF_API NTSTATUS RtlIpv4StringToAddressW(PCWSTR String, BOOLEAN Strict, PCWSTR* Terminator,
                                               IN_ADDR* Address);
// The whole text: an address, and after a colon perhaps a port; without one, 0.
RINGPROOF_API NTSTATUS RtlIpv4StringToAddressExA(PCSTR String, BOOLEAN Strict, IN_ADDR* Address,
                                                 PUSHORT Port);
RINGPROOF_API NTSTATUS RtlIpv6StringToAddressA(PCSTR String, PCSTR* Terminator, IN6_ADDR* Address);
RINGPROOF_API NTSTATUS RtlIpv6StringToAddressW(PCWSTR String, PCWSTR* Terminator, IN6_ADDR* Address);
// The whole text: an address, perhaps %scope, perhaps in brackets with a port behind them.
RINGPROOF_API NTSTATUS RtlIpv6StringToAddressExA(PCSTR String, IN6_ADDR* Address, PULONG ScopeId,
                                                 PUSHORT Port);
// Six hexadecimal bytes with dashes or colons between them.
RINGPROOF_API NTSTATUS RtlEthernetStringToAddressA(PCSTR String, PCSTR* Terminator, DL_EUI48* Address);
RINGPROOF_API NTSTATUS RtlEthernetStringToAddressW(PCWSTR String, PCWSTR* Terminator, DL_EUI48* Address);

// These need 16, 46 and 18 characters, and give the end of what they have written.
RINGPROOF_API PSTR RtlIpv4AddressToStringA(const IN_ADDR* Address, PSTR String);
RINGPROOF_API PWSTR RtlIpv4AddressToStringW(const IN_ADDR* Address, PWSTR String);
RINGPROOF_API PSTR RtlIpv6AddressToStringA(const IN6_ADDR* Address, PSTR String);
RINGPROOF_API PWSTR RtlIpv6AddressToStringW(const IN6_ADDR* Address, PWSTR String);
RINGPROOF_API PSTR RtlEthernetAddressToStringA(const DL_EUI48* Address, PSTR String);
RINGPROOF_API PWSTR RtlEthernetAddressToStringW(const DL_EUI48* Address, PWSTR String);
RINGPROOF_API NTSTATUS RtlIpv4AddressToStringExA(const IN_ADDR* Address, USHORT Port, PSTR String,
                                                 PULONG Length);
RINGPROOF_API NTSTATUS RtlIpv6AddressToStringExA(const IN6_ADDR* Address, ULONG ScopeId, USHORT Port,
                                                 PSTR String, PULONG Length);

EXTERN_C_END

#ifdef UNICODE
#define RtlIpv4StringToAddress RtlIpv4StringToAddressW
#define RtlIpv6StringToAddress RtlIpv6StringToAddressW
#define RtlEthernetStringToAddress RtlEthernetStringToAddressW
#define RtlIpv4AddressToString RtlIpv4AddressToStringW
#define RtlIpv6AddressToString RtlIpv6AddressToStringW
#define RtlEthernetAddressToString RtlEthernetAddressToStringW
#else
#define RtlIpv4StringToAddress RtlIpv4StringToAddressA
#define RtlIpv6StringToAddress RtlIpv6StringToAddressA
#define RtlEthernetStringToAddress RtlEthernetStringToAddressA
#define RtlIpv4AddressToString RtlIpv4AddressToStringA
#define RtlIpv6AddressToString RtlIpv6AddressToStringA
#define RtlEthernetAddressToString RtlEthernetAddressToStringA
#endif
