"""Whatever is done to a case file, the answer is documents or clear problems: exit code 0 or 2, never a fault.

A small seeded share of what was run once at length; HOSTILE=3000 runs more.
"""

from __future__ import annotations

import json
import os
import random
import re
from pathlib import Path

import pytest
from typer.testing import CliRunner

from subsidyengine.cli.app import app

from .mutate import mutated

ROOT = Path(__file__).parents[2]
COUNT = int(os.environ.get("HOSTILE", "120"))
CHUNK = 20


def sources():
    """Name suffix and text: the example cases as YAML, the same as JSON and NDJSON, and tables."""
    found = [(".yaml", path.read_text(encoding="utf-8")) for path in sorted((ROOT / "fixtures" / "cases").glob("*.yaml"))]
    lease = {"start": "2023-09-01", "special_terms_end": "2028-08-31", "rent": [{"from": "2023-09-01", "value": 5500.0}]}
    case = {
        "case": "K-2026-0901", "on": "2024-03-01", "schemes": ["transitional.subsidy"],
        "facts": {"household": {"adults": 1}, "benefit": {"applied": True, "calculated": 900}, "lease": lease},
    }  # fmt: skip
    line = json.dumps(case)
    found += [(".json", json.dumps([case, case], indent=1))] * 20 + [(".ndjson", f"{line}\n{line}\n")] * 20
    head = "case,on,schemes,lease.start,lease.rent,household.adults,benefit.applied\n"
    row = "K-{},2024-03-01,transitional.subsidy,2023-09-01,5500.00,1,true\n"
    found += [(".csv", head + row.format(1) + row.format(2))] * 20
    found += [(".csv", "case,fact,from,value\nK-1,lease.rent,2023-09-01,5500\nK-1,lease.start,,2023-09-01\n")] * 20
    return found


SOURCES = sources()


@pytest.mark.parametrize("chunk", range(COUNT // CHUNK))
def test_a_broken_file_is_told_and_never_a_fault(chunk, tmp_path):
    draw = random.Random(7_000 + chunk)
    for number in range(CHUNK):
        suffix, text = draw.choice(SOURCES)
        path = tmp_path / f"m{number}{suffix}"
        path.write_bytes(mutated(text, draw))
        result = CliRunner().invoke(app, ["decide", str(path), "--json", "--on", "2024-03-01", "--lang", "en"])
        told = f"chunk {chunk} number {number}: {path.read_bytes()!r}\n{result.output}\n{result.exception!r}"
        assert result.exit_code in (0, 2), told
        assert result.exception is None or isinstance(result.exception, SystemExit), told
        assert "Traceback" not in result.output, told
        for document in result.stdout.splitlines():
            assert json.loads(document)["outcome"] in ("granted", "refused", "undetermined"), told
        if result.exit_code == 2:
            assert result.stderr.strip(), told
            assert re.search(rf"m{number}{re.escape(suffix)}", result.stderr), told
