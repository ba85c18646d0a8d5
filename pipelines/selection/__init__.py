"""Choose among records: filters with a reason each, and bodies that came before."""
