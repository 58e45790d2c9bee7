"""What a plan costs in futures that it was not made for, and how far it may be from the best plan for all of them."""
