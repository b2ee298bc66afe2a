"""What the agent may call: thin typed functions over retrieval and recommenders; workspaces and their build."""
