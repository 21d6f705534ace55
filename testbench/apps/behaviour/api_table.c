// The same calls through the table of API version 2.
#include <afxdp.h>
#include <stdio.h>
#include <xdpapi.h>
#include <xdpapi_experimental.h>

int main(void) {
  const XDP_API_TABLE* table;
  XDP_LOAD_API_CONTEXT context;
  HANDLE socket;
  UINT32 length = 99;
  char small[99];
  printf("version 3: 0x%08x\n", (unsigned)XdpOpenApi(3, &table));
  printf("version 2: 0x%08x\n", (unsigned)XdpLoadApi(2, &context, &table));
  printf("create: 0x%08x\n", (unsigned)table->XskCreate(&socket));
  printf("ring info: 0x%08x", (unsigned)table->XskGetSockopt(socket, XSK_SOCKOPT_RING_INFO, small, &length));
  printf(", length %u\n", length);
  printf("routines: %d %d %d\n", table->XdpGetRoutine("XskBind") != NULL,
         table->XdpGetRoutine("XdpMapCreate") == NULL, table->XdpGetRoutine(XDP_QEO_SET_FN_NAME) != NULL);
  XdpUnloadApi(context, table);
  return 0;
}
