# A package for Debian: `cmake --build build --target deb`, or cpack -G DEB in the build folder.

set(CPACK_GENERATOR DEB)
set(CPACK_PACKAGE_NAME ringproof)
set(CPACK_PACKAGE_VENDOR "Ringproof maintainers")
set(CPACK_PACKAGE_CONTACT "Ringproof maintainers <maintainers@ringproof.invalid>")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "runs AF_XDP programs of XDP for Windows on a simulated NIC")
set(CPACK_DEBIAN_PACKAGE_DESCRIPTION "Programs written for AF_XDP of XDP for Windows are compiled as they stand,
and run in a deterministic simulator whose NIC has queues in real RTL. Every
frame is accounted for, and every ring invariant is watched. With the command
come headers, library, example programs and captures.")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_DEBIAN_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_PACKAGE_RELEASE 1)
set(CPACK_DEBIAN_PACKAGE_SECTION devel)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS_PRIVATE_DIRS ${PROJECT_BINARY_DIR})
# Programs have no soname, and CPack warns of each when it makes these itself.
file(WRITE ${PROJECT_BINARY_DIR}/deb/shlibs "libringproof 0 ringproof (>= ${PROJECT_VERSION})\n")
file(WRITE ${PROJECT_BINARY_DIR}/deb/triggers "activate-noawait ldconfig\n")
set(CPACK_DEBIAN_PACKAGE_CONTROL_EXTRA ${PROJECT_BINARY_DIR}/deb/shlibs ${PROJECT_BINARY_DIR}/deb/triggers)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
# What dpkg-shlibdeps finds, and a compiler for programs of the user.
set(CPACK_DEBIAN_PACKAGE_DEPENDS "g++, pkg-config")
set(CPACK_DEBIAN_PACKAGE_RECOMMENDS "cmake")
set(CPACK_DEBIAN_PACKAGE_SUGGESTS "wireshark | tshark, libgtest-dev")
string(TIMESTAMP package_date "%a, %d %b %Y %H:%M:%S +0000" UTC)
configure_file(${PROJECT_SOURCE_DIR}/cmake/package/finish_deb.cmake.in ${PROJECT_BINARY_DIR}/finish_deb.cmake @ONLY)
set(CPACK_PRE_BUILD_SCRIPTS ${PROJECT_BINARY_DIR}/finish_deb.cmake)
include(CPack)

find_program(DPKG_SHLIBDEPS dpkg-shlibdeps)
if(NOT DPKG_SHLIBDEPS)
  # Without it the package would name none of the libraries that it needs.
  add_custom_target(deb COMMAND ${CMAKE_COMMAND} -E echo "deb: expected dpkg-shlibdeps, of the package dpkg-dev" COMMAND false)
  return()
endif()
add_custom_target(deb COMMAND ${CMAKE_CPACK_COMMAND} -G DEB
  WORKING_DIRECTORY ${PROJECT_BINARY_DIR} USES_TERMINAL VERBATIM)
add_dependencies(deb ringproof applications)
if(TARGET man)
  add_dependencies(deb man)
endif()
# Takes minutes, root and a Debian mirror.
add_custom_target(deb_on_clean_machine
  COMMAND ${PROJECT_SOURCE_DIR}/cmake/package/try_on_clean_machine.sh ${PROJECT_BINARY_DIR}
  DEPENDS deb WORKING_DIRECTORY ${PROJECT_BINARY_DIR} USES_TERMINAL VERBATIM)
