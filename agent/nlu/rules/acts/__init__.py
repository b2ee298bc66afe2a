"""Rules for what a message does in the conversation: its intent, acts, scope, questions."""
