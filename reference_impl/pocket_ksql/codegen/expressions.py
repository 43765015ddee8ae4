"""SQL expressions to Python expressions, with their types; ill-typed ones are refused here."""

from __future__ import annotations

from typing import ClassVar

from pocket_ksql.codegen.access import ACCESS
from pocket_ksql.codegen.calls import CALLS
from pocket_ksql.codegen.compiler import Compiler, Kinds
from pocket_ksql.codegen.conditions import CONDITIONS
from pocket_ksql.codegen.constructors import CONSTRUCTORS
from pocket_ksql.codegen.literals import LITERALS
from pocket_ksql.codegen.operators import OPERATORS


class ExpressionCompiler(Compiler):
    """Compiles expressions of every kind."""

    kinds: ClassVar[Kinds] = {**LITERALS, **ACCESS, **OPERATORS, **CONDITIONS, **CONSTRUCTORS, **CALLS}
