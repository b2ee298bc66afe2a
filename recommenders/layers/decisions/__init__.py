"""Parts of decision transformers: returns as tokens, states as codes."""
