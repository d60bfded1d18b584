using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Retention.Holds.Pages;

/// <summary>GET /matters?state=closed&amp;cursor={cursor}: the open ones, or those that are over.</summary>
public sealed record MattersPageModel
{
    public required PageFrame Frame { get; init; }

    public required IReadOnlyList<MatterResponse> Matters { get; init; }

    public bool AreOpen { get; init; } = true;

    public bool MayChange { get; init; }

    public string? EarlierCursor { get; init; }

    public bool IsNewest { get; init; } = true;

    public string Name { get; init; } = "";

    public string? NameError { get; init; }

    public string Note { get; init; } = "";

    public string? NoteError { get; init; }

    /// <summary>What was refused beside the fields.</summary>
    public string? Error { get; init; }
}

/// <summary>GET /matters/{id}?cursor={cursor}.</summary>
public sealed record MatterPageModel
{
    public required PageFrame Frame { get; init; }

    public required MatterResponse Matter { get; init; }

    /// <summary>A page of what it holds now, the newest first.</summary>
    public required IReadOnlyList<HoldResponse> Holds { get; init; }

    public required DateTimeOffset Now { get; init; }

    public bool MayChange { get; init; }

    /// <summary>Closing is done in person.</summary>
    public bool MayLift { get; init; }

    public string? EarlierCursor { get; init; }

    public bool IsNewest { get; init; } = true;

    /// <summary>As the form has them.</summary>
    public string Name { get; init; } = "";

    public string? NameError { get; init; }

    public string Note { get; init; } = "";

    public string? NoteError { get; init; }

    public string Reason { get; init; } = "";

    public string? ReasonError { get; init; }

    public string? Error { get; init; }

    /// <summary>The refusal is about the sign-in.</summary>
    public bool NeedsSignIn { get; init; }
}

/// <summary>GET /recordings/{id}/hold: what holds it, and the way to hold it for one more matter.</summary>
public sealed record HoldPageModel
{
    public required PageFrame Frame { get; init; }

    public required Guid Recording { get; init; }

    public required string Title { get; init; }

    /// <summary>Those that stand, the newest first.</summary>
    public required IReadOnlyList<HoldResponse> Holds { get; init; }

    /// <summary>Matters that it may be held for and is not yet.</summary>
    public IReadOnlyList<HoldMatter> Matters { get; init; } = [];

    public bool MaySet { get; init; }

    public bool MayLift { get; init; }

    /// <summary>As the form has it.</summary>
    public string Matter { get; init; } = "";

    public string? MatterError { get; init; }

    public string Reason { get; init; } = "";

    public string? ReasonError { get; init; }

    /// <summary>The hold that was to be lifted; null where the refusal is about setting one.</summary>
    public Guid? Lifting { get; init; }

    public string? Error { get; init; }

    public bool NeedsSignIn { get; init; }
}

/// <summary>POST /recordings/chosen/hold: several recordings, and for which matter.</summary>
public sealed record HoldChosenPageModel
{
    public required PageFrame Frame { get; init; }

    public required IReadOnlyList<ChosenToHold> Recordings { get; init; }

    public required IReadOnlyList<HoldMatter> Matters { get; init; }

    public string Matter { get; init; } = "";

    public string? MatterError { get; init; }

    public string Reason { get; init; } = "";

    public string? ReasonError { get; init; }

    public string? Error { get; init; }
}

public sealed record ChosenToHold(Guid Id, string Title);
