"""Which statements go to the command topic, and the ids that commands carry there and in answers."""

from __future__ import annotations

from pocket_ksql.engine import NothingDone, Outcome
from pocket_ksql.language import statements as tree


def command_id(statement: tree.Statement, outcome: Outcome) -> str | None:
    """The command's id as ksqlDB writes it; ``None`` for what is not remembered (SET, DEFINE, INSERT … VALUES)."""
    if isinstance(outcome, NothingDone) and outcome.warning:
        return None
    match statement:
        case tree.CreateSource(kind=kind, name=name) | tree.CreateAs(kind=kind, name=name):
            return f"{kind.lower()}/`{name}`/create"
        case tree.InsertInto(target=target):
            return f"stream/`{target}`/create"
        case tree.AlterSource(kind=kind, name=name):
            return f"{kind.lower()}/`{name}`/alter"
        case tree.DropSource(kind=kind, name=name):
            return f"{kind.lower()}/{name}/drop"
        case tree.CreateType(name=name):
            return f"type/{name}/create"
        case tree.DropType(name=name):
            return f"type/{name}/drop"
        case tree.Terminate(query_id=query_id):
            return f"terminate/{query_id or 'ALL'}/execute"
        case tree.Pause(query_id=query_id):
            return f"pause/{query_id or 'ALL'}/execute"
        case tree.Resume(query_id=query_id):
            return f"resume/{query_id or 'ALL'}/execute"
        case tree.AlterSystem(name=name):
            return f"clusterConfig/{name}/alter"
    return None
