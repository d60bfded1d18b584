using RecordingVault.Server.Features.Playback;
using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Regrouping.Cutting;

/// <summary>GET /recordings/{id}/cut: spans are marked, and a copy without them is made.</summary>
public sealed record CutPageModel
{
    public required PageFrame Frame { get; init; }

    public required Guid Id { get; init; }

    public required string Name { get; init; }

    /// <summary>Null where nothing plays.</summary>
    public PlayerModel? Player { get; init; }

    /// <summary>What is marked, as the fields say it.</summary>
    public IReadOnlyList<SpanField> Spans { get; init; } = [];

    /// <summary>How long a copy would last.</summary>
    public TimeSpan? Left { get; init; }

    /// <summary>When what is kept was marked, as the form of the copy says it; null where nothing is, so that no copy can be made.</summary>
    public string? PlanFrom { get; init; }

    public bool HasPlan => PlanFrom is not null;

    public IReadOnlyList<CutPerson> People { get; init; } = [];

    /// <summary>The newest first.</summary>
    public IReadOnlyList<CutMade> Copies { get; init; } = [];

    public string Title { get; init; } = "";

    public string Reason { get; init; } = "";

    /// <summary>Why no span was marked, or why none can be.</summary>
    public string? SpanRefusal { get; init; }

    /// <summary>Whether its length is found out just now, so that spans can be marked in a moment.</summary>
    public bool IsMeasured { get; init; }

    /// <summary>Why no copy was begun.</summary>
    public string? CopyRefusal { get; init; }

    /// <summary>Whether who asks has to show again who he is.</summary>
    public bool NeedsSignIn { get; init; }

    public bool IsUnderWay => Copies is [{ State: "waiting" or "running" }, ..];
}

/// <param name="From">As <c>1:02.5</c>.</param>
/// <param name="Kind">cut or mute.</param>
public sealed record SpanField(string From, string To, string Kind);

public sealed record CutPerson(Guid Id, string Name, bool IsLeftOut);

/// <param name="State">As the API calls it.</param>
/// <param name="Took">How long it took to make; null until it is there.</param>
/// <param name="Failure">The sentence that says why nothing came of it; null otherwise.</param>
public sealed record CutMade(Guid Into, string State, int Percent, DateTimeOffset At, TimeSpan? Took, int LeftOut, string? Failure);
