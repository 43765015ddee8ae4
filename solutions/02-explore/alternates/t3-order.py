# way: value columns in another order
def declare_users():
    return "CREATE TABLE IF NOT EXISTS users (region STRING, gender STRING, user_id STRING PRIMARY KEY) WITH (KAFKA_TOPIC='users', VALUE_FORMAT='JSON', KEY_FORMAT='KAFKA');"
