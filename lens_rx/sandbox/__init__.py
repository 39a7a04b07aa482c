"""The sandbox: stand-ins of all outside services on loopback, over a catalogue whose true prices are known."""
