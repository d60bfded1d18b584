using RecordingVault.Marks.Vocabulary;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Playback;

/// <summary>The refusal of a purpose: it names everybody who objects, and what may be done instead.</summary>
internal static class ExportProhibited
{
    public static Problem Of(Purpose purpose, EffectiveUse use)
    {
        var objections = purpose.Objections(use);
        var title = purpose.Needs() is null
            ? $"Nothing leaves the vault for this purpose. It knows {string.Join(", ", Purposes.Stated.Select(known => known.Name()))}."
            : $"The recording may not leave for {purpose.Name()}. Against it: {string.Join("; ", objections.Select(objection => objection.Source).Distinct().Select(Words))}. {Cure(objections)}";
        return new Problem("export-prohibited", StatusCodes.Status403Forbidden, title)
        {
            Members = new Dictionary<string, object?>(StringComparer.Ordinal)
            {
                ["purpose"] = purpose.Name(),
                ["tag"] = use.Tag.Name,
                ["objections"] = objections.Select(objection => new Objection(objection.Use.Name(), objection.Decision.Name(), objection.Source.Name(), objection.Words)).ToList(),
            },
        };
    }

    /// <summary>Somebody who came by a link is shown it, and nothing else.</summary>
    public static Problem NotByLink(Purpose purpose) => new("export-prohibited", StatusCodes.Status403Forbidden, "A link shows a recording to a person. For any other purpose its content is given to members of the organisation alone.")
    {
        Members = new Dictionary<string, object?>(StringComparer.Ordinal) { ["purpose"] = purpose.Name() },
    };

    /// <summary>Nobody is a processor because he says so, and none is one for anything but transcripts.</summary>
    public static Problem NoSuchProcessor(Purpose purpose) => new(
        "export-prohibited", StatusCodes.Status403Forbidden, "The organisation has named no such service, or not for this purpose: to one that it named, content leaves for transcribe. An Owner or an Admin names it under Settings, Organisation, Use by machines.")
    {
        Members = new Dictionary<string, object?>(StringComparer.Ordinal) { ["purpose"] = purpose.Name() },
    };

    /// <summary>Whether content must leave by law is no contributor's judgement.</summary>
    public static readonly Problem LegalForOwners = new("export-prohibited", StatusCodes.Status403Forbidden, "Only an Owner or an Admin hands content out for legal reasons. Ask one of them.")
    {
        Members = new Dictionary<string, object?>(StringComparer.Ordinal) { ["purpose"] = Purpose.Legal.Name() },
    };

    private static string Words(UseSource source) => source switch
    {
        UseSource.TenantPolicy => "the organisation's policy",
        UseSource.RecordingTag => "the recording's own tag",
        UseSource.Consent => "consent, which not everybody recorded is known to have given",
        UseSource.FoundMark => "a mark that its file came in with, or one that is not read yet",
        _ => throw new ArgumentOutOfRangeException(nameof(source)),
    };

    /// <summary>A stranger's mark can't be taken away; the rest can be.</summary>
    private static string Cure(IReadOnlyList<UseObjection> objections) => objections.Any(objection => objection.Source == UseSource.FoundMark)
        ? "What a file's own mark forbids stays forbidden. It may be watched here, and by a link."
        : "An Owner or an Admin can loosen policy and tag where everybody has agreed. It may be watched here, and by a link.";

    internal sealed record Objection(string Use, string Decision, string Source, string Words);
}
