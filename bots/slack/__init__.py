"""Slack, by Socket Mode or by signed requests, in one workspace or in many."""
