"""The outside world, one seam each: Chromium, plain HTTP, official interfaces, the model."""
