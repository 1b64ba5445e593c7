"""Promotes the variant of an experiment that is ahead by enough."""
import logging
from dataclasses import dataclass
from enum import Enum

logger = logging.getLogger(__name__)


class PromotionStatus(Enum):
    PROMOTED = "promoted"
    WAITING = "waiting"
    REFRESHED = "refreshed"


@dataclass
class PromotionResult:
    status: PromotionStatus
    reason: str
    ad_id: str = ""


class AutoPromoter:
    def __init__(self, variants, histories=None):
        self.variants = variants  # {ad_id: conversions}
        self.histories = histories or {}
        self.refreshed = []

    async def check_and_promote(self, experiment_id, force_promotion=False):
        ranked = sorted(self.variants, key=self.variants.get, reverse=True)
        if not ranked:
            return PromotionResult(PromotionStatus.WAITING, "no variants")
        ahead = len(ranked) == 1 or self.variants[ranked[0]] >= 2 * self.variants[ranked[1]]
        if ahead or force_promotion:
            return PromotionResult(PromotionStatus.PROMOTED, "ahead", ranked[0])
        return PromotionResult(PromotionStatus.WAITING, "too close")

    async def _get_metrics_history(self, ad_id, days):
        return self.histories.get(ad_id, [])[-days:]

    async def _trigger_creative_refresh(self, ad_id):
        self.refreshed.append(ad_id)
