#!/bin/sh
# Whether the Windows headers compile as a user compiles them, with every warning an error.
# usage: compiles.sh MODE COMPILER LANGUAGE STANDARD INCLUDE-FOLDER WORK-FOLDER FLAGS… [-- SOURCES…]
# MODE     each: every header alone, twice, with a template behind it
#          orders: headers in the orders that programs include them in
#          linked: SOURCES, and two more files with every header, make one library that lacks no name and has none
#          twice; the flags of the linker are in LIBS
# Errors   the first that fails stops the test and is printed with the compiler's words
set -eu
mode=$1 compiler=$2 language=$3 standard=$4 include=$5 work=$6
shift 6
flags="" sources=""
while [ $# -gt 0 ] && [ "$1" != -- ]; do
  flags="$flags $1"
  shift
done
[ $# -eq 0 ] || { shift; sources=$*; }
mkdir -p "$work"
rm -f "$work"/*
command="$compiler -x $language -std=$standard -I$include/win32 $flags -I$include -DXDP_API_VERSION=3 -O1 -fPIC -Wall -Wextra -Wpedantic -Wno-format -Werror"
headers=$(cd "$include/win32" && find . -name '*.h' | sed 's|^\./||' | sort)

# check NAME: compiles what comes on the standard input.
check() {
  cat > "$work/source"
  $command -fsyntax-only "$work/source" > "$work/words" 2>&1 && return
  echo "$compiler -std=$standard, $1:"
  cat "$work/source" "$work/words"
  exit 1
}

case $mode in
each)
  for header in $headers; do
    check "$header" <<END
#include <$header>
#include <$header>
#ifdef __cplusplus
template <class T> struct no_linkage_block_is_open {};
#endif
int one_declaration_is_required;
END
  done
  ;;
orders)
  [ "$language" = c ] || more="cstdlib,windows.h,cstdio string,windows.h,thread,mutex cwchar,stdlib.h,vector
    windows.h,algorithm,map iostream,winsock2.h,chrono memory,functional,cxplat.h
    ctime,cmath,windows.h,atomic,future stdlib.h,cstdlib,cwctype intrin.h,random,regex"
  # One is enough for C++, whose own headers take most of the time.
  defines=UNICODE,_UNICODE
  [ "$language" != c ] || defines="$defines WIN32_LEAN_AND_MEAN NOMINMAX"
  for define in $defines; do
    for order in winsock2.h,windows.h,ws2tcpip.h windows.h,winsock2.h,ws2tcpip.h stdio.h,windows.h,stdlib.h \
      ws2ipdef.h,winsock2.h xdpapi.h,afxdp_helper.h,windows.h afxdp.h,winsock2.h,stdio.h \
      windows.h,afxdp_helper.h,xdpapi.h xdpapi.h,cxplat.h,stdio.h stdlib.h,intrin.h,windows.h \
      immintrin.h,stdlib.h,intrin.h time.h,windows.h,wchar.h iphlpapi.h,stdlib.h \
      netiodef.h,winsock2.h,mstcpip.h unistd.h,winsock2.h sys/time.h,winsock2.h string.h,strsafe.h,tchar.h \
      ${more:-}; do
      { echo "$define" | tr , '\n' | sed 's/^/#define /'
        echo "$order" | tr , '\n' | sed 's/.*/#include <&>/'
        echo 'int one_declaration_is_required;'; } | check "$order with $define"
    done
  done
  ;;
linked)
  for part in one two; do
    { for header in $headers; do echo "#include <$header>"; done; echo "int $part(void);"; echo "int $part(void) { return 0; }"; } > "$work/$part"
    $command -c "$work/$part" -o "$work/$part.o"
  done
  number=0
  for source in $sources; do
    number=$((number + 1))
    $command -c "$source" -o "$work/$number.o"
  done
  $compiler -shared "$work"/*.o -o "$work/linked.so" -Wl,-z,defs $LIBS
  ;;
esac
