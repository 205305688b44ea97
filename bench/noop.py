"""A model that does nothing, to time everything around it."""

from __future__ import annotations

from core.artifacts import Kind
from core.capabilities import Args, Capability
from core.models.base import Call, Model, Output, Tier


class NoopArgs(Args):
    text: str = ""


NOOP = Capability("noop", "do nothing", "Do nothing.", NoopArgs, (Kind.TEXT,), "nothing")


class Noop(Model[NoopArgs]):
    id = "noop"
    capability = NOOP
    tier = Tier.BUNDLED
    licence = "Apache-2.0"
    memory_bytes = 1
    batch = 64

    def load(self, device: str) -> None:
        return None

    def run(self, call: Call[NoopArgs]) -> Output:
        return Output(text=call.args.text)
