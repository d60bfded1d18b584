#!/usr/bin/python3
"""Opens what a vault stored, from a copy of its bucket and its root key. Written from docs/sealed-format.md alone (its sections in brackets).
open.py list      --root-key FILE --store DIR
open.py recording --root-key FILE --store DIR --tenant ID --recording ID -o FOLDER
open.py object    --root-key FILE --store DIR --object NAME -o FILE
"""
import argparse, datetime, hashlib, hmac, json, mimetypes, os, re, sys, uuid
from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

ZERO, ID, WORD = str(uuid.UUID(int=0)), "[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}", "[a-z0-9][a-z0-9!#$&^_.+-]{0,62}"
FOLDERS = ("manifest original rendition poster thumbnails waveform captions transcript chat layout search-words evidence export-package"
           " marked-front card").split()  # role 1 is the first [4]

class Refused(Exception): pass  # its text is a failure class [13]
def check(truth, failure="bad-member"):
    if not truth: raise Refused(failure)

def expand(key, label, context=b"\0", n=32): return hmac.digest(key, b"recordingvault.v1." + label + context + b"\1", "sha256")[:n]  # [1]
def text_id(raw): return str(uuid.UUID(bytes=bytes(raw)))
def gcm(key, nonce, sealed, aad=None):
    try: return AESGCM(key).decrypt(nonce, sealed, aad)
    except InvalidTag: raise Refused("damaged") from None

def xaes(key, nonce, sealed, aad):  # [1]
    aes = lambda block: Cipher(algorithms.AES(key), modes.ECB()).encryptor().update(block.to_bytes(16, "big"))
    l = int.from_bytes(aes(0), "big")
    k1 = l << 1 & (1 << 128) - 1 ^ (0x87 if l >> 127 else 0)
    return gcm(b"".join(aes(k1 ^ int.from_bytes(bytes([0, i, 0x58, 0]) + nonce[:12], "big")) for i in (1, 2)), nonce[12:], sealed, aad)

def unwrap(wrap, key, key_id, kind, tenant, owner=ZERO, wrapped=None):  # [3]
    check(len(wrap) >= 72, "bad-length")
    for good, failure in ((wrap[:4] == b"RVK1", "unknown-magic"), (wrap[4] == 1, "unknown-version"), (wrap[5] == 1, "unknown-suite"),
                          (1 <= wrap[6] <= 9, "unknown-kind"), (wrap[7] == 0, "reserved-not-zero"), (len(wrap) == 176, "bad-length")):
        check(good, failure)
    by, of, whose, new = (text_id(wrap[i:i + 16]) for i in (8, 24, 40, 56))
    check((wrap[6] == 8 or (of == ZERO) == (wrap[6] in (1, 9))) and (whose == ZERO) != (wrap[6] in (4, 5, 6, 7)), "wrong-place")
    check(wrap[6] == kind, "wrong-kind")
    check((of, whose) == (tenant, owner) and wrapped in (None, new), "wrong-place")
    check(by == key_id and hmac.compare_digest(expand(key, b"wrap.commitment", b"\0" + wrap[:96]), wrap[96:128]), "wrong-key")
    return xaes(expand(key, b"wrap"), wrap[72:96], wrap[128:], wrap[:72]), new

def derive(key, head, use): return expand(hmac.digest(head[64:96], key, "sha256"), b"object." + use, b"\0" + head[:96])  # [4]
def chunk(file, object_key, i, is_last, size):
    sealed = (file.seek(128 + i * 65552), file.read(size + 16))[1]
    check(len(sealed) == size + 16, "truncated")
    return gcm(object_key, i.to_bytes(11, "big") + bytes([is_last]), sealed)

def read_alone(file, key, place=None):  # place: tenant, owner, object, role
    n, head = file.seek(0, 2), (file.seek(0), file.read(128))[1]
    check(n >= 128, "bad-length")
    for good, failure in ((head[:8] == b"\x89RVS\r\n\x1a\n", "unknown-magic"), (head[8] == 1, "unknown-version"), (head[9] == 1, "unknown-suite"),
                          (head[10] == 16, "bad-chunk-size"), (1 <= head[11] <= 15, "unknown-role"), (not any(head[12:16]), "reserved-not-zero")):
        check(good, failure)
    last = (n - 129) // 65552
    rest = n - 144 - last * 65552
    check(n == 144 or last >= 0 and rest > 0 and last * 65536 + rest <= 1 << 36, "bad-length")
    check(place in (None, (text_id(head[16:32]), text_id(head[32:48]), text_id(head[48:64]), head[11])), "wrong-place")
    check(hmac.compare_digest(derive(key, head, b"commitment"), head[96:]), "wrong-key")
    object_key = derive(key, head, b"key")
    tail = chunk(file, object_key, last, True, rest)  # before anything leaves: it finds every cut and every added chunk
    for i in range(last): yield chunk(file, object_key, i, False, 65536)
    yield tail

def read_segment(file, key, place, salt, length, start, stop):  # through a manifest: the header is rebuilt, not read
    head = b"\x89RVS\r\n\x1a\n" + bytes([1, 1, 16, place[3], 0, 0, 0, 0]) + b"".join(uuid.UUID(i).bytes for i in place[:3]) + salt
    object_key, last = derive(key, head, b"key"), (length - 1) // 65536
    for i in range(start // 65536, (stop - 1) // 65536 + 1):
        yield chunk(file, object_key, i, i == last, min(65536, length - i * 65536))[max(0, start - i * 65536):stop - i * 65536]

def fit(x, shape):  # a dict has these members, a list at most so many of these, a string this pattern, an int this range
    if type(shape) is dict: check(type(x) is dict and x.keys() == shape.keys()); [fit(x[name], shape[name]) for name in shape]
    elif type(shape) is list: check(type(x) is list); check(len(x) <= shape[0], "over-limit"); [fit(one, shape[1]) for one in x]
    elif type(shape) is str: check(type(x) is str and re.fullmatch(shape, x))
    elif type(shape) is range: check(type(x) is int and x in shape)
    else: shape(x)

def null_or(shape): return lambda x: x is None or fit(x, shape)
def text(most): return null_or(lambda x: (fit(x, "[^\0-\x1f\x7f\ud800-\udfff]*"), check(len(x.encode()) <= most, "over-limit")))
def day(x): fit(x, "[0-9]{4}-[0-9]{2}-[0-9]{2}"), datetime.date.fromisoformat(x)
def time(x): fit(x, "[0-9-]{10}T([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]Z"), day(x[:10])

START = {"format": range(1, 2), "tenant": ID, "recording": ID, "seq": range(1, 1 << 53)}
SEGMENT = {"id": ID, "salt": "[0-9a-f]{64}", "length": range(1 << 80)}
ASSET = {"id": ID, "role": lambda x: (fit(x, range(2, 15)), check(x not in (12, 13))), "mediaType": f"{WORD}/{WORD}", "length": range(1 << 80),
         "segments": [65536, SEGMENT]}
MANIFEST = {**START, "previous": null_or("[0-9a-f]{64}"), "assets": [4096, ASSET]}  # [5]
CARD = {**START, "title": text(4096), "recordedAt": null_or(time), "people": [1000, {"name": text(1024), "email": text(1024)}],  # [6]
        "usageTag": "[a-z0-9-]{1,64}", "label": "public|internal|confidential|restricted", "holdSet": lambda x: check(type(x) is bool),
        "retentionDate": null_or(day)}

def document(raw, shape, place):  # [5] strict JSON; digits alone make an int, any other number a float
    def once(pairs):
        if len(dict(pairs)) < len(pairs): raise ValueError("a member twice")
        return dict(pairs)
    def depth(x): return 1 + max(map(depth, x.values() if type(x) is dict else x), default=0) if type(x) in (dict, list) else 0
    try:
        doc = json.loads(raw.decode(), object_pairs_hook=once, parse_int=lambda s: float(s) if s[0] == "-" else int(s[:20]), parse_constant=int)
        if depth(doc) > 8: raise ValueError("too deep")
    except (ValueError, RecursionError): raise Refused("not-json") from None
    check(type(doc) is dict and type(doc.get("format")) is int and doc["format"] == 1, "unknown-format")
    try: fit(doc, shape)
    except ValueError: raise Refused("bad-member") from None  # no such day
    if shape is MANIFEST:
        check((doc["previous"] is None) == (doc["seq"] == 1))
        parts = [part for asset in doc["assets"] for part in asset["segments"]]
        check(all(1 <= part["length"] <= 4 << 20 for part in parts), "length-sum")
        check(all(sum(part["length"] for part in asset["segments"]) == asset["length"] for asset in doc["assets"]), "length-sum")
        check(all(len({one["id"] for one in ids}) == len(ids) for ids in (doc["assets"], parts)), "repeated-id")
    check((doc["tenant"], doc["recording"], doc["seq"]) == place, "wrong-place")
    return doc

class Store:  # [9] name to path; a directory of two hex digits is no part of a name, what begins with a dot is no object
    def __init__(self, folder):
        paths = [os.path.relpath(os.path.join(at, file), folder) for at, _, files in os.walk(folder) for file in files]
        self.files = {re.sub("(?<=/)[0-9a-f]{2}/", "", "/" + path)[1:]: os.path.join(folder, path) for path in paths if not re.search(r"(^|/)\.", path)}
    def names(self, folder): return sorted(name for name in self.files if name.startswith(folder))
    def file(self, name):
        check(name in self.files, "missing")
        return open(self.files[name], "rb")

def keys(store, folder, parents, kind, tenant, owner=ZERO):  # all that open
    names, opened, failure = store.names(folder), [], Refused("wrong-key")
    check(names, "missing")
    for name, (parent, parent_id) in ((name, parent) for name in names for parent in parents if name.startswith(folder + parent[1] + "-")):
        try: opened.append(unwrap(store.file(name).read(4096), parent, parent_id, kind, tenant, owner, name[-36:]))
        except Refused as refused: failure = refused
    if not opened: raise failure
    return opened

def read_named(store, root, name):  # one object, alone; of several keys of its owner the commitment says which
    part = re.fullmatch(f"t/({ID})/([rex])/({ID})/([a-z-]+)/([0-9]{{16}}-)?({ID})", name)
    check(part and part[4] in FOLDERS, "missing")
    tenant, owner, role, file = part[1], part[3], FOLDERS.index(part[4]) + 1, store.file(name)
    check(role not in (1, 15) or file.seek(0, 2) <= 16 << 20, "over-limit")
    parents = keys(store, f"t/{tenant}/key/", [(root, text_id(expand(root, b"root.id", b"", 16)))], 2, tenant)
    candidates = keys(store, f"t/{tenant}/{part[2]}/{owner}/key/", parents, {"r": 4, "e": 6, "x": 7}[part[2]], tenant, owner)
    for key, key_id in candidates:
        try: return (yield from ((key, plain) for plain in read_alone(file, key, (tenant, owner, part[6], role))))
        except Refused as refused:
            if str(refused) != "wrong-key" or key_id == candidates[-1][1]: raise

def newest(store, root, tenant, recording, folder="manifest", digest=None):
    names = store.names(f"t/{tenant}/r/{recording}/{folder}/")
    check(names, "missing")
    check(digest in (None, hashlib.sha256(store.file(names[-1]).read(16 << 20)).hexdigest()), "wrong-digest")
    opened = list(read_named(store, root, names[-1]))
    place = tenant, recording, int(names[-1].split("/")[-1][:16])
    return opened[0][0], document(b"".join(plain for _, plain in opened), MANIFEST if folder == "manifest" else CARD, place)

def read_asset(store, key, tenant, recording, asset, start=0, stop=1 << 63):
    at = 0
    for part in asset["segments"]:
        low, high = max(0, start - at), min(part["length"], stop - at)
        if low < high:
            with store.file(f"t/{tenant}/r/{recording}/{FOLDERS[asset['role'] - 1]}/{part['id']}") as file:
                yield from read_segment(file, key, (tenant, recording, part["id"], asset["role"]), bytes.fromhex(part["salt"]), part["length"], low, high)
        at += part["length"]

def write(path, parts):  # for the owner's eyes, whole or not at all, and never over what is there
    with open(os.open(path + ".part", os.O_WRONLY | os.O_CREAT | os.O_TRUNC, 0o600), "wb") as file:
        for part in parts: file.write(part)
    os.link(path + ".part", path), os.unlink(path + ".part")

def main():
    asked = argparse.ArgumentParser(usage=__doc__)
    asked.add_argument("what", choices=("list", "recording", "object"))
    for name in "--root-key", "--store", "--tenant", "--recording", "--object", "-o": asked.add_argument(name)
    asked = asked.parse_args()
    raw, store = open(asked.root_key, "rb").read(), Store(asked.store)
    root = raw if len(raw) == 32 else bytes.fromhex(raw.decode().strip())
    if asked.what == "object": return write(asked.o, (plain for _, plain in read_named(store, root, asked.object)))
    if asked.what == "list": return print(*sorted({name.split("/manifest/")[0] for name in store.names("t/") if "/manifest/" in name}), sep="\n")
    key, doc = newest(store, root, asked.tenant, asked.recording)
    os.makedirs(asked.o, 0o700, exist_ok=True)
    try: write(os.path.join(asked.o, "card.json"), [json.dumps(newest(store, root, asked.tenant, asked.recording, "card")[1], indent=2).encode() + b"\n"])
    except Refused as refused: print(f"no card: {refused}", file=sys.stderr)
    for asset in doc["assets"]:
        name = f"{FOLDERS[asset['role'] - 1]}-{asset['id']}{mimetypes.guess_extension(asset['mediaType']) or ''}"
        write(os.path.join(asked.o, name), read_asset(store, key, asked.tenant, asked.recording, asset))

if __name__ == "__main__":
    try: main()
    except Refused as refused: sys.exit(f"refused: {refused}")
