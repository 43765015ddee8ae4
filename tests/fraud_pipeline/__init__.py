"""Tests of `fraud_pipeline`."""
