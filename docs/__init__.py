"""The documentation as static pages: `python -m docs [-o FOLDER]`.

MENU is the table of contents, in the order of the menu. A page is a Markdown file of the repository, or
`module:function` of this folder, which makes its Markdown from the code when the pages are built. To add a page,
write one and add a line.
"""

from __future__ import annotations

MENU: dict[str, dict[str, str]] = {
    "Start": {
        "index": "README.md",
        "start": "docs/start.md",
        "concepts": "docs/concepts.md",
        "limits": "docs/limits.md",
    },
    "Ask": {
        "commands": "docs.generated.commands:page",
        "sensitivity": "docs/sensitivity.md",
        "sweeps": "docs/sweeps.md",
        "explain": "docs/explain.md",
        "report": "docs/report.md",
        "app": "docs/app.md",
        "exports": "docs/exports.md",
    },
    "Many futures": {
        "futures": "docs/futures.md",
        "decomposition": "docs/decomposition.md",
        "rolling": "docs/rolling.md",
        "mpi": "docs/mpi.md",
        "cluster": "docs/cluster.md",
    },
    "Change": {
        "howto": "docs/howto.md",
        "case-format": "docs.generated.case_format:page",
        "contributing": "CONTRIBUTING.md",
    },
    "The formulation": {
        "formulation": "docs.generated.formulation:page",
        "rules": "docs/rules.md",
        "contracts": "docs/contracts.md",
        "support": "docs/support.md",
        "risk": "docs/risk.md",
        "choices": "docs/choices.md",
    },
    "Cases and data": {
        "japan": "docs/japan.md",
        "us": "docs/us.md",
        "allies": "docs/allies.md",
        "minerals": "docs/minerals.md",
        "data": "docs.generated.data:page",
        "facts": "docs.generated.data:register",
    },
    "Trust": {
        "verification": "docs/verification.md",
        "audit": "docs/audit.md",
        "numerics": "docs/numerics.md",
        "security": "docs/security.md",
    },
    "Speed and size": {
        "performance": "docs/performance.md",
        "sizing": "docs/sizing.md",
    },
    "The house": {
        "architecture": "docs/architecture.md",
        "results": "results/README.md",
        "seeds": "seeds/README.md",
        "changelog": "CHANGELOG.md",
    },
}
