"""Clean pages with datatrove: `python examples/clean_with_datatrove.py seeds/site/news/*.html`; records go to records/.

On a cluster, use SlurmPipelineExecutor instead of LocalPipelineExecutor, and addresses instead of files.
"""

import sys

from datatrove.executor import LocalPipelineExecutor
from datatrove.pipeline.writers import JsonlWriter

from pipelines.engines.datatrove_blocks import CleanInputs, record_of_document

if __name__ == "__main__":
    writer = JsonlWriter("records", "${rank}.jsonl", compression=None, adapter=record_of_document)
    steps = [CleanInputs(sys.argv[1:]), writer]
    LocalPipelineExecutor(steps, tasks=4, workers=2, logging_dir="records/logs").run()
