"""Mails and reports that a person gives or sends, and what they tell together."""
