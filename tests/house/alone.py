"""Runs commands in a network of their own that has no way out, and writes down what they try. Linux; for a namespace.

    unshare --map-root-user --net --mount python alone.py SCRATCH < commands.json

Standard input: JSON, a list of commands, each a list of words; they run in turn. The answer is one line
of JSON: `names` that were looked up, `attempts` that the system counted, and of each command its `code` and `said`.
"""

import fcntl
import json
import socket
import struct
import subprocess
import sys
import threading
from pathlib import Path

SIOCSIFFLAGS, UP = 0x8914, 0x49
COUNTED = ("Ip OutNoRoutes", "Tcp ActiveOpens", "Udp OutDatagrams", "Ip6OutNoRoutes", "Udp6OutDatagrams")
"""What a network counts from its beginning. A packet to an address to which no way leads is counted, too."""


def main() -> None:
    """See above."""
    scratch = Path(sys.argv[1])
    with socket.socket() as some:
        fcntl.ioctl(some, SIOCSIFFLAGS, struct.pack("16sh", b"lo", UP))
    _instead("/etc/resolv.conf", scratch / "resolv", "nameserver 127.0.0.1\noptions timeout:1 attempts:1\n")
    if Path("/etc/nsswitch.conf").exists():  # a resolver of the system's may answer through a file
        _instead("/etc/nsswitch.conf", scratch / "nsswitch", "hosts: files dns\n")
    names: list[str] = []
    server = socket.socket(socket.AF_INET, socket.SOCK_DGRAM)
    server.bind(("127.0.0.1", 53))
    threading.Thread(target=_answer, args=(server, names), daemon=True).start()
    ends = []
    for command in json.load(sys.stdin):
        done = subprocess.run(
            command, stdin=subprocess.DEVNULL, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, check=False
        )
        ends.append({"code": done.returncode, "said": done.stdout.decode(errors="replace")[-2000:]})
    print(json.dumps({"names": names, "attempts": _attempts(), "commands": ends}))


def _instead(path: str, file: Path, text: str) -> None:
    file.write_text(text)
    subprocess.run(["mount", "--bind", file, path], check=True)


def _answer(server: socket.socket, names: list[str]) -> None:
    """There is no such name, whatever it is (RFC 1035, 4.1)."""
    while True:
        question, asker = server.recvfrom(4096)
        words, at = [], 12
        while question[at]:
            words.append(question[at + 1 : at + 1 + question[at]].decode())
            at += 1 + question[at]
        names.append(".".join(words))
        server.sendto(question[:2] + b"\x81\x83" + question[4:6] + b"\0\0\0\0\0\0" + question[12:], asker)


def _attempts() -> dict[str, int]:
    found: dict[str, int] = {}
    lines = [line.split() for line in Path("/proc/net/snmp").read_text().splitlines()]
    for head, numbers in zip(lines[::2], lines[1::2], strict=True):
        group = head[0].rstrip(":")
        found |= {f"{group} {name}": int(number) for name, number in zip(head[1:], numbers[1:], strict=True)}
    six = Path("/proc/net/snmp6")
    for line in six.read_text().splitlines() if six.exists() else []:
        name, number = line.split()
        found[name] = int(number)
    return {name: found[name] for name in COUNTED if name in found}


if __name__ == "__main__":
    main()
