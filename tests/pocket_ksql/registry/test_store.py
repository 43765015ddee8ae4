"""The state that events build."""

from pocket_ksql.registry.store import SchemaReference, SchemaStore, SchemaText, SubjectVersion


def stored(*versions: SubjectVersion) -> SchemaStore:
    store = SchemaStore()
    for version in versions:
        store.apply(version.event(deleted=version.deleted))
    return store


def test_an_event_read_back_is_the_version_that_wrote_it() -> None:
    reference = SchemaReference("com.example.Address", "address", 3)
    version = SubjectVersion("s", 2, 7, SchemaText("JSON", '{"type":"string"}', (reference,)))
    assert stored(version).versions("s") == [version]


def test_the_same_schema_keeps_its_id_under_another_subject() -> None:
    schema = SchemaText("AVRO", '"int"')
    store = stored(SubjectVersion("a", 1, 5, schema))
    assert store.id_of(schema) == 5


def test_a_new_schema_gets_an_id_above_all_others() -> None:
    store = stored(SubjectVersion("a", 1, 5, SchemaText("AVRO", '"int"')))
    assert store.id_of(SchemaText("AVRO", '"long"')) == 6


def test_a_soft_deleted_version_is_hidden_but_its_id_can_be_read() -> None:
    version = SubjectVersion("a", 1, 5, SchemaText("AVRO", '"int"'), deleted=True)
    store = stored(version)
    assert store.subjects() == []
    assert store.subjects(deleted=True) == ["a"]
    assert store.schema(5) == version.schema


def test_a_tombstone_removes_a_version_for_good() -> None:
    version = SubjectVersion("a", 1, 5, SchemaText("AVRO", '"int"'))
    store = stored(version)
    store.apply(version.tombstone())
    assert store.versions("a", deleted=True) == []


def test_events_of_other_kinds_change_nothing() -> None:
    store = SchemaStore()
    store.apply(({"keytype": "NOOP", "magic": 0}, None))
    store.apply(({"keytype": "MODE", "subject": None, "magic": 0}, {"mode": "READONLY"}))
    assert list(store) == []
