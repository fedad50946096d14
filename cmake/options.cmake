# SPDX-License-Identifier: Apache-2.0
# Compiler settings: what every target of this project is compiled with.
include_guard()

find_program(ICPLAN_CCACHE ccache)
mark_as_advanced(ICPLAN_CCACHE)
if(ICPLAN_CCACHE AND PROJECT_IS_TOP_LEVEL AND NOT DEFINED CMAKE_CXX_COMPILER_LAUNCHER)
  set(CMAKE_CXX_COMPILER_LAUNCHER "${ICPLAN_CCACHE}")
endif()

# Fetched dependencies are compiled with the sanitizers too, so this is not a target's business.
if(ICPLAN_SANITIZE)
  # Only the fuzz targets take libFuzzer's main; everything else is merely instrumented for it.
  add_compile_options("-fsanitize=${ICPLAN_SANITIZE}" -fno-sanitize-recover=all -fno-omit-frame-pointer)
  add_link_options("-fsanitize=${ICPLAN_SANITIZE}")
endif()

# Warnings, reproducible output, no compiler extensions.
function(icplan_target_options target)
  set_target_properties(${target} PROPERTIES CXX_EXTENSIONS OFF)
  if(NOT CMAKE_CXX_COMPILER_ID MATCHES "GNU|Clang")
    return()
  endif()
  target_compile_options(
    ${target}
    PRIVATE -Wall
            -Wextra
            -Wpedantic
            -Wshadow
            -Wconversion
            -Wsign-conversion
            -Wold-style-cast
            -Wnon-virtual-dtor
            -Woverloaded-virtual
            # The same bits from every compiler: no fused multiply-add.
            -ffp-contract=off
            # No build path in a binary, through assert() or __FILE__. The later option wins where both match.
            "-fmacro-prefix-map=${PROJECT_SOURCE_DIR}/="
            "-fmacro-prefix-map=${PROJECT_BINARY_DIR}/=")
  if(CMAKE_CXX_COMPILER_ID STREQUAL "GNU" AND CMAKE_CXX_COMPILER_VERSION VERSION_GREATER_EQUAL 12 AND CMAKE_CXX_COMPILER_VERSION VERSION_LESS 13)
    # False alarms on std::string's operator+ (GCC bug 105651).
    target_compile_options(${target} PRIVATE -Wno-restrict)
  endif()
  if(ICPLAN_WERROR)
    target_compile_options(${target} PRIVATE -Werror)
  endif()
endfunction()
