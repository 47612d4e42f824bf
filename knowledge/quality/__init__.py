"""How well questions are answered: question sets, metrics, calibration."""
