"""The sites of the practice web, one file each; `server.py` gives each its host names."""
