"""The practice web: a small world of sites on loopback, with a catalogue whose truth is known."""
