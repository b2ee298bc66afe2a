"""Lists for any number of people: who they are, where the lists go, and a cluster to rank on."""
