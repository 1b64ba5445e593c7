"""Deals, as HubSpot tells of them."""


class HubSpotIntegration:
    deals = []

    def get_all_deals(self, tenant_id, lookback_days):
        return [deal for deal in self.deals if deal["tenant_id"] == tenant_id]
