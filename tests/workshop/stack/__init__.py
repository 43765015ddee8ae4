"""Tests of `workshop.stack`."""
