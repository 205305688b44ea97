"""AudioGPT Bots' core: understand a message, run audio models, answer. It knows no chat platform."""

__version__ = "0.1.0"
