"""The very same Ibis plan on Spark. Needs the extra `spark` and Java; `make spark` installs the one and runs this, and nothing else does."""

from __future__ import annotations

import os
import shutil
from collections import Counter

import pytest

from subsidyengine.decision import Conclude
from subsidyengine.portfolio import gather, plan, unfused
from subsidyengine.rulebook import open_rulebook

from .agreement import differences, scalar
from .tables import cases_for

BOOK = open_rulebook()
#: Of each scheme; some are rejected, and over all of them more than 2,000 are compared.
ROWS = 120


@pytest.fixture(scope="module")
def spark(tmp_path_factory):
    if "SPARK" not in os.environ:
        pytest.skip("Spark takes minutes and a gigabyte: 'make spark' runs this")
    pyspark = pytest.importorskip("pyspark.sql", reason="PySpark is not installed: 'make spark' installs it and runs this")
    if shutil.which("java") is None:
        pytest.skip("Spark needs Java 17, which is not on this machine")
    import ibis

    options = {
        "spark.ui.enabled": "false", "spark.sql.shuffle.partitions": "1", "spark.sql.session.timeZone": "UTC",
        "spark.sql.warehouse.dir": str(tmp_path_factory.mktemp("warehouse")), "spark.sql.codegen.wholeStage": "false",
        # The plan is in steps, each written once: Spark would write one step's formulas into the next, over and over.
        "spark.sql.optimizer.excludedRules": "org.apache.spark.sql.catalyst.optimizer.CollapseProject",
        "spark.sql.constraintPropagation.enabled": "false",
    }  # fmt: skip
    builder = pyspark.SparkSession.builder.master("local[1]")
    for name, value in options.items():
        builder = builder.config(name, value)
    session = builder.getOrCreate()
    session.sparkContext.setLogLevel("ERROR")
    yield ibis.pyspark.connect(session)
    session.stop()


@pytest.mark.slow
@pytest.mark.parametrize("scheme_id", sorted(BOOK.schemes))
def test_spark_says_what_the_scalar_reading_says(spark, scheme_id, tmp_path):
    import pyarrow.parquet

    cases = cases_for(BOOK, scheme_id, ROWS, seed=17)
    gathered = gather(cases, BOOK.facts)
    file = tmp_path / "cases.parquet"
    pyarrow.parquet.write_table(gathered.table, file)
    with unfused():
        found = plan(BOOK, scheme_id, gathered.layout, spark.read_parquet(str(file))).to_pyarrow().to_pylist()
    rows = {row["case"]: row for row in found}
    conclude, seen = Conclude(durable=False), Counter()
    for case in cases:
        if case.id in rows:
            reference = scalar(BOOK, scheme_id, case, conclude)
            seen[reference.outcome] += 1
            assert differences(rows[case.id], reference) == [], case
    assert seen.total() > 2_000 / len(BOOK.schemes)
    assert len(seen) > 1, seen
