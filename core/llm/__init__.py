"""A language model behind any OpenAI-compatible endpoint, as a planner.

planner.py   decides: steps or words
prompt.py    what the model is sent; handles.py: its names for pieces of media
tools.py     capabilities as strict tools: which are offered, and what is known of their models
client.py    the endpoint: streams, retries, errors
dialect.py   tools, JSON by schema, or JSON as text: what the endpoint understands
answers.py   what came back, put together
"""

from __future__ import annotations

from core.llm.planner import LanguageModelPlanner
from core.llm.tools import tool

__all__ = ["LanguageModelPlanner", "tool"]
