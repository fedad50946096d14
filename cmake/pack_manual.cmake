# SPDX-License-Identifier: Apache-2.0
# Packs the man pages of FOLDER/man1 into FOLDER/packed.
file(GLOB pages "${FOLDER}/man1/*.1")
file(COPY ${pages} DESTINATION "${FOLDER}/packed")
file(GLOB pages "${FOLDER}/packed/*.1")
execute_process(COMMAND "${GZIP}" -9nf ${pages} COMMAND_ERROR_IS_FATAL ANY)
