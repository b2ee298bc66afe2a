"""Everything that is tried to break it; ``python -m tastemaker.evals.studies.faults`` says how it went."""
