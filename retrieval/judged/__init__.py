"""What was judged by hand: requests and the items that fit them, and what a ranking learns from that."""
