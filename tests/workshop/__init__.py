"""Tests of `workshop`."""
