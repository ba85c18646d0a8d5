"""Files, archives and streams to Pages."""
