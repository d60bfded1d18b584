"""Cases of whole recordings: what a reader makes of a bucket."""
import hashlib
import json

from make import (KEY, OTHER, OTHER_KEY, OWNER, TENANT, ZERO, case, flip, head, object_id, part, pattern, pieces, refused, root_id, salt_of, seal, wrap)

ROOT, TENANT_KEY, TENANT_KEY_ID, KEY_ID = b"\x01" * 32, b"\x02" * 32, object_id(0x2000), object_id(0x3000)
AT, T = f"t/{TENANT}/r/{OWNER}/", f"t/{TENANT}/"
FOLDERS = {2: "original", 4: "poster", 7: "captions"}
LONG = ("three-chunks", object_id(0x13))  # sealed by make_sealed.py under the same key, tenant and owner
SECOND, CAPTIONS, SPARE = object_id(0x4002), object_id(0x4003), object_id(0x4004)
FIRST_MANIFEST, SECOND_MANIFEST = object_id(0x5001), object_id(0x5002)
ORIGINAL_ASSET, CAPTIONS_ASSET, EMPTY_ASSET = object_id(0x6001), object_id(0x6002), object_id(0x6003)
SECOND_PLAIN, CAPTIONS_PLAIN = b"0123456789", b"WEBVTT\n"
WHOLE = pattern(131073) + SECOND_PLAIN


def compact(doc):
    return json.dumps(doc, separators=(",", ":"), ensure_ascii=False).encode()


def small(object_id, plaintext, role=2, key=KEY, owner=OWNER):
    return seal(plaintext, key=key, role=role, owner=owner, object_id=object_id, salt=salt_of(str(object_id)))


def segment(object_id, length, salt=None):
    return {"id": str(object_id), "salt": (salt or salt_of(str(object_id))).hex(), "length": length}


def asset(id, role, media, *segments):
    return {"id": str(id), "role": role, "mediaType": media, "length": sum(s["length"] for s in segments), "segments": list(segments)}


def original(*segments):
    return asset(ORIGINAL_ASSET, 2, "video/mp4", *segments)


LONG_SEGMENT = segment(LONG[1], 131073, salt_of(LONG[0]))
ASSETS = [original(LONG_SEGMENT, segment(SECOND, 10)), asset(CAPTIONS_ASSET, 7, "text/vtt", segment(CAPTIONS, 7)), asset(EMPTY_ASSET, 8, "application/json")]


def manifest(assets, seq=1, previous=None, id=FIRST_MANIFEST, **changed):
    doc = {"format": 1, "tenant": str(TENANT), "recording": str(OWNER), "seq": seq, "previous": previous, "assets": assets} | changed
    return small(id, compact(doc), role=1)


def manifest_name(seq=1, id=FIRST_MANIFEST):
    return f"{AT}manifest/{seq:016d}-{id}"


def name(object_id, role=2):
    return f"{AT}{FOLDERS[role]}/{object_id}"


def key_objects():
    tenant = wrap(ROOT, root_id(ROOT), 2, TENANT, ZERO, TENANT_KEY_ID, TENANT_KEY, salt_of("tenant wrap")[:24])
    recording = wrap(TENANT_KEY, TENANT_KEY_ID, 4, TENANT, OWNER, KEY_ID, KEY, salt_of("recording wrap")[:24])
    return {f"{T}key/{root_id(ROOT)}-{TENANT_KEY_ID}": tenant, f"{AT}key/{TENANT_KEY_ID}-{KEY_ID}": recording}


TENANT_WRAP, RECORDING_WRAP = key_objects()


def bucket(assets=None, **more):
    assets = ASSETS if assets is None else assets
    return key_objects() | {manifest_name(): manifest(assets), name(LONG[1]): [part(LONG[0] + ".bin", 0, 128 + 131073 + 48)],
                            name(SECOND): small(SECOND, SECOND_PLAIN), name(CAPTIONS, 7): small(CAPTIONS, CAPTIONS_PLAIN, 7)}


def opened(*assets):
    return {"result": "ok", "assets": [{k: a[k] for k in ("id", "role", "mediaType", "length")} | {"sha256": hashlib.sha256(data).hexdigest()} for a, data in assets]}


EVERYTHING = opened((ASSETS[0], WHOLE), (ASSETS[1], CAPTIONS_PLAIN), (ASSETS[2], b""))


def one(name, about, objects, expect, root=ROOT, **given):
    case(f"recording-{name}", "recording", about, expect, rootKey=root, tenant=TENANT, recording=OWNER, **given, objects={n: pieces(data) for n, data in objects.items()})


def write():
    whole_recordings()
    ranges()
    manifests()
    segments()
    keys()


def whole_recordings():
    one("good", "An original of two segments, captions, and an empty asset.", bucket(), EVERYTHING)
    card = {"format": 1, "tenant": str(TENANT), "recording": str(OWNER), "seq": 1, "title": "Coaching", "recordedAt": None, "people": [], "usageTag": "no-tdm",
            "label": "confidential", "holdSet": False, "retentionDate": None}
    one("with-card", "A card stands beside the manifest.", bucket() | {f"{AT}card/{1:016d}-{SPARE}": small(SPARE, compact(card), 15)}, EVERYTHING)
    one("no-assets", "A manifest that names nothing.", bucket([]), opened())
    one("unnamed-objects", "A segment that no manifest names is not part of the recording.", bucket() | {name(SPARE): small(SPARE, b"left over")}, EVERYTHING)
    one("upload-not-ended", "Segments and no manifest: never served.", {n: o for n, o in bucket().items() if "/manifest/" not in n}, refused("missing"))
    one("nothing", "An empty store.", {}, refused("missing"))


def ranges():
    for label, about, start, length in (
            ("first-byte", "The first byte.", 0, 1), ("inside-a-chunk", "Bytes inside the second chunk.", 70000, 100), ("a-chunk", "Exactly the second chunk.", 65536, 65536),
            ("two-chunks", "The last byte of one chunk and the first of the next.", 65535, 2), ("two-segments", "The last byte of one segment and the first of the next.", 131072, 2),
            ("all-chunks", "From the second byte to the last but one.", 1, 131081), ("last-byte", "The last byte.", 131082, 1), ("all", "Everything, asked for as a range.", 0, 131083)):
        data = WHOLE[start:start + length]
        one(f"range-{label}", about, bucket(), {"result": "ok", "length": length, "sha256": hashlib.sha256(data).hexdigest()},
            read={"asset": str(ORIGINAL_ASSET), "offset": start, "length": length})


def manifests():
    first = manifest([ASSETS[0]])
    digest = hashlib.sha256(first).hexdigest()
    second = manifest(ASSETS, 2, digest, SECOND_MANIFEST)
    both = bucket() | {manifest_name(): first, manifest_name(2, SECOND_MANIFEST): second}
    one("second-manifest", "The manifest with the highest number counts.", both, EVERYTHING)
    one("digest", "The row knows the manifest, and it is that one.", both, EVERYTHING, digest=hashlib.sha256(second).hexdigest())
    one("second-manifest-deleted", "The newest manifest was taken away: the row knows another one.", {n: o for n, o in both.items() if n != manifest_name(2, SECOND_MANIFEST)},
        refused("wrong-digest"), digest=hashlib.sha256(second).hexdigest())
    tenth = manifest(ASSETS, 10, digest, SECOND_MANIFEST)
    one("tenth-manifest", "10 is more than 9, in whatever order a store lists.", bucket() | {manifest_name(9): manifest([], 9, digest), manifest_name(10, SECOND_MANIFEST): tenth}, EVERYTHING)
    one("two-of-one-number", "Two second manifests, one of them never committed: without a row the higher object id counts.",
        both | {manifest_name(2, FIRST_MANIFEST): manifest([], 2, digest, FIRST_MANIFEST)}, EVERYTHING)
    newest = manifest_name(2, SECOND_MANIFEST)
    one("newest-damaged", "The newest manifest is damaged: no older one is taken in its place.", both | {newest: flip(second, 200)}, refused("damaged"))
    one("newest-cut", "The newest manifest is cut to its header.", both | {newest: second[:128]}, refused("bad-length"))
    one("older-under-newest-name", "The first manifest was put back under the second one's name.", both | {newest: first}, refused("wrong-place"))
    one("older-under-next-number", "The first manifest stands under its own id and a higher number.", both | {manifest_name(3): first}, refused("wrong-place"))
    one("role-of-a-segment", "A segment stands where the manifest should be.", both | {newest: small(SECOND_MANIFEST, b"{}")}, refused("wrong-place"))
    one("of-another-recording", "A manifest that says it is of another recording, sealed under our key and header.",
        bucket() | {manifest_name(): manifest(ASSETS, recording=str(OTHER))}, refused("wrong-place"))
    one("manifest-not-json", "The manifest opens and is no JSON.", bucket() | {manifest_name(): small(FIRST_MANIFEST, b"manifest", 1)}, refused("not-json"))
    one("manifest-empty", "The manifest opens and is empty.", bucket() | {manifest_name(): small(FIRST_MANIFEST, b"", 1)}, refused("not-json"))
    start = first[:128].hex()
    for size, failure in ((16777217, "over-limit"), (16777216, "damaged")):
        one(f"manifest-of-{size}", f"A manifest of {size:,} sealed bytes; the most is 16 MiB.",
            bucket() | {manifest_name(): [{"hex": start}, {"repeat": "00", "times": size - 128}]}, refused(failure))


def segments():
    three = "three-chunks.bin"
    two = 128 + 2 * 65552
    one("segment-missing", "The second segment is gone.", {n: o for n, o in bucket().items() if n != name(SECOND)}, refused("missing", 131073))
    one("segment-cut-at-a-chunk-edge", "The first segment ends after two of three chunks.", bucket() | {name(LONG[1]): [part(three, 0, two)]}, refused("truncated", 131072))
    one("segment-cut-inside-a-chunk", "The first segment ends inside its second chunk.", bucket() | {name(LONG[1]): [part(three, 0, 100000)]}, refused("truncated", 65536))
    one("segment-empty", "The first segment is a file of no bytes.", bucket() | {name(LONG[1]): b""}, refused("truncated"))
    one("segment-cut-range", "The first segment is cut, and the range that is asked for lies before the cut.", bucket() | {name(LONG[1]): [part(three, 0, two)]},
        {"result": "ok", "length": 65536, "sha256": hashlib.sha256(WHOLE[:65536]).hexdigest()}, read={"asset": str(ORIGINAL_ASSET), "offset": 0, "length": 65536})
    one("segment-changed", "One bit of the first segment's second chunk is changed.",
        bucket() | {name(LONG[1]): [part(three, 0, 65680), {"repeat": "00", "times": 8}, part(three, 65688, 128 + 131073 + 48)]}, refused("damaged", 65536))
    one("segment-extended", "Bytes after the last chunk are not read through a manifest.", bucket() | {name(SECOND): small(SECOND, SECOND_PLAIN) + b"more"}, EVERYTHING)
    blank = bytes(128) + small(SECOND, SECOND_PLAIN)[128:]
    one("segment-header-zeroed", "A segment's stored header is not read through a manifest.", bucket() | {name(SECOND): blank}, EVERYTHING)
    pair = [original(segment(SECOND, 10), segment(SPARE, 10))]
    here, there = small(SECOND, SECOND_PLAIN), small(SPARE, b"9876543210")
    one("segments-swapped", "Two segments of one length stand under each other's name.", bucket(pair) | {name(SECOND): there, name(SPARE): here}, refused("damaged"))
    one("segments-swapped-in-manifest", "The manifest names two segments with each other's salt.",
        bucket([original(segment(SECOND, 10, salt_of(str(SPARE))), segment(SPARE, 10, salt_of(str(SECOND))))]) | {name(SPARE): there}, refused("damaged"))
    one("segment-replayed", "An older sealing of the same segment id, under another salt.",
        bucket() | {name(SECOND): seal(b"older text", object_id=SECOND, salt=salt_of("older"))}, refused("damaged", 131073))
    one("segment-of-another-recording", "A segment of another recording under our segment's name.",
        bucket() | {name(SECOND): small(SECOND, SECOND_PLAIN, key=OTHER_KEY, owner=OTHER)}, refused("damaged", 131073))
    as_poster = original(segment(SECOND, 10)) | {"role": 4, "mediaType": "image/jpeg"}
    one("same-id-other-role", "The manifest calls a segment a poster that was sealed as an original.", bucket([as_poster]) | {name(SECOND, 4): small(SECOND, SECOND_PLAIN)},
        refused("damaged"))
    one("length-too-short", "The manifest says one byte less than the segment holds.", bucket([original(segment(SECOND, 9))]), refused("damaged"))
    one("length-too-long", "The manifest says one byte more than the segment holds.", bucket([original(segment(SECOND, 11))]), refused("truncated"))
    one("full-chunk-as-last", "The manifest ends the segment after its first chunk, which was not sealed as the last one.",
        bucket([original(segment(LONG[1], 65536, salt_of(LONG[0])))]), refused("damaged"))


def keys():
    def but(changes):
        return {n: o for n, o in (bucket() | changes).items() if o is not None}

    wrong = refused("wrong-key")
    one("wrong-root-key", "Another root key: none of the wraps names it.", bucket(), wrong, root=b"\x03" * 32)
    one("no-tenant-key", "No wrap of the tenant's key.", but({TENANT_WRAP: None}), refused("missing"))
    one("no-recording-key", "The recording was disposed of: its wrap is gone, its bytes are still there.", but({RECORDING_WRAP: None}), refused("missing"))
    objects = key_objects()
    one("tenant-key-damaged", "The tenant key's wrap is damaged.", but({TENANT_WRAP: flip(objects[TENANT_WRAP], 140)}), refused("damaged"))
    one("recording-key-cut", "The recording key's wrap is cut.", but({RECORDING_WRAP: objects[RECORDING_WRAP][:175]}), refused("bad-length"))

    def rewrapped(kind=4, tenant=TENANT, owner=OWNER, key_id=KEY_ID, wrapping=TENANT_KEY):
        return wrap(wrapping, TENANT_KEY_ID, kind, tenant, owner, key_id, KEY, salt_of("another wrap")[:24])

    one("key-of-another-kind", "A piece of evidence's key stands where the recording's should.", but({RECORDING_WRAP: rewrapped(kind=6)}), refused("wrong-kind"))
    one("key-of-another-tenant", "The wrap says another tenant.", but({RECORDING_WRAP: rewrapped(tenant=OTHER)}), refused("wrong-place"))
    one("key-of-another-recording", "The wrap says another recording.", but({RECORDING_WRAP: rewrapped(owner=OTHER)}), refused("wrong-place"))
    one("key-under-another-id", "The wrap holds a key with another id than its name says.", but({RECORDING_WRAP: rewrapped(key_id=SPARE)}), refused("wrong-place"))
    one("key-by-another-key", "The wrap names our tenant key, but was made with another one.", but({RECORDING_WRAP: rewrapped(wrapping=OTHER_KEY)}), wrong)
    old_root = b"\x03" * 32
    old_wrap = wrap(old_root, root_id(old_root), 2, TENANT, ZERO, TENANT_KEY_ID, TENANT_KEY, salt_of("old root wrap")[:24])
    one("root-rotated", "Wraps by the old and by the new root key stand side by side.", but({f"{T}key/{root_id(old_root)}-{TENANT_KEY_ID}": old_wrap}), EVERYTHING)
    one("root-rotated-old", "The same, read with the old root key.", but({f"{T}key/{root_id(old_root)}-{TENANT_KEY_ID}": old_wrap}), EVERYTHING, root=old_root)
    spare = wrap(TENANT_KEY, TENANT_KEY_ID, 4, TENANT, OWNER, SPARE, OTHER_KEY, salt_of("spare wrap")[:24])
    one("two-keys", "Two keys of the recording open; the manifest's commitment says which one sealed it.", but({f"{AT}key/{TENANT_KEY_ID}-{SPARE}": spare}), EVERYTHING)
    one("one-wrap-of-two-damaged", "One of two wraps is damaged; the other one opens, and that is enough.", but({f"{AT}key/{TENANT_KEY_ID}-{SPARE}": flip(spare, 150)}), EVERYTHING)
    one("manifest-of-another-key", "The manifest was sealed under another key.", but({manifest_name(): seal(b"{}", key=OTHER_KEY, role=1, object_id=FIRST_MANIFEST)}), wrong)
    assert head()[:8] == bytes.fromhex("895256530d0a1a0a")
