using System.Globalization;
using System.Text.Json;
using System.Text.Json.Serialization;
using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Features.Recordings;
using RecordingVault.Server.Features.Retention.Dates;
using RecordingVault.Server.Features.Uploads.Content;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Uploads.Rules;

/// <summary>What a creation says about the file and its recording (design.md, section 8). Nothing in it is believed about the content but the role, which the content must bear out.</summary>
internal sealed record UploadMetadata(string Line)
{
    public const int LongestFileName = 255;

    private static readonly JsonSerializerOptions People = new(JsonSerializerDefaults.Web) { UnmappedMemberHandling = JsonUnmappedMemberHandling.Disallow, MaxDepth = 4 };

    public string? FileName { get; private init; }
    public DeclaredRole Role { get; private init; }
    public DateTimeOffset? LastModified { get; private init; }
    public Guid? RecordingId { get; private init; }
    public string? Title { get; private init; }
    public DateTimeOffset? RecordedAt { get; private init; }
    public IReadOnlyList<PersonRequest?> Participants { get; private init; } = [];
    public UsageTag? Tag { get; private init; }
    public ConfidentialityLabel? Label { get; private init; }
    public RecordingSource? Source { get; private init; }

    /// <summary>After which time from the meeting the recording that is made is to go.</summary>
    public RetentionPeriod? Retention { get; private init; }

    /// <summary>The file's name without its extension, for a recording that nobody gave a title.</summary>
    public string? TitleOfFile => Path.GetFileNameWithoutExtension(FileName) is { } name && !string.IsNullOrWhiteSpace(name) ? name : null;

    public static Problem? TryParse(string line, out UploadMetadata metadata)
    {
        metadata = new UploadMetadata(line);
        if (MetadataLine.TryParse(line, out var values) is { } malformed)
            return malformed;
        foreach (var (key, value) in values)
        {
            if (Read(key, value, ref metadata) is { } wrong)
                return wrong;
        }

        return null;
    }

    private static Problem? Read(string key, string value, ref UploadMetadata metadata)
    {
        if (!string.Equals(key, "participants", StringComparison.Ordinal) && value.Any(char.IsControl))
            return Problem.Invalid(MetadataLine.Name(key), "control characters are not taken.");
        switch (key)
        {
            case "filename":
                metadata = metadata with { FileName = value.Length == 0 ? null : LastPart(value) };
                return metadata.FileName?.Length > LongestFileName ? Problem.Invalid(key, "a file name has at most 255 characters.") : null;
            case "filetype": // a hint of the uploader's browser; the content is judged by itself
                return null;
            case "lastModified": // for the uploader's own page, so that another file of the same name is noticed; what is no time says nothing
                metadata = metadata with { LastModified = Time(value) };
                return null;
            case "role":
                metadata = metadata with { Role = DeclaredRoles.Parse(value) };
                return metadata.Role == DeclaredRole.None ? Problem.Invalid(key, "it is original, audio, captions, transcript or chat.") : null;
            case "recording":
                metadata = metadata with { RecordingId = Guid.TryParseExact(value, "D", out var id) ? id : null };
                return metadata.RecordingId is null ? Problem.Invalid(key, "it is the id of a recording.") : null;
            case "title":
                metadata = metadata with { Title = value };
                return NewRecording.CheckTitle(value);
            case "recordedAt":
                metadata = metadata with { RecordedAt = Time(value) };
                return metadata.RecordedAt is null ? Problem.Invalid(key, "give a time such as 2026-11-22T09:30:00Z.") : NewRecording.CheckRecordedAt(metadata.RecordedAt);
            case "participants":
                return ReadParticipants(value, ref metadata);
            case "tag":
                metadata = metadata with { Tag = UsageTag.Parse(value) };
                return metadata.Tag is null ? Problem.Invalid(key, $"it is one of {UsageWords.TagNames}.")
                    // Loosening is a decision of its own, with its reason and its event.
                    : metadata.Tag != UsageTag.NoTdm ? Problem.Invalid(key, "a recording begins as no-tdm. An owner or admin makes its tag looser when it is there.") : null;
            case "label":
                metadata = metadata with { Label = RecordingNames.LabelOf(value) };
                return metadata.Label is null ? Problem.Invalid(key, "it is public, internal, confidential or restricted.") : null;
            case "source":
                metadata = metadata with { Source = RecordingSources.Parse(value) };
                return metadata.Source is null ? Problem.Invalid(key, "it is zoom or bigbluebutton; leave it out for others.") : null;
            case "retention":
                metadata = metadata with { Retention = RetentionPeriod.TryParse(value, out var period) ? period : null };
                return metadata.Retention is null ? Problem.Invalid(key, "it is a number of days, months or years after the meeting, such as P100D, P6M or P10Y, 200 years at most.") : null;
            default:
                return Problem.Invalid(MetadataLine.Name(key), "this key is not known in Upload-Metadata. docs/api.md lists those that are.");
        }
    }

    private static Problem? ReadParticipants(string json, ref UploadMetadata metadata)
    {
        try
        {
            metadata = metadata with { Participants = JsonSerializer.Deserialize<List<PersonRequest?>>(json, People) ?? [] };
        }
        catch (JsonException)
        {
            return Problem.Invalid("participants", "it is a JSON array of {\"name\": …, \"email\": …}; email may be left out.");
        }

        return metadata.Participants.Any(person => person is { Name: { } name } && name.Any(char.IsControl))
            ? Problem.Invalid("participants", "control characters are not taken.")
            : PersonRequest.Check(metadata.Participants);
    }

    private static string LastPart(string path) => path[(path.LastIndexOfAny(['/', '\\']) + 1)..];

    private static DateTimeOffset? Time(string text)
    {
        const DateTimeStyles Styles = DateTimeStyles.AssumeUniversal | DateTimeStyles.AdjustToUniversal;
        string[] forms = ["yyyy-MM-dd'T'HH:mm:ssK", "yyyy-MM-dd'T'HH:mm:ss.FFFFFFFK"];
        var isDated = text.EndsWith('Z') || text.LastIndexOfAny(['+', '-']) > 10; // RFC 3339: a time without its offset says nothing
        return isDated && DateTimeOffset.TryParseExact(text, forms, CultureInfo.InvariantCulture, Styles, out var time)
            ? new DateTimeOffset(time.Ticks - (time.Ticks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero)
            : null;
    }
}
