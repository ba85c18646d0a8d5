"""Cleaning on engines that users already run: frames for Ray Data and Spark, and blocks for datatrove."""
