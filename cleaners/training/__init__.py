"""Training of the learned models, on the code paths of production. Needs the `train` extra."""
