"""Tests of `pocket_ksql`."""
