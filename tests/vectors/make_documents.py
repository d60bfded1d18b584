"""Cases of the text inside manifests and cards."""
import json

from make import OTHER, OWNER, TENANT, case, object_id, refused, salt_of


def write():
    manifests()
    manifest_limits()
    cards()


AT = {"tenant": str(TENANT), "recording": str(OWNER), "seq": 1}


def compact(doc):
    return json.dumps(doc, separators=(",", ":"), ensure_ascii=False)


def segment(n, length=4194304):
    return {"id": str(object_id(n)), "salt": salt_of(f"segment {n}").hex(), "length": length}


def asset(n, *segments, role=2, media="video/mp4", length=None):
    return {"id": str(object_id(0xa0000 + n)), "role": role, "mediaType": media, "length": sum(s["length"] for s in segments) if length is None else length,
            "segments": list(segments)}


def manifest(*assets, **changed):
    return {"format": 1, "tenant": str(TENANT), "recording": str(OWNER), "seq": 1, "previous": None, "assets": list(assets)} | changed


def change(doc, text, by, count=1):
    text_of = compact(doc)
    assert text_of.count(text) >= 1, text
    return text_of.replace(text, by, count)


def manifests():
    def one(name, about, text, expect, at=AT):
        text = compact(text) if isinstance(text, dict) else text
        case(f"manifest-{name}", "manifest", about, expect, place=at, text=[{"utf8": text}] if isinstance(text, str) else text)

    def good(assets, segments, length):
        return {"result": "ok", "assets": assets, "segments": segments, "length": length}

    base = manifest(asset(1, segment(1), segment(2, 6)))
    one("good", "One asset of two segments, as a canonical writer writes it.", base, good(1, 2, 4194310))
    one("nothing", "A recording that has nothing.", manifest(), good(0, 0, 0))
    one("empty-asset", "An asset of no bytes has no segments.", manifest(asset(1)), good(1, 0, 0))
    one("short-segment-first", "Short segments may stand anywhere.", manifest(asset(1, segment(1, 1), segment(2), segment(3, 70000))), good(1, 3, 4264305))
    every = [asset(role, segment(role, role), role=role, media="application/octet-stream") for role in (*range(2, 12), 14)]
    one("every-role", "Each role that an asset may have.", manifest(*every), good(11, 11, sum(range(2, 12)) + 14))
    later = {**AT, "seq": 9007199254740991}
    one("highest-seq", "The highest sequence number, 2^53 - 1.", manifest(asset(1), seq=later["seq"], previous="0" * 64), good(1, 0, 0), later)
    one("spaces-and-order", "Members in another order, and white space: allowed to a writer that is not ours.",
        json.dumps(dict(reversed(base.items())), indent="\t").replace("\n", "\r\n"), good(1, 2, 4194310))
    one("escapes", "Escapes where none are needed mean the same.", change(base, '"video/mp4"', '"\\u0076ideo\\/mp4"').replace('"seq"', '"\\u0073eq"'), good(1, 2, 4194310))

    text = compact(base)
    for name, about, broken in (
            ("cut", "Ends in the middle.", text[:-1]), ("empty", "No text at all.", ""), ("bytes-after", "A second value after the end.", text + "{}"),
            ("nul-after", "A zero byte after the end.", text + "\0"), ("comment", "JSON has no comments.", "/**/" + text),
            ("trailing-comma", "A comma before the end.", text[:-1] + ",}"), ("nan", "NaN is no JSON.", change(base, '"length":6', '"length":NaN')),
            ("leading-zero", "JSON has no leading zeros.", change(base, '"length":6', '"length":06')),
            ("single-quotes", "Single quotes.", text.replace('"', "'")),
            ("duplicate-member", "A member twice, with the same value.", change(base, '"seq":1', '"seq":1,"seq":1')),
            ("duplicate-in-a-segment", "A segment's length twice.", change(base, '"length":6', '"length":5,"length":6')),
            ("duplicate-escaped", "A member twice, once with an escape in its name.", change(base, '"seq":1', '"seq":1,"\\u0073eq":1')),
            ("too-deep", "Nine deep: found before the member that it stands in is looked at.", change(base, '"seq":1', '"seq":1,"more":' + "[" * 8 + "]" * 8)),
            ("much-too-deep", "A hundred thousand deep, and the writer calls it another format.",
             [{"utf8": '{"format":2,"more":'}, {"repeat": b"[".hex(), "times": 100000}, {"repeat": b"]".hex(), "times": 100000}, {"utf8": "}"}])):
        one(name, about, broken, refused("not-json"))
    case("manifest-byte-order-mark", "manifest", "A byte order mark before the text.", refused("not-json"), place=AT, text=[{"hex": "efbbbf"}, {"utf8": text}])
    case("manifest-not-utf8", "manifest", "A byte that UTF-8 does not have.", refused("not-json"), place=AT,
         text=[{"utf8": text.split("mp4")[0]}, {"hex": "ff"}, {"utf8": text.split("mp4")[1]}])

    for name, about, broken in (
            ("unknown-format", "A format to come, with members to come: the format is what is told.", manifest(asset(1), format=2, more={})),
            ("format-text", "The format as text.", manifest(format="1")), ("format-fraction", "1.0 is not written as digits alone.", manifest(format=1.0)),
            ("format-true", "true is not 1.", manifest(format=True)), ("no-format", "No format.", {k: v for k, v in base.items() if k != "format"}),
            ("array", "An array where the object should be.", "[" + text + "]"), ("null", "null.", "null")):
        one(name, about, broken, refused("unknown-format"))

    first, second = base["assets"][0], base["assets"][0]["segments"][1]
    bad = [("unknown-member", "A member that format 1 does not have.", {**base, "title": "x"}),
           ("unknown-member-in-an-asset", "An asset's member that format 1 does not have.", manifest({**first, "name": "x"})),
           ("unknown-member-in-a-segment", "A segment's member that format 1 does not have.", manifest(asset(1, {**second, "sha256": "00"}))),
           ("eight-deep", "Eight deep is JSON enough, but the member is unknown.", change(base, '"seq":1', '"seq":1,"more":' + "[" * 7 + "]" * 7)),
           ("other-case", "Members' names are compared to the letter.", change(base, '"seq"', '"Seq"'))]
    bad += [(f"no-{name}", f"`{name}` is missing.", {k: v for k, v in base.items() if k != name}) for name in ("tenant", "recording", "seq", "previous", "assets")]
    bad += [(f"no-asset-{name}", f"An asset without `{name}`.", manifest({k: v for k, v in first.items() if k != name})) for name in first]
    bad += [(f"no-segment-{name}", f"A segment without `{name}`.", manifest({**first, "segments": [{k: v for k, v in second.items() if k != name}]})) for name in second]
    bad += [("id-upper-case", "Ids are lower-case.", manifest({**first, "id": first["id"].upper()})),
            ("id-braces", "Ids have no braces.", manifest({**first, "id": "{" + first["id"] + "}"})),
            ("id-no-hyphens", "Ids have hyphens.", manifest({**first, "id": first["id"].replace("-", "")})),
            ("tenant-null", "A tenant of null.", manifest(tenant=None)),
            ("salt-upper-case", "Hex is lower-case.", manifest(asset(1, {**second, "salt": "AB" * 32}))),
            ("salt-short", "A salt of 31 bytes.", manifest(asset(1, {**second, "salt": "ab" * 31}))),
            ("salt-newline", "A salt with a line end after it.", manifest(asset(1, {**second, "salt": "ab" * 32 + "\n"}))),
            ("seq-0", "Sequence numbers begin with 1.", manifest(seq=0)), ("seq-text", "A number as text.", manifest(seq="1")),
            ("seq-too-high", "2^53.", manifest(seq=1 << 53, previous="0" * 64)),
            ("previous-of-the-first", "The first manifest has none before it.", manifest(previous="0" * 64)),
            ("no-previous-of-the-second", "The second manifest has one before it.", manifest(seq=2)),
            ("previous-short", "A digest of 31 bytes.", manifest(seq=2, previous="0" * 62)),
            ("assets-object", "An object where the list should be.", manifest(assets={})),
            ("asset-null", "null where an asset should be.", manifest(None)),
            ("segments-null", "null where the list should be.", manifest({**first, "segments": None}))]
    bad += [(f"role-{role}", f"No asset has role {role}.", manifest(asset(1, role=role))) for role in (0, 1, 12, 13, 15, 16, 256)]
    bad += [("role-text", "A role as text.", manifest(asset(1, role="2"))), ("role-null", "A role of null.", manifest(asset(1, role=None)))]
    bad += [(f"media-type-{name}", f"A media type that is not allowed: {name}.", manifest(asset(1, media=media))) for name, media in (
        ("empty", ""), ("bare", "video"), ("parameter", "text/vtt;charset=utf-8"), ("upper-case", "Video/MP4"), ("line-end", "video/mp4\r\nx: y"), ("long", "video/" + "x" * 64))]
    bad += [(f"length-{name}", f"A length of {value}.", change(base, '"length":6', f'"length":{value}')) for name, value in (
        ("negative", "-6"), ("minus-zero", "-0"), ("fraction", "6.0"), ("exponent", "6e0"), ("text", '"6"'), ("true", "true"))]
    for name, about, broken in bad:
        one(name, about, broken, refused("bad-member"))

    for name, about, broken in (
            ("length-0", "An empty segment.", manifest(asset(1, segment(1, 0)))),
            ("length-over-4-mib", "A segment of one byte over 4 MiB.", manifest(asset(1, segment(1, 4194305)))),
            ("sum-too-short", "The asset says one byte less than its segments.", manifest(asset(1, segment(1, 7), length=6))),
            ("sum-too-long", "The asset says one byte more than its segments.", manifest(asset(1, segment(1, 7), length=8))),
            ("sum-without-segments", "An asset with a length and no segments.", manifest(asset(1, length=1))),
            ("sum-overflows", "Two segments of 2^62 bytes add up to 2^63, which a signed sum shows as negative.", manifest(asset(1, segment(1, 1 << 62), segment(2, 1 << 62), length=1 << 63))),
            ("sum-wraps", "Four segments of 2^62 bytes and one of 5 add up to 5 where 64 bits wrap.", manifest(asset(1, *(segment(n, 1 << 62) for n in range(4)), segment(5, 5), length=5))),
            ("length-beyond-64-bits", "A length of 2^64 + 6.", change(base, '"length":6', f'"length":{(1 << 64) + 6}')),
            ("length-of-40-digits", "A length of 40 digits.", change(base, '"length":6', '"length":' + "9" * 40))):
        one(name, about, broken, refused("length-sum"))
    one("asset-id-twice", "Two assets of one id.", manifest(asset(1, segment(1, 1)), asset(1, segment(2, 1))), refused("repeated-id"))
    one("segment-twice", "One segment twice in an asset.", manifest(asset(1, segment(1, 1), segment(1, 1))), refused("repeated-id"))
    one("segment-in-two-assets", "One segment in two assets.", manifest(asset(1, segment(1, 1)), asset(2, segment(1, 1))), refused("repeated-id"))
    for name, at in (("tenant", {**AT, "tenant": str(OTHER)}), ("recording", {**AT, "recording": str(OTHER)}), ("seq", {**AT, "seq": 2})):
        one(f"wrong-{name}", f"Another {name} than the name says.", base, refused("wrong-place"), at)


def manifest_limits():
    def one(name, about, text, expect):
        case(f"manifest-{name}", "manifest", about, expect, place=AT, text=text)

    def many(count, template, before, after):
        return [{"utf8": before}, {"template": template, "count": count, "separator": ","}, {"utf8": after}]

    empty = compact(manifest())[:-2]
    part = '{"id":"00000000-0000-7000-8000-%012x","salt":"' + "00" * 32 + '","length":1}'
    whole = '{"id":"00000000-0000-7000-8000-%012x","role":4,"mediaType":"image/jpeg","length":0,"segments":[]}'
    for count, expect in ((65536, {"result": "ok", "assets": 1, "segments": 65536, "length": 65536}), (65537, refused("over-limit"))):
        before = empty + compact(asset(1, length=count))[:-2]
        one(f"segments-{count}", f"{count:,} segments in one asset.", many(count, part, before, "]}]}"), expect)
    for count, expect in ((4096, {"result": "ok", "assets": 4096, "segments": 0, "length": 0}), (4097, refused("over-limit"))):
        one(f"assets-{count}", f"{count:,} assets.", many(count, whole, empty, "]}"), expect)


def cards():
    base = {"format": 1, "tenant": str(TENANT), "recording": str(OWNER), "seq": 1, "title": "Coaching, third session", "recordedAt": "2026-03-02T09:30:00Z",
            "people": [{"name": "Anna Ek", "email": "anna@example.org"}, {"name": None, "email": None}], "usageTag": "no-tdm", "label": "confidential",
            "holdSet": False, "retentionDate": "2028-02-29"}

    def one(name, about, text, expect, at=AT):
        case(f"card-{name}", "card", about, expect, place=at, text=text if isinstance(text, list) else [{"utf8": text if isinstance(text, str) else compact(text)}])

    def good(name, about, doc, text=None):
        one(name, about, text or doc, {"result": "ok", "card": doc})

    good("good", "A card as a canonical writer writes it.", base)
    good("nothing-known", "What may be null is null.", {**base, "title": None, "recordedAt": None, "people": [], "retentionDate": None, "label": "restricted", "holdSet": True})
    good("beyond-ascii", "Text beyond ASCII, as UTF-8.", {**base, "title": "Größe \"會議\" \\ 🎙"})
    good("escapes", "The same text with escapes, surrogate pair included.", {**base, "title": "Größe 🎙 /"},
         compact({**base, "title": "?"}).replace("?", "Gr\\u00f6\\u00DFe \\ud83c\\udf99 \\/"))
    good("longest-title", "A title of 4,096 bytes in 2,048 letters.", {**base, "title": "ö" * 2048})
    for name, about, changed, failure in (
            ("unknown-format", "A format to come.", {"format": 2}, "unknown-format"), ("unknown-member", "A member that format 1 does not have.", {"note": "x"}, "bad-member"),
            ("label", "A label that is none of the four.", {"label": "secret"}, "bad-member"), ("tag", "A usage tag with a space.", {"usageTag": "no tdm"}, "bad-member"),
            ("tag-empty", "An empty usage tag.", {"usageTag": ""}, "bad-member"), ("hold-text", "A hold as text.", {"holdSet": "true"}, "bad-member"),
            ("hold-null", "A hold of null.", {"holdSet": None}, "bad-member"), ("no-such-day", "30 February.", {"retentionDate": "2026-02-30"}, "bad-member"),
            ("date-with-time", "A date with a time.", {"retentionDate": "2026-02-03T00:00:00Z"}, "bad-member"),
            ("time-with-offset", "A time with an offset.", {"recordedAt": "2026-03-02T09:30:00+01:00"}, "bad-member"),
            ("time-with-fraction", "A time with a fraction.", {"recordedAt": "2026-03-02T09:30:00.5Z"}, "bad-member"),
            ("no-such-hour", "24 o'clock.", {"recordedAt": "2026-03-02T24:00:00Z"}, "bad-member"),
            ("leap-second", "Second 60.", {"recordedAt": "2016-12-31T23:59:60Z"}, "bad-member"),
            ("year-0", "Year 0.", {"recordedAt": "0000-03-02T09:30:00Z"}, "bad-member"),
            ("title-number", "A title that is a number.", {"title": 3}, "bad-member"), ("title-control", "A line end in a title.", {"title": "a\nb"}, "bad-member"),
            ("title-delete", "U+007F in a title.", {"title": "a\x7fb"}, "bad-member"),
            ("title-too-long", "A title of 4,098 bytes in 2,049 letters.", {"title": "ö" * 2049}, "over-limit"),
            ("name-too-long", "A name of 1,025 bytes.", {"people": [{"name": "x" * 1025, "email": None}]}, "over-limit"),
            ("person-without-name", "A person without a name.", {"people": [{"email": "a@b.example"}]}, "bad-member"),
            ("person-with-more", "A person with a number.", {"people": [{"name": "a", "email": None, "phone": "1"}]}, "bad-member"),
            ("people-null", "People of null.", {"people": None}, "bad-member")):
        one(name, about, {**base, **changed}, refused(failure))
    for member in base:
        if member != "format":
            one(f"no-{member}", f"`{member}` is missing.", {k: v for k, v in base.items() if k != member}, refused("bad-member"))
    one("lone-surrogate", "Half of a surrogate pair.", compact({**base, "title": "?"}).replace("?", "\\ud83c"), refused("bad-member"))
    one("duplicate-member", "A title twice.", compact(base).replace('"people"', '"title":"x","people"'), refused("not-json"))
    person = '{"name":"Person %012x","email":null}'
    before, after = compact({**base, "people": ["@"]}).split('"@"')
    one("people-1000", "A thousand people.", [{"utf8": before}, {"template": person, "count": 1000, "separator": ","}, {"utf8": after}],
        {"result": "ok", "people": 1000})
    one("people-1001", "One too many.", [{"utf8": before}, {"template": person, "count": 1001, "separator": ","}, {"utf8": after}], refused("over-limit"))
    one("wrong-seq", "Another count than the name says.", base, refused("wrong-place"), {**AT, "seq": 2})
