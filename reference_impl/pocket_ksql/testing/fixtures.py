"""The pytest fixture ``ksql``: statements and rows in the test's own process, in milliseconds.

Name it in the ``conftest.py`` beside your tests::

    pytest_plugins = ["pocket_ksql.testing.fixtures"]

and a test of a script reads::

    def test_large_payments_are_counted(ksql):
        ksql.run(Path("payments.sql").read_text())
        ksql.insert("payments", id="a", customer="ann", amount=500.0)
        ksql.insert("payments", id="b", customer="ann", amount=900.0)
        assert ksql.rows("SELECT * FROM large_payments WHERE customer = 'ann';") == [{"CUSTOMER": "ann", "N": 2}]

What bad records lead to is in ``ksql.rejected``; time stands still unless the test moves ``ksql.now``.
"""

from __future__ import annotations

import pytest

from pocket_ksql.testing.memory import MemoryKsql


@pytest.fixture
def ksql() -> MemoryKsql:
    """KSQL with nothing in it."""
    return MemoryKsql()
