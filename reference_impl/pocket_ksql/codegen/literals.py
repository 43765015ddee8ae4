"""Literals."""

from __future__ import annotations

from pocket_ksql import types
from pocket_ksql.codegen.code import Code
from pocket_ksql.codegen.compiler import Compiler, Kinds
from pocket_ksql.language import expressions as ex

_INT_RANGE = range(-0x80000000, 0x80000000)


def _null(compiler: Compiler, _: ex.NullLiteral) -> Code:
    return Code("None", None, plain=True)


def _boolean(compiler: Compiler, literal: ex.BooleanLiteral) -> Code:
    return Code(str(literal.value), types.BOOLEAN, nullable=False, plain=True)


def _integer(compiler: Compiler, literal: ex.IntegerLiteral) -> Code:
    of = types.INTEGER if literal.value in _INT_RANGE else types.BIGINT
    return Code(repr(literal.value), of, nullable=False, plain=True)


def _double(compiler: Compiler, literal: ex.DoubleLiteral) -> Code:
    return Code(repr(literal.value), types.DOUBLE, nullable=False, plain=True)


def _decimal(compiler: Compiler, literal: ex.DecimalLiteral) -> Code:
    of = types.decimal_type(literal.value)
    return Code(compiler.writer.bind(literal.value, "d"), of, nullable=False, plain=True)


def _string(compiler: Compiler, literal: ex.StringLiteral) -> Code:
    return Code(repr(literal.value), types.STRING, nullable=False, plain=True)


def _unit(compiler: Compiler, literal: ex.UnitLiteral) -> Code:
    return Code(repr(literal.value), types.STRING, nullable=False, plain=True)


LITERALS: Kinds = {
    ex.NullLiteral: _null,
    ex.BooleanLiteral: _boolean,
    ex.IntegerLiteral: _integer,
    ex.DoubleLiteral: _double,
    ex.DecimalLiteral: _decimal,
    ex.StringLiteral: _string,
    ex.UnitLiteral: _unit,
}
