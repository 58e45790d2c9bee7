"""What table importers says, against the plan."""

from __future__ import annotations

from .compare import Reckoned, compare, seen
from .costs import KG_A_TONNE
from .evidence import Evidence
from .life import lives
from .tally import Tally


def importers(evidence: Evidence) -> Tally:
    """Table importers: deliveries, shortage and its loss by the country where they are wanted, and calendar year."""
    tally, found = Tally(), Reckoned(3)
    for life in lives(evidence):
        wanted = {row.demand: life.case.row("places", row.place).country for row in life.case.rows("demands")}
        for item in seen(life, "deliver"):
            for year, share in life.years[item.number]:
                found.add((life.name, wanted[item.words[0]], year), share * item.value, 0.0, 0.0)
        for item in seen(life, "short"):
            loss = KG_A_TONNE * life.path.series("loss_steps", item.name, "loss_usd_per_kg")[item.number]
            for year, share in life.years[item.number]:
                tonnes = share * item.value
                found.add((life.name, wanted[item.words[0]], year), 0.0, tonnes, tonnes * loss)
    names = ("delivered_t", "short_t", "loss_musd")
    compare(tally, evidence, "importers", ("future", "importer", "year"), names, found)
    return tally
