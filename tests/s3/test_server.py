"""The local S3 itself, seen by a client that never tries twice."""

import subprocess
import sys
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import obstore
import pytest
from obstore.exceptions import AlreadyExistsError, BaseError, GenericError, PreconditionError
from obstore.store import S3Store

from tests.s3.faults import BUCKET, Fault, Kind, Plan
from tests.s3.store import S3

STRANGE = "a b/ä\u0301 +%41&#?=日.CR2"


@pytest.fixture
def once(s3: S3) -> S3Store:
    """A client of the bucket that asks once."""
    return S3Store(BUCKET, retry_config={"max_retries": 0})


def read(store: S3Store, key: str) -> bytes:
    return bytes(obstore.get(store, key).bytes())


def listed(store: S3Store) -> list[str]:
    return [entry["path"] for page in obstore.list(store) for entry in page]


def test_objects_are_the_same_from_both_sides(s3: S3, once: S3Store) -> None:
    s3.put(STRANGE, b"a")
    assert read(once, STRANGE) == b"a"
    obstore.put(once, "b" + STRANGE, b"b")
    assert s3.contents() == {STRANGE: b"a", "b" + STRANGE: b"b"}
    s3.delete(STRANGE)
    assert listed(once) == s3.keys() == ["b" + STRANGE]
    with pytest.raises(KeyError):
        s3.get(STRANGE)


def test_each_request_is_counted_with_its_conditions(s3: S3, once: S3Store) -> None:
    put = obstore.put(once, "a", b"1", mode="create")
    with pytest.raises(PreconditionError):
        obstore.put(once, "a", b"2", mode={"e_tag": '"other"'})
    obstore.get_range(once, "a", start=0, end=1)
    seen = [(request.method, request.conditions, request.status) for request in s3.log()]
    assert seen == [
        ("PUT", {"If-None-Match": "*"}, 200),
        ("PUT", {"If-Match": '"other"'}, 412),
        ("GET", {"Range": "bytes=0-0"}, 206),
    ]
    assert s3.log()[0].etag == put["e_tag"]
    s3.plan()
    assert s3.log() == []


def test_of_many_that_create_one_does(s3: S3, once: S3Store) -> None:
    def create(data: bytes) -> bool:
        try:
            obstore.put(once, "a", data, mode="create")
        except AlreadyExistsError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(create, [b"%d" % number for number in range(8)])) == 1


def test_of_many_that_replace_one_does(s3: S3, once: S3Store) -> None:
    version = obstore.put(once, "a", b"before")["e_tag"]

    def replace(data: bytes) -> bool:
        try:
            obstore.put(once, "a", data, mode={"e_tag": version})
        except PreconditionError:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        assert sum(pool.map(replace, [b"%d" % number for number in range(8)])) == 1


FAILING: list[Kind] = ["busy", "error", "conflict", "denied", "silent", "reset"]


@pytest.fixture
def impatient(s3: S3) -> S3Store:
    """A client that asks once and does not wait long."""
    return S3Store(BUCKET, retry_config={"max_retries": 0}, client_options={"timeout": "200ms", "allow_http": True})


@pytest.mark.parametrize("kind", FAILING)
def test_a_request_that_fails_was_not_carried_out(s3: S3, impatient: S3Store, kind: Kind) -> None:
    s3.plan(Fault(kind, "PUT", count=0))
    with pytest.raises(BaseError):
        obstore.put(impatient, "a", b"1")
    assert s3.keys() == []


@pytest.mark.parametrize("kind", [kind for kind in FAILING if kind != "silent"])
def test_a_lost_answer_is_of_a_request_that_was_carried_out(s3: S3, once: S3Store, kind: Kind) -> None:
    s3.plan(Fault(kind, "PUT", after=True))
    with pytest.raises(BaseError):
        obstore.put(once, "a", b"1")
    assert s3.keys() == ["a"]


def test_an_answer_is_torn(s3: S3, once: S3Store) -> None:
    s3.put("a", b"1" * 1000)
    s3.plan(Fault("torn", "GET", "^a$"))
    with pytest.raises(GenericError):
        read(once, "a")
    assert len(read(once, "a")) == 1000


def test_another_program_writes_meanwhile(s3: S3, once: S3Store) -> None:
    s3.put("a", b"1")
    s3.put("gone", b"1")
    s3.plan(Fault("meanwhile", "GET", value={"a": b"2", "gone": None}))
    assert read(once, "a") == b"2"
    assert s3.keys() == ["a"]


@pytest.mark.parametrize(
    ("change", "expected"),
    [
        (Fault("miss", "LIST", first=2, value="3"), "0 1 2 4 5 6 7"),
        (Fault("repeat", "LIST", count=0, value="[27]"), "0 1 2 2 3 4 5 6 7 7"),
        (Fault("meanwhile", "LIST", first=2, value={"00": b"", "31": b"", "4": None}), "0 1 2 3 31 5 6 7"),
    ],
)
def test_listings_come_in_pages_and_change(s3: S3, once: S3Store, change: Fault, expected: str) -> None:
    for key in range(8):
        s3.put(f"{key}", b"")
    s3.plan(page=3)
    assert len(listed(once)) == 8
    assert len(s3.log()) == 3
    s3.plan(change, page=3)
    assert listed(once) == expected.split()


def test_a_request_waits_for_what_is_called_meanwhile(s3: S3, once: S3Store) -> None:
    with s3.calling(lambda: obstore.put(once, "a", b"meanwhile")) as port:
        s3.plan(Fault("call", "PUT", value=port))
        obstore.put(once, "a", b"1")
    assert (s3.get("a"), len(s3.log())) == (b"1", 2)


def test_what_is_called_need_not_be_called_and_must_work(s3: S3, once: S3Store) -> None:

    with s3.calling(lambda: read(once, "none")):
        pass

    def put_while(what: Callable[[], object]) -> None:
        with s3.calling(what) as port:
            s3.plan(Fault("call", "PUT", after=True, value=port))
            obstore.put(once, "a", b"1")

    with pytest.raises(FileNotFoundError):
        put_while(lambda: read(once, "none"))


def test_a_process_is_killed_at_its_request(s3: S3) -> None:
    program = (
        f"import sys, obstore; from obstore.store import S3Store; store = S3Store({BUCKET!r}); input()\n"
        "for key in 'abcdef': obstore.put(store, key, b'1')"
    )
    for fault, left in ((Fault("kill", "PUT", first=3), 2), (Fault("kill", "PUT", first=3, after=True), 3)):
        s3.clear()
        with subprocess.Popen([sys.executable, "-c", program], stdin=subprocess.PIPE) as process:
            s3.plan(Fault(**{**vars(fault), "value": process.pid}))
            process.communicate(b"\n")
        assert process.returncode != 0
        assert len(s3.keys()) == left


def test_a_folder_becomes_objects(s3: S3, tmp_path: Path) -> None:
    (tmp_path / "sub").mkdir()
    (tmp_path / "sub/a").write_bytes(b"1")
    s3.upload(tmp_path, "wedding/")
    assert s3.contents() == {"wedding/sub/a": b"1"}


def test_what_is_struck_by_chance_is_said_by_the_seed() -> None:
    def struck(seed: int, order: Callable[[list[str]], list[str]]) -> set[str]:
        plan = Plan([Fault("busy", "PUT", count=0, chance=0.3)], seed)
        return {key for key in order([f"IMG_{number}" for number in range(200)]) if plan.strikes("PUT", key)}

    assert 30 < len(struck(0, sorted)) < 90
    assert struck(0, sorted) == struck(0, lambda keys: keys[::-1]) != struck(1, sorted)
