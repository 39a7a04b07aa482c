"""lens_rx: a photo of a second-hand thing goes in, facts stream out."""
