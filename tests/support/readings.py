"""What a bot has counted, as Prometheus would see it."""

from bot.telemetry.metrics import Metrics


def reading(metrics: Metrics, name: str, **labels: str) -> float:
    """0 where nothing was counted under these labels yet."""
    return metrics.registry.get_sample_value(f"helpdesk_{name}", labels) or 0.0
