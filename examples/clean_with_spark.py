"""Clean pages with Spark: `spark-submit examples/clean_with_spark.py 'seeds/site/news/*.html'`.

Records go to records/.
"""

import sys
from functools import partial

from pyspark.sql import SparkSession

from pipelines.engines.frames import SPARK_SCHEMA, Columns, clean_frames

if __name__ == "__main__":
    spark = SparkSession.builder.getOrCreate()
    pages = spark.read.format("binaryFile").load(sys.argv[1]).select("path", "content")
    clean = partial(clean_frames, columns=Columns(content="content", url=None, path="path"))
    records = pages.mapInPandas(clean, SPARK_SCHEMA).filter("record IS NOT NULL").select("record")
    records.write.text("records")
