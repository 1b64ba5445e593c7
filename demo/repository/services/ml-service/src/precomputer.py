"""Predictions made before somebody asks for them."""


class Precomputer:
    def __init__(self):
        self.runs = []

    async def schedule_predictions_for_upcoming_decisions(self):
        self.runs.append("predictions")

    async def refresh_cache_proactively(self):
        self.runs.append("cache")


precomputer = Precomputer()
