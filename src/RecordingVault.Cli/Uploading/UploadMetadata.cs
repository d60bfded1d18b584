using System.Globalization;
using System.Text;
using System.Text.Json;
using RecordingVault.Cli.Talk;

namespace RecordingVault.Cli.Uploading;

/// <summary>What a person says of the recordings that a command makes.</summary>
internal sealed record RecordingWords(string? Title, DateTimeOffset? RecordedAt, IReadOnlyList<Person> Participants, string? Label, string? Tag)
{
    public static readonly RecordingWords None = new(null, null, [], null, null);
}

/// <summary>The header Upload-Metadata of docs/api.md: keys, and values in base64.</summary>
internal static class UploadMetadata
{
    public static string Line(PlannedUpload upload, RecordingPlan plan, RecordingWords words, Guid? joins)
    {
        var pairs = new List<(string Key, string? Value)>
        {
            ("filename", Named(upload.File.Name)),
            ("lastModified", Time(upload.File.Modified)),
            ("role", upload.Role),
        };
        if (joins is { } recording)
        {
            pairs.Add(("recording", recording.ToString("D")));
        }
        else
        {
            pairs.Add(("title", words.Title ?? plan.Title));
            pairs.Add(("recordedAt", (words.RecordedAt ?? plan.RecordedAt) is { } at ? Time(at) : null));
            pairs.Add(("participants", words.Participants.Count == 0 ? null : JsonSerializer.Serialize(words.Participants, MessageJson.Default.IReadOnlyListPerson)));
            pairs.Add(("source", plan.Source));
            pairs.Add(("label", words.Label));
            pairs.Add(("tag", words.Tag));
        }

        return string.Join(',', pairs.Where(pair => pair.Value is not null).Select(pair => $"{pair.Key} {Convert.ToBase64String(Encoding.UTF8.GetBytes(pair.Value!))}"));
    }

    /// <summary>The vault takes no control characters, and a file's name may hold any.</summary>
    private static string Named(string name) => string.Concat(name.Select(c => char.IsControl(c) ? '_' : c));

    private static string Time(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss'Z'", CultureInfo.InvariantCulture);
}
