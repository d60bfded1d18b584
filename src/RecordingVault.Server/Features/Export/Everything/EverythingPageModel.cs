using RecordingVault.Server.Features.Export.Asking;
using RecordingVault.Server.Features.Export.Listing;
using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Export.Everything;

/// <summary>GET /exports/everything: the form that begins, or where the newest run is.</summary>
public sealed record EverythingPageModel
{
    public required PageFrame Frame { get; init; }

    /// <summary>Recordings that there are now.</summary>
    public required int All { get; init; }

    public required IReadOnlyList<PurposeChoice> Purposes { get; init; }

    public required string Purpose { get; init; }

    public required string Recipient { get; init; }

    public required string Days { get; init; }

    /// <summary>Why who he is has to be shown again before the form is taken; null where it need not.</summary>
    public string? SignInWhy { get; init; }

    public string? Error { get; init; }

    public string? ErrorField { get; init; }

    /// <summary>The form comes back with what was wrong in it.</summary>
    public bool AsksAnew { get; init; }

    /// <summary>Null where nobody has begun.</summary>
    public EverythingRunShown? Run { get; init; }
}

public sealed record EverythingRunShown
{
    public required EverythingState State { get; init; }

    public required string Recipient { get; init; }

    public required string Purpose { get; init; }

    public required DateTimeOffset BegunAt { get; init; }

    public required RunCounts Counts { get; init; }

    /// <summary>As many packages are being built or kept as the vault keeps at once, of this run or others.</summary>
    public required bool IsFull { get; init; }

    /// <summary>Nothing more is packed under its licence.</summary>
    public required bool IsLicenceOver { get; init; }

    /// <summary>The newest first.</summary>
    public required IReadOnlyList<ExportLine> Packages { get; init; }

    /// <summary>Those that this round left out; the rest of them stands on the pages of their packages.</summary>
    public required IReadOnlyList<ExportLineRecording> LeftOut { get; init; }

    /// <summary>Something could be taken up again.</summary>
    public bool HasRest => Counts.LeftOut + Counts.Lost + Counts.ToCome > 0;
}

public enum EverythingState
{
    Running,
    Over,
    Stopped,

    /// <summary>Who had it go on is signed out, or may not any more.</summary>
    SignedOut,
}
