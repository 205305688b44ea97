"""The evaluation: how well a planner understands people, keeps its head, and makes what was asked for."""
