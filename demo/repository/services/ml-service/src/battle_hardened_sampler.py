"""Divides a budget among ads by what they have earned so far."""
import logging
from dataclasses import dataclass

logger = logging.getLogger(__name__)


@dataclass
class AdState:
    ad_id: str
    spend: float
    pipeline_value: float


@dataclass
class Recommendation:
    ad_id: str
    recommended_budget: float
    confidence: float


class BattleHardenedSampler:
    """Shares in proportion to the pipeline value that each unit of spend brought."""

    def select_budget_allocation(self, ad_states, total_budget):
        recommendations = self._compute_recommendations(ad_states, total_budget)
        return recommendations

    def _compute_recommendations(self, ad_states, total_budget):
        scores = [(state.pipeline_value + 1) / (state.spend + 1) for state in ad_states]
        total = sum(scores) or 1.0
        return [
            Recommendation(state.ad_id, total_budget * score / total, score / total)
            for state, score in zip(ad_states, scores)
        ]
