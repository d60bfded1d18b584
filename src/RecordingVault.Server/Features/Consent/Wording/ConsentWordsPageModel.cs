using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Consent.Wording;

/// <summary>The page of an organisation's own words for asking: what is shown in each language, one version to read, and the form that writes the next.</summary>
public sealed record ConsentWordsPageModel
{
    public required PageFrame Frame { get; init; }
    public required bool MayChange { get; init; }

    /// <summary>As the form says it.</summary>
    public required string Language { get; init; }
    public string Title { get; init; } = "";
    public string Text { get; init; } = "";

    /// <summary>By purpose, in its order.</summary>
    public required IReadOnlyList<(string Purpose, string Sentence, string Vaults)> Uses { get; init; }

    /// <summary>The newest first.</summary>
    public IReadOnlyList<ConsentWordsVersion> Versions { get; init; } = [];

    /// <summary>As a person would see it; null where nothing is to be looked at.</summary>
    public ConsentWordsLook? Look { get; init; }
    public string? ErrorField { get; init; }
    public string? Error { get; init; }

    public string? ErrorOf(string field) => ErrorField == field ? Error : null;

    public static string Address(string version) => $"{ConsentWordsPages.Path}?version={version}";
}

/// <param name="Version">As records name it.</param>
/// <param name="IsOwn">False where it leads back to the vault's words.</param>
/// <param name="IsShown">It is the newest of its language.</param>
public sealed record ConsentWordsVersion(string Version, string Language, DateTimeOffset Since, bool IsOwn, bool IsShown);

/// <param name="Version">Null where it is not written yet.</param>
/// <param name="Uses">By purpose, what stands below its name.</param>
public sealed record ConsentWordsLook(string? Version, string Language, string Title, IReadOnlyList<string> Paragraphs, IReadOnlyList<(string Purpose, string Sentence)> Uses);
