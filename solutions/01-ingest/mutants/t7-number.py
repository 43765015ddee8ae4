# mistake: gives tasks.max as a number
# points: 1.2 of 2
# message: tasks.max too
from pathlib import Path


def file_source_config(file: str | Path, topic: str) -> dict[str, str]:
    """The configuration of a connector that sends the lines of ``file`` to ``topic``."""
    return {
        "connector.class": "org.apache.kafka.connect.file.FileStreamSourceConnector",
        "tasks.max": 1,
        "file": str(Path(file).resolve()),
        "topic": topic,
        "key.converter": "org.apache.kafka.connect.storage.StringConverter",
        "value.converter": "org.apache.kafka.connect.storage.StringConverter",
    }
