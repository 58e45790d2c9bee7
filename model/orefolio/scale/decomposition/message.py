"""What coordinator and workers say to each other, as bytes: arrays in numpy's form, so that opening runs nothing."""

from __future__ import annotations

import io
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import scipy.sparse as sp
from numpy.typing import NDArray

from orefolio.program.program import Floats, Program
from orefolio.solve.solution import nothing

from .split import Part, placed


@dataclass(frozen=True)
class Request:
    """What a worker is asked of one part at a point. links: (links,) values of what it shares.

    deed: "cut", or "plan" with whole decisions. allowed: million USD that the plan may be from proof. seconds: at most.
    """

    part: int
    deed: str
    links: Floats
    seconds: float
    allowed: float = 0.0


@dataclass(frozen=True)
class Answer:
    """What came of it. outcome: "optimal", "infeasible", or what stopped it. value: million USD, not weighted.

    constant, slopes: of a cut, value ≥ constant + slopes @ links at every point, or 0 ≥ it where there is no plan here.
    values: (own,) of a plan.
    """

    part: int
    outcome: str
    value: float = np.inf
    constant: float = 0.0
    slopes: Floats = field(default_factory=nothing)
    values: Floats = field(default_factory=nothing)


def packed(**arrays: Any) -> bytes:
    """Arrays, numbers and words by name, as bytes."""
    file = io.BytesIO()
    made: dict[str, Any] = {name: np.asarray(array) for name, array in arrays.items()}
    np.savez(file, allow_pickle=False, **made)
    return file.getvalue()


def unpacked(content: bytes) -> dict[str, NDArray[Any]]:
    """What was packed. Raises ValueError where that is not what the bytes are."""
    with np.load(io.BytesIO(content), allow_pickle=False) as file:
        return {name: file[name] for name in file.files}


PROGRAM = ("row_lower", "row_upper", "column_lower", "column_upper", "integer", "cost")


def packed_part(part: Part) -> bytes:
    """A part as bytes."""
    program = part.program
    matrix = program.matrix
    return packed(
        number=part.number, weight=part.weight, future=part.future, own=part.own, links=part.links,
        data=matrix.data, indices=matrix.indices, indptr=matrix.indptr,
        **{name: getattr(program, name) for name in PROGRAM},
    )  # fmt: skip


def unpacked_part(content: bytes) -> Part:
    """The part that was packed."""
    found = unpacked(content)
    own, links = found["own"], found["links"]
    rows, columns = len(found["row_lower"]), len(found["cost"])
    matrix = sp.csr_matrix((found["data"], found["indices"], found["indptr"]), shape=(rows, columns))
    labels = placed("row", np.arange(rows)), placed("column", np.concatenate([own, links]))
    sides, bounds = (found["row_lower"], found["row_upper"]), (found["column_lower"], found["column_upper"])
    program = Program(matrix, *sides, *bounds, found["integer"], found["cost"], 0.0, *labels)
    number, weight, future = int(found["number"]), float(found["weight"]), str(found["future"])
    return Part(number, future, weight, own, links, program)


def packed_request(request: Request) -> bytes:
    """A request as bytes."""
    return packed(**vars(request))


def unpacked_request(content: bytes) -> Request:
    """The request that was packed."""
    found = unpacked(content)
    part, deed = int(found["part"]), str(found["deed"])
    return Request(part, deed, found["links"], float(found["seconds"]), float(found["allowed"]))


def packed_answer(answer: Answer) -> bytes:
    """An answer as bytes."""
    return packed(**vars(answer))


def unpacked_answer(content: bytes) -> Answer:
    """The answer that was packed."""
    found = unpacked(content)
    value, constant = float(found["value"]), float(found["constant"])
    return Answer(int(found["part"]), str(found["outcome"]), value, constant, found["slopes"], found["values"])
