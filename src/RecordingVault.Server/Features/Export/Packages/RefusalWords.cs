using RecordingVault.Server.Features.Playback;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Features.UsageTags;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Export.Packages;

/// <summary>One thing that stands in the way, and what may be done about it by whom.</summary>
/// <param name="Href">Where that is done; null where nothing is.</param>
/// <param name="Waits">It goes by itself, or with an answer that is not there yet: no no for good.</param>
public sealed record RefusalReason(string Fact, string Cure, string? Href = null, string? LinkText = null, bool Waits = false);

/// <summary>The gate's reasons as a page tells them.</summary>
internal static class RefusalWords
{
    /// <summary>Of one that the gate has just given, with everybody who objects.</summary>
    public static IReadOnlyList<RefusalReason> Of(Problem reason, Guid recordingId) =>
        reason.Slug == "export-prohibited" && reason.Members?.GetValueOrDefault("objections") is IReadOnlyCollection<ExportProhibited.Objection> { Count: > 0 } objections
            ? [.. objections.Select(objection => objection.Source).Distinct(StringComparer.Ordinal).Select(source => OfSource(source, recordingId))]
            : [Of(reason.Slug, reason.Title, recordingId)];

    /// <summary>Of one that a row keeps.</summary>
    /// <param name="sentence">What the gate said, for reasons that have no words here.</param>
    public static RefusalReason Of(string slug, string? sentence, Guid recordingId) => slug switch
    {
        "export-prohibited" when sentence == ExportProhibited.LegalForOwners.Title => new("Only an owner or an admin hands content out for legal reasons.", "Ask one of them to do it."),
        "export-prohibited" => new("It may not leave for this purpose.", "Its page says who objects, and who can change what.", $"/recordings/{recordingId}/use", "What it may be used for"),
        "in-trash" => new("It lies in the trash.", "Nothing leaves from there. Whoever adds recordings here takes it out on its page.", $"/recordings/{recordingId}", "Open its page"),
        "restricted" or "restricted-stays" => new("It is marked restricted.", "Those who may open it watch it here, and no copy of it leaves. An owner or an admin makes its label looser first.", $"/recordings/{recordingId}/edit#label", "Change the label"),
        "not-ready" => new("It is still arriving.", "It can be packed as soon as its upload has ended.", $"/recordings/{recordingId}", "Open its page", Waits: true),
        "being-marked" => new("The copy of it that takes a mark is still being made.", "Ask for it again when its page says that it is ready.", $"/recordings/{recordingId}", "Open its page", Waits: true),
        "not-markable" => new("No usage mark can be put into its file.", "A package holds nothing without its mark. Members who may can download the original on its page.", $"/recordings/{recordingId}#file", "Open its page"),
        "view-only" => new("Who asked may watch, and take no file away.", "An owner or an admin gives a role that may."),
        "purpose-not-listed" => new("The API token that asked may not be given content for this.", "Use one that lists this purpose.", "/settings/tokens", "See the tokens"),
        "sign-in-needed" => new("Who asked for it was signed out before it was packed.", "Ask for it again.", Waits: true),
        "not-found" => new("It is not there any more.", "There is nothing to pack."),
        _ => new(sentence ?? "It could not be packed.", "Ask for it again; if it stays so, ask whoever runs this vault."),
    };

    private static RefusalReason OfSource(string source, Guid recordingId) => source switch
    {
        "recording-tag" => new("Its own tag says no.", "An owner or an admin can loosen it, with a reason that the log keeps.", $"/recordings/{recordingId}/use#tag", "Change the tag"),
        "tenant-policy" => new("The organisation’s rules say no.", "An owner or an admin decides what machines may do here.", UsagePolicyPages.Path, "Use by machines"),
        "consent" => new("Not everybody recorded is known to have agreed.", "No answer counts as no, and the vault keeps no ledger of consent yet. Which uses need consent at all, an owner or an admin decides.", UsagePolicyPages.Path, "Use by machines", Waits: true),
        _ => new("A mark in its file says no, or its marks are not read yet.", "What a file’s own mark forbids stays forbidden. Marks are read in the minutes after a file came: ask again then.", $"/recordings/{recordingId}/use", "What it may be used for"),
    };
}
