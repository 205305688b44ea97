"""Two people at once, and the network that tells them apart: voices, mixes, training."""
