using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Recordings.Approvals;

/// <summary>GET /loosenings/{id}: what somebody asks a second person, and the form of the answer.</summary>
public sealed record LooseningPageModel
{
    public required PageFrame Frame { get; init; }

    public required LooseningResponse Request { get; init; }

    /// <summary>The recording's title.</summary>
    public required string Name { get; init; }

    /// <summary>Who reads is who asked: somebody else decides.</summary>
    public required bool IsReaders { get; init; }

    /// <summary>As the form says it.</summary>
    public string Word { get; init; } = "";

    public string? WordError { get; init; }

    /// <summary>Why nothing was decided, with the cure.</summary>
    public string? Error { get; init; }

    public bool NeedsSignIn { get; init; }
}

/// <summary>GET /loosenings: the newest first, those that are over among them.</summary>
public sealed record LooseningsPageModel
{
    public required PageFrame Frame { get; init; }

    public required IReadOnlyList<LooseningLine> Requests { get; init; }

    public string? EarlierCursor { get; init; }

    public bool IsNewest { get; init; } = true;
}

/// <param name="Name">The recording's title.</param>
public sealed record LooseningLine(LooseningResponse Request, string Name);
