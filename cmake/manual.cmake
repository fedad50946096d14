# SPDX-License-Identifier: Apache-2.0
# icplan-docs, and the man pages and completions that it writes from the declarations of the commands.
include_guard()

file(GLOB docs_sources CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/apps/icplan-docs/*.cpp")
add_executable(icplan-docs ${docs_sources})
set_target_properties(icplan-docs PROPERTIES RUNTIME_OUTPUT_DIRECTORY "${PROJECT_BINARY_DIR}/bin")
target_link_libraries(icplan-docs PRIVATE icplan-commands)
icplan_target_options(icplan-docs)

# Man pages are packed as systems expect them, where gzip is at hand; -n: without the time, so that they are the same in every build.
find_program(ICPLAN_GZIP gzip)
mark_as_advanced(ICPLAN_GZIP)
set(icplan_manual "${PROJECT_BINARY_DIR}/manual")
file(GLOB_RECURSE icplan_pages CONFIGURE_DEPENDS "${PROJECT_SOURCE_DIR}/docs/commands/*.md" "${PROJECT_SOURCE_DIR}/docs/commands.md")
set(pack "${CMAKE_COMMAND}" -E true)
if(ICPLAN_GZIP)
  set(pack "${CMAKE_COMMAND}" "-DGZIP=${ICPLAN_GZIP}" "-DFOLDER=${icplan_manual}" -P "${PROJECT_SOURCE_DIR}/cmake/pack_manual.cmake")
endif()
add_custom_command(
  OUTPUT "${icplan_manual}/.written"
  COMMAND "${CMAKE_COMMAND}" -E rm -rf "${icplan_manual}"
  COMMAND icplan-docs man "${PROJECT_SOURCE_DIR}" "${icplan_manual}/man1"
  COMMAND icplan-docs completions "${icplan_manual}/completions"
  COMMAND ${pack}
  COMMAND "${CMAKE_COMMAND}" -E touch "${icplan_manual}/.written"
  DEPENDS icplan-docs ${icplan_pages} "${PROJECT_SOURCE_DIR}/cmake/pack_manual.cmake"
  COMMENT "Writing man pages and completions"
  VERBATIM)
add_custom_target(icplan-manual ALL DEPENDS "${icplan_manual}/.written")
