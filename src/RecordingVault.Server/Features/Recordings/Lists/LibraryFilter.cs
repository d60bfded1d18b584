using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Problems;

namespace RecordingVault.Server.Features.Recordings.Lists;

internal enum LibrarySort
{
    Newest,

    /// <summary>By the date of the meeting.</summary>
    Recorded,
    Longest,
    Largest,

    /// <summary>What failed first, then what is arriving, then what is ready.</summary>
    State,

    /// <summary>By the alphabet, without case and accents. Titles are sealed: the in-memory index puts them in order, not the database.</summary>
    Title,
}

/// <summary>Which recordings are wanted, read from a choice; what is null does not matter.</summary>
internal sealed record LibraryFilter
{
    public ConfidentialityLabel? Label { get; private init; }
    public RecordingState? State { get; private init; }
    public bool? IsShared { get; private init; }
    public RecordingSource? Source { get; private init; }

    /// <summary>Only those whose program nobody told.</summary>
    public bool IsOfNoSource { get; private init; }
    public DateTimeOffset? From { get; private init; }

    /// <summary>The end of the last day.</summary>
    public DateTimeOffset? Until { get; private init; }
    public LibrarySort Sort { get; init; }

    /// <returns>Null when every field of the choice is known.</returns>
    public static Problem? TryRead(LibraryChoice choice, out LibraryFilter filter)
    {
        filter = new LibraryFilter();
        var (label, state, source, sort) = (Named<ConfidentialityLabel>(choice.Label), Named<RecordingState>(choice.State), RecordingSources.Parse(choice.Source), Named<LibrarySort>(choice.Sort));
        if (label is null && IsGiven(choice.Label))
            return Problem.Invalid("label", "it is public, internal, confidential or restricted.");
        if (state is null && IsGiven(choice.State))
            return Problem.Invalid("state", "it is receiving, ready or failed.");
        if (IsGiven(choice.Shared) && choice.Shared is not ("yes" or "no"))
            return Problem.Invalid("shared", "it is yes or no.");
        if (source is null && IsGiven(choice.Source) && choice.Source is not RecordingSources.Other)
            return Problem.Invalid("source", "it is zoom, bigbluebutton or other.");
        if (sort is null && IsGiven(choice.Sort))
            return Problem.Invalid("sort", "it is newest, recorded, longest, largest, state or title.");
        if (IsGiven(choice.View) && choice.View is not ("list" or "tiles"))
            return Problem.Invalid("view", "it is list or tiles.");
        if (!ZonedDays.TryZone(choice.Zone, out var zone))
            return Problem.Invalid("zone", "give the IANA name of a time zone, such as Europe/Berlin, or leave it out.");
        if (!TryDay(choice.From, zone, addedDays: 0, out var from))
            return Problem.Invalid("from", "give a day such as 2026-11-01.");
        if (!TryDay(choice.To, zone, addedDays: 1, out var until))
            return Problem.Invalid("to", "give a day such as 2026-11-30.");
        if (from >= until)
            return Problem.Invalid("to", "it is before the first day. Turn the two round.");
        filter = new LibraryFilter
        {
            Label = label,
            State = state,
            IsShared = IsGiven(choice.Shared) ? choice.Shared is "yes" : null,
            Source = source,
            IsOfNoSource = choice.Source is RecordingSources.Other,
            From = from,
            Until = until,
            Sort = sort ?? LibrarySort.Newest,
        };
        return null;
    }

    private static bool IsGiven(string? text) => !string.IsNullOrEmpty(text);

    private static T? Named<T>(string? name)
        where T : struct, Enum
    {
        foreach (var value in Enum.GetValues<T>())
        {
            if (string.Equals(value.ToString().ToLowerInvariant(), name, StringComparison.Ordinal))
                return value;
        }

        return null;
    }

    private static bool TryDay(string? text, TimeZoneInfo zone, int addedDays, out DateTimeOffset? begin)
    {
        begin = null;
        if (!IsGiven(text))
            return true;
        if (!ZonedDays.TryDay(text!, out var day))
            return false;
        begin = ZonedDays.Begin(day.AddDays(addedDays), zone);
        return true;
    }
}
