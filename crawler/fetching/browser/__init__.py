"""Renders pages in Chromium: the download handler, the proxy in front of the browser, and the monitor of its memory."""
