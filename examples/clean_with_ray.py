"""Clean pages with Ray Data: `python examples/clean_with_ray.py seeds/site/news/*.html`; prints the records.

Each actor keeps a process that cleans; `concurrency` sets the number of actors.
"""

import sys

import ray

from pipelines.engines.frames import CleanFrames, Columns

if __name__ == "__main__":
    pages = ray.data.read_binary_files(sys.argv[1:], include_paths=True)
    columns = Columns(content="bytes", url=None, path="path")
    records = pages.map_batches(CleanFrames, fn_constructor_args=[columns], batch_format="pandas", concurrency=2)
    for row in records.iter_rows():
        print(row["record"] or f"{row['failure']}: {row['detail']}")
