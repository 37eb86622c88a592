"""Declaring an integration."""
