"""Photos as tensors with labels (`tensors`), batches of them (`loader`), smoothed labels (`smoothing`), and simulated
photos (`bank`).
"""
