# SPDX-License-Identifier: Apache-2.0
# Adds the changelog of the Debian package to what is about to be packed. Its time is that of the sources: SOURCE_DATE_EPOCH, if it is set.
string(TIMESTAMP time "%a, %d %b %Y %H:%M:%S +0000" UTC)
file(GLOB folders "${CPACK_TEMPORARY_DIRECTORY}/*/usr/share/doc/icplan" "${CPACK_TEMPORARY_DIRECTORY}/usr/share/doc/icplan")
foreach(folder IN LISTS folders)
  file(WRITE "${folder}/changelog"
       "icplan (${CPACK_PACKAGE_VERSION}) unstable; urgency=medium\n\n  * What changed is told in CHANGELOG.md of the sources.\n\n -- ${CPACK_PACKAGE_CONTACT}  ${time}\n")
  execute_process(COMMAND gzip -9nf "${folder}/changelog" COMMAND_ERROR_IS_FATAL ANY)
endforeach()
