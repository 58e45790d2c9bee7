"""Questions asked of a case: one module or folder for each, every one a plain function from a case to an answer."""
