using RecordingVault.Server.Platform.Pages;

namespace RecordingVault.Server.Features.Sharing.Links;

/// <summary>GET /links?show={live|ended|never-opened}&amp;cursor={cursor}, newest first.</summary>
public sealed record LinksPageModel
{
    public required PageFrame Frame { get; init; }

    public LinkChoice Choice { get; init; }

    public required IReadOnlyList<LinkLine> Links { get; init; }

    /// <summary>How many links stopping all of them would stop.</summary>
    public int LiveCount { get; init; }

    /// <summary>Null on the last page.</summary>
    public string? EarlierCursor { get; init; }

    public bool IsNewest { get; init; } = true;

    /// <summary>For whom links are open that are not in this list because their recording lies in the trash; null where they are too many to be read for a page.</summary>
    public IReadOnlyCollection<string>? OpenInTrash { get; init; } = [];

    /// <summary>The page comes after all were stopped.</summary>
    public bool AllWereStopped { get; init; }

    /// <summary>The page comes after so many links to one person were stopped; null where it does not.</summary>
    public int? StoppedOfOne { get; init; }
}

public sealed record LinkLine
{
    public required Guid Id { get; init; }

    public required Guid RecordingId { get; init; }

    public required string RecordingTitle { get; init; }

    /// <summary>Null where the link is for anyone who has it.</summary>
    public string? RecipientName { get; init; }

    public string? Note { get; init; }

    public required LinkLineState State { get; init; }

    public required DateTimeOffset ExpiresAt { get; init; }

    public DateTimeOffset? StoppedAt { get; init; }

    public required string MadeBy { get; init; }

    /// <summary>Name of the API token in whose hand it was made; null where a person made it.</summary>
    public string? Token { get; init; }

    public required DateTimeOffset MadeAt { get; init; }

    public bool AllowsDownload { get; init; }

    public bool HasPasscode { get; init; }

    /// <summary>When it was opened last; null where it never was.</summary>
    public DateTimeOffset? OpenedAt { get; init; }

    public int Viewings { get; init; }

    public int WatchedPercent { get; init; }

    public DateTimeOffset? LastWatchedAt { get; init; }

    public bool FetchedWhole { get; init; }

    /// <summary>The copy with a visible mark that it shows; null where it shows the film as it is.</summary>
    public LinkMark? Mark { get; init; }

    /// <summary>Whether stopping it would end anything.</summary>
    public bool CanStop => State is LinkLineState.Live or LinkLineState.Locked;
}

public enum LinkLineState
{
    Live,

    /// <summary>Five wrong passcodes: nobody opens it anew until it gets another one.</summary>
    Locked,
    Stopped,
    Ended,

    /// <summary>Its recording lies in the trash.</summary>
    InTrash,
}

/// <param name="Language">en or de.</param>
/// <param name="State">waiting, running, done or failed.</param>
/// <param name="Failure">A sentence for its owner; null unless it failed.</param>
public sealed record LinkMark(bool Slate, bool Corner, string Language, string State, int Percent, string? Failure);
