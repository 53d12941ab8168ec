"""A second verifier, written from docs/verification.md alone, with nothing but Python's own library. It guards
against a mistake that the program and its verifier would share. Checks hashes, chains, the tree and proofs; a
signature only if the module `cryptography` is there.

usage: second_verifier.py [--witness KEY] KEY FILE...
prints what each file is; exits 1 at the first thing that does not hold. With the key of a witness each checkpoint must
have its cosignature
"""

import base64
import hashlib
import json
import sys

ZERO = bytes(32)


def sha(*parts):
    return hashlib.sha256(b"".join(parts)).digest()


def cbor(data, at=0):
    """One item of definite-length CBOR and where it ends."""
    major, low = data[at] >> 5, data[at] & 31
    at += 1
    if low < 24:
        number = low
    else:
        size = {24: 1, 25: 2, 26: 4, 27: 8}[low]
        number = int.from_bytes(data[at : at + size], "big")
        at += size
    if major == 0:
        return number, at
    if major == 1:
        return -1 - number, at
    if major in (2, 3):
        raw = data[at : at + number]
        return (raw if major == 2 else raw.decode()), at + number
    if major == 4:
        items = []
        for _ in range(number):
            item, at = cbor(data, at)
            items.append(item)
        return items, at
    if major == 5:
        fields = {}
        for _ in range(number):
            name, at = cbor(data, at)
            fields[name], at = cbor(data, at)
        return fields, at
    if major == 7 and number in (20, 21, 22):
        return {20: False, 21: True, 22: None}[number], at
    raise ValueError(f"major type {major}")


def commit(data):
    fields, end = cbor(data)
    assert end == len(data) and len(fields) == 9, "no commit"
    sealed = any(len(event) == 4 for event in fields[8])
    assert fields[0] == (2 if sealed else 1) and all(len(event) in (3, 4) for event in fields[8]), "no commit"
    names = ("previous", "stream", "sequence", "at", "by", "session", "command", "events")
    return dict(zip(names, fields[1:]))


def root(leaves):
    if not leaves:
        return hashlib.sha256().digest()
    if len(leaves) == 1:
        return leaves[0]
    split = 1
    while split * 2 < len(leaves):
        split *= 2
    return sha(b"\1", root(leaves[:split]), root(leaves[split:]))


def leads(leaf, index, size, proof):
    """RFC 9162, 2.1.3.2."""
    assert index < size
    last, hashed = size - 1, leaf
    for other in proof:
        assert last, "the proof is too long"
        if index & 1 or index == last:
            hashed = sha(b"\1", other, hashed)
            while index and not index & 1:
                index, last = index >> 1, last >> 1
        else:
            hashed = sha(b"\1", hashed, other)
        index, last = index >> 1, last >> 1
    assert last == 0, "the proof is too short"
    return hashed


def read_key(key, kind):
    name, number, encoded = key.split("+", 2)
    public = base64.b64decode(encoded)
    assert public[:1] == kind and len(public) == 33
    assert hashlib.sha256(name.encode() + b"\n" + public).digest()[:4].hex() == number, "the key's id"
    return name, number, public[1:]


def read_line(line, name, number):
    dash, signer, signature = line.split(" ")
    signature = base64.b64decode(signature)
    assert (dash, signer, signature[:4].hex()) == ("\u2014", name, number), "signed by another key"
    return signature[4:]


def verified(public, signature, text):
    try:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
    except ImportError:
        return
    Ed25519PublicKey.from_public_bytes(public).verify(signature, text.encode())


def signed(text, line, key):
    name, number, public = read_key(key, b"\1")
    verified(public, read_line(line, name, number), text)


def cosigned(note, key):
    """When the witness saw the checkpoint, in seconds since 1970."""
    body, signatures = note.rsplit("\n\n", 1)
    name, number, public = read_key(key, b"\4")
    line = next((line for line in signatures.splitlines() if line.split(" ")[1] == name), None)
    assert line, "no cosignature"
    stamped = read_line(line, name, number)
    time = int.from_bytes(stamped[:8], "big")
    verified(public, stamped[8:], f"cosignature/v1\ntime {time}\n{body}\n")
    return time


def checkpoint(note, key):
    body, signatures = note.rsplit("\n\n", 1)
    signed(body + "\n", signatures.splitlines()[0], key)
    origin, size, encoded = body.split("\n")[:3]
    return origin, int(size), base64.b64decode(encoded)


def check_log(lines, key):
    streams, chain, leaves, origin = {}, ZERO, [], None
    for position, line in enumerate(lines, 1):
        line = json.loads(line)
        data = base64.b64decode(line["commit"])
        hashed = sha(b"\0", data)
        chain = sha(b"\1", chain, hashed)
        at = f"position {position}"
        assert (line["position"], line["hash"], line["chain"]) == (position, hashed.hex(), chain.hex()), at
        fields = commit(data)
        last, before = streams.get(fields["stream"], (0, ZERO))
        assert (fields["sequence"], fields["previous"]) == (last + 1, before), at
        streams[fields["stream"]] = (last + 1, hashed)
        origin = origin or "dagsorden/" + hashed.hex()[:16]
        for kind, _, body, *_ in fields["events"]:
            if kind == "CheckpointSigned":
                of, size, top = checkpoint(cbor(body)[0]["note"], key)
                assert of == origin and size < position and root(leaves[:size]) == top, at
        leaves.append(sha(b"\0", hashed))
    return origin, leaves


def check_receipt(receipt, key):
    _, size, top = checkpoint(receipt["checkpoint"], key)
    published, files = {}, {}
    for one in receipt["commits"]:
        hashed = bytes.fromhex(one["hash"])
        proof = [bytes.fromhex(other) for other in one["inclusion"]]
        assert leads(sha(b"\0", hashed), one["position"] - 1, size, proof) == top, one["position"]
        if one["commit"] is None:
            continue
        data = base64.b64decode(one["commit"])
        assert sha(b"\0", data) == hashed, one["position"]
        fields = commit(data)
        for kind, _, body, *_ in fields["events"]:
            body = cbor(body)[0]
            if kind == "AgendaPublished":
                published[fields["stream"][1:], body["edition"]] = body["content_hash"]
            if kind == "EditionSealed":
                signed(body["manifest"] + "\n", body["signature"], key)
                manifest = json.loads(body["manifest"])
                assert published[body["meeting"], body["edition"]].hex() == manifest["content_hash"]
                files.update({file["sha256"]: file["path"] for file in manifest["files"]})
    return files


def main(key, paths, witness=None):
    logs, checkpoints, files, sealed = [], [], [], {}
    for path in paths:
        data = open(path, "rb").read()
        if data.startswith(b'{"format":"dagsorden-log"'):
            logs.append(check_log(data.decode().splitlines()[1:], key))
            print(path, "log", len(logs[-1][1]))
        elif data.startswith(b"dagsorden/"):
            checkpoints.append(checkpoint(data.decode(), key))
            print(path, "checkpoint", checkpoints[-1][1])
            if witness:
                print(path, "witnessed at", cosigned(data.decode(), witness))
        elif data.startswith(b"{") and json.loads(data).get("format") == "dagsorden-receipt":
            sealed.update(check_receipt(json.loads(data), key))
            print(path, "receipt")
        else:
            files.append((path, hashlib.sha256(data).hexdigest()))
    for origin, leaves in logs:
        for of, size, top in checkpoints:
            assert (of, size <= len(leaves)) == (origin, True) and root(leaves[:size]) == top, f"checkpoint {size}"
    for path, digest in files:
        print(path, "unchanged:", sealed[digest])


try:
    if sys.argv[1] == "--witness":
        main(sys.argv[3], sys.argv[4:], witness=sys.argv[2])
    else:
        main(sys.argv[1], sys.argv[2:])
except (AssertionError, KeyError, ValueError, IndexError) as error:
    print("does not hold:", error)
    sys.exit(1)
