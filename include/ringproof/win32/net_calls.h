// net_calls.h: Winsock.
// Role     byte order and addresses work; the simulated machine has no TCP/IP stack that programs could
//          reach, so what would need one fails
// Errors   WSAENETDOWN from every call that needs a network; WSANOTINITIALISED before WSAStartup
// Source   Windows: winsock2.h, ws2tcpip.h
//
// The calls have names of their own in the object file: the C library has functions of the same names.
#pragma once

#include "ringproof/app.h"
#include "ringproof/win32/crt_base.h"
#include "ringproof/win32/net_order.h"
#include "ringproof/win32/net_socket_types.h"

typedef UINT_PTR SOCKET;
typedef HANDLE WSAEVENT;
#define INVALID_SOCKET ((SOCKET) ~(SOCKET)0)
#define SOCKET_ERROR (-1)
#define SOMAXCONN 0x7fffffff
#define MSG_PEEK 0x2
#define MSG_DONTROUTE 0x4
#define MSG_WAITALL 0x8
#define SD_RECEIVE 0
#define SD_SEND 1
#define SD_BOTH 2
#define FIONBIO ((int)0x8004667eU)
#define FIONREAD 0x4004667f
#define WSA_FLAG_OVERLAPPED 0x01

#ifndef FD_SETSIZE
#define FD_SETSIZE 64
#endif
typedef struct fd_set {
  u_int fd_count;
  SOCKET fd_array[FD_SETSIZE];
} fd_set, FD_SET, *PFD_SET;
#undef FD_ZERO
#undef FD_SET
#undef FD_CLR
#undef FD_ISSET
#define FD_ZERO(set) (((fd_set*)(set))->fd_count = 0)
#define FD_SET(socket, set) ringproof_fd_set((socket), (set))
#define FD_CLR(socket, set) ringproof_fd_clear((socket), (set))
#define FD_ISSET(socket, set) ringproof_fd_is_set((socket), (set))
static inline int ringproof_fd_is_set(SOCKET socket, const fd_set* set) {
  for (u_int i = 0; i < set->fd_count; ++i) {
    if (set->fd_array[i] == socket) return 1;
  }
  return 0;
}
static inline void ringproof_fd_set(SOCKET socket, fd_set* set) {
  if (!ringproof_fd_is_set(socket, set) && set->fd_count < FD_SETSIZE)
    set->fd_array[set->fd_count++] = socket;
}
static inline void ringproof_fd_clear(SOCKET socket, fd_set* set) {
  u_int kept = 0;
  for (u_int i = 0; i < set->fd_count; ++i) {
    if (set->fd_array[i] != socket) set->fd_array[kept++] = set->fd_array[i];
  }
  set->fd_count = kept;
}

#define WSADESCRIPTION_LEN 256
#define WSASYS_STATUS_LEN 128
typedef struct WSAData {
  WORD wVersion;
  WORD wHighVersion;
  unsigned short iMaxSockets;
  unsigned short iMaxUdpDg;
  char* lpVendorInfo;
  char szDescription[WSADESCRIPTION_LEN + 1];
  char szSystemStatus[WSASYS_STATUS_LEN + 1];
} WSADATA, *LPWSADATA;

typedef struct hostent {
  char* h_name;
  char** h_aliases;
  short h_addrtype;
  short h_length;
  char** h_addr_list;
} HOSTENT, *PHOSTENT, *LPHOSTENT;
#define h_addr h_addr_list[0]

typedef struct linger {
  u_short l_onoff;
  u_short l_linger;
} LINGER, *PLINGER, *LPLINGER;

#define WSABASEERR 10000
#define WSAEINTR 10004
#define WSAEBADF 10009
#define WSAEACCES 10013
#define WSAEFAULT 10014
#define WSAEINVAL 10022
#define WSAEMFILE 10024
#define WSAEWOULDBLOCK 10035
#define WSAEINPROGRESS 10036
#define WSAEALREADY 10037
#define WSAENOTSOCK 10038
#define WSAEDESTADDRREQ 10039
#define WSAEMSGSIZE 10040
#define WSAEPROTOTYPE 10041
#define WSAENOPROTOOPT 10042
#define WSAEPROTONOSUPPORT 10043
#define WSAESOCKTNOSUPPORT 10044
#define WSAEOPNOTSUPP 10045
#define WSAEPFNOSUPPORT 10046
#define WSAEAFNOSUPPORT 10047
#define WSAEADDRINUSE 10048
#define WSAEADDRNOTAVAIL 10049
#define WSAENETDOWN 10050
#define WSAENETUNREACH 10051
#define WSAENETRESET 10052
#define WSAECONNABORTED 10053
#define WSAECONNRESET 10054
#define WSAENOBUFS 10055
#define WSAEISCONN 10056
#define WSAENOTCONN 10057
#define WSAESHUTDOWN 10058
#define WSAETIMEDOUT 10060
#define WSAECONNREFUSED 10061
#define WSAEHOSTDOWN 10064
#define WSAEHOSTUNREACH 10065
#define WSASYSNOTREADY 10091
#define WSAVERNOTSUPPORTED 10092
#define WSANOTINITIALISED 10093
#define WSAHOST_NOT_FOUND 11001
#define WSATRY_AGAIN 11002
#define WSANO_RECOVERY 11003
#define WSANO_DATA 11004
#define WSA_INVALID_HANDLE 6
#define WSA_NOT_ENOUGH_MEMORY 8
#define WSA_INVALID_PARAMETER 87
#define WSA_OPERATION_ABORTED 995
#define WSA_IO_PENDING 997

EXTERN_C_START

// The version that is asked for is given, up to 2.2. 0: done.
RINGPROOF_API int WSAStartup(WORD wVersionRequested, LPWSADATA lpWSAData);
RINGPROOF_API int WSACleanup(void);
// The error of the calling thread, which GetLastError has as well.
FORCEINLINE int WSAGetLastError(void) { return (int)GetLastError(); }
FORCEINLINE void WSASetLastError(int iError) { SetLastError((DWORD)iError); }

// ---- addresses ----

// 1: done, 0: no address, -1: no such family (WSAEAFNOSUPPORT).
RINGPROOF_API INT inet_pton(INT Family, PCSTR pszAddrString, PVOID pAddrBuf)
    RINGPROOF_IS(ringproof_wsa_inet_pton);
// NULL with ERROR_INVALID_PARAMETER when the text does not fit.
RINGPROOF_API PCSTR inet_ntop(INT Family, const VOID* pAddr, PSTR pStringBuf, size_t StringBufSize)
    RINGPROOF_IS(ringproof_wsa_inet_ntop);
RINGPROOF_API INT InetPtonW(INT Family, PCWSTR pszAddrString, PVOID pAddrBuf);
RINGPROOF_API PCWSTR InetNtopW(INT Family, const VOID* pAddr, PWSTR pStringBuf, size_t StringBufSize);
RINGPROOF_API ULONG inet_addr(const char* cp) RINGPROOF_IS(ringproof_wsa_inet_addr);
RINGPROOF_API char* inet_ntoa(IN_ADDR in) RINGPROOF_IS(ringproof_wsa_inet_ntoa);
#define InetPtonA inet_pton
#define InetNtopA inet_ntop
#ifdef UNICODE
#define InetPton InetPtonW
#define InetNtop InetNtopW
#else
#define InetPton InetPtonA
#define InetNtop InetNtopA
#endif

// ---- what needs a network ----

RINGPROOF_API SOCKET socket(int af, int type, int protocol) RINGPROOF_IS(ringproof_wsa_socket);
RINGPROOF_API SOCKET WSASocketW(int af, int type, int protocol, LPVOID lpProtocolInfo, u_int g, DWORD dwFlags)
    RINGPROOF_IS(ringproof_wsa_socket);
RINGPROOF_API SOCKET WSASocketA(int af, int type, int protocol, LPVOID lpProtocolInfo, u_int g, DWORD dwFlags)
    RINGPROOF_IS(ringproof_wsa_socket);
RINGPROOF_API SOCKET accept(SOCKET s, struct sockaddr* addr, int* addrlen) RINGPROOF_IS(ringproof_wsa_accept);
RINGPROOF_API int closesocket(SOCKET s) RINGPROOF_IS(ringproof_wsa_call);
RINGPROOF_API int bind(SOCKET s, const struct sockaddr* name, int namelen) RINGPROOF_IS(ringproof_wsa_call);
RINGPROOF_API int connect(SOCKET s, const struct sockaddr* name, int namelen)
    RINGPROOF_IS(ringproof_wsa_call);
RINGPROOF_API int listen(SOCKET s, int backlog) RINGPROOF_IS(ringproof_wsa_call);
RINGPROOF_API int send(SOCKET s, const char* buf, int len, int flags) RINGPROOF_IS(ringproof_wsa_call);
RINGPROOF_API int recv(SOCKET s, char* buf, int len, int flags) RINGPROOF_IS(ringproof_wsa_call);
RINGPROOF_API int sendto(SOCKET s, const char* buf, int len, int flags, const struct sockaddr* to, int tolen)
    RINGPROOF_IS(ringproof_wsa_call);
RINGPROOF_API int recvfrom(SOCKET s, char* buf, int len, int flags, struct sockaddr* from, int* fromlen)
    RINGPROOF_IS(ringproof_wsa_call);
RINGPROOF_API int shutdown(SOCKET s, int how) RINGPROOF_IS(ringproof_wsa_call);
RINGPROOF_API int getsockname(SOCKET s, struct sockaddr* name, int* namelen) RINGPROOF_IS(ringproof_wsa_call);
RINGPROOF_API int getpeername(SOCKET s, struct sockaddr* name, int* namelen) RINGPROOF_IS(ringproof_wsa_call);
RINGPROOF_API int getsockopt(SOCKET s, int level, int optname, char* optval, int* optlen)
    RINGPROOF_IS(ringproof_wsa_call);
RINGPROOF_API int setsockopt(SOCKET s, int level, int optname, const char* optval, int optlen)
    RINGPROOF_IS(ringproof_wsa_call);
RINGPROOF_API int ioctlsocket(SOCKET s, long cmd, u_long* argp) RINGPROOF_IS(ringproof_wsa_call);
RINGPROOF_API int select(int nfds, fd_set* readfds, fd_set* writefds, fd_set* exceptfds,
                         const struct timeval* timeout) RINGPROOF_IS(ringproof_wsa_select);
RINGPROOF_API int WSAIoctl(SOCKET s, DWORD dwIoControlCode, LPVOID lpvInBuffer, DWORD cbInBuffer,
                           LPVOID lpvOutBuffer, DWORD cbOutBuffer, LPDWORD lpcbBytesReturned,
                           OVERLAPPED* lpOverlapped, LPVOID lpCompletionRoutine)
    RINGPROOF_IS(ringproof_wsa_call);
RINGPROOF_API INT getaddrinfo(PCSTR pNodeName, PCSTR pServiceName, const ADDRINFOA* pHints,
                              PADDRINFOA* ppResult) RINGPROOF_IS(ringproof_wsa_getaddrinfo);
RINGPROOF_API VOID freeaddrinfo(PADDRINFOA pAddrInfo) RINGPROOF_IS(ringproof_wsa_freeaddrinfo);
RINGPROOF_API struct hostent* gethostbyname(const char* name) RINGPROOF_IS(ringproof_wsa_gethostbyname);
// <unistd.h> declares it too, with these parameters, before or after.
#ifdef __cplusplus
RINGPROOF_API int ringproof_wsa_gethostname(char* name, size_t bytes) noexcept;
#else
RINGPROOF_API int ringproof_wsa_gethostname(char* name, size_t bytes);
#endif
#define gethostname ringproof_wsa_gethostname

EXTERN_C_END

#define WINSOCK_VERSION MAKEWORD(2, 2)
