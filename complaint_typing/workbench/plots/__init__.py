"""Pictures for the analyst: each function takes a table and returns one Altair chart."""
