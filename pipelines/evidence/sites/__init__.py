"""Entries about single sites, one TOML file each; see pipelines.evidence.site_entries."""
