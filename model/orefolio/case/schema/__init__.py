"""The tables of a case, by file name without ending. This is their table of contents."""

from __future__ import annotations

from . import assumptions, calibration, demands, futures, markets, network, policy, projects, recycling, sources, stocks

TABLES: dict[str, type] = {
    "settings": assumptions.Setting,
    "places": network.Place,
    "elements": network.Element,
    "commodities": network.Commodity,
    "content": network.Content,
    "classes": policy.Class,
    "currencies": policy.Currency,
    "markets": markets.Market,
    "element_prices": markets.ElementPrice,
    "prices": markets.Price,
    "outlets": markets.Outlet,
    "processes": network.Process,
    "recipes": network.Recipe,
    "lanes": network.Lane,
    "suppliers": sources.Supplier,
    "supplier_capacity": sources.SupplierCapacity,
    "contracts": sources.Contract,
    "contract_items": sources.ContractItem,
    "projects": projects.Project,
    "groups": projects.Group,
    "group_members": projects.GroupMember,
    "programmes": projects.Level,
    "substitutions": projects.Substitution,
    "stockpiles": stocks.Stockpile,
    "scrap": recycling.Scrap,
    "past_sales": recycling.PastSale,
    "demands": demands.Demand,
    "loss_steps": demands.LossStep,
    "rules": policy.Rule,
    "licences": policy.Licence,
    "envelopes": policy.Envelope,
    "diversification": policy.Diversification,
    "residue_kinds": policy.ResidueKind,
    "residues": policy.Residue,
    "residue_caps": policy.ResidueCap,
    "events": futures.Event,
    "futures": futures.Future,
    "future_events": futures.FutureEvent,
    "draws": futures.Draw,
    "levers": assumptions.Lever,
    "lever_adjustments": assumptions.LeverAdjustment,
    "basis": assumptions.Basis,
    "calibration": calibration.Target,
}

REQUIRED = ("settings", "places", "commodities", "classes", "futures")
"""Tables without which there is no case; the others may be left out and are then empty."""
