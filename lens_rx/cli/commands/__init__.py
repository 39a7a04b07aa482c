"""What can be typed after `lens-rx`: one command a file.

These modules only declare arguments. The imports that do the work (Chromium, the model's client, OpenCV, pydantic)
cost a second and more, so they stand inside the functions: a wrong call and `--help` answer without them.
"""
