"""Tests, mirroring `reference_impl/` package by package and module by module."""
