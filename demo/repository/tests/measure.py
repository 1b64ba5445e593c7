"""How many of 400 questions, each of 20 asked 20 times, the sampler answers without computing, in percent."""
import sys

sys.path.insert(0, "services/ml-service")

from src.battle_hardened_sampler import AdState, BattleHardenedSampler

computed = 0


class Counting(BattleHardenedSampler):
    def _compute_recommendations(self, ad_states, total_budget):
        global computed
        computed += 1
        return super()._compute_recommendations(ad_states, total_budget)


sampler = Counting()
for _ in range(20):
    for budget in range(20):
        sampler.select_budget_allocation([AdState("a", 10, 100), AdState("b", 10, 10)], budget)
print(f"{(400 - computed) / 4:g} %")
