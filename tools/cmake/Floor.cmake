# SPDX-License-Identifier: GPL-3.0-or-later
# mnz_floor(NAME SOURCES ... [USES ...]): one floor of the house is one static library. It sees its own
# folder, the public headers, and the floors and libraries that it says it uses; nothing else is on the
# include path or the link line, so the linker keeps the direction of the arrows.

add_library(mnz_flags INTERFACE)
target_compile_features(mnz_flags INTERFACE c_std_11)
target_compile_options(mnz_flags INTERFACE
  -Wall -Wextra -Wpedantic -Wshadow -Wconversion -Wstrict-prototypes -Wmissing-prototypes -Wvla
  -Wcast-qual -Wwrite-strings -Wundef -Wformat=2
  # The same bits at every optimisation level: no fused multiply-add.
  -ffp-contract=off
  # The sums over components are short loops that only -O3 turns into vector code.
  $<$<CONFIG:RelWithDebInfo,Release>:-O3>
  $<$<BOOL:${MNZ_WERROR}>:-Werror>)
target_compile_definitions(mnz_flags INTERFACE _POSIX_C_SOURCE=200809L)
if(MNZ_SANITIZE)
  target_compile_options(mnz_flags INTERFACE -fsanitize=${MNZ_SANITIZE} -fno-sanitize-recover=all
                         -fno-omit-frame-pointer)
  target_compile_definitions(mnz_flags INTERFACE MNZ_POOL_PASS_THROUGH)
  target_link_options(mnz_flags INTERFACE -fsanitize=${MNZ_SANITIZE})
endif()

function(mnz_floor name)
  cmake_parse_arguments(F "" "" "SOURCES;USES" ${ARGN})
  add_library(mnz_${name} STATIC ${F_SOURCES})
  set_target_properties(mnz_${name} PROPERTIES C_EXTENSIONS OFF POSITION_INDEPENDENT_CODE ON)
  target_include_directories(mnz_${name} PUBLIC ${PROJECT_SOURCE_DIR}/include
                             ${PROJECT_SOURCE_DIR}/src ${PROJECT_BINARY_DIR}/include)
  target_link_libraries(mnz_${name} PUBLIC ${F_USES} PRIVATE mnz_flags)
endfunction()
