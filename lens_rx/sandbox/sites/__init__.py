"""The sandbox's sites, one file each; `server.py` gives each its host names."""
