"""The help desk application.

Telegram, the call provider, the marketplace API, the web, the CLI.
"""

import os
import signal
import sys

__version__ = "0.1.0"

if os.getpid() == 1:
    # A container's first process ignores SIGTERM unless it has a handler, also while it imports.
    signal.signal(signal.SIGTERM, lambda number, _: sys.exit(128 + number))
