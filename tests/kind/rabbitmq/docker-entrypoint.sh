#!/bin/bash
# Starts what the container is asked to run. The name is the official image's, so that a chart may call it.
set -euo pipefail
exec "$@"
