"""The fixtures of the Python scorer's tests: both scorers are held against the same topics and schemas."""

from tests.fraud_pipeline.deploy.conftest import connection, options, registry_url

__all__ = ["connection", "options", "registry_url"]
