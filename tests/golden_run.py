"""The run of Japan that is kept in `results/japan`: `python tests/golden_run.py` makes it anew, with its report.

Kept is what `orefolio solve` and `orefolio report` leave, but for what differs between two runs of the same: the times
in run.json are nought, the solver's log is left out. Larger tables are packed, and the manifest is written for that.
"""

from __future__ import annotations

import gzip
import hashlib
import json
import os
import shutil
import subprocess
import sys
import tempfile
from pathlib import Path
from typing import Any

REPOSITORY = Path(__file__).parents[1]
KEPT = REPOSITORY / "results" / "japan"
RUN, PAGE, OUTLINE = "run", "report.pdf", "report.json"
ASKED = ("inputs/japan", "--grid", "yearly", "--abs-gap", "50")
CALL = (sys.executable, "-c", "from orefolio.cli import main; main()")
LARGE_BYTES = 30_000
MANIFEST = "manifest.json"


def solved(parent: Path) -> Path:
    """The run folder of the case as it stands now. parent: a folder to write into."""
    answer = json.loads(_called("solve", *ASKED, "--out", str(parent), "--json"))
    return Path(answer["run_dir"])


def _called(*words: str) -> str:
    environment = {**os.environ, "PYTHONPATH": str(REPOSITORY / "model")}
    done = subprocess.run([*CALL, *words], cwd=REPOSITORY, env=environment, stdout=subprocess.PIPE, check=True)
    return done.stdout.decode()


def kept(run: Path, place: Path) -> Path:
    """A copy of a run without what differs each time, sealed again."""
    shutil.copytree(run, place)
    (place / "solver.log").unlink()
    record = json.loads((place / "run.json").read_text(encoding="utf-8"))
    record["timing"] = untimed(record["timing"])
    record["options"].get("out", {}).update(value="results")
    (place / "run.json").write_text(json.dumps(record, indent=2, ensure_ascii=False) + "\n", encoding="utf-8")
    for path in (*place.glob("tables/*.csv"), *place.glob("case/*.csv"), place / "plan.csv"):
        if path.parent.name != "case" and path.stat().st_size > LARGE_BYTES:
            path.with_name(f"{path.name}.gz").write_bytes(gzip.compress(path.read_bytes(), 9, mtime=0))
            path.unlink()
    files = sorted(path for path in place.rglob("*") if path.is_file() and path.name != MANIFEST)
    hashes = {path.relative_to(place).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}
    content = {"schema": "orefolio/manifest/1", "sha256": hashes}
    (place / MANIFEST).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    return place


def untimed(part: Any) -> Any:
    """The same block with nought for every time."""
    if isinstance(part, dict):
        return {name: untimed(entry) for name, entry in part.items()}
    return "" if isinstance(part, str) else None if part is None else 0.0


def outline(run: Path) -> dict[str, Any]:
    """What the page of a run consists of: sections with their questions, figures, tables and their headings."""
    from orefolio.report.reading import Read
    from orefolio.report.sections import SECTIONS

    read = Read.of(run)
    found = {}
    for file in SECTIONS:
        part = file.SECTION.answer(read)
        beside = [figure.table for figure in part.figures if figure.table is not None]
        found[file.SECTION.name] = {
            "question": file.SECTION.question,
            "figures": [trace.get("type", "scatter") for figure in part.figures if figure.drawn is not None
                        for trace in figure.drawn["data"][:1]],
            "tables": {table.caption: list(table.headings) for table in (*beside, *part.tables, *part.folded)},
        }  # fmt: skip
    return found


def main() -> None:
    """Make the kept run and its report anew; what stood there goes."""
    with tempfile.TemporaryDirectory() as passing:
        run = solved(Path(passing) / "runs")
        made = Path(passing) / "japan"
        kept(run, made / RUN)
        _called("report", str(made / RUN), "-o", str(made / PAGE))
        told = json.dumps(outline(made / RUN), indent=1, ensure_ascii=False)
        (made / OUTLINE).write_text(told + "\n", encoding="utf-8")
        shutil.rmtree(KEPT, ignore_errors=True)
        shutil.copytree(made, KEPT)
    size = sum(path.stat().st_size for path in KEPT.rglob("*") if path.is_file())
    sys.stdout.write(f"{KEPT}: {size:,} bytes\n")


if __name__ == "__main__":
    main()
