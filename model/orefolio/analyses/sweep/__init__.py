"""Sweeps: many points of one case, planned again one by one, in this process, in others, or on a cluster.

A point is levers, overlays and options; its result is a row, whatever the order and the machine. Each result is on disk
before the next is asked for, so that a sweep that was stopped goes on where it was. An analysis states points, hands
them to `Asked.sweep`, and reads the rows.
"""

from .point import Point
from .sealed import canonical

__all__ = ["Point", "canonical"]
