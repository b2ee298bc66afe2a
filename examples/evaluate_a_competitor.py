"""Any function beside our systems on the same conversations: ``python examples/evaluate_a_competitor.py``"""

import json
import sys
import tempfile
from pathlib import Path

from small_shop import small_shop

from tastemaker.evals import RunOptions, run_dialogues


def answer(case):
    """The competitor: the lights, whatever was said. It gets what was said so far, and returns titles."""
    return ["Head lamp", "Candle lantern", "Solar string"][: case["k"]]


if __name__ in ("__main__", "<run_path>"):
    sys.modules["competitor"] = type(sys)("competitor")
    sys.modules["competitor"].answer = answer
    folder = Path(tempfile.mkdtemp())
    shop = small_shop(folder)
    talks = [("something for light in the evening", "l2"), ("a bag for snow", "s1"), ("a pan for eggs", "c2")]
    lines = [
        {"id": str(n), "context": [{"speaker": "seeker", "text": said}], "gold": [item]}
        for n, (said, item) in enumerate(talks)
    ]
    (folder / "talks.jsonl").write_text("\n".join(map(json.dumps, lines)))
    systems = ["popularity", "agent", "competitor:answer"]
    report = run_dialogues(
        folder / "talks.jsonl",
        shop.path,
        systems,
        learned=False,  # three conversations are too few for the agent to learn from
        folds=3,  # popularity counts what the other two name
        options=RunOptions(out=folder / "runs", workers=1),
    )
    for name, run in report.figures()["runs"].items():
        print(name, {"ndcg@10": round(run["metrics"]["ndcg@10"]["mean"], 3)})
