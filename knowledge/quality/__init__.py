"""Quality of answers: labelled questions, metrics, calibration, gaps."""
