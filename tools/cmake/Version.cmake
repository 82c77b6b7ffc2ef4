# SPDX-License-Identifier: GPL-3.0-or-later
# monazite/version.h: the version, the commit, the libraries. CMake runs again when the commit changes, so
# that --version and the provenance of results tell the truth.
find_package(Git QUIET)
set(MNZ_COMMIT unknown)
if(GIT_FOUND AND EXISTS ${PROJECT_SOURCE_DIR}/.git)
  execute_process(COMMAND ${GIT_EXECUTABLE} -C ${PROJECT_SOURCE_DIR} rev-parse --short=12 HEAD
                  OUTPUT_VARIABLE commit OUTPUT_STRIP_TRAILING_WHITESPACE ERROR_QUIET RESULT_VARIABLE failed)
  if(NOT failed)
    set(MNZ_COMMIT ${commit})
  endif()
endif()
if(EXISTS ${PROJECT_SOURCE_DIR}/.git/logs/HEAD)
  set_property(DIRECTORY APPEND PROPERTY CMAKE_CONFIGURE_DEPENDS ${PROJECT_SOURCE_DIR}/.git/logs/HEAD)
endif()
configure_file(${PROJECT_SOURCE_DIR}/include/monazite/version.h.in
               ${PROJECT_BINARY_DIR}/include/monazite/version.h @ONLY)
