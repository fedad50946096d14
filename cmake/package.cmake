# SPDX-License-Identifier: Apache-2.0
# cpack -G DEB packs what the component `runtime` installs: the command, catalogs, man pages, completions, documents.
include_guard()

set(ICPLAN_MAINTAINER "The icplan maintainers <maintainers@icplan.invalid>" CACHE STRING "Who answers for the Debian package: Name <address>")
mark_as_advanced(ICPLAN_MAINTAINER)

install(FILES "${PROJECT_SOURCE_DIR}/cmake/debian/copyright" TYPE DOC COMPONENT runtime)
set(CPACK_PRE_BUILD_SCRIPTS "${PROJECT_SOURCE_DIR}/cmake/debian/changelog.cmake")

set(CPACK_PACKAGE_NAME icplan)
set(CPACK_PACKAGE_VENDOR icplan)
set(CPACK_PACKAGE_CONTACT "${ICPLAN_MAINTAINER}")
set(CPACK_PACKAGE_DESCRIPTION_SUMMARY "physical planner for the interconnect of AI clusters")
set(CPACK_PACKAGING_INSTALL_PREFIX /usr)
set(CPACK_STRIP_FILES ON)
set(CPACK_COMPONENTS_ALL runtime)
set(CPACK_INSTALL_DEFAULT_DIRECTORY_PERMISSIONS OWNER_READ OWNER_WRITE OWNER_EXECUTE GROUP_READ GROUP_EXECUTE WORLD_READ WORLD_EXECUTE)

set(CPACK_DEB_COMPONENT_INSTALL ON)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_NAME icplan)
set(CPACK_DEBIAN_RUNTIME_FILE_NAME DEB-DEFAULT)
set(CPACK_DEBIAN_RUNTIME_PACKAGE_SECTION science)
set(CPACK_DEBIAN_PACKAGE_PRIORITY optional)
set(CPACK_DEBIAN_PACKAGE_SHLIBDEPS ON)
set(CPACK_DEBIAN_PACKAGE_CONTROL_STRICT_PERMISSION ON)
set(CPACK_DEBIAN_COMPRESSION_TYPE xz)
set(CPACK_COMPONENT_RUNTIME_DESCRIPTION
    "icplan turns a spec of a cluster and catalogs of parts into switches, links,
racks, cables, a bill of materials, bandwidth, power and cost. It proves its
plans by code of its own and refuses what cannot be built.")
include(CPack)
