"""nfcpy reads and writes messages on the virtual tags of each type, and our driver reads what it wrote.

Takes the path of the program `countertop`. Ends with 1 and says where, when the two do not agree.
"""

import contextlib
import json
import os
import subprocess
import sys
import tempfile
import time

import ndef
import nfc
from nfc.clf import pn532, transport

# What is in the field of the virtual PN532, and what nfcpy has to take it for.
FIELDS = [
    ("topaz", "Type1Tag"),
    ("tag", "Type2Tag"),
    ("felica", "Type3Tag"),
    ("type4", "Type4Tag"),
    ("type4b", "Type4Tag"),
]
# Fits in the 90 bytes of a Topaz.
WRITTEN = [ndef.TextRecord("Grüß Gott, 谢谢", "de"), ndef.UriRecord("https://example.com/table/7?x=1")]
PATIENCE = 20


class Difference(Exception):
    pass


def same(what, found, expected):
    if found != expected:
        raise Difference(f"{what}: {found!r} in place of {expected!r}")


@contextlib.contextmanager
def virtual_pn532(program, field):
    """Runs a virtual PN532 with a tag in its field; gives the path of its line."""
    with tempfile.TemporaryDirectory() as folder:
        line = os.path.join(folder, "pn532")
        command = [program, "virtual", "pn532", "--link", line, "--field", field]
        device = subprocess.Popen(command, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL)
        try:
            end = time.monotonic() + PATIENCE
            while not os.path.exists(line):
                if device.poll() is not None or time.monotonic() > end:
                    raise Difference("the virtual PN532 did not start")
                time.sleep(0.02)
            yield line
        finally:
            device.terminate()
            device.wait()


def countertop(program, line, job, *options):
    """Runs `countertop tag` and returns what it says of the tag."""
    command = [program, "tag", job, "--at", f"serial:{line}", "--wait", str(PATIENCE), "--json"]
    result = subprocess.run([*command, *options], capture_output=True, text=True, timeout=60)
    if result.returncode != 0:
        raise Difference(f"countertop tag {job}: {result.stderr}")
    return json.loads(result.stdout)


def by_nfcpy(line, job):
    """Opens the line with nfcpy, waits for the tag and does a job with it."""
    frontend = nfc.ContactlessFrontend()
    # By name it opens only lines that lie in /dev.
    frontend.device = pn532.init(transport.TTY(os.path.realpath(line)))
    try:
        results = []
        end = time.monotonic() + PATIENCE
        frontend.connect(
            rdwr={"on-connect": lambda tag: results.append(job(tag)) or False},
            terminate=lambda: bool(results) or time.monotonic() > end,
        )
        if not results:
            raise Difference("nfcpy found no tag")
        return results[0]
    finally:
        frontend.close()


def read(tag):
    if tag.ndef is None:
        raise Difference("nfcpy finds no NDEF")
    return tag.type, tag.ndef.capacity, list(tag.ndef.records)


def write(tag):
    tag.ndef.records = WRITTEN
    if tag.ndef.has_changed:
        raise Difference("nfcpy finds another message than it wrote")
    return list(tag.ndef.records)


def ours(record):
    """Returns a record of nfcpy as `countertop tag read --json` shows it."""
    if isinstance(record, ndef.UriRecord):
        return {"type": "uri", "uri": record.iri}
    return {"type": "text", "language": record.language, "text": record.text}


def judge(program, field, kind):
    with virtual_pn532(program, field) as line:
        first = countertop(program, line, "read")
        found, capacity, records = by_nfcpy(line, read)
        same("kind", found, kind)
        same("capacity", capacity, first["capacity"])
        same("first message", [ours(it) for it in records], first["records"])
        same("message behind nfcpy's write", by_nfcpy(line, write), WRITTEN)
        second = countertop(program, line, "read")
        same("what nfcpy wrote", second["records"], [ours(it) for it in WRITTEN])
        options = ["--uri", "tel:+4912345", "--text", "x" * 60]
        third = countertop(program, line, "write", *options)
        records = by_nfcpy(line, read)[2]
        same("what countertop wrote", [ours(it) for it in records], third["records"])


def main(program):
    failed = 0
    for field, kind in FIELDS:
        try:
            judge(program, field, kind)
            print(f"nfcpy: {field}: read, written, read back")
        except (Difference, nfc.tag.TagCommandError, OSError, subprocess.SubprocessError) as error:
            failed = 1
            print(f"nfcpy: {field}: {type(error).__name__}: {error}", file=sys.stderr)
    return failed


sys.exit(main(sys.argv[1]))
