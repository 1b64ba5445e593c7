"""What a creative is made of."""


class CreativeDNA:
    def __init__(self, creatives):
        self.creatives = creatives  # {creative_id: {hook_text, cta_text, description, ctr, roas}}

    async def extract_dna(self, creative_id):
        creative = self.creatives[creative_id]
        dna = {
            "hook_text": creative.get("hook_text", ""),
            "cta_text": creative.get("cta_text", ""),
            "description": creative.get("description", ""),
            "ctr": creative.get("ctr", 0),
            "roas": creative.get("roas", 0),
        }
        return dna
