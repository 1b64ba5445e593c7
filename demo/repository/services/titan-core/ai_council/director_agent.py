"""Writes blueprints for what somebody asks for."""
from dataclasses import dataclass


@dataclass
class BlueprintGenerationRequest:
    product_name: str
    offer: str
    target_avatar: str
    prompt: str


class DirectorAgent:
    async def generate_blueprints(self, request: BlueprintGenerationRequest):
        blueprints = await self._generate_with_prompt(request.prompt)
        return blueprints

    async def _generate_with_prompt(self, prompt):
        return [{"script": line.strip()} for line in prompt.splitlines() if line.strip()]
