using System.Text.Json.Serialization;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Consent.Ledger;

/// <param name="At">When the person said it; now where it is absent.</param>
/// <param name="Seconds">Where in the recording; needed of what was spoken, and of nothing else.</param>
/// <param name="UntilSeconds">Where it ends; only of what was spoken, and later than it begins.</param>
/// <param name="LawfulBasis">Needed of what is not needed, and of nothing else.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record RecordConsentRequest(
    Guid? Participant, string? Purpose, string? Status, string? Method, DateTimeOffset? At = null, double? Seconds = null, string? Note = null, string? LawfulBasis = null,
    string? TextVersion = null, string? Language = null, double? UntilSeconds = null);

/// <summary>A record that is to be made, read from a request and found whole.</summary>
internal sealed record NewConsent(Guid Participant, Purpose Purpose, ConsentStatus Status, ConsentMethod Method)
{
    public const int LongestNote = 1_000;
    public const int LongestVersion = 64;
    public const int LongestLanguage = 35;

    /// <summary>A week: nobody's recording is longer.</summary>
    private const double MostSeconds = 604_800;

    private static readonly TimeSpan s_clockDifference = TimeSpan.FromMinutes(5);

    public DateTimeOffset? SaidAt { get; init; }
    public double? Seconds { get; init; }
    public double? UntilSeconds { get; init; }
    public string? Note { get; init; }
    public LawfulBasis? LawfulBasis { get; init; }
    public string? TextVersion { get; init; }
    public string? Language { get; init; }

    public static (NewConsent? Wanted, Problem? Problem) Read(RecordConsentRequest request, DateTimeOffset now)
    {
        if (request.Participant is not { } participant)
            return Wrong("participant", "give the id of somebody who was recorded.");
        if (ConsentWords.PurposeOf(request.Purpose) is not { } purpose)
            return Wrong("purpose", $"it is one of {ConsentWords.List(ConsentWords.Recorded)}.");
        if (ConsentWords.Of(ConsentWords.Statuses, request.Status) is not { } status)
            return Wrong("status", $"it is one of {ConsentWords.List(ConsentWords.Statuses)}.");
        if (ConsentWords.Of(ConsentWords.StatedMethods, request.Method) is not { } method)
            return Wrong("method", $"it is one of {ConsentWords.List(ConsentWords.StatedMethods)}.");
        if (request.At is { } at && (at.Year < 1970 || at > now + s_clockDifference))
            return Wrong("at", "give the time at which it was said, such as 2026-11-22T09:30:00Z, and none that is to come.");
        if ((method == ConsentMethod.Spoken) != request.Seconds is not null)
            return Wrong("seconds", "say of what was spoken, and of nothing else, at which second of the recording.");
        if (request.Seconds is { } seconds && !(seconds is >= 0 and <= MostSeconds))
            return Wrong("seconds", "count from the recording's begin.");
        if (request.UntilSeconds is { } until && !(request.Seconds is { } begin && until > begin && until <= MostSeconds))
            return Wrong("untilSeconds", "say where what was spoken ends, later than it begins, or leave it out.");
        if (request.Note is { Length: > LongestNote })
            return Wrong("note", $"use at most {LongestNote} characters.");
        var basis = ConsentWords.Of(ConsentWords.Bases, request.LawfulBasis);
        if (request.LawfulBasis is { Length: > 0 } ? basis is null || status != ConsentStatus.NotNeeded : status == ConsentStatus.NotNeeded)
            return Wrong("lawfulBasis", $"say what allows it where consent is not needed, and only there: {ConsentWords.List(ConsentWords.Bases)}.");
        if (status == ConsentStatus.NotNeeded && purpose == Purpose.AiTraining)
            return Wrong("status", "training of AI needs the person's own word: it is given or it is not.");
        if (request.TextVersion is { Length: > 0 } version && !(version.Length <= LongestVersion && version.All(letter => char.IsAsciiLetterOrDigit(letter) || letter is '.' or '-' or '_')))
            return Wrong("textVersion", "use at most 64 letters, digits, dots, hyphens and underscores.");
        if (request.Language is { Length: > 0 } language && !IsTongue(language))
            return Wrong("language", "give a language tag such as en or de-AT.");
        return (new NewConsent(participant, purpose, status, method)
        {
            SaidAt = request.At?.ToUniversalTime(),
            Seconds = request.Seconds,
            UntilSeconds = request.UntilSeconds,
            Note = string.IsNullOrWhiteSpace(request.Note) ? null : request.Note.Trim(),
            LawfulBasis = basis,
            TextVersion = request.TextVersion is { Length: > 0 } ? request.TextVersion : null,
            Language = request.Language is { Length: > 0 } ? request.Language : null,
        }, null);
    }

    private static (NewConsent?, Problem?) Wrong(string field, string cure) => (null, Problem.Invalid(field, cure));

    /// <summary>A language, and what may follow it: script, region, variant.</summary>
    public static bool IsTongue(string text)
    {
        var parts = text.Split('-');
        return text.Length <= LongestLanguage && parts[0].Length >= 2 && parts[0].All(char.IsAsciiLetter) && Array.TrueForAll(parts, part => part.Length is >= 1 and <= 8 && part.All(char.IsAsciiLetterOrDigit));
    }
}
