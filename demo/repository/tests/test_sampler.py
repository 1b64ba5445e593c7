import unittest

from src.battle_hardened_sampler import AdState, BattleHardenedSampler


class SamplerTest(unittest.TestCase):
    def test_the_whole_budget_is_given_out(self):
        states = [AdState("a", 10, 100), AdState("b", 10, 10)]
        shares = BattleHardenedSampler().select_budget_allocation(states, 50.0)
        self.assertAlmostEqual(sum(share.recommended_budget for share in shares), 50.0)
        self.assertGreater(shares[0].recommended_budget, shares[1].recommended_budget)

    def test_no_ads(self):
        self.assertEqual(BattleHardenedSampler().select_budget_allocation([], 50.0), [])
