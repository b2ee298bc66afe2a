"""Cases of runs to look through: one page, filters, transcripts, lists and traces."""
