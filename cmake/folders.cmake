# Where things lie under the prefix; see install.cmake.

# The command finds programs and engines in ../lib/ringproof. A Debian prefix would have a folder per processor.
set(CMAKE_INSTALL_LIBDIR lib CACHE STRING "libraries, under the prefix")
include(GNUInstallDirs)
# -I of this: afxdp.h, xdp/, ringproof/ do not stand among the system's own.
set(RINGPROOF_INSTALLED_HEADERS ${CMAKE_INSTALL_INCLUDEDIR}/ringproof)
set(RINGPROOF_INSTALLED_APPS lib/ringproof/apps)
set(RINGPROOF_INSTALLED_DATA ${CMAKE_INSTALL_DATADIR}/ringproof)
