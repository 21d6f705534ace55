// net_address.h: addresses of IPv4 and IPv6 as Windows lays them out.
// Role     part of win_types.h when a program is compiled for Windows; in6addr.h and inaddr.h
// Shapes   network byte order; IN6_ADDR has no 32-bit member, its alignment is 2
// Source   Windows: inaddr.h, in6addr.h
#pragma once

#include <stdint.h>

typedef struct in_addr {
  union {
    struct {
      unsigned char s_b1, s_b2, s_b3, s_b4;
    } S_un_b;
    struct {
      unsigned short s_w1, s_w2;
    } S_un_w;
    uint32_t S_addr;
  } S_un;
} IN_ADDR, *PIN_ADDR, *LPIN_ADDR;

#define s_addr S_un.S_addr
#define s_host S_un.S_un_b.s_b2
#define s_net S_un.S_un_b.s_b1
#define s_imp S_un.S_un_w.s_w2
#define s_impno S_un.S_un_b.s_b4
#define s_lh S_un.S_un_b.s_b3

typedef struct in6_addr {
  union {
    unsigned char Byte[16];
    unsigned short Word[8];
  } u;
} IN6_ADDR, *PIN6_ADDR, *LPIN6_ADDR;

#define in_addr6 in6_addr
#define _S6_un u
#define _S6_u8 Byte
#define s6_addr u.Byte
#define s6_bytes u.Byte
#define s6_words u.Word
