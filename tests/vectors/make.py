#!/usr/bin/python3
"""make.py [FOLDER] writes cases/ and bodies/ anew, there or beside itself. An implementation of its own: it shares no line with open.py, nor with the server's library.

This file seals and writes; make_sealed.py, make_documents.py and make_recordings.py hold the cases. Running it twice changes no byte.
"""
import hashlib
import hmac
import json
import shutil
import sys
from pathlib import Path
from uuid import UUID

from cryptography.hazmat.primitives.ciphers import Cipher, algorithms, modes

HERE = Path(sys.argv[1]) if len(sys.argv) > 1 else Path(__file__).parent
MAGIC = bytes.fromhex("895256530d0a1a0a")

KEY = bytes(range(32))
OTHER_KEY = bytes([0xee] * 32)
WRAPPING_KEY = bytes([0x55] * 32)
TENANT, OWNER, OBJECT = (UUID(bytes=bytes([b] * 16)) for b in (0x11, 0x22, 0x33))
OTHER = UUID(bytes=bytes([0xaa] * 16))
ZERO = UUID(int=0)


def object_id(n):
    return UUID(f"0190163d-8694-7000-8000-{n:012x}")


def salt_of(name):
    return hashlib.sha256(name.encode()).digest()


def pattern(length):
    return (bytes(range(251)) * (length // 251 + 1))[:length]


def mac(key, *parts):
    return hmac.new(key, b"".join(parts), hashlib.sha256).digest()


def hkdf_expand(key, label, *context):
    return mac(key, b"recordingvault.v1." + label, b"\x00", *context, b"\x01")


def root_id(key):
    return UUID(bytes=mac(key, b"recordingvault.v1.root.id", b"\x01")[:16])


def aes_gcm(key, nonce, plaintext, aad=b""):
    encryptor = Cipher(algorithms.AES(key), modes.GCM(nonce)).encryptor()
    encryptor.authenticate_additional_data(aad)
    ciphertext = encryptor.update(plaintext) + encryptor.finalize()
    return ciphertext + encryptor.tag


def xaes_gcm(key, nonce, plaintext, aad=b""):
    aes = Cipher(algorithms.AES(key), modes.ECB())

    def block(data):
        return aes.encryptor().update(bytes(data))

    el = block(bytes(16))
    shifted = bytearray((el[i] << 1 | (el[i + 1] >> 7 if i < 15 else 0)) & 0xff for i in range(16))
    if el[0] & 0x80:
        shifted[15] ^= 0x87
    halves = []
    for number in (1, 2):
        m = bytes([0, number]) + b"X\x00" + nonce[:12]
        halves.append(block(a ^ b for a, b in zip(m, shifted)))
    return aes_gcm(halves[0] + halves[1], nonce[12:], plaintext, aad)


def head(role=2, tenant=TENANT, owner=OWNER, object_id=OBJECT, salt=b"\x44" * 32, id_bytes=lambda u: u.bytes):
    return MAGIC + bytes([1, 1, 16, role]) + bytes(4) + id_bytes(tenant) + id_bytes(owner) + id_bytes(object_id) + salt


def object_keys(key, head96):
    prk = mac(head96[64:], key)
    return hkdf_expand(prk, b"object.key", head96), hkdf_expand(prk, b"object.commitment", head96)


def seal_chunk(object_key, index, last, plaintext):
    return aes_gcm(object_key, index.to_bytes(11, "big") + (b"\x01" if last else b"\x00"), plaintext)


def seal(plaintext, key=KEY, **fields):
    head96 = head(**fields)
    object_key, commitment = object_keys(key, head96)
    chunks = [plaintext[i:i + 65536] for i in range(0, len(plaintext), 65536)] or [b""]
    return head96 + commitment + b"".join(seal_chunk(object_key, i, i == len(chunks) - 1, c) for i, c in enumerate(chunks))


def wrap(key, key_id, kind, tenant, owner, wrapped_id, wrapped=KEY, nonce=bytes(range(24)), suite=1, reserved=0):
    first = b"RVK1" + bytes([1, suite, kind, reserved]) + key_id.bytes + tenant.bytes + owner.bytes + wrapped_id.bytes
    commitment = hkdf_expand(key, b"wrap.commitment", first, nonce)
    return first + nonce + commitment + xaes_gcm(hkdf_expand(key, b"wrap"), nonce, wrapped, first)


def seal_text(padded, key=KEY, tenant=TENANT, row=OBJECT, column="recordings.title", generation=1, nonce=bytes(range(24)), version=1):
    aad = b"recordingvault.v1.column\x00" + tenant.bytes + row.bytes + column.encode()
    return bytes([version]) + generation.to_bytes(4, "big") + nonce + xaes_gcm(hkdf_expand(key, b"columns"), nonce, padded, aad)


def pad(text):
    raw = (text.encode() if isinstance(text, str) else text) + b"\x80"
    return raw + bytes(-len(raw) % 32)


def flip(data, offset, bit=0x01):
    return data[:offset] + bytes([data[offset] ^ bit]) + data[offset + 1:]


# Pieces of bytes, as README.md names them.

def pieces(data):
    return data if isinstance(data, list) else [{"hex": data.hex()}] if data else []


def part(file, start, stop):
    return {"file": file, "from": start, "length": stop - start}


def body(name, data):
    path = HERE / "bodies" / name
    path.parent.mkdir(exist_ok=True)
    path.write_bytes(data)
    return [part(name, 0, len(data))]


def plain(data):
    return {"result": "ok", "length": len(data), "sha256": hashlib.sha256(data).hexdigest()}


def refused(failure, released=0):
    return {"result": failure, "released": released}


written = set()


def case(name, kind, about, expect, **given):
    if name in written:
        sys.exit(f"two cases are named {name}")
    written.add(name)
    given = {k: v.hex() if isinstance(v, bytes) and k in ("key", "rootKey", "nonce", "aad") else str(v) if isinstance(v, UUID) else v for k, v in given.items()}
    for bytes_of in ("sealed", "text"):
        if isinstance(given.get(bytes_of), (bytes, list)):
            given[bytes_of] = pieces(given[bytes_of])
    text = json.dumps({"name": name, "about": about, "kind": kind, **given, "expect": expect}, indent=2, ensure_ascii=False)
    (HERE / "cases" / f"{name}.json").write_text(text + "\n")


def main():
    for folder in ("cases", "bodies"):
        shutil.rmtree(HERE / folder, ignore_errors=True)
        (HERE / folder).mkdir(parents=True)
    import make_documents
    import make_recordings
    import make_sealed
    make_sealed.write()
    make_documents.write()
    make_recordings.write()
    print(f"{len(written)} cases")


if __name__ == "__main__":
    sys.modules["make"] = sys.modules["__main__"]
    main()
