"""A plan that is made anew in every period with what is known by then, along futures that it does not know."""
