"""Fail unless a wheel holds copydesk, crawler, pipelines and cleaners, each typed, and nothing else."""

import sys
import zipfile
from pathlib import Path

PACKAGES = {"copydesk", "crawler", "pipelines", "cleaners"}

names = zipfile.ZipFile(sys.argv[1]).namelist()
top = {name.split("/")[0] for name in names if ".dist-info/" not in name}
if top != PACKAGES:
    sys.exit(f"the wheel's top level is {sorted(top)}, not {sorted(PACKAGES)}")
untyped = {package for package in PACKAGES if f"{package}/py.typed" not in names}
if untyped:
    sys.exit(f"py.typed is missing in {sorted(untyped)}")
packed = {name for name in names if name.startswith(tuple(f"{package}/" for package in PACKAGES))}
kept = {
    path.relative_to(Path.cwd()).as_posix()
    for package in PACKAGES
    for path in Path.cwd().joinpath(package).rglob("*")
    if path.is_file() and "__pycache__" not in path.parts
}
if kept - packed:
    sys.exit(f"in the tree but not in the wheel: {sorted(kept - packed)}")
print(f"{len(packed)} files in {', '.join(sorted(PACKAGES))}")
