"""Mutants of the rules: classes by their tags, switches, caps, and the mass balance of content."""

from __future__ import annotations

from mutations.operators import Mutation, rewritten

CLASSES: dict[str, Mutation] = {
    "any tag is refused": rewritten(
        "families.reach:Reach.refused",
        "bool(self.tags[class_] & self._refused[demand.demand])",
        "bool(self.tags[class_])",
    ),
    "any tag is stopped": rewritten(
        "families.reach:Reach.stopped",
        "bool(self.tags[class_] & self._licence_tags[licence])",
        "bool(self.tags[class_])",
    ),
    "stage has a tolerance": rewritten("families.reach:Reach.loses", "and lost <= self.tolerated", ""),
    "strict rules forgotten": rewritten("case.tags:tolerated", " - strict", ""),
    "strict though switched off": rewritten("case.tags:tolerated", "if rule.enabled and", "if"),
    "place leaves no trace": rewritten("case.tags:process_tags", ".country == CHINA", '.country == ""'),
    "licence of any rule": rewritten("case.tags:licence_rules", "(licence.rule,) if licence.rule else", ""),
    "licence of every tag": rewritten("case.tags:licence_tags", "named or", ""),
    "recycling frees all": rewritten("case.tags:freed_by_recycling", " - held", " | used_tags(case)"),
    "classes do not meet": rewritten("families.reach:Reach._together", "if len(self.classes) < 3:", "if True:"),
}  # fmt: skip

RULE_SWITCHES: dict[str, Mutation] = {
    "floor without its rule": rewritten("families.contracts:item_price", "if not item.floor_rule:", "if True:"),
    "floor never": rewritten("families.contracts:item_price", "(1.0 - force) * free + force * floor", "free"),
    "ban forgotten": rewritten("families.transport:state", "1.0 - barred[period.number]", "1.0"),
    "ban of tagged material": rewritten(
        "families.transport:state",
        "share = min(share, 1.0 - barred[period.number])",
        "share = min(share, 1.0 - barred[period.number]) if reach.tagged(class_) else share",
    ),
    "ban in part is whole": rewritten(
        "families.transport:state", "1.0 - barred[period.number]", "float(barred[period.number] <= 0)"
    ),
}

IMPORT_CAPS: dict[str, Mutation] = {
    "cap of the period": rewritten("families.import_caps:state", "* period.years", ""),
    "cap of all countries": rewritten("families.import_caps:state", "force[period.number] >= WHOLE", "True"),
    "cap from any moment": rewritten("families.import_caps:state", ">= WHOLE", "> 0"),
}

MASS_BALANCE: dict[str, Mutation] = {
    "tagged deliveries make room": rewritten(
        "families.mass_balance:_headroom", "if class_ in clean or not class_:", "if True:"
    ),
    "losses are counted": rewritten("families.mass_balance:_passed", "return plain(", "return 1.0 or plain("),
    "nothing carried over": rewritten("families.mass_balance:_headroom", "if n else []", "if False else []"),
    "stock of before kept": rewritten("families.mass_balance:_headroom", ", *_scaled(held.get(n - 1, ()), -1.0)]", "]"),
    "technology blended away": rewritten("families.mass_balance:_spots", "and (place, commodity) not in made", ""),
    "lanes wash technology": rewritten("families.reach:Reach.made_by_technology", "while fresh:", "while False:"),
    "feed not counted": rewritten(
        "families.mass_balance:state", "(worth * c, v) for c, v in fed", "(0.0, v) for c, v in fed"
    ),
    "goods without a price worth nothing": rewritten(
        "families.mass_balance:_worth", "for _ in names:", "for _ in names[:0]:"
    ),
    "by value always": rewritten("families.mass_balance:_worth", "if reach.by_mass:", "if False:"),
}
