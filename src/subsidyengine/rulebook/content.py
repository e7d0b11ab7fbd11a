"""Which files are the law, and the hash that names their content."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from pathlib import Path


def rule_files(folder: Path) -> list[Path]:
    """Rule files in order of name: every ``*.yaml`` but worked cases, local agreements and hidden files."""
    found = [path for path in folder.rglob("*.yaml") if not path.name.endswith(".cases.yaml") and _seen(folder, path)]
    return sorted(found, key=lambda p: p.relative_to(folder).as_posix())


def misnamed_files(folder: Path) -> list[Path]:
    """Files that look like rules and would be passed over in silence."""
    found = [p for p in folder.rglob("*") if p.suffix.lower() in (".yml", ".yaml") and p.suffix != ".yaml" and _seen(folder, p)]
    return sorted(found, key=lambda p: p.relative_to(folder).as_posix())


def _seen(folder: Path, path: Path) -> bool:
    parts = path.relative_to(folder).parts
    return parts[0] != "agreements" and not any(part.startswith(".") for part in parts)


def content_hash(texts: Mapping[str, str]) -> str:
    """``sha256:...`` over names and texts. Line ends do not count, so that it is the same on every machine."""
    digest = hashlib.sha256()
    for name in sorted(texts):
        body = texts[name].replace("\r\n", "\n").encode()
        digest.update(f"{name}\n{len(body)}\n".encode())
        digest.update(body)
    return f"sha256:{digest.hexdigest()}"
