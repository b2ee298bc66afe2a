"""``tastemaker serve``: the recommender over HTTP, for sites, chat clients and other agents."""
