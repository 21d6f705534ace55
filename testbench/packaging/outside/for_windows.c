// for_windows.c: what a compiler for Windows would have told it.
#if !defined(_WIN32) || !defined(_WIN64) || !defined(WIN32) || _M_X64 != 100 || _M_AMD64 != 100 || \
    _AMD64_ != 1
#error "expected the names of a compiler for Windows"
#endif

struct Base {
  int number;
};
struct Derived {
  struct Base;  // a member without a name, of a type that has one: -fms-extensions
};
_Static_assert(sizeof(L' ') == 2, "wide characters have 16 bits");

int main(void) {
  struct Derived derived = {{7}};
  return derived.number - 7;
}
