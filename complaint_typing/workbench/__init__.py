"""The analyst's wing: what a team learns from scored files about causes, follow-up and its own people."""
