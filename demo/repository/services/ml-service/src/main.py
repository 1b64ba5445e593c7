"""The service: its endpoints, and what it does when it starts."""
import logging

from src.precomputer import precomputer

try:
    from fastapi import FastAPI, HTTPException
except ImportError:
    from src.web import FastAPI, HTTPException

logger = logging.getLogger(__name__)
app = FastAPI()


@app.on_event("startup")
async def startup_event():
    logger.info("ml-service started")


@app.get("/health")
async def health():
    return {"status": "ok", "precomputed": len(precomputer.runs)}


@app.post("/api/ml/ingest-crm-data")
async def ingest_crm_data(request):
    values = request.get("ad_performances")
    if values is None:
        raise HTTPException(400, "ad_performances required")
    return {"ingested": len(values)}
