#!/usr/bin/env bash
# Installs what is missing, builds, and runs every test.
# usage: ./test.sh [release|asan|tsan|clang] [arguments of ctest…]
set -euo pipefail
cd "$(dirname "$0")"
preset=release
case "${1:-}" in
  release | asan | tsan | clang)
    preset=$1
    shift
    ;;
esac

cmake/install-packages.sh test
targets=(all long_tests)
[[ " $* " == *" -LE long "* ]] && targets=(all)
cmake/build.sh "$preset" "${targets[@]}"
exec ctest --preset "$preset" -j 2 "$@"
