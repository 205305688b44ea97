"""One named sound in a mixture, and the network that takes it out: sounds, mixes, training."""
