"""How large a program will be, before it is built: rows of the case × periods × futures, and the memory it needs."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from itertools import pairwise
from pathlib import Path

from ..case.case import Case
from ..case.scenarios import as_date, years_between
from ..errors import Fault, InputError, SpaceError

LIMIT = 20_000_000
"""Rows × periods × futures from which on a case is refused, unless it says otherwise."""
FIXED_BYTES = 25 * 2**20
"""What the solver's own threads and the tables take, whatever the case. Measured; see docs/numerics.md."""
BYTES_EACH = 1200
"""Peak bytes per row × period × future of building, solving, tabling and auditing. Measured; see docs/numerics.md."""
ADDRESSES_ONLY = 300 * 2**20
"""Addresses that threads and allocators reserve and never fill; they count against a limit of address space."""
NOT_STATED = frozenset(
    {"basis", "calibration", "draws", "events", "future_events", "futures", "hazards", "lever_adjustments", "levers"}
    | {"slips", "sweeps"}
)
"""Tables that are read once and not stated in every period."""
MEGABYTE = 2**20


@dataclass(frozen=True)
class Size:
    """rows: of the tables that are stated in every period. periods: of the grid. futures: that are kept."""

    rows: int
    periods: int
    futures: int

    @property
    def product(self) -> int:
        """Rows × periods × futures."""
        return self.rows * self.periods * self.futures

    @property
    def bytes(self) -> int:
        """Bytes that a solve will need beyond what is in use before it, about: measured to within a third."""
        return FIXED_BYTES + BYTES_EACH * self.product

    def __str__(self) -> str:
        named = ((self.rows, "row"), (self.periods, "period"), (self.futures, "future"))
        return " × ".join(f"{n:,} {word}{'' if n == 1 else 's'}" for n, word in named) + f" = {self.product:,}"


def size_of(case: Case, grid: str | None = None, futures: Iterable[str] | None = None) -> Size:
    """The size of a case on one of its grids, with all or some of its futures; nothing is built for it."""
    kept = None if futures is None else set(futures)
    count = sum(1 for row in case.rows("futures") if kept is None or row.future in kept)
    rows = sum(len(entries) for table, entries in case.tables.items() if table not in NOT_STATED)
    return Size(rows, _periods(case, grid or case.grid), count)


def _periods(case: Case, grid: str) -> int:
    """The periods of a future that no shock makes coarser."""
    moments = [0, *(round(12 * years_between(case.horizon_from, as_date(day))) for day, _ in case.grids[grid])]
    lengths = [months for _, months in case.grids[grid]]
    return sum(-(-(end - start) // step) for (start, end), step in zip(pairwise(moments), lengths, strict=True))


def estimate_bytes(case: Case, grid: str | None = None, futures: Iterable[str] | None = None) -> int:
    """Bytes that building and solving a case will need beyond what is in use now, about."""
    return size_of(case, grid, futures).bytes


def refuse_too_large(size: Size, limit: float | None = None) -> None:
    """Raise InputError where a size is over the limit, SpaceError where it needs more memory than there is."""
    most = LIMIT if limit is None else limit
    if size.product > most:
        expected = f"at most {most:,.0f}"
        remedy = "Keep fewer futures, tell time by a coarser --grid, or raise the setting size_limit"
        raise InputError([Fault("case.yaml", str(size), expected, remedy=remedy)])
    left = available_bytes()
    if left is not None and size.bytes > left:
        raise SpaceError(
            f"The case needs about {size.bytes // MEGABYTE:,} MB of memory ({size}) and {left // MEGABYTE:,} MB are "
            "free. Keep fewer futures, tell time by a coarser --grid, or free memory."
        )


def refuse_case_too_large(
    case: Case, grid: str | None = None, futures: Iterable[str] | None = None, limit: float | None = None
) -> None:
    """The same for a case, under the limit that is given, or the case's own, or the default."""
    refuse_too_large(size_of(case, grid, futures), case.setting("size_limit", LIMIT) if limit is None else limit)


def available_bytes() -> int | None:
    """Bytes that this process can still take: by the machine, its control groups and its own limit; None if unknown."""
    return min((*_by_machine(), *_by_groups(), *_by_own_limit()), default=None)


def _by_machine(file: Path = Path("/proc/meminfo")) -> Iterator[int]:
    with suppress(OSError, ValueError, KeyError):
        entries = dict(line.split(":", 1) for line in file.read_text(encoding="ascii").splitlines())
        yield int(entries["MemAvailable"].split()[0]) * 1024


def _by_groups(root: Path = Path("/sys/fs/cgroup"), own: Path = Path("/proc/self/cgroup")) -> Iterator[int]:
    """What each control group around the process has left; memory that is only a cache of files counts as left."""
    with suppress(OSError, ValueError):
        for line in own.read_text(encoding="utf-8").splitlines():
            _, controllers, name = line.split(":", 2)
            names = ("memory.max", "memory.current", "inactive_file")
            if controllers:
                names = ("memory.limit_in_bytes", "memory.usage_in_bytes", "total_inactive_file")
            if controllers and "memory" not in controllers.split(","):
                continue
            top = root / "memory" if controllers else root
            folder = top / name.strip("/")
            for group in (folder, *folder.parents):
                yield from _by_group(group, *names)
                if group == top:
                    break


def _by_group(group: Path, limit: str, usage: str, cached: str) -> Iterator[int]:
    with suppress(OSError, ValueError):
        most = int((group / limit).read_text(encoding="ascii"))  # "max" where there is no limit
        used = int((group / usage).read_text(encoding="ascii"))
        stat = dict(line.split() for line in (group / "memory.stat").read_text(encoding="ascii").splitlines())
        yield max(0, most - used + int(stat.get(cached, 0)))


def _by_own_limit(file: Path = Path("/proc/self/statm")) -> Iterator[int]:
    with suppress(ImportError, OSError, ValueError):
        import resource

        most = resource.getrlimit(resource.RLIMIT_AS)[0]
        if most != resource.RLIM_INFINITY:
            used = int(file.read_text(encoding="ascii").split()[0]) * resource.getpagesize()
            yield max(0, most - used - ADDRESSES_ONLY)
