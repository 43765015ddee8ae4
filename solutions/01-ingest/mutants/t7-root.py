# mistake: makes a relative path absolute by a slash in front of it
# points: 1.6 of 2
# message: starts from the folder in which Python runs
import os


def file_source_config(file, topic):
    config = {"tasks.max": str(1), "topic": topic, "file": os.path.join("/", file)}
    config["connector.class"] = "org.apache.kafka.connect.file.FileStreamSourceConnector"
    for side in ("key", "value"):
        config[f"{side}.converter"] = "org.apache.kafka.connect.storage.StringConverter"
    return config
