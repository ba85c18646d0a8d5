"""The tables of rules: TOML files, one concept a row, each row with the cases that prove it. See docs/lab/rules.md."""
