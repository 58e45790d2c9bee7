"""What must hold in a case. CHECKS is the table of contents: a sentence and a function that finds what breaks it.

To add a check, write the function in the file of its subject and one line in the group of CHECKS that it belongs to.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from orefolio.errors import Fault

from ..case import Case
from . import (
    agreements,
    basis,
    decisions,
    finance,
    futures,
    hazards,
    ids,
    magnitudes,
    material,
    network,
    plants,
    references,
    risk,
    rule,
    settings,
    sums,
    sweeps,
    targets,
    windows,
)

MOST_FAULTS = 500
"""A check stops there: a whole column that is wrong is one slip."""

Weight = Literal["fault", "infeasible", "warning"]


@dataclass(frozen=True)
class Check:
    """A sentence that holds in a sound case, and what finds where it does not.

    fault: the case is wrong. infeasible: it is well formed and has no plan. warning: it is allowed.
    """

    sentence: str
    find: Callable[[Case], Iterator[Fault]]
    weight: Weight = "fault"


NAMES = (
    Check("ids hold no sign that joins, separates or matches", ids.ids_are_plain),
    Check("every id that a row names stands in its table", references.references_are_known),
    Check("programmes, groups of demands and events that are named exist", references.names_are_known),
    Check("levers that are turned exist", targets.turned_levers_exist),
)
"""Ids and what they point to."""

ALONE = (
    Check("ids look different", ids.ids_look_different, "warning"),
    Check("countries are two capital letters", ids.countries_are_codes, "warning"),
    Check("each importer has a place", ids.importer_has_places),
    Check("stages are the chain's", ids.stages_are_known),
    Check("every number is in the range of its column", targets.numbers_are_in_range),
    Check("settings that are needed are there", settings.settings_are_there),
    Check("settings are in their range", settings.settings_are_in_range),
    Check("one objective is asked for", settings.one_objective_is_asked_for),
    Check("a demand, a group or all is counted", risk.one_thing_is_counted),
    Check("tails of shortage ask for something", risk.tails_ask_for_something),
    Check("weights of each regime sum to 1", risk.weights_of_regimes_sum_to_one),
    Check("limits of regimes say what they limit", risk.limits_of_regimes_are_whole),
    Check("settings are known", settings.settings_are_known, "warning"),
    Check("suppliers have a country where origin counts", ids.suppliers_have_a_country),
    Check("processes have an origin where the rule counts it", ids.processes_have_an_origin, "warning"),
    Check("numbers of a column are of like size", magnitudes.columns_hold_like_sizes),
    Check("what grows stays in size", magnitudes.growth_stays_in_size),
    Check("least is not above most", windows.least_is_not_above_most),
    Check("envelopes start on a day", windows.envelopes_start_on_a_day),
    Check("spans end after they start", windows.spans_end_after_they_start),
    Check("windows meet the horizon", windows.windows_meet_the_horizon),
    Check("events, onsets and slips show in the horizon", windows.events_start_in_the_horizon),
    Check("contracts deliver in the horizon", windows.contracts_deliver_in_the_horizon),
    Check("past sales are past", windows.past_sales_are_past),
    Check("weights of the futures sum to 1", sums.weights_sum_to_one),
    Check("a future is the trunk", sums.one_future_is_the_trunk),
    Check("shortage curves are whole and convex", sums.shortage_curves_are_whole),
    Check("prices of an outlet fall by step", sums.outlet_prices_fall),
    Check("levels of a programme count up", sums.programme_levels_count_up),
    Check("programmes raise no share above 1", sums.shares_reach_no_more_than_one),
    Check("requirements of projects run in no circle", decisions.requirements_have_no_loop),
    Check("required projects can come first", decisions.requirements_can_come_first),
    Check("public money has an envelope", decisions.public_money_has_an_envelope),
    Check("instruments have a level or a share", finance.instruments_have_what_they_need),
    Check("investors finance what they can", finance.financed_projects_can_be_financed),
    Check("grants leave something to pay", finance.grants_leave_something),
    Check("contracts have items", decisions.contracts_have_items),
    Check("contracts deliver something", decisions.contracts_deliver_something),
    Check("obligations have a volume", decisions.obligations_have_a_volume),
    Check("make-up follows take-or-pay", agreements.make_up_follows_take_or_pay),
    Check("tranches belong to a quota", agreements.tranches_belong_to_a_quota),
    Check("tranches count up", agreements.tranches_count_up),
    Check("rights have a capacity", agreements.rights_have_a_capacity),
    Check("contracts may end with their project", agreements.contracts_may_end_with_their_project),
    Check("spot markets sustain nobody", agreements.spot_markets_sustain_nobody),
    Check("suppliers that may close have a size", agreements.suppliers_that_may_close_have_a_size),
    Check("price rules have what they need", decisions.prices_have_what_they_need),
    Check("indexed goods have a price", decisions.indexed_goods_have_a_price),
    Check("no loop of processes is paid to run", decisions.processes_are_not_paid_to_turn, "infeasible"),
    Check("events find their numbers", targets.events_find_their_target),
    Check("parts of an event count up", futures.parts_of_events_count_up, "warning"),
    Check("events keep numbers in range at any strength", hazards.strengths_keep_numbers_in_range),
    Check("hazards have what they need", hazards.hazards_have_what_they_need),
    Check("lengths are given whole", hazards.lengths_are_given_whole),
    Check("what is needed is drawn", hazards.what_is_needed_is_drawn),
    Check("loadings have a cause", hazards.loadings_have_a_cause),
    Check("projects complete in the horizon", windows.projects_complete_in_the_horizon, "warning"),
    Check("the spans of an envelope do not overlap", decisions.envelopes_do_not_overlap),
    Check("size classes fit their project", plants.size_classes_fit_their_project),
    Check("what may be given up stands alone", plants.what_is_abandoned_stands_alone),
    Check("projects buy the equipment of their process", plants.projects_buy_the_equipment_of_their_process),
    Check("groups have members", decisions.groups_have_members, "warning"),
)
"""Checks that look at one table, or that a wrong name does not mislead."""

TOGETHER = (
    Check("a recipe has one main product", material.recipes_have_one_main_product),
    Check("yields are above 0 and at most 1", material.yields_are_shares),
    Check("recipes take and give tonnes", material.recipes_take_something),
    Check("processes conserve elements", material.elements_are_conserved),
    Check("contents fit into a tonne", material.contents_fit_into_a_tonne),
    Check("chains run forward", material.chains_run_forward),
    Check("lanes lead elsewhere", network.lanes_lead_elsewhere),
    Check("lanes deliver", network.lanes_deliver),
    Check("what China sells is tagged", rule.chinese_goods_are_tagged),
    Check("futures that know the same tell time alike", futures.futures_tell_time_alike),
    Check("what is taken in is supplied", network.feeds_are_supplied),
    Check("one class is free, and classes differ", rule.one_class_is_free),
    Check("classes mix into one class", rule.classes_mix_into_one),
    Check("rules end after they begin", rule.dates_of_rules_run_forward),
    Check("only rules of content and sourcing have a threshold", rule.a_rule_of_content_has_a_threshold),
    Check("separation of several feeds has no de-minimis feed", rule.separation_has_no_de_minimis),
    Check("untagged content stays below the threshold", rule.untagged_content_stays_below_the_threshold),
    Check("chains gain value", rule.chains_gain_value),
    Check("demands that must be met have a source", network.demands_must_be_met_are_reached, "infeasible"),
    Check("demands have a source", network.demands_are_reached, "warning"),
    Check("feeds have a way to their process", network.feeds_arrive, "warning"),
    Check("stock can leave its place", network.stocks_can_leave, "warning"),
    Check("products can go somewhere", network.products_can_go, "warning"),
    Check("commodities are used", network.commodities_are_used, "warning"),
    Check("tags are known to a rule", rule.tags_are_known, "warning"),
    Check("tags that are refused or stopped are borne", rule.tags_are_borne, "warning"),
)
"""Checks that follow names from table to table: they are asked once every name is known."""

AS_WRITTEN = (
    Check("levers find their numbers", targets.levers_find_their_target),
    Check("levers at base reproduce the case", targets.levers_reproduce_the_case),
    Check("levers keep numbers in range", targets.levers_stay_in_range),
    Check("sweeps keep numbers in range", sweeps.sweeps_keep_numbers_in_range),
    Check("sweeps go somewhere", sweeps.sweeps_go_somewhere),
    Check("the basis names what exists", basis.basis_names_what_exists),
    Check("a basis says something", basis.basis_says_something),
    Check("levers turn something", targets.levers_turn_something, "warning"),
    Check("numbers have a basis", basis.numbers_have_a_basis, "warning"),
)
"""Checks of levers and of the basis: they hold for the case as it stands in its files, before any adjustment."""

SIZES = (
    Check("what is matched with rows is not too much", magnitudes.matches_are_few),
    Check("chains are not too long", magnitudes.chains_are_short),
    Check("futures are not too many", magnitudes.futures_are_few),
)
"""How much there is: asked before all else, so that no other check takes long."""

CHECKS = SIZES + NAMES + ALONE + TOGETHER + AS_WRITTEN


def faults_of(case: Case, adjusted: bool = False) -> tuple[Fault, ...]:
    """Everything wrong. adjusted: levers or overlays have changed the case since it was read."""
    vast = _found(SIZES, case, "fault")
    if vast:
        return vast
    wrong = _found(NAMES, case, "fault")
    groups = ALONE if wrong else ALONE + TOGETHER
    return (*wrong, *_found(groups, case, "fault"), *_found(_as_written(case, adjusted), case, "fault"))


def infeasible_parts_of(case: Case) -> tuple[Fault, ...]:
    """Why a well-formed case has no plan, as far as it shows without a solver."""
    return _found(CHECKS, case, "infeasible")


def warnings_of(case: Case, adjusted: bool = False) -> tuple[Fault, ...]:
    """What is allowed and deserves attention."""
    return _found(NAMES + ALONE + TOGETHER + _as_written(case, adjusted), case, "warning")


def _as_written(case: Case, adjusted: bool) -> tuple[Check, ...]:
    return () if adjusted or not case.as_written else AS_WRITTEN


def faults_of_names(case: Case, broken: Collection[str]) -> tuple[Fault, ...]:
    """Wrong names in a case whose tables `broken` could not be read whole."""
    finders = (
        ids.ids_are_plain(case),
        references.references_are_known(case, broken),
        references.names_are_known(case, broken),
    )
    return tuple(fault for find in finders for fault in islice(find, MOST_FAULTS))


def _found(checks: Iterable[Check], case: Case, weight: Weight) -> tuple[Fault, ...]:
    return tuple(fault for check in checks if check.weight == weight for fault in islice(check.find(case), MOST_FAULTS))
