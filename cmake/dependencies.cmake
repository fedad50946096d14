# SPDX-License-Identifier: Apache-2.0
# Third-party packages: all from the system or all fetched, never a mixture (spdlog and the library must share one fmt).
include_guard()
include(FetchContent)

set(ICPLAN_DEPENDENCIES auto CACHE STRING "auto: all from the system, or all fetched when one is missing; system; fetch")
set_property(CACHE ICPLAN_DEPENDENCIES PROPERTY STRINGS auto system fetch)

find_package(Threads REQUIRED)

# "name version" as find_package() takes them. Catch2 has no version: 2 and 3 both do.
set(icplan_packages "fmt 9" "nlohmann_json 3.11")
if(ICPLAN_BUILD_APP)
  list(APPEND icplan_packages "spdlog 1.10" "CLI11 2.1")
endif()
if(ICPLAN_BUILD_TESTS)
  list(APPEND icplan_packages "Catch2")
endif()

# A block, so that none of these settings reaches the project itself; the search paths that packages add do.
block(PROPAGATE CMAKE_MODULE_PATH Catch2_VERSION icplan_fetch)
  set(missing "")
  if(ICPLAN_DEPENDENCIES STREQUAL "fetch")
    set(icplan_fetch ON)
  else()
    set(icplan_fetch OFF)
    add_subdirectory("${PROJECT_SOURCE_DIR}/cmake/probe" "${PROJECT_BINARY_DIR}/probe" EXCLUDE_FROM_ALL)
    if(icplan_missing_packages)
      list(JOIN icplan_missing_packages ", " missing)
      if(ICPLAN_DEPENDENCIES STREQUAL "system")
        message(FATAL_ERROR "icplan: not found on the system: ${missing}")
      endif()
      set(icplan_fetch ON)
    endif()
  endif()

  set(names ${icplan_packages})
  list(TRANSFORM names REPLACE " .*" "")
  list(JOIN names ", " listed)
  if(icplan_fetch)
    set(FETCHCONTENT_TRY_FIND_PACKAGE_MODE NEVER)
    if(missing)
      message(STATUS "icplan: dependencies are fetched (${listed}); the system lacks ${missing}")
    else()
      message(STATUS "icplan: dependencies are fetched (${listed})")
    endif()
    foreach(name IN LISTS names)
      unset(${name}_DIR CACHE)
    endforeach()
    # Some of these releases predate what CMake 4 demands of them.
    set(CMAKE_POLICY_VERSION_MINIMUM 3.5)
    set(CMAKE_POLICY_DEFAULT_CMP0077 NEW)
    # A static icplan needs fmt where it is linked, so fmt is installed with it; the others are not.
    set(FMT_INSTALL ON)
    set(JSON_Install OFF)
    set(JSON_BuildTests OFF)
    set(SPDLOG_FMT_EXTERNAL ON)
    set(SPDLOG_INSTALL OFF)
    set(CLI11_INSTALL OFF)
    set(CLI11_BUILD_TESTS OFF)
    set(CLI11_BUILD_EXAMPLES OFF)
    set(CLI11_BUILD_DOCS OFF)
    set(CATCH_BUILD_STATIC_LIBRARY ON)
    set(CATCH_INSTALL_DOCS OFF)
    set(CATCH_INSTALL_HELPERS OFF)
    set(Catch2_VERSION 2.13.10)
  else()
    message(STATUS "icplan: dependencies are the system's (${listed})")
  endif()

  # After the decision: FETCHCONTENT_TRY_FIND_PACKAGE_MODE takes effect where a dependency is declared.
  FetchContent_Declare(
    fmt
    GIT_REPOSITORY https://github.com/fmtlib/fmt.git
    GIT_TAG a33701196adfad74917046096bf5a2aa0ab0bb50 # 9.1.0
    FIND_PACKAGE_ARGS 9 CONFIG)
  FetchContent_Declare(
    nlohmann_json
    GIT_REPOSITORY https://github.com/nlohmann/json.git
    GIT_TAG 9cca280a4d0ccf0c08f47a99aa71d1b0e52f8d03 # 3.11.3
    FIND_PACKAGE_ARGS 3.11 CONFIG)
  FetchContent_Declare(
    spdlog
    GIT_REPOSITORY https://github.com/gabime/spdlog.git
    GIT_TAG ad0e89cbfb4d0c1ce4d097e134eb7be67baebb36 # 1.11.0, the first that takes fmt 9 unpatched
    FIND_PACKAGE_ARGS 1.10 CONFIG)
  FetchContent_Declare(
    CLI11
    GIT_REPOSITORY https://github.com/CLIUtils/CLI11.git
    GIT_TAG 291c58789c031208f08f4f261a858b5b7083e8e2 # 2.3.2
    FIND_PACKAGE_ARGS 2.1 CONFIG)
  FetchContent_Declare(
    Catch2
    GIT_REPOSITORY https://github.com/catchorg/Catch2.git
    GIT_TAG 182c910b4b63ff587a3440e08f84f70497e49a81 # 2.13.10
    FIND_PACKAGE_ARGS CONFIG)
  FetchContent_MakeAvailable(${names})
  if(icplan_fetch)
    # Warnings in their headers are not ours. (As an argument of FetchContent_Declare, SYSTEM breaks the clone in CMake 3.25.)
    set_target_properties(${names} PROPERTIES SYSTEM ON)
  endif()
  if(icplan_fetch AND ICPLAN_BUILD_TESTS)
    list(APPEND CMAKE_MODULE_PATH "${catch2_SOURCE_DIR}/contrib")
  endif()
endblock()

# Optional headers, and a library unless that is "": sets ICPLAN_<NAME>_DIR and ICPLAN_<NAME>.
function(icplan_find_optional name header library found missing)
  set(places ICPLAN_${name}_DIR)
  find_path(ICPLAN_${name}_DIR ${header})
  if(library)
    list(APPEND places ICPLAN_${name})
    find_library(ICPLAN_${name} ${library})
  endif()
  mark_as_advanced(${places})
  foreach(place IN LISTS places)
    if(NOT ${place})
      message(STATUS "icplan: ${missing}")
      return()
    endif()
  endforeach()
  message(STATUS "icplan: ${found}")
endfunction()

# The command writes bills of materials as spreadsheets with it. The library does not use it.
if(ICPLAN_BUILD_APP)
  icplan_find_optional(XLSXWRITER xlsxwriter.h xlsxwriter "bom --format xlsx uses libxlsxwriter"
                       "libxlsxwriter not found, bom --format xlsx is left out")
endif()

if(ICPLAN_BUILD_TESTS)
  # Header-only: checks the catalogs and examples against the JSON Schemas.
  icplan_find_optional(VALIJSON valijson/validator.hpp "" "schema tests use valijson" "valijson not found, schema tests are left out")
  # A simulator that plays traffic over small plans.
  icplan_find_optional(SIMGRID simgrid/s4u.hpp simgrid "SimGrid judges bandwidths" "SimGrid not found, its tests are left out")

  # The schema of SARIF 2.1.0 as npm distributes it: no package of Debian has it.
  set(ICPLAN_SARIF_SCHEMA "" CACHE FILEPATH "JSON Schema of SARIF 2.1.0 that logs are tested with; empty: it is fetched")
  mark_as_advanced(ICPLAN_SARIF_SCHEMA)
  set(icplan_sarif_schema "${ICPLAN_SARIF_SCHEMA}")
  if(NOT icplan_sarif_schema)
    set(folder "${PROJECT_BINARY_DIR}/sarif")
    set(icplan_sarif_schema "${folder}/package/lib/schemas/sarif-2.1.0-rtm.5.json")
    if(NOT EXISTS "${icplan_sarif_schema}")
      file(DOWNLOAD https://registry.npmjs.org/@microsoft/jest-sarif/-/jest-sarif-1.0.0-beta.0.tgz "${folder}/jest-sarif.tgz" TIMEOUT 30 INACTIVITY_TIMEOUT 10 STATUS fetched)
      if(fetched MATCHES "^0;")
        file(SHA256 "${folder}/jest-sarif.tgz" digest)
        if(digest STREQUAL 748e2c3d1a842e7bb258416685c7ea3a0da40005b72267b2052c2856d48ad102)
          file(ARCHIVE_EXTRACT INPUT "${folder}/jest-sarif.tgz" DESTINATION "${folder}" PATTERNS "*.json")
        endif()
      endif()
    endif()
  endif()
  if(EXISTS "${icplan_sarif_schema}")
    message(STATUS "icplan: SARIF logs are held against the schema of SARIF 2.1.0")
  else()
    set(icplan_sarif_schema "")
    message(STATUS "icplan: the schema of SARIF cannot be fetched, logs are not held against it")
  endif()

  # Optional programs of the test `opensm`, which looks for them itself.
  find_program(ICPLAN_OPENSM opensm)
  find_program(ICPLAN_IBSIM ibsim)
  mark_as_advanced(ICPLAN_OPENSM ICPLAN_IBSIM)
  if(ICPLAN_OPENSM AND ICPLAN_IBSIM)
    message(STATUS "icplan: opensm and ibsim judge planned fabrics")
  else()
    message(STATUS "icplan: opensm and ibsim not found, the test opensm is skipped")
  endif()
endif()
