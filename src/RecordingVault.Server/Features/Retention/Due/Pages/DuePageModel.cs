using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Retention.Due.Pages;

/// <summary>GET /retention: what ends when, what waits, what is held, and whether the nights do their work.</summary>
public sealed record DuePageModel
{
    public required PageFrame Frame { get; init; }

    public required DateTimeOffset Now { get; init; }

    /// <summary>How many end within 30 days.</summary>
    public int InAMonth { get; init; }

    /// <summary>The nearest first.</summary>
    public IReadOnlyList<DueLine> Soon { get; init; } = [];

    /// <summary>Where the next page of them begins; null at the end.</summary>
    public string? LaterCursor { get; init; }

    /// <summary>The only day that is shown, chosen in the calendar; null where all are.</summary>
    public DateOnly? Day { get; init; }

    /// <summary>False on a page that was reached by a cursor.</summary>
    public bool IsFirst { get; init; } = true;

    public IReadOnlyList<DueLine> Waiting { get; init; } = [];

    /// <summary>How many wait for a decision, those that are not listed too.</summary>
    public int WaitingInAll { get; init; }

    public IReadOnlyList<HeldLine> Held { get; init; } = [];

    public int HeldInAll { get; init; }

    public IReadOnlyList<TrashLine> Trash { get; init; } = [];

    public int TrashInAll { get; init; }

    public required DueCalendarModel Calendar { get; init; }

    /// <summary>The last night that ended; null before the first.</summary>
    public RunResponse? LastRun { get; init; }

    public required DateTimeOffset NextRun { get; init; }

    public WrongRun? Wrong { get; init; }
}

/// <param name="Title">Of the recording.</param>
/// <param name="GoesAt">The first night that may take it.</param>
public sealed record DueLine(DueResponse Due, string Title, DateTimeOffset GoesAt)
{
    public int DaysLeft(DateTimeOffset now) => Math.Max(0, (int)Math.Ceiling((GoesAt - now).TotalDays));
}

/// <param name="DisposeAt">When it would have gone; null where nothing says so.</param>
public sealed record HeldLine(Guid Recording, string Title, Guid Matter, string MatterName, DateTimeOffset Since, DateTimeOffset? DisposeAt);

public sealed record TrashLine(Guid Recording, string Title, DateTimeOffset GoesAt);

/// <param name="Words">The months, as its caption.</param>
public sealed record DueCalendarModel(string Words, DateOnly Today, IReadOnlyList<IReadOnlyList<DueDay>> Weeks);

/// <param name="Count">How many end on it.</param>
/// <param name="IsSoon">In less than a week.</param>
public sealed record DueDay(DateOnly Day, int Count, bool IsPast, bool IsSoon);
