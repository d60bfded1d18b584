using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Consent.Importing;

/// <summary>GET and POST /recordings/{id}/consent/people: a list, what it would do row by row, and who speaks by the recording's own texts.</summary>
public sealed record ImportPageModel
{
    public required PageFrame Frame { get; init; }

    public required Guid Id { get; init; }

    /// <summary>The recording's title.</summary>
    public required string Title { get; init; }

    /// <summary>As the API calls it.</summary>
    public string Kind { get; init; } = "pasted";

    public string Text { get; init; } = "";

    /// <summary>Who is suggested by the recording's own texts.</summary>
    public IReadOnlyList<string> Speakers { get; init; } = [];

    /// <summary>Null before anybody looked.</summary>
    public IReadOnlyList<ImportLine>? Lines { get; init; }

    public int Added { get; init; }

    public int Consents { get; init; }

    /// <summary>Of the whole list.</summary>
    public string? Error { get; init; }

    /// <summary>Of what was ticked.</summary>
    public string? SpeakerError { get; init; }

    public bool HasWrongLines => Lines?.Any(line => line.Error is not null) is true;
}

/// <param name="State">add, there, again, or wrong.</param>
/// <param name="Error">What cures it, where it is wrong.</param>
public sealed record ImportLine(int Line, string Name, string? Email, string State, bool IsConsent, string? Error);
