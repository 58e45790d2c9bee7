"""Workbooks: what all sheets have in common, a case as a workbook to fill in, and that workbook read back."""
