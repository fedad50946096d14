# SPDX-License-Identifier: Apache-2.0
# Installs the build into an empty prefix, builds the consumer against it and compares what it prints.
foreach(name IN ITEMS BUILD_DIR WORK_DIR GENERATOR CXX_COMPILER VERSION)
  if(NOT ${name})
    message(FATAL_ERROR "${name} is not set")
  endif()
endforeach()

set(prefix "${WORK_DIR}/prefix")
file(REMOVE_RECURSE "${WORK_DIR}")
set(flags "-Wall -Wextra -Werror")
if(SANITIZE)
  string(APPEND flags " -fsanitize=${SANITIZE}")
endif()

function(run)
  execute_process(COMMAND ${ARGN} OUTPUT_VARIABLE output ERROR_VARIABLE output RESULT_VARIABLE result)
  if(NOT result EQUAL 0)
    list(JOIN ARGN " " line)
    message(FATAL_ERROR "${line}\nfailed (${result}):\n${output}")
  endif()
  set(output "${output}" PARENT_SCOPE)
endfunction()

function(expect actual expected)
  if(NOT actual STREQUAL expected)
    message(FATAL_ERROR "expected: ${expected}\nprinted: ${actual}")
  endif()
endfunction()

run("${CMAKE_COMMAND}" --install "${BUILD_DIR}" --config "${CONFIG}" --prefix "${prefix}")
run("${CMAKE_COMMAND}" -S "${CMAKE_CURRENT_LIST_DIR}" -B "${WORK_DIR}/build" -G "${GENERATOR}" "-DCMAKE_PREFIX_PATH=${prefix}" "-DCMAKE_CXX_COMPILER=${CXX_COMPILER}"
    "-DCMAKE_CXX_FLAGS=${flags}" "-DCMAKE_BUILD_TYPE=${CONFIG}")
run("${CMAKE_COMMAND}" --build "${WORK_DIR}/build" --config "${CONFIG}")
find_program(consumer consumer PATHS "${WORK_DIR}/build" "${WORK_DIR}/build/${CONFIG}" NO_DEFAULT_PATH REQUIRED NO_CACHE)
run("${consumer}")
expect("${output}" "icplan ${VERSION}: 1,234,567 cables, 0 findings\n")

# The installed command runs from where it was put.
if(APP)
  find_program(icplan icplan PATHS "${prefix}/bin" NO_DEFAULT_PATH REQUIRED NO_CACHE)
  run("${icplan}" --version)
  if(NOT output MATCHES "${VERSION}")
    message(FATAL_ERROR "icplan --version does not name ${VERSION}: ${output}")
  endif()
endif()
