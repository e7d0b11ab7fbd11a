"""``python -m subsidyengine``."""

from .cli import main

main()
