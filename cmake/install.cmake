# What `cmake --install` puts where, and Ringproof as a package for CMake and pkg-config; docs/packaging.md. The build
# folder is such a package too.

include(CMakePackageConfigHelpers)

# ---- for pkg-config and CMake ----

list(JOIN RINGPROOF_WRAP_OPTIONS " " pc_wrap_libs)
list(JOIN RINGPROOF_WIN32_COMPILE_OPTIONS " " pc_win32_cflags)
list(JOIN RINGPROOF_INSTRUMENT_COMPILE_OPTIONS " " pc_instrument_cflags)
list(JOIN RINGPROOF_INSTRUMENT_LINK_OPTIONS " " pc_instrument_libs)

set(installed ${PROJECT_BINARY_DIR}/installed)
set(cmake_folder ${CMAKE_INSTALL_LIBDIR}/cmake/ringproof)

set(pc_prefix ${PROJECT_BINARY_DIR})
set(pc_include ${RINGPROOF_INCLUDE_DIR})
set(pc_lib ${PROJECT_BINARY_DIR})
configure_file(${PROJECT_SOURCE_DIR}/cmake/ringproof.pc.in ${PROJECT_BINARY_DIR}/ringproof.pc @ONLY)
# The prefix is wherever the file is found, so that it can be moved.
file(RELATIVE_PATH up /prefix/${CMAKE_INSTALL_LIBDIR}/pkgconfig /prefix)
string(REGEX REPLACE "/$" "" up "${up}")
set(pc_prefix "\${pcfiledir}/${up}")
set(pc_include "\${prefix}/${RINGPROOF_INSTALLED_HEADERS}")
set(pc_lib "\${prefix}/${CMAKE_INSTALL_LIBDIR}")
configure_file(${PROJECT_SOURCE_DIR}/cmake/ringproof.pc.in ${installed}/ringproof.pc @ONLY)

set(config_template ${PROJECT_SOURCE_DIR}/cmake/ringproof-config.cmake.in)
set(config_include ${RINGPROOF_INCLUDE_DIR})
set(config_traces ${PROJECT_SOURCE_DIR}/traces)
configure_package_config_file(${config_template} ${PROJECT_BINARY_DIR}/ringproof-config.cmake
  INSTALL_PREFIX ${PROJECT_BINARY_DIR} INSTALL_DESTINATION ${PROJECT_BINARY_DIR} PATH_VARS config_include config_traces)
set(config_include ${RINGPROOF_INSTALLED_HEADERS})
set(config_traces ${RINGPROOF_INSTALLED_DATA}/traces)
configure_package_config_file(${config_template} ${installed}/ringproof-config.cmake
  INSTALL_DESTINATION ${cmake_folder} PATH_VARS config_include config_traces)
foreach(folder ${PROJECT_BINARY_DIR} ${installed})
  write_basic_package_version_file(${folder}/ringproof-config-version.cmake COMPATIBILITY SameMinorVersion)
endforeach()
configure_file(${PROJECT_SOURCE_DIR}/cmake/ringproof_app.cmake ${PROJECT_BINARY_DIR}/ringproof_app.cmake COPYONLY)

install(TARGETS ringproof ringproof_library EXPORT ringproof-targets)
export(EXPORT ringproof-targets NAMESPACE ringproof:: FILE ${PROJECT_BINARY_DIR}/ringproof-targets.cmake)
install(EXPORT ringproof-targets NAMESPACE ringproof:: DESTINATION ${cmake_folder})
install(FILES ${installed}/ringproof-config.cmake ${installed}/ringproof-config-version.cmake
  ${PROJECT_SOURCE_DIR}/cmake/ringproof_app.cmake DESTINATION ${cmake_folder})
install(FILES ${installed}/ringproof.pc DESTINATION ${CMAKE_INSTALL_LIBDIR}/pkgconfig)

# ---- what people use ----

install(DIRECTORY ${RINGPROOF_INCLUDE_DIR}/ DESTINATION ${RINGPROOF_INSTALLED_HEADERS})
# The command looks for them there, relative to itself: sim/app/loaded_program.cc.
install(TARGETS ${RINGPROOF_BUNDLED_APPS} LIBRARY DESTINATION ${RINGPROOF_INSTALLED_APPS})
install(DIRECTORY traces DESTINATION ${RINGPROOF_INSTALLED_DATA}
  FILES_MATCHING PATTERN "*.pcap" PATTERN "*.pcapng" PATTERN make EXCLUDE)
file(GLOB schemas CONFIGURE_DEPENDS docs/*.schema.json)
install(FILES ${schemas} DESTINATION ${RINGPROOF_INSTALLED_DATA})
install(FILES README.md CHANGELOG.md LICENSE DESTINATION ${CMAKE_INSTALL_DOCDIR})
install(DIRECTORY docs DESTINATION ${CMAKE_INSTALL_DOCDIR} FILES_MATCHING PATTERN "*.md")
install(FILES traces/README.md DESTINATION ${CMAKE_INSTALL_DOCDIR}/traces)
install(FILES cmake/package/completion.bash DESTINATION share/bash-completion/completions RENAME ringproof)
