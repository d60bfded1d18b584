using System.Text.Json;
using System.Text.Json.Serialization;
using RecordingVault.Server.Features.Processing.Copies;
using RecordingVault.Server.Features.Recordings.Marking;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Sharing.Marks;

/// <summary>What is drawn onto the copy that one link shows. What is absent is drawn when the link has no mark yet, and stays as it is when it has one.</summary>
/// <param name="Slate">The words alone, over the first seconds.</param>
/// <param name="Corner">The words in a corner, all the time.</param>
/// <param name="Language">Of the words: en or de.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record VisibleMarkRequest(bool? Slate = null, bool? Corner = null, string? Language = null)
{
    public const string Field = "visibleMark";

    /// <param name="present">The mark that the link has; null where it has none.</param>
    public MarkWish Over(RecipientCopy? present) => present is { IsWanted: true }
        ? new MarkWish(Slate ?? present.HasSlate, Corner ?? present.HasCorner, Language ?? present.Language)
        : new MarkWish(Slate ?? true, Corner ?? true, Language ?? CopyWords.Languages[0]);

    public Problem? Check() => Language is not null && !CopyWords.Languages.Contains(Language, StringComparer.Ordinal) ? Problem.Invalid($"{Field}.language", "the words are written in en or de.") : null;
}

internal sealed record MarkWish(bool Slate, bool Corner, string Language)
{
    /// <summary>As the log names it.</summary>
    public string Words => string.Join(' ', new[] { Slate ? "slate" : null, Corner ? "corner" : null }.OfType<string>());

    /// <param name="recipient">Whom the link is for.</param>
    public Problem? Check(string? recipient) =>
        !Slate && !Corner ? Problem.Invalid(VisibleMarkRequest.Field, "choose the slate, the corner mark or both, or leave it out.")
        : string.IsNullOrWhiteSpace(recipient) || CopyWords.Plain(recipient).Length == 0 ? Problem.Invalid("recipientName", "a copy with a visible mark names the one person whom it is for. Write the name, or take the mark away.")
        : null;
}

/// <summary>A mark in a change: absent leaves it as it is, null takes it away.</summary>
[JsonConverter(typeof(Reader))]
internal readonly record struct VisibleMarkChange(bool IsGiven, VisibleMarkRequest? Value)
{
    private sealed class Reader : JsonConverter<VisibleMarkChange>
    {
        public override bool HandleNull => true;

        public override VisibleMarkChange Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            new(true, reader.TokenType == JsonTokenType.Null ? null : JsonSerializer.Deserialize<VisibleMarkRequest>(ref reader, options));

        public override void Write(Utf8JsonWriter writer, VisibleMarkChange value, JsonSerializerOptions options) => JsonSerializer.Serialize(writer, value.Value, options);
    }
}
