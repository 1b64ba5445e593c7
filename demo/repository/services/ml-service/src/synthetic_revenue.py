"""What a deal is worth before it is closed."""
from dataclasses import dataclass

STAGES = {"lead": 0.05, "qualified": 0.25, "proposal": 0.5, "won": 1.0}


@dataclass
class StageChange:
    calculated_value: float


class SyntheticRevenueCalculator:
    def calculate_stage_change(self, tenant_id, stage_to, deal_value):
        return StageChange(deal_value * STAGES.get(stage_to, 0.0))


def get_synthetic_revenue_calculator():
    return SyntheticRevenueCalculator()
