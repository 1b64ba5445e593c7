import asyncio
import unittest

from src.auto_promoter import AutoPromoter, PromotionStatus


class PromoterTest(unittest.TestCase):
    def test_the_one_ahead_is_promoted(self):
        result = asyncio.run(AutoPromoter({"a": 10, "b": 2}).check_and_promote("x"))
        self.assertEqual((result.status, result.ad_id), (PromotionStatus.PROMOTED, "a"))

    def test_too_close_waits(self):
        result = asyncio.run(AutoPromoter({"a": 3, "b": 2}).check_and_promote("x"))
        self.assertEqual(result.status, PromotionStatus.WAITING)
