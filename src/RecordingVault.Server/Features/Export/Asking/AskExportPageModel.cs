using RecordingVault.Server.Features.Export.Packages;
using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Export.Asking;

/// <summary>The form that asks for a package, of one recording or of several.</summary>
public sealed record AskExportPageModel
{
    public required PageFrame Frame { get; init; }

    public required IReadOnlyList<ChosenToExport> Recordings { get; init; }

    /// <summary>Those that the role may state.</summary>
    public required IReadOnlyList<PurposeChoice> Purposes { get; init; }

    public string Purpose { get; init; } = "share-external";

    public string Recipient { get; init; } = "";

    public string Days { get; init; } = "365";

    /// <summary>What the form offers for the licence, in days.</summary>
    public static IReadOnlyList<(int Days, string Words)> Terms { get; } = [(30, "30 days"), (90, "90 days"), (365, "A year"), (3_650, "Ten years")];

    /// <summary>Why who he is has to be shown again before the form is taken; null where it need not.</summary>
    public string? SignInWhy { get; init; }

    /// <summary>What was refused, with the cure.</summary>
    public string? Error { get; init; }

    /// <summary>The field that it is about; null where it is about none.</summary>
    public string? ErrorField { get; init; }
}

public sealed record ChosenToExport(Guid Id, string Title);

/// <param name="Allowed">How many of the recordings may leave for it now, as far as the gate can say beforehand.</param>
public sealed record PurposeChoice(PurposeWords Words, int Allowed);
