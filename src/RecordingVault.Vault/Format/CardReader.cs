using System.Buffers;
using System.Globalization;
using System.Text.Json;

namespace RecordingVault.Vault.Format;

/// <summary>The strict reader of sealed-format.md, the card.</summary>
internal static class CardReader
{
    public const int MaxPeople = 1000;
    private const int MaxTitleLength = 4096;
    private const int MaxPersonLength = 1024;
    private const string TimeFormat = "yyyy-MM-dd'T'HH:mm:ss'Z'";
    private const string DateFormat = "yyyy-MM-dd";
    private static readonly SearchValues<char> UsageTagLetters = SearchValues.Create("abcdefghijklmnopqrstuvwxyz0123456789-");

    public static Card Read(ReadOnlySpan<byte> text, Guid tenantId, Guid recordingId, long sequence)
    {
        var card = Read(text, out var writtenSequence);
        if (card.TenantId != tenantId || card.RecordingId != recordingId || writtenSequence != sequence)
            throw new SealedFormatException(FormatFailure.WrongPlace, "The card belongs to another tenant, recording or number than its name.");
        return card;
    }

    public static Card Read(ReadOnlySpan<byte> text, out long sequence)
    {
        StrictJson.RequireFormatOne(text);
        var reader = StrictJson.Reader(text);
        reader.Read();
        JsonMembers.RequireObject(ref reader);
        Guid tenantId = default, recordingId = default;
        sequence = 0;
        string? title = null, usageTag = "", label = "";
        DateTimeOffset? recordedAt = null;
        DateOnly? retentionDate = null;
        List<CardPerson> people = [];
        var holdSet = false;
        var seen = 0;
        while (JsonMembers.NextMember(ref reader))
        {
            if (reader.ValueTextEquals("format"u8)) { seen |= 1; reader.Read(); }
            else if (reader.ValueTextEquals("tenant"u8)) { seen |= 2; tenantId = JsonMembers.Id(ref reader); }
            else if (reader.ValueTextEquals("recording"u8)) { seen |= 4; recordingId = JsonMembers.Id(ref reader); }
            else if (reader.ValueTextEquals("seq"u8)) { seen |= 8; sequence = JsonMembers.Number(ref reader); }
            else if (reader.ValueTextEquals("title"u8)) { seen |= 16; title = JsonMembers.TextOrNull(ref reader, MaxTitleLength); }
            else if (reader.ValueTextEquals("recordedAt"u8)) { seen |= 32; recordedAt = ReadTime(ref reader); }
            else if (reader.ValueTextEquals("people"u8)) { seen |= 64; ReadPeople(ref reader, people); }
            else if (reader.ValueTextEquals("usageTag"u8)) { seen |= 128; usageTag = JsonMembers.Text(ref reader, int.MaxValue); }
            else if (reader.ValueTextEquals("label"u8)) { seen |= 256; label = JsonMembers.Text(ref reader, int.MaxValue); }
            else if (reader.ValueTextEquals("holdSet"u8)) { seen |= 512; holdSet = JsonMembers.Truth(ref reader); }
            else if (reader.ValueTextEquals("retentionDate"u8)) { seen |= 1024; retentionDate = ReadDate(ref reader); }
            else throw JsonMembers.Bad("The card has a member that its format does not know.");
        }
        JsonMembers.RequireAll(seen, 11);
        if (sequence is < 1 or > ManifestReader.MaxSequence) throw JsonMembers.Bad("The card's number is out of range.");
        if (!IsUsageTag(usageTag)) throw JsonMembers.Bad("The card's usage tag is none.");
        if (label is not ("public" or "internal" or "confidential" or "restricted")) throw JsonMembers.Bad("The card's label is none.");
        return new Card
        {
            TenantId = tenantId,
            RecordingId = recordingId,
            Title = title,
            RecordedAt = recordedAt,
            People = people,
            UsageTag = usageTag,
            Label = label,
            HoldSet = holdSet,
            RetentionDate = retentionDate,
        };
    }

    public static string Write(DateTimeOffset time) => time.UtcDateTime.ToString(TimeFormat, CultureInfo.InvariantCulture);

    public static string Write(DateOnly date) => date.ToString(DateFormat, CultureInfo.InvariantCulture);

    private static void ReadPeople(ref Utf8JsonReader reader, List<CardPerson> people)
    {
        JsonMembers.RequireArray(ref reader);
        while (reader.Read() && reader.TokenType != JsonTokenType.EndArray)
        {
            if (people.Count == MaxPeople) throw new SealedFormatException(FormatFailure.OverLimit, "A card names at most 1,000 people.");
            people.Add(ReadPerson(ref reader));
        }
    }

    private static CardPerson ReadPerson(ref Utf8JsonReader reader)
    {
        JsonMembers.RequireObject(ref reader);
        string? name = null, email = null;
        var seen = 0;
        while (JsonMembers.NextMember(ref reader))
        {
            if (reader.ValueTextEquals("name"u8)) { seen |= 1; name = JsonMembers.TextOrNull(ref reader, MaxPersonLength); }
            else if (reader.ValueTextEquals("email"u8)) { seen |= 2; email = JsonMembers.TextOrNull(ref reader, MaxPersonLength); }
            else throw JsonMembers.Bad("A person has a member that the format does not know.");
        }
        JsonMembers.RequireAll(seen, 2);
        return new CardPerson(name, email);
    }

    private static DateTimeOffset? ReadTime(ref Utf8JsonReader reader)
    {
        if (JsonMembers.IsNull(ref reader)) return null;
        var text = JsonMembers.Text(ref reader, int.MaxValue);
        return DateTimeOffset.TryParseExact(text, TimeFormat, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var time)
            ? time
            : throw JsonMembers.Bad("The card's time is not written as YYYY-MM-DDThh:mm:ssZ.");
    }

    private static DateOnly? ReadDate(ref Utf8JsonReader reader)
    {
        if (JsonMembers.IsNull(ref reader)) return null;
        var text = JsonMembers.Text(ref reader, int.MaxValue);
        return DateOnly.TryParseExact(text, DateFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out var date)
            ? date
            : throw JsonMembers.Bad("The card's date is not written as YYYY-MM-DD.");
    }

    private static bool IsUsageTag(string text) => text.Length is > 0 and <= 64 && !text.AsSpan().ContainsAnyExcept(UsageTagLetters);
}
