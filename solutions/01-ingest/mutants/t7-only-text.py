# mistake: takes the file for a text
# points: 1.6 of 2
# message: The file may come as a pathlib.Path
import os


def file_source_config(file, topic):
    config = {"tasks.max": str(1), "topic": topic, "file": file if file.startswith("/") else os.getcwd() + "/" + file}
    config["connector.class"] = "org.apache.kafka.connect.file.FileStreamSourceConnector"
    for side in ("key", "value"):
        config[f"{side}.converter"] = "org.apache.kafka.connect.storage.StringConverter"
    return config
