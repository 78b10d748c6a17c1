"""``python -m postmortem.bench_batch [COUNT]``: the figures as a table."""

from __future__ import annotations

import sys

from postmortem.bench_batch import COUNT, measure


def main(count: int) -> None:
    """Measure with an archive of `count` reports and print the figures."""
    found = measure("data/samples", count)
    worker, driver = found.growth
    print(f"{found.one.reports} reports, {found.one.failed} failed; a dataset each time")
    print(f"{'one worker':<34}{found.one.rate:>8.0f} reports/s")
    print(f"{'two workers':<34}{found.two.rate:>8.0f} reports/s")
    print(f"{'two workers / one':<34}{found.speed_up:>8.2f}")
    print(f"{'driver / workers, processor time':<34}{found.overhead:>8.1%}")
    print(f"{'memory of a worker':<34}{found.one.worker_memory / 1024:>8.0f} MB")
    print(f"{'  / with a tenth of the reports':<34}{worker:>8.2f}")
    print(f"{'memory of the driver':<34}{found.one.driver_memory / 1024:>8.0f} MB")
    print(f"{'  / with a tenth of the reports':<34}{driver:>8.2f}")


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else COUNT)
