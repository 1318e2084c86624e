"""A folder in an object store is answered like the same folder on the disk."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import geopandas as gpd
import numpy as np
import pytest

from tests.conftest import Outcome
from tests.stores.conftest import Bucket
from tests.stores.faulty import Faults

Run = Callable[..., Outcome]

QUESTIONS = {
    "join": ("join", "PLACES", "boroughs", "--take", "name,code"),
    "count": ("count", "PLACES", "--in", "boroughs", "--by", "sector"),
    "near": ("near", "PLACES", "rail-stations", "--within", "800m"),
    "show": ("show", "PLACES", "--where", "jobs > 400"),
}


@pytest.mark.parametrize("ask", QUESTIONS)
def test_a_bucket_is_answered_like_a_folder(lcrmap: Run, stored: str, ask: str) -> None:
    said = []
    for layer, name in (("uprn/", "here"), (stored, "there")):
        words = [layer if each == "PLACES" else each for each in QUESTIONS[ask]]
        made = lcrmap(*words, "-o", f"{name}.csv", "-o", f"{name}.parquet")
        assert made.code == 0, made.err
        said.append(made.err.replace(name, "x"))
    assert said[0] == said[1]
    for suffix in ("csv", "parquet"):
        assert Path(f"here.{suffix}").read_bytes() == Path(f"there.{suffix}").read_bytes()


def test_the_first_rows_of_a_bucket_can_be_shown(lcrmap: Run, stored: str) -> None:
    shown = lcrmap("show", stored, "-n", "2", "--columns", "id", "-f", "csv")
    assert shown.code == 0, shown.err
    assert [each.split(",")[0] for each in shown.out.splitlines()] == ["id", "p00000", "p00001"]


@pytest.mark.parametrize(
    ("layer", "said"),
    [
        ("s3://no-such-bucket-at-all/uprn/", "there is no such bucket"),
        ("s3://BUCKET/none/", "There is no 's3://BUCKET/none/'"),
        ("s3://BUCKET/uprn/part-0.parquet", "is a file: name the folder in which it lies"),
        ("s3://BUCKET/texts/", "without GeoParquet files"),
    ],
)
def test_what_is_not_there_is_one_sentence(
    lcrmap: Run, bucket: Bucket, stored: str, layer: str, said: str
) -> None:
    bucket.write("texts/a.csv", b"lon,lat\n")
    asked = lcrmap("show", layer.replace("BUCKET", bucket.name), "-o", "x.csv")
    assert (asked.code, said.replace("BUCKET", bucket.name) in asked.err) == (3, True), asked.err
    assert len(asked.err.splitlines()) == 1
    assert not Path("x.csv").exists()


@pytest.mark.parametrize("verb", ["GET", "HEAD"])
def test_a_closed_bucket_is_one_sentence(
    lcrmap: Run, stored: str, faults: Faults, verb: str
) -> None:
    faults.chosen = lambda asked, path: asked == verb
    faults.status, faults.times = 403, 99
    asked = lcrmap("show", stored, "-o", "x.csv")
    assert (asked.code, "does not permit it" in asked.err) == (3, True), asked.err
    assert len(asked.err.splitlines()) == 1


def test_parts_without_a_list_are_not_finished(lcrmap: Run, bucket: Bucket, folder: Path) -> None:
    data = Path(folder, "part-0.parquet").read_bytes()
    bucket.write("made/part-000000-0000-0123456789abcdef.parquet", data)
    asked = lcrmap("show", f"s3://{bucket.name}/made/", "-o", "x.csv")
    assert (asked.code, "is not finished" in asked.err) == (3, True), asked.err
    assert len(asked.err.splitlines()) == 1


def test_every_byte_of_a_bucket_can_be_held_to_its_list(
    lcrmap: Run, bucket: Bucket, here: Path
) -> None:
    address = f"s3://{bucket.name}/made/"
    assert lcrmap("show", "boroughs", "-o", address).code == 0
    words = ("show", address, "--hash", "full", "-o", "x.csv", "--overwrite")
    whole = lcrmap(*words)
    assert whole.code == 0, whole.err
    (name,) = (each for each in bucket.files("made") if each.startswith("part-"))
    data = bytearray(bucket.files("made")[name])
    data[200] ^= 1
    bucket.write(f"made/{name}", bytes(data))
    asked = lcrmap(*words)
    assert (asked.code, f"'{address}{name}' is not what was written" in asked.err) == (3, True)


def test_a_bucket_elsewhere_is_asked_anew_as_it_wants(
    lcrmap: Run, stored: str, faults: Faults
) -> None:
    faults.seen.clear()
    faults.chosen = lambda verb, path: verb == "GET"
    faults.status, faults.times, faults.more = 400, 1, {"x-amz-bucket-region": "eu-west-2"}
    faults.body = (
        b"<Error><Code>AuthorizationHeaderMalformed</Code><Region>eu-west-2</Region></Error>"
    )
    assert lcrmap("show", stored, "-o", "x.csv").code == 0
    signed = [
        dict(map(str.lower, item) for item in each.headers.items())["authorization"]
        for each in faults.seen
    ]
    assert "/us-east-1/" in signed[0]
    assert "/eu-west-2/" in signed[1]


def test_columns_that_stand_together_are_read_at_once(
    lcrmap: Run, bucket: Bucket, here: Path, faults: Faults
) -> None:
    rng, rows = np.random.default_rng(1), 70_000
    columns = {f"c{number}": rng.integers(0, 10**9, rows) for number in range(12)}
    points = gpd.points_from_xy(rng.uniform(-3.3, -2.6, rows), rng.uniform(53.25, 53.7, rows))
    Path("wide").mkdir()
    gpd.GeoDataFrame(columns, geometry=points, crs="EPSG:4326").to_parquet("wide/a.parquet")
    stored, asked = bucket.put(here / "wide", "wide"), []
    for some in ("c1", ",".join(columns)):
        faults.seen.clear()
        assert lcrmap("show", stored, "--columns", some, "-o", f"{len(some)}.parquet").code == 0
        asked.append(len(faults.seen))
    assert asked[1] <= asked[0] + 4


def test_a_bucket_that_is_open_to_all_needs_no_credentials(
    lcrmap: Run, stored: str, faults: Faults, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("AWS_ACCESS_KEY_ID")
    monkeypatch.delenv("AWS_SECRET_ACCESS_KEY")
    faults.seen.clear()
    assert lcrmap("show", stored, "-o", "x.csv").code == 0
    assert not any(name.lower() == "authorization" for each in faults.seen for name in each.headers)
