# mistake: takes the sink connector for the source
# points: 1.2 of 2
# message: Compare the names and values with the table
from pathlib import Path


def file_source_config(file: str | Path, topic: str) -> dict[str, str]:
    """The configuration of a connector that sends the lines of ``file`` to ``topic``."""
    return {
        "connector.class": "org.apache.kafka.connect.file.FileStreamSinkConnector",
        "tasks.max": "1",
        "file": str(Path(file).resolve()),
        "topic": topic,
        "key.converter": "org.apache.kafka.connect.storage.StringConverter",
        "value.converter": "org.apache.kafka.connect.storage.StringConverter",
    }
