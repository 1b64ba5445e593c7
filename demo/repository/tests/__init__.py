import sys
from pathlib import Path

root = Path(__file__).resolve().parent.parent
for service in ("services/ml-service", "services/titan-core"):
    sys.path.insert(0, str(root / service))
