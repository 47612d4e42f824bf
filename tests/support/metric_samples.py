"""Reads metrics as Prometheus would."""

from bot.telemetry.metrics import Metrics


def reading(metrics: Metrics, name: str, **labels: str) -> float:
    """Value of a metric; 0 if nothing was counted under these labels yet."""
    return metrics.registry.get_sample_value(f"helpdesk_{name}", labels) or 0.0
