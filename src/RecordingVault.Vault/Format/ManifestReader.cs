using System.Buffers;
using System.Text.Json;

namespace RecordingVault.Vault.Format;

/// <summary>
/// The strict reader of sealed-format.md, the manifest. Faults are looked for in the document's order: text, format, members and limits, lengths,
/// ids, place.
/// </summary>
internal static class ManifestReader
{
    public const int MaxAssets = 4096;
    public const int MaxSegments = 65_536;
    public const long MaxSequence = (1L << 53) - 1;

    private static readonly SearchValues<char> MediaTypeLetters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789!#$&^_.+-");

    public static Manifest Read(ReadOnlySpan<byte> text)
    {
        StrictJson.RequireFormatOne(text);
        var reader = StrictJson.Reader(text);
        reader.Read();
        var manifest = ReadManifest(ref reader, out var lengthsFit);
        if (!lengthsFit) throw new SealedFormatException(FormatFailure.LengthSum, "The lengths of the segments do not add up to those of the assets.");
        RequireDistinctIds(manifest);
        return manifest;
    }

    public static Manifest Read(ReadOnlySpan<byte> text, Guid tenantId, Guid recordingId, long sequence)
    {
        var manifest = Read(text);
        if (manifest.TenantId != tenantId || manifest.RecordingId != recordingId || manifest.Sequence != sequence)
            throw new SealedFormatException(FormatFailure.WrongPlace, "The manifest belongs to another tenant, recording or number than its name.");
        return manifest;
    }

    private static Manifest ReadManifest(ref Utf8JsonReader reader, out bool lengthsFit)
    {
        JsonMembers.RequireObject(ref reader);
        Guid tenantId = default, recordingId = default;
        long sequence = 0;
        byte[]? previous = null;
        List<ManifestAsset> assets = [];
        lengthsFit = true;
        var seen = 0;
        while (JsonMembers.NextMember(ref reader))
        {
            if (reader.ValueTextEquals("format"u8)) { seen |= 1; reader.Read(); }
            else if (reader.ValueTextEquals("tenant"u8)) { seen |= 2; tenantId = JsonMembers.Id(ref reader); }
            else if (reader.ValueTextEquals("recording"u8)) { seen |= 4; recordingId = JsonMembers.Id(ref reader); }
            else if (reader.ValueTextEquals("seq"u8)) { seen |= 8; sequence = JsonMembers.Number(ref reader); }
            else if (reader.ValueTextEquals("previous"u8)) { seen |= 16; previous = JsonMembers.IsNull(ref reader) ? null : JsonMembers.Hash(ref reader); }
            else if (reader.ValueTextEquals("assets"u8)) { seen |= 32; lengthsFit = ReadAssets(ref reader, assets); }
            else throw JsonMembers.Bad("The manifest has a member that its format does not know.");
        }
        JsonMembers.RequireAll(seen, 6);
        if (sequence is < 1 or > MaxSequence) throw JsonMembers.Bad("The manifest's number is out of range.");
        if (previous is null != (sequence == 1)) throw JsonMembers.Bad("Every manifest but the first names the one before.");
        return new Manifest(tenantId, recordingId, sequence, previous, assets);
    }

    private static bool ReadAssets(ref Utf8JsonReader reader, List<ManifestAsset> assets)
    {
        var lengthsFit = true;
        JsonMembers.RequireArray(ref reader);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (assets.Count == MaxAssets) throw new SealedFormatException(FormatFailure.OverLimit, "A manifest lists at most 4,096 assets.");
            assets.Add(ReadAsset(ref reader, out var assetFits));
            lengthsFit &= assetFits;
        }
        return lengthsFit;
    }

    private static ManifestAsset ReadAsset(ref Utf8JsonReader reader, out bool lengthsFit)
    {
        JsonMembers.RequireObject(ref reader);
        Guid id = default;
        long role = 0, length = 0, sum = 0;
        var mediaType = "";
        List<SegmentRef> segments = [];
        lengthsFit = true;
        var seen = 0;
        while (JsonMembers.NextMember(ref reader))
        {
            if (reader.ValueTextEquals("id"u8)) { seen |= 1; id = JsonMembers.Id(ref reader); }
            else if (reader.ValueTextEquals("role"u8)) { seen |= 2; role = JsonMembers.Number(ref reader); }
            else if (reader.ValueTextEquals("mediaType"u8)) { seen |= 4; mediaType = MediaTypeOf(ref reader); }
            else if (reader.ValueTextEquals("length"u8)) { seen |= 8; length = JsonMembers.Number(ref reader); }
            else if (reader.ValueTextEquals("segments"u8)) { seen |= 16; lengthsFit = ReadSegments(ref reader, segments, out sum); }
            else throw JsonMembers.Bad("An asset has a member that its format does not know.");
        }
        JsonMembers.RequireAll(seen, 5);
        if (!ObjectRoles.IsAsset(role)) throw JsonMembers.Bad("An asset's role is none that a manifest lists.");
        lengthsFit &= sum == length;
        return new ManifestAsset(id, (ObjectRole)role, mediaType, length, segments);
    }

    private static bool ReadSegments(ref Utf8JsonReader reader, List<SegmentRef> segments, out long sum)
    {
        var lengthsFit = true;
        sum = 0;
        JsonMembers.RequireArray(ref reader);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (segments.Count == MaxSegments) throw new SealedFormatException(FormatFailure.OverLimit, "An asset has at most 65,536 segments.");
            var segment = ReadSegment(ref reader, out var length);
            // Only what is in range is added up, so the sum can't overflow.
            if (length is < 1 or > SealedLayout.MaxSegmentLength) lengthsFit = false;
            else sum += length;
            segments.Add(segment);
        }
        return lengthsFit;
    }

    private static SegmentRef ReadSegment(ref Utf8JsonReader reader, out long length)
    {
        JsonMembers.RequireObject(ref reader);
        Guid id = default;
        byte[] salt = [];
        length = 0;
        var seen = 0;
        while (JsonMembers.NextMember(ref reader))
        {
            if (reader.ValueTextEquals("id"u8)) { seen |= 1; id = JsonMembers.Id(ref reader); }
            else if (reader.ValueTextEquals("salt"u8)) { seen |= 2; salt = JsonMembers.Hash(ref reader); }
            else if (reader.ValueTextEquals("length"u8)) { seen |= 4; length = JsonMembers.Number(ref reader); }
            else throw JsonMembers.Bad("A segment has a member that its format does not know.");
        }
        JsonMembers.RequireAll(seen, 3);
        return new SegmentRef(id, salt, length > SealedLayout.MaxSegmentLength ? 0 : (int)length);
    }

    private static string MediaTypeOf(ref Utf8JsonReader reader)
    {
        var mediaType = JsonMembers.Text(ref reader, int.MaxValue);
        return IsMediaType(mediaType) ? mediaType : throw JsonMembers.Bad("An asset's media type is none.");
    }

    private static void RequireDistinctIds(Manifest manifest)
    {
        var assetIds = new HashSet<Guid>();
        var objectIds = new HashSet<Guid>();
        foreach (var asset in manifest.Assets)
        {
            if (!assetIds.Add(asset.Id) || asset.Segments.Any(segment => !objectIds.Add(segment.ObjectId)))
                throw new SealedFormatException(FormatFailure.RepeatedId, "An id stands twice in the manifest.");
        }
    }

    private static bool IsMediaType(ReadOnlySpan<char> text)
    {
        var slash = text.IndexOf('/');
        return slash > 0 && IsRestrictedName(text[..slash]) && IsRestrictedName(text[(slash + 1)..]);
    }

    // RFC 6838, lower-case only: so that one type has one spelling.
    private static bool IsRestrictedName(ReadOnlySpan<char> text) =>
        text.Length is > 0 and <= 63 && (char.IsAsciiLetterLower(text[0]) || char.IsAsciiDigit(text[0])) && !text.ContainsAnyExcept(MediaTypeLetters);
}
