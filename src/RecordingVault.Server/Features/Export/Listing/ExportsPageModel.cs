using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Export.Listing;

/// <summary>GET /exports?cursor={cursor}, the newest first.</summary>
public sealed record ExportsPageModel
{
    public required PageFrame Frame { get; init; }

    public required IReadOnlyList<ExportLine> Exports { get; init; }

    /// <summary>Null on the last page.</summary>
    public string? EarlierCursor { get; init; }

    public bool IsNewest { get; init; } = true;

    /// <summary>The page comes after one was ended.</summary>
    public bool OneWasEnded { get; init; }
}

/// <summary>GET /exports/{id}: one export, with what became of each recording.</summary>
public sealed record ExportPageModel
{
    public required PageFrame Frame { get; init; }

    public required ExportLine Export { get; init; }

    public required IReadOnlyList<ExportLineRecording> Recordings { get; init; }

    /// <summary>Why it was not given a moment ago; null where nobody has asked.</summary>
    public string? Refusal { get; init; }
}
