#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# check_schemas.py where there is a Python to run it; 77 elsewhere.
set -euo pipefail
if ! command -v python3 >/dev/null; then
  echo "python3 is not installed"
  exit 77
fi
exec python3 "$(dirname "$(readlink -f "$0")")/check_schemas.py" "$@"
