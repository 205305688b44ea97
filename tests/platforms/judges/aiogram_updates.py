"""Parses Telegram updates with aiogram's models: a JSON list on standard input, the number of good ones as output."""

from __future__ import annotations

import json
import sys

from aiogram.types import Update


def main() -> None:
    updates = json.load(sys.stdin)
    for update in updates:
        Update.model_validate(update)
    sys.stdout.write(str(len(updates)))


main()
