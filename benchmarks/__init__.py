"""Measurements, beside other engines: ``python -m benchmarks``. README.md says what is measured and how it is kept fair."""
