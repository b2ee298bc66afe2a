"""Names of the systems that can be asked on dialogues; apart from what makes them, so that ``--help`` is instant."""

LLM_SYSTEMS = ("agent", "model")
"""Those that may ask a language model."""

LEARNING = ("popularity", "conversation")
"""Those that are nothing without logged conversations to learn from."""

SYSTEMS = (
    "copy",
    "popularity",
    "log-popularity",
    "lexical",
    "dense",
    "rank",
    "conversation",
    *LLM_SYSTEMS,
)
DEFAULT_SYSTEMS = ("copy", "popularity", "lexical", "dense", "rank", "conversation", "agent")
MANY_CASES = 400
"""Fewer are asked sooner than processes start."""
