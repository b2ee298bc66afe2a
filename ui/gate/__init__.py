"""What stands between the network and whatever is served: who may come in, with what, and how large."""
