# Man pages, made of what --help says: ringproof(1), and one for each command.

# A command of a sanitized build is not run for this.
find_program(HELP2MAN help2man)
if(NOT HELP2MAN OR RINGPROOF_SANITIZER)
  message(STATUS "ringproof: no help2man, or a sanitizer: man pages are left out")
  return()
endif()

set(man_folder ${PROJECT_BINARY_DIR}/man)
# rp_man_page(PAGE PURPOSE [COMMAND])
function(rp_man_page page purpose)
  set(file ${man_folder}/${page}.1)
  add_custom_command(OUTPUT ${file}
    COMMAND ${CMAKE_COMMAND} -E make_directory ${man_folder}
    COMMAND ${CMAKE_COMMAND} -D HELP2MAN=${HELP2MAN} -D PAGE=${page} "-D PURPOSE=${purpose}" "-D WORD=${ARGN}"
            -D RINGPROOF=$<TARGET_FILE:ringproof> -D VERSION=${PROJECT_VERSION} -D FILE=${file}
            -P ${PROJECT_SOURCE_DIR}/cmake/package/man_page.cmake
    DEPENDS ringproof ringproof_library ${PROJECT_SOURCE_DIR}/cmake/package/man_page.cmake VERBATIM)
  set_property(GLOBAL APPEND PROPERTY RINGPROOF_MAN_PAGES ${file})
endfunction()

rp_man_page(ringproof "runs AF_XDP programs of XDP for Windows against a simulated NIC")
rp_man_page(ringproof-replay "replays a capture through a NIC, a driver and a program" replay)
rp_man_page(ringproof-run "runs the programs of a scenario file" run)
rp_man_page(ringproof-explore "runs a program under many schedules, and keeps what breaks" explore)
rp_man_page(ringproof-shrink "makes a failure of an explored program smaller" shrink)
rp_man_page(ringproof-replay-failure "brings a failure of an explored program back" replay-failure)
rp_man_page(ringproof-conform "judges a queue engine" conform)

get_property(man_pages GLOBAL PROPERTY RINGPROOF_MAN_PAGES)
add_custom_target(man ALL DEPENDS ${man_pages})
install(FILES ${man_pages} DESTINATION ${CMAKE_INSTALL_MANDIR}/man1)
