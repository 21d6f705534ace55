#!/usr/bin/env bash
# Installs what is missing, builds, and runs every test.
# usage: ./test.sh [release|ci|asan|tsan|clang] [arguments of ctest…]
# ci is released without the unit tests and what takes minutes.
set -euo pipefail
cd "$(dirname "$0")"
preset=release
case "${1:-}" in
  release | ci | asan | tsan | clang)
    preset=$1
    shift
    ;;
esac

cmake/install-packages.sh test
targets=(all long_tests)
[[ " $* " == *" -L unit "* ]] && targets=(unit_tests)
[[ $preset == ci || " $* " == *" -LE long "* ]] && targets=(all)
cmake/build.sh "$preset" "${targets[@]}"
exec ctest --preset "$preset" -j 2 "$@"
