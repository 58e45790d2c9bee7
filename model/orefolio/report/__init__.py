"""Pages: what is shown in a browser, without a network."""
