# SPDX-License-Identifier: Apache-2.0
# What an installation holds, and the package that find_package(icplan) reads.
include_guard()
include(CMakePackageConfigHelpers)

set(icplan_package_dir "${CMAKE_INSTALL_LIBDIR}/cmake/icplan")

# Two components: what somebody needs who runs icplan, and what somebody needs besides who builds on its library.
install(
  TARGETS icplan
  EXPORT icplan-targets
  RUNTIME COMPONENT runtime
  LIBRARY COMPONENT runtime NAMELINK_COMPONENT development
  ARCHIVE COMPONENT development)
install(DIRECTORY include/icplan TYPE INCLUDE COMPONENT development FILES_MATCHING PATTERN "*.hpp" PATTERN "*.def")
install(FILES "${PROJECT_BINARY_DIR}/include/icplan/version.hpp" DESTINATION "${CMAKE_INSTALL_INCLUDEDIR}/icplan" COMPONENT development)
install(FILES LICENSE TYPE DOC COMPONENT development)
install(DIRECTORY catalogs DESTINATION "${CMAKE_INSTALL_DATADIR}/icplan" COMPONENT runtime)
# Pages name each other and the examples by their places in the checkout.
install(FILES README.md TYPE DOC COMPONENT runtime)
install(DIRECTORY docs examples TYPE DOC COMPONENT runtime)
if(ICPLAN_BUILD_APP)
  install(TARGETS icplan-cli COMPONENT runtime)
  set(pages man1)
  if(ICPLAN_GZIP)
    set(pages packed)
  endif()
  install(DIRECTORY "${icplan_manual}/${pages}/" DESTINATION "${CMAKE_INSTALL_MANDIR}/man1" COMPONENT runtime)
  install(FILES "${icplan_manual}/completions/icplan.bash" DESTINATION "${CMAKE_INSTALL_DATADIR}/bash-completion/completions" COMPONENT runtime
          RENAME icplan)
  install(FILES "${icplan_manual}/completions/_icplan" DESTINATION "${CMAKE_INSTALL_DATADIR}/zsh/site-functions" COMPONENT runtime)
  install(FILES "${icplan_manual}/completions/icplan.fish" DESTINATION "${CMAKE_INSTALL_DATADIR}/fish/vendor_completions.d" COMPONENT runtime)
endif()

# A static library does not carry its private dependencies along, so whoever links it must find them.
set(icplan_find_dependencies "")
get_target_property(icplan_type icplan TYPE)
if(icplan_type STREQUAL "STATIC_LIBRARY")
  set(icplan_find_dependencies "include(CMakeFindDependencyMacro)\nfind_dependency(Threads)\nfind_dependency(fmt 9)\n")
endif()
configure_package_config_file(
  cmake/icplan-config.cmake.in "${PROJECT_BINARY_DIR}/icplan-config.cmake" INSTALL_DESTINATION "${icplan_package_dir}"
  PATH_VARS CMAKE_INSTALL_DATADIR)
write_basic_package_version_file("${PROJECT_BINARY_DIR}/icplan-config-version.cmake" COMPATIBILITY SameMinorVersion)
install(EXPORT icplan-targets NAMESPACE icplan:: DESTINATION "${icplan_package_dir}" COMPONENT development)
install(FILES "${PROJECT_BINARY_DIR}/icplan-config.cmake" "${PROJECT_BINARY_DIR}/icplan-config-version.cmake" DESTINATION "${icplan_package_dir}"
        COMPONENT development)
