import asyncio
import unittest

from ai_council.director_agent import BlueprintGenerationRequest, DirectorAgent
from src.creative_dna import CreativeDNA
from src.main import app, health


class ServicesTest(unittest.TestCase):
    def test_blueprints_follow_the_prompt(self):
        request = BlueprintGenerationRequest("Shoe", "half price", "runners", "Run.\nBuy.")
        scripts = asyncio.run(DirectorAgent().generate_blueprints(request))
        self.assertEqual([entry["script"] for entry in scripts], ["Run.", "Buy."])

    def test_dna_has_the_hook(self):
        dna = asyncio.run(CreativeDNA({"c": {"hook_text": "Run!"}}).extract_dna("c"))
        self.assertEqual(dna["hook_text"], "Run!")

    def test_the_service_is_healthy(self):
        self.assertEqual(asyncio.run(health())["status"], "ok")
        self.assertIn("/api/ml/ingest-crm-data", app.routes)
