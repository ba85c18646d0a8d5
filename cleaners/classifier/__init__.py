"""Numbers to Marks: the learned classifiers, and trafilatura as a second opinion."""
