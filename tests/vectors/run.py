#!/usr/bin/python3
"""Runs every case through open.py: run.py [FOLDER] prints the cases that came out wrong, then `N cases, M wrong`; exit code 1 when M is not 0."""
import hashlib
import importlib
import io
import json
import sys
import unicodedata
import uuid
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
reader = importlib.import_module("open")


def expand(pieces, bodies):
    for piece in pieces:
        if "hex" in piece: yield bytes.fromhex(piece["hex"])
        elif "utf8" in piece: yield piece["utf8"].encode()
        elif "repeat" in piece: yield bytes.fromhex(piece["repeat"]) * piece["times"]
        elif "template" in piece: yield piece["separator"].join(piece["template"].replace("%012x", f"{i:012x}") for i in range(piece["count"])).encode()
        else: yield (bodies / piece["file"]).read_bytes()[piece["from"]:][:piece["length"]]


class Bucket(reader.Store):
    def __init__(self, objects): self.files = objects
    def file(self, name): reader.check(name in self.files, "missing"); return io.BytesIO(self.files[name])


class Taken:
    """What a caller got of the plaintext, also when reading then failed."""
    def __init__(self): self.length, self.digest = 0, hashlib.sha256()
    def all_of(self, parts):
        for part in parts: self.length += len(part); self.digest.update(part)
        return {"length": self.length, "sha256": self.digest.hexdigest()}


def sealed_text(raw, key, generation, tenant, row, column):  # docs/sealed-format.md, section 7: not in the bucket, so not in open.py
    reader.check(raw[:1] in (b"", b"\1"), "unknown-version")
    reader.check(len(raw) > 45 and (len(raw) - 45) % 32 == 0, "bad-length")
    reader.check(int.from_bytes(raw[1:5], "big") == generation, "wrong-generation")
    aad = b"recordingvault.v1.column\0" + uuid.UUID(tenant).bytes + uuid.UUID(row).bytes + column.encode()
    padded = reader.xaes(reader.expand(key, b"columns"), raw[5:29], raw[29:], aad)
    plain = padded.rstrip(b"\0")
    reader.check(plain[-1:] == b"\x80" and len(padded) - len(plain) < 32, "bad-padding")
    try: return plain[:-1].decode()
    except UnicodeDecodeError: raise reader.Refused("bad-text") from None


def one_case(letter):  # section 8: by one-to-one mappings, so ß stays
    return letter.upper().lower() if len(letter.upper()) == 1 and len(letter.upper().lower()) == 1 else letter


def digest(key, column, text):
    normal = "".join(map(one_case, unicodedata.normalize("NFKC", text).strip()))
    return reader.hmac.digest(reader.expand(key, b"digest", b"\0" + column.encode()), normal.encode(), "sha256")[:16]


def run(case, bodies, taken):
    def raw(name): return b"".join(expand(case[name], bodies))
    key, place, kind = bytes.fromhex(case.get("key", "")), case.get("place"), case["kind"]
    if kind == "object":
        return taken.all_of(reader.read_alone(io.BytesIO(raw("sealed")), key, place and tuple(place[name] for name in ("tenant", "owner", "object", "role"))))
    if kind == "wrap":
        opened, opened_id = reader.unwrap(raw("sealed"), key, case["keyId"], place["kind"], place["tenant"], place.get("owner", reader.ZERO))
        return {"key": opened.hex(), "keyId": opened_id}
    if kind == "manifest":
        doc = reader.document(raw("text"), reader.MANIFEST, tuple(place.values()))
        return {"assets": len(doc["assets"]), "segments": sum(len(a["segments"]) for a in doc["assets"]), "length": sum(a["length"] for a in doc["assets"])}
    if kind == "card":
        doc = reader.document(raw("text"), reader.CARD, tuple(place.values()))
        return {"card": doc} if "card" in case["expect"] else {"people": len(doc["people"])}
    if kind == "recording":
        bucket = Bucket({name: b"".join(expand(pieces, bodies)) for name, pieces in case["objects"].items()})
        at = case["tenant"], case["recording"]
        key, doc = reader.newest(bucket, bytes.fromhex(case["rootKey"]), *at, digest=case.get("digest"))
        if wanted := case.get("read"):
            asset = next(a for a in doc["assets"] if a["id"] == wanted["asset"])
            return taken.all_of(reader.read_asset(bucket, key, *at, asset, wanted["offset"], wanted["offset"] + wanted["length"]))
        assets = []
        for asset in doc["assets"]:
            one = Taken()
            try: content = one.all_of(reader.read_asset(bucket, key, *at, asset))
            finally: taken.length += one.length
            assets.append({name: asset[name] for name in ("id", "role", "mediaType")} | content)
        return {"assets": assets}
    if kind == "sealed-text": return {"text": sealed_text(raw("sealed"), key, case["generation"], case["tenant"], case["row"], case["column"])}
    if kind == "xaes": return {"plaintext": reader.xaes(key, bytes.fromhex(case["nonce"]), raw("sealed"), bytes.fromhex(case["aad"])).hex()}
    if kind == "root-id": return {"keyId": reader.text_id(reader.expand(key, b"root.id", b"", 16))}
    if kind == "digest": return {"digest": digest(key, case["column"], case["text"]).hex()}
    raise ValueError(f"unknown kind {kind}")


def main(folder):
    files, wrong = sorted((folder / "cases").glob("*.json")), 0
    for file in files:
        case, taken = json.loads(file.read_bytes()), Taken()
        expect = dict(case["expect"])
        most = expect.pop("released", 0)
        try: got = {"result": "ok"} | run(case, folder / "bodies", taken)
        except reader.Refused as refused: got = {"result": str(refused)} | ({"released": taken.length} if taken.length > most else {})
        if got != expect or case["name"] != file.stem:
            wrong += 1
            print(f"{file.stem}: expected {expect}, got {got}")
    print(f"{len(files)} cases, {wrong} wrong")
    return 1 if wrong or not files else 0


if __name__ == "__main__":
    sys.exit(main(Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent))
