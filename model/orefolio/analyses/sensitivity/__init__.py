"""Analyses of sensitivity: what would change the plan. One file each.

The table of contents is ANALYSES of the command.
"""
