"""KSQL in one Python process."""
