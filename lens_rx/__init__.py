"""lens_rx: a photo of a second-hand thing goes in, facts stream out."""

__version__ = "0.1.0"
