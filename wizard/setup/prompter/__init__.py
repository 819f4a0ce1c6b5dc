"""Asking a person: one vocabulary of prompts, and a way for each kind of terminal to answer them."""
