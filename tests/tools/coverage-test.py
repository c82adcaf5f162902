#!/usr/bin/env python3
"""Checks coverage.py, which adds up what gcov tells."""
import os
import sys

sys.dont_write_bytecode = True
sys.path[:0] = [os.path.dirname(os.path.abspath(__file__)), os.path.dirname(os.path.dirname(os.path.abspath(__file__)))]
import coverage  # noqa: E402
from tap import report  # noqa: E402

OUTPUT = """File '../src/base/csv.c'
Lines executed:75.00% of 8
Creating 'csv.c.gcov'

File '/usr/include/glib-2.0/glib/gstring.h'
Lines executed:100.00% of 3

File '../src/base/csv.h'
Lines executed:0.00% of 5

File '../src/nn/kernels.c'
Lines executed:0.00% of 4

File '../src/nn/kernels.c'
Lines executed:100.00% of 4

File '../ui/learn/views.c'
Lines executed:50.00% of 2

File '../tests/base/test-csv.c'
Lines executed:10.00% of 90

Lines executed:33.00% of 116
"""


def checks():
    files = coverage.read(OUTPUT.splitlines())
    expected = {"src/base/csv.c": (6, 8), "src/nn/kernels.c": (4, 4), "ui/learn/views.c": (1, 2)}
    yield "the project's own files count, once each", [] if files == expected else [f"{files}"]
    rooms = dict(coverage.add_up(files))
    expected = {"src": [10, 12], "src/base": [6, 8], "src/nn": [4, 4], "ui": [1, 2]}
    yield "folders add up", [] if rooms == expected else [f"{rooms}"]


sys.exit(report(checks()))
