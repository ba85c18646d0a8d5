"""The trained models. CARD.md says what they learned from."""
