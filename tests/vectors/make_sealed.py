"""Cases of sealed objects, wraps, sealed text, and the primitives below them."""
import hashlib
import unicodedata
from uuid import UUID

from make import (KEY, OBJECT, OTHER, OTHER_KEY, OWNER, TENANT, WRAPPING_KEY, ZERO, body, case, flip, head, hkdf_expand, mac, object_id, object_keys,
                  pad, part, pattern, plain, refused, root_id, salt_of, seal, seal_chunk, seal_text, wrap, xaes_gcm)


def write():
    objects()
    long_objects()
    wraps()
    texts()
    primitives()


def place(role=2, tenant=TENANT, owner=OWNER, object_id=OBJECT):
    return {"tenant": str(tenant), "owner": str(owner), "object": str(object_id), "role": role}


def one(name, about, sealed, expect, at=place(), key=KEY):
    given = {"place": at} if at else {}
    case(f"object-{name}", "object", about, expect, key=key, **given, sealed=sealed)


def objects():
    abc = seal(b"abc")
    assert len(abc) == 147 and abc[128:].hex() == "2baa6a6246332bb3c5ae5942e61de6897a8fca"
    assert abc[96:128].hex() == "2f3b7085201f818c86d03bf83154a31acd947a5ebe259e6a75f86e4be0fd78fc"
    one("known-answer", "The known answer of the document: three bytes, one chunk.", abc, plain(b"abc"))
    one("no-place", "Read without asking for a place: the header is believed.", abc, plain(b"abc"), at=None)
    one("empty", "An empty object: one chunk that is a tag alone.", seal(b""), plain(b""))
    one("one-byte", "The shortest object with content.", seal(b"a"), plain(b"a"))
    for role in (1, 12, 13, 15):
        one(f"role-{role}", f"Role {role} seals like any other.", seal(b"abc", role=role), plain(b"abc"), at=place(role))

    fields = [("magic", 3, "unknown-magic"), ("version", 8, "unknown-version"), ("suite", 9, "unknown-suite"), ("chunk-size", 10, "bad-chunk-size"),
              ("reserved-first", 12, "reserved-not-zero"), ("reserved-last", 15, "reserved-not-zero"), ("salt-first", 64, "wrong-key"),
              ("salt-last", 95, "wrong-key"), ("commitment-first", 96, "wrong-key"), ("commitment-last", 127, "wrong-key"),
              ("body", 129, "damaged"), ("tag", 146, "damaged")]
    for field, offset, failure in fields:
        one(f"flipped-{field}", f"One bit of {field.replace('-', ', ')} byte is not as it was sealed.", flip(abc, offset), refused(failure))
    for field, offset in (("role", 11), ("tenant", 31), ("owner", 47), ("object-id", 63)):
        about = f"One bit of the {field.replace('-', ' ')} in the header is changed; "
        one(f"flipped-{field}", about + "the place says what it should be.", flip(abc, offset), refused("wrong-place"))
        one(f"flipped-{field}-no-place", about + "no place is asked for, the commitment finds it.", flip(abc, offset), refused("wrong-key"), at=None)

    one("chunk-size-17", "Chunks of 128 KiB are not version 1, whatever else agrees.", abc[:10] + b"\x11" + abc[11:], refused("bad-chunk-size"))
    for role in (0, 16, 255):
        one(f"unknown-role-{role}", f"Role {role} means nothing in version 1; sealed by its own header.", seal(b"abc", role=role), refused("unknown-role"), at=None)
    one("version-2", "A version that is not known yet.", abc[:8] + b"\x02" + abc[9:], refused("unknown-version"))
    reserved = bytearray(head())
    reserved[13] = 1
    object_key, commitment = object_keys(KEY, bytes(reserved))
    one("reserved-sealed-so", "A reserved byte is set, and the writer sealed it so: the commitment agrees, and it is refused all the same.",
        bytes(reserved) + commitment + seal_chunk(object_key, 0, True, b"abc"), refused("reserved-not-zero"))

    one("wrong-key", "Another owner's key.", abc, refused("wrong-key"), key=OTHER_KEY)
    one("wrong-tenant", "Whole and good, but another tenant's.", seal(b"abc", tenant=OTHER), refused("wrong-place"))
    one("wrong-owner", "Whole and good, but another recording's, sealed under the same key.", seal(b"abc", owner=OTHER), refused("wrong-place"))
    one("wrong-object", "Whole and good, but its id is not the last part of its name.", seal(b"abc", object_id=OTHER), refused("wrong-place"))
    one("wrong-role", "A poster where an original segment is asked for, under the same object id.", seal(b"abc", role=4), refused("wrong-place"))
    renamed = abc[:11] + b"\x04" + abc[12:]
    one("same-id-other-role", "Sealed as role 2, then its role byte was set to 4, and role 4 is asked for.", renamed, refused("wrong-key"), at=place(4))
    other = object_keys(OTHER_KEY, head())[1]
    one("commitment-of-another-key", "The header is right and the chunk opens under our key, but the commitment is that of another key.",
        abc[:96] + other + abc[128:], refused("wrong-key"))
    one("body-of-another-key", "The commitment is ours, but the chunk was sealed under another key.",
        abc[:128] + seal(b"abc", key=OTHER_KEY)[128:], refused("damaged"))
    mixed = head(id_bytes=lambda u: u.bytes_le, tenant=object_id(1), owner=object_id(2), object_id=object_id(3))
    object_key, commitment = object_keys(KEY, mixed)
    mixed += commitment + seal_chunk(object_key, 0, True, b"abc")
    one("mixed-endian-ids", "The writer put ids in mixed-endian order; all the rest agrees with that header.", mixed, refused("wrong-place"),
        at=place(2, object_id(1), object_id(2), object_id(3)))

    for length in (0, 1, 127, 128, 143):
        one(f"length-{length}", f"{length} bytes: no plaintext has so short an object.", abc[:length], refused("bad-length"))
    one("cut-by-one", "The last byte is gone.", abc[:-1], refused("damaged"))
    one("cut-to-144", "Cut so that it looks like an empty object.", abc[:144], refused("damaged"))
    one("extended-by-one", "One byte more than was sealed.", abc + b"\x00", refused("damaged"))
    object_key, commitment = object_keys(KEY, head())
    start = head() + commitment
    one("last-flagged-00", "The only chunk was sealed as if another followed.", start + seal_chunk(object_key, 0, False, b"abc"), refused("damaged"))
    one("first-numbered-1", "The only chunk was sealed with number 1.", start + seal_chunk(object_key, 1, True, b"abc"), refused("damaged"))
    one("empty-with-two-chunks", "Two empty chunks, 00 and 01, in place of one.",
        start + seal_chunk(object_key, 0, False, b"") + seal_chunk(object_key, 1, True, b""), refused("damaged"))


def long_objects():
    def make(name, n, length):
        data = seal(pattern(length), object_id=object_id(n), salt=salt_of(name))
        return data, body(name + ".bin", data), place(object_id=object_id(n))

    exact, exact_file, exact_at = make("one-chunk", 0x10, 65536)
    _, over_file, over_at = make("one-over", 0x11, 65537)
    two, two_file, two_at = make("two-chunks", 0x12, 131072)
    three, _, three_at = make("three-chunks", 0x13, 131073)
    first, second, third = (part("three-chunks.bin", 128 + i * 65552, min(len(three), 128 + (i + 1) * 65552)) for i in range(3))
    start = part("three-chunks.bin", 0, 128)

    one("exactly-one-chunk", "65,536 bytes: one full chunk and no empty one after it.", exact_file, plain(pattern(65536)), exact_at)
    one("one-byte-over", "65,537 bytes: a full chunk and one byte.", over_file, plain(pattern(65537)), over_at)
    one("exactly-two-chunks", "131,072 bytes: two full chunks.", two_file, plain(pattern(131072)), two_at)
    one("three-chunks", "131,073 bytes: two full chunks and one byte.", [start, first, second, third], plain(pattern(131073)), three_at)
    one("three-chunks-swapped", "Chunks 0 and 1 stand in each other's place.", [start, second, first, third], refused("damaged"), three_at)
    one("three-chunks-reordered", "The last chunk stands first.", [start, third, first, second], refused("damaged"), three_at)
    one("three-chunks-repeated", "Chunk 0 stands twice, chunk 1 is gone.", [start, first, first, third], refused("damaged", 65536), three_at)
    one("three-chunks-middle-gone", "Chunk 1 is gone; the last one still is the last.", [start, first, third], refused("damaged"), three_at)
    one("cut-at-a-chunk-edge", "The last chunk is gone: chunk 1 now looks like the last one.", [start, first, second], refused("damaged"), three_at)
    one("cut-inside-a-chunk", "Cut in the middle of chunk 1.", [part("three-chunks.bin", 0, 100000)], refused("damaged"), three_at)
    cut = 128 + 65552 + 16
    one("cut-to-no-length", "Cut 16 bytes into chunk 1: no plaintext gives this length.", [part("three-chunks.bin", 0, cut)], refused("bad-length"), three_at)
    one("extended-by-a-tag", "16 bytes after a full last chunk: no plaintext gives this length.", two_file + [{"repeat": "00", "times": 16}], refused("bad-length"), two_at)
    one("extended-by-a-chunk", "The last chunk stands twice.", two_file + [part("two-chunks.bin", 128 + 65552, len(two))], refused("damaged"), two_at)
    one("changed-chunk-1", "One bit of the second of three chunks is changed: the first may leave before it is found.",
        [start, first, {"hex": flip(three[128 + 65552:128 + 65554], 0).hex()}, part("three-chunks.bin", 128 + 65554, len(three))], refused("damaged", 65536), three_at)
    one("changed-last-chunk", "One bit of the last of three chunks is changed: nothing may leave.",
        [start, first, second, {"hex": flip(three[-17:], 0).hex()}], refused("damaged"), three_at)
    one("chunk-of-another-object", "Chunk 0 comes from another object of the same owner.", [start, part("two-chunks.bin", 128, 128 + 65552), second, third],
        refused("damaged"), three_at)

    object_key, _ = object_keys(KEY, exact[:96])
    extra = seal_chunk(object_key, 1, True, b"extra")
    one("chunk-after-the-last", "A full chunk flagged as last, then another one, flagged as last as well.", exact_file + [{"hex": extra.hex()}], refused("damaged"), exact_at)
    empty = seal_chunk(object_key, 1, True, b"")
    one("full-chunk-then-empty", "A full chunk flagged 00, then an empty last one, as another format would write 65,536 bytes.",
        [part("three-chunks.bin", 0, 128), first, {"hex": empty.hex()}], refused("bad-length"), three_at)


def wraps():
    wrapping_id, wrapped_id = object_id(0x66), object_id(0x77)
    known = wrap(WRAPPING_KEY, wid(0x66), 4, TENANT, OWNER, wid(0x77))
    assert known[96:128].hex() == "49bcd62960045a8e40f1ebc493cb454c79d73ffdeb447dad4c1891c5039d8165"
    assert known[128:].hex() == "e6a5366f0bac7298eaf209d13a67662b73639434462e68c47e5f082fc42f782d99c5e168eb16d1030d118718739c0965"
    at = {"kind": 4, "tenant": str(TENANT), "owner": str(OWNER)}
    good = {"result": "ok", "key": KEY.hex(), "keyId": str(wid(0x77))}

    def one_wrap(name, about, sealed, expect, place=at, key=WRAPPING_KEY, key_id=wid(0x66)):
        case(f"wrap-{name}", "wrap", about, expect, key=key, keyId=key_id, place=place, sealed=sealed)

    one_wrap("known-answer", "The known answer of the document: a recording's key.", known, good)
    kinds = [(1, "vault", ZERO, ZERO), (2, "tenant", TENANT, ZERO), (3, "tenant-data", TENANT, ZERO), (5, "contact", TENANT, OWNER), (6, "evidence", TENANT, OWNER),
             (7, "export", TENANT, OWNER), (8, "signing-of-a-tenant", TENANT, ZERO), (8, "signing-of-the-vault", ZERO, ZERO), (9, "data-protection", ZERO, ZERO)]
    for kind, name, tenant, owner in kinds:
        sealed = wrap(WRAPPING_KEY, wrapping_id, kind, tenant, owner, wrapped_id, nonce=salt_of(name)[:24])
        where = {"kind": kind, "tenant": str(tenant)} | ({"owner": str(owner)} if owner != ZERO else {})
        one_wrap(f"kind-{name}", f"A wrap of kind {kind}.", sealed, {"result": "ok", "key": KEY.hex(), "keyId": str(wrapped_id)}, where, key_id=wrapping_id)

    for field, offset, failure in (("magic", 0, "unknown-magic"), ("version", 4, "unknown-version"), ("suite", 5, "unknown-suite"), ("kind", 6, "wrong-kind"),
                                   ("reserved", 7, "reserved-not-zero"), ("wrapping-key-id", 23, "wrong-key"), ("tenant", 39, "wrong-place"),
                                   ("owner", 55, "wrong-place"), ("wrapped-key-id", 71, "wrong-key"), ("nonce", 95, "wrong-key"), ("commitment", 127, "wrong-key"),
                                   ("ciphertext", 128, "damaged"), ("tag", 175, "damaged")):
        one_wrap(f"flipped-{field}", f"One bit of the {field.replace('-', ' ')} is changed.", flip(known, offset), refused(failure))
    one_wrap("suite-2", "A key service's own wrap, and no key service.", known[:5] + b"\x02" + known[6:72] + (4).to_bytes(4, "big") + b"blob", refused("unknown-suite"))
    for kind in (0, 10):
        one_wrap(f"unknown-kind-{kind}", f"Kind {kind} means nothing in version 1.", wrap(WRAPPING_KEY, wid(0x66), kind, TENANT, OWNER, wid(0x77)), refused("unknown-kind"))
    one_wrap("wrong-kind", "An export's key where a recording's is asked for.", wrap(WRAPPING_KEY, wid(0x66), 7, TENANT, OWNER, wid(0x77)), refused("wrong-kind"))
    one_wrap("another-tenant", "Another tenant's wrap, sealed under the key in hand.", wrap(WRAPPING_KEY, wid(0x66), 4, OTHER, OWNER, wid(0x77)), refused("wrong-place"))
    one_wrap("another-owner", "Another recording's wrap.", wrap(WRAPPING_KEY, wid(0x66), 4, TENANT, OTHER, wid(0x77)), refused("wrong-place"))
    one_wrap("no-tenant", "A recording's key without a tenant.", wrap(WRAPPING_KEY, wid(0x66), 4, ZERO, OWNER, wid(0x77)), refused("wrong-place"))
    one_wrap("no-owner", "A recording's key without a recording.", wrap(WRAPPING_KEY, wid(0x66), 4, TENANT, ZERO, wid(0x77)), refused("wrong-place"))
    one_wrap("tenant-key-with-owner", "A tenant's key that names an owner.", wrap(WRAPPING_KEY, wid(0x66), 2, TENANT, OWNER, wid(0x77)), refused("wrong-place"),
             {"kind": 2, "tenant": str(TENANT)})
    one_wrap("vault-key-with-tenant", "The vault's key that names a tenant.", wrap(WRAPPING_KEY, wid(0x66), 1, TENANT, ZERO, wid(0x77)), refused("wrong-place"),
             {"kind": 1, "tenant": str(TENANT)})
    one_wrap("wrong-key", "The id is that of the key in hand, the key is not.", known, refused("wrong-key"), key=OTHER_KEY)
    one_wrap("wrong-key-id", "Wrapped by a key with another id.", known, refused("wrong-key"), key_id=OTHER)
    foreign = wrap(OTHER_KEY, wid(0x66), 4, TENANT, OWNER, wid(0x77))
    one_wrap("commitment-of-another-key", "The ciphertext opens under our key, but the commitment is that of another key.", known[:96] + foreign[96:128] + known[128:], refused("wrong-key"))
    one_wrap("mixed-endian-ids", "The writer put ids in mixed-endian order.", wrap_mixed(), refused("wrong-place"),
             {"kind": 4, "tenant": str(object_id(1)), "owner": str(object_id(2))})
    for length, failure in ((0, "bad-length"), (71, "bad-length"), (72, "bad-length"), (175, "bad-length")):
        one_wrap(f"length-{length}", f"Cut to {length} bytes.", known[:length], refused(failure))
    one_wrap("length-177", "One byte more.", known + b"\x00", refused("bad-length"))


def wid(byte):
    return UUID(bytes=bytes([byte] * 16))


def wrap_mixed():
    class Mixed:
        def __init__(self, value):
            self.bytes = value.bytes_le
    return wrap(WRAPPING_KEY, wid(0x66), 4, Mixed(object_id(1)), Mixed(object_id(2)), Mixed(object_id(3)))


def texts():
    def one_text(name, about, sealed, expect, key=KEY, generation=1, tenant=TENANT, row=OBJECT, column="recordings.title"):
        case(f"sealed-text-{name}", "sealed-text", about, expect, key=key, generation=generation, tenant=tenant, row=row, column=column, sealed=sealed)

    for name, text in (("good", "Coaching, third session"), ("empty", ""), ("31-bytes", "x" * 31), ("32-bytes", "x" * 32), ("33-bytes", "x" * 33),
                       ("beyond-ascii", "Größe 會議 🎙"), ("long", "word " * 1000)):
        one_text(name, f"{len(text.encode())} bytes of text.", seal_text(pad(text)), {"result": "ok", "text": text})
    one_text("ends-in-nul", "A text that itself ends in U+0000 comes back whole.", seal_text(pad("a\0\0")), {"result": "ok", "text": "a\0\0"})
    one_text("of-the-vault", "A member's column: the vault key, tenant id zero.", seal_text(pad("Anna Ek"), tenant=ZERO, column="members.name"),
             {"result": "ok", "text": "Anna Ek"}, tenant=ZERO, column="members.name")
    one_text("generation-7", "Under the seventh key.", seal_text(pad("a"), generation=7), {"result": "ok", "text": "a"}, generation=7)
    good = seal_text(pad("Coaching, third session"))
    one_text("wrong-row", "Moved to another row.", good, refused("damaged"), row=OTHER)
    one_text("wrong-column", "Moved to another column.", good, refused("damaged"), column="recordings.note")
    one_text("wrong-tenant", "Moved to another tenant.", good, refused("damaged"), tenant=OTHER)
    one_text("wrong-key", "Another owner's key.", good, refused("damaged"), key=OTHER_KEY)
    one_text("wrong-generation", "Sealed under the first key, and the second is in hand.", good, refused("wrong-generation"), generation=2)
    for field, offset, failure in (("version", 0, "unknown-version"), ("generation", 4, "wrong-generation"), ("nonce-first", 5, "damaged"), ("nonce-last", 28, "damaged"),
                                   ("ciphertext", 29, "damaged"), ("tag", len(good) - 1, "damaged")):
        one_text(f"flipped-{field}", f"One bit of {field.replace('-', ', ')} byte is changed.", flip(good, offset), refused(failure))
    for length in (0, 1, 45, len(good) - 1):
        one_text(f"length-{length}", f"Cut to {length} bytes.", good[:length], refused("bad-length"))
    one_text("no-padding", "Opens, but no 80 stands at its end.", seal_text(b"x" * 32), refused("bad-padding"))
    one_text("padding-of-zeros", "Opens, but is zeros alone.", seal_text(bytes(32)), refused("bad-padding"))
    one_text("padding-too-long", "The 80 stands before the last 32 bytes.", seal_text(b"x\x80" + bytes(62)), refused("bad-padding"))
    one_text("not-utf8", "Opens, but is not UTF-8.", seal_text(pad(b"\xff\xfe")), refused("bad-text"))


def primitives():
    def xaes(name, about, key, nonce, plaintext, aad, known=None):
        sealed = xaes_gcm(key, nonce, plaintext, aad)
        assert known is None or sealed.hex() == known
        case(f"xaes-{name}", "xaes", about, {"result": "ok", "plaintext": plaintext.hex()}, key=key, nonce=nonce, aad=aad, sealed=sealed)
        return sealed

    nonce = b"ABCDEFGHIJKLMNOPQRSTUVWX"
    xaes("c2sp-1", "The first published vector of C2SP.", b"\x01" * 32, nonce, b"XAES-256-GCM", b"", "ce546ef63c9cc60765923609b33a9a1974e96e52daf2fcf7075e2271")
    sealed = xaes("c2sp-2", "The second published vector of C2SP; its first block has the highest bit set.", b"\x03" * 32, nonce, b"XAES-256-GCM",
                  b"c2sp.org/XAES-256-GCM", "986ec1832593df5443a179437fd083bf3fdb41abd740a21f71eb769d")
    case("xaes-wrong-aad", "xaes", "Other associated data.", refused("damaged"), key=b"\x03" * 32, nonce=nonce, aad=b"c2sp.org/XAES-256", sealed=sealed)
    accumulated()

    for number, key in ((1, KEY), (2, WRAPPING_KEY)):
        case(f"root-id-{number}", "root-id", "A root key's id follows from the key.", {"result": "ok", "keyId": str(root_id(key))}, key=key)
    for name, column, text in (("mail", "members.email", "anna@example.org"), ("folded", "members.email", "  Anna@Example.ORG\t"), ("other-column", "contacts.email", "anna@example.org"),
                               ("compatibility", "matters.name", "Ｍüller Ａｎｄ Co"), ("combined", "matters.name", "müller and co")):
        normal = unicodedata.normalize("NFKC", text).strip().lower()
        digest = mac(hkdf_expand(KEY, b"digest", column.encode()), normal.encode())[:16]
        case(f"digest-{name}", "digest", f"The look-up digest of one value in {column}.", {"result": "ok", "digest": digest.hex()}, key=KEY, column=column, text=text)


def accumulated():
    """C2SP's accumulated vector: 10,000 random inputs. It is no case, it checks this program."""
    stream, total, taken = hashlib.shake_128().digest(40_000_000 // 8), hashlib.shake_128(), 0
    for _ in range(10_000):
        def take(n):
            nonlocal taken
            taken += n
            return stream[taken - n:taken]
        key, nonce = take(32), take(24)
        plaintext = take(take(1)[0])
        aad = take(take(1)[0])
        total.update(xaes_gcm(key, nonce, plaintext, aad))
    assert total.hexdigest(32) == "e6b9edf2df6cec60c8cbd864e2211b597fb69a529160cd040d56c0c210081939"
