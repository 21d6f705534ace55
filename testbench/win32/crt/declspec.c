// Every word of __declspec that programs write, where they write it.
#include <windows.h>
__declspec(deprecated("use other")) int old_one(void);
__declspec(deprecated) int old_two(void);
__declspec(noreturn) void gone(void);
struct __declspec(align(64)) A {
  int x;
};
typedef struct __declspec(align(32)) {
  int y;
} B;
__declspec(align(16)) static int aligned_var;
__declspec(selectany) int picked = 3;
__declspec(thread) int own = 4;
static __declspec(thread) int own2 = 4;
__declspec(thread) static int own3 = 5;
extern __declspec(thread) int own;
__declspec(dllexport) int out_it(void);
__declspec(dllimport) extern int in_it;
__declspec(noinline) int slow(int a);
__declspec(restrict) void* mine(void);
__declspec(nothrow) int calm(void);
__declspec(safebuffers) __declspec(noalias) __declspec(noinline) int three(void);
__declspec(guard(nocf)) __declspec(spectre(nomitigation)) int four(void);
__declspec() int none;
int slow(int a) { return a + own + own2 + own3 + aligned_var; }
#ifdef __cplusplus
struct __declspec(novtable) __declspec(uuid("12345678-1234-1234-1234-123456789abc")) I {
  virtual ~I() {}
};
class __declspec(dllexport) C {
 public:
  int v = 1;
  int get() const { return v; }
  __declspec(property(get = get)) int p;
  __declspec(noinline) void f();
  __declspec(thread) static int s;
};
#else
struct P {
  __declspec(property(get = get)) int p;
};
#endif
typedef char is64[sizeof(struct A) == 64 ? 1U : -1U];
int use(void);
int use(void) { return (int)sizeof(B) + picked; }
