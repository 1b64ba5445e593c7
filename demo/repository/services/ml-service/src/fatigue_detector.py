"""Is an ad wearing out? Compares the last click rate with the first."""
from dataclasses import dataclass


@dataclass
class FatigueResult:
    status: str
    reason: str


def detect_fatigue(ad_id, metrics_history):
    first, last = metrics_history[0]["ctr"], metrics_history[-1]["ctr"]
    if first and last < first / 2:
        return FatigueResult("SATURATED", f"{ad_id}: click rate fell from {first} to {last}")
    if last < first:
        return FatigueResult("FATIGUING", f"{ad_id}: click rate falls")
    return FatigueResult("HEALTHY", f"{ad_id}: click rate holds")
