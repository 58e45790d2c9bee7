"""What-ifs in a browser: a page with the case's levers, and the plan as it stands and made anew beside the base."""
