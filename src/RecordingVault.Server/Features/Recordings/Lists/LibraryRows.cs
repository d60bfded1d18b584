using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;

namespace RecordingVault.Server.Features.Recordings.Lists;

/// <summary>What another slice knows of who can open a recording.</summary>
internal interface ILiveLinks
{
    /// <summary>Ids of the recordings that somebody outside can open now, as a query that others are made of.</summary>
    IQueryable<Guid> Recordings();

    /// <summary>Ids of the links that open something now.</summary>
    IQueryable<Guid> Links();

    /// <summary>The same with those that did until a moment ago: whoever still reads by one of them is being cut off.</summary>
    IQueryable<Guid> LinksLately();
}

/// <summary>The recordings that a filter leaves, and their order, for the database: dates, lengths, sizes and states stand there in clear.</summary>
internal sealed class LibraryRows(VaultDbContext db, ILiveLinks links)
{
    /// <summary>What lies outside the trash and passes the filter.</summary>
    public IQueryable<Recording> Kept(LibraryFilter filter) => Passing(filter, db.Recordings.AsNoTracking().Where(recording => !recording.IsBeingDestroyed && recording.TrashedAt == null));

    /// <summary>What lies in the trash and passes the filter.</summary>
    public IQueryable<Recording> Trashed(LibraryFilter filter) => Passing(filter, db.Recordings.AsNoTracking().Where(recording => !recording.IsBeingDestroyed && recording.TrashedAt != null));

    private IQueryable<Recording> Passing(LibraryFilter filter, IQueryable<Recording> rows)
    {
        if (filter.Label is { } label)
            rows = rows.Where(recording => recording.Label == label);
        if (filter.State is { } state)
            rows = rows.Where(recording => recording.State == state);
        if (filter.Source is { } source)
            rows = rows.Where(recording => recording.Source == source);
        if (filter.IsOfNoSource)
            rows = rows.Where(recording => recording.Source == null);
        if (filter.From is { } from)
            rows = rows.Where(recording => recording.MeetingAt >= from);
        if (filter.Until is { } until)
            rows = rows.Where(recording => recording.MeetingAt < until);
        if (filter.IsShared is { } isShared)
        {
            var live = links.Recordings();
            rows = rows.Where(recording => live.Contains(recording.Id) == isShared);
        }

        return rows;
    }

    /// <summary>Each order has an index of its own, so that a page costs the same however many recordings there are (P12).</summary>
    /// <exception cref="ArgumentOutOfRangeException">By title, which the database can't read.</exception>
    public static IQueryable<Recording> InOrder(IQueryable<Recording> rows, LibrarySort sort) => sort switch
    {
        LibrarySort.Newest => rows.OrderByDescending(recording => recording.CreatedAt).ThenByDescending(recording => recording.Id),
        LibrarySort.Recorded => rows.OrderByDescending(recording => recording.MeetingAt).ThenByDescending(recording => recording.Id),
        LibrarySort.Longest => rows.OrderByDescending(recording => recording.LengthOrNone).ThenByDescending(recording => recording.Id),
        LibrarySort.Largest => rows.OrderByDescending(recording => recording.SizeInBytes).ThenByDescending(recording => recording.Id),
        LibrarySort.State => rows.OrderBy(recording => recording.StatePlace).ThenByDescending(recording => recording.Id),
        _ => throw new ArgumentOutOfRangeException(nameof(sort)),
    };

    /// <param name="place">What <see cref="Place"/> said of the last row of the page before.</param>
    public static IQueryable<Recording> Behind(IQueryable<Recording> rows, LibrarySort sort, (long Value, Guid Id) place)
    {
        var id = place.Id;
        switch (sort)
        {
            case LibrarySort.Largest:
                return rows.Where(recording => recording.SizeInBytes < place.Value || (recording.SizeInBytes == place.Value && recording.Id.CompareTo(id) < 0));
            case LibrarySort.Longest:
                var seconds = BitConverter.Int64BitsToDouble(place.Value);
                return rows.Where(recording => recording.LengthOrNone < seconds || (recording.LengthOrNone == seconds && recording.Id.CompareTo(id) < 0));
            case LibrarySort.State:
                return rows.Where(recording => recording.StatePlace > place.Value || (recording.StatePlace == place.Value && recording.Id.CompareTo(id) < 0));
            case LibrarySort.Recorded:
                var meeting = new DateTimeOffset(place.Value, TimeSpan.Zero);
                return rows.Where(recording => recording.MeetingAt < meeting || (recording.MeetingAt == meeting && recording.Id.CompareTo(id) < 0));
            case LibrarySort.Newest:
                var created = new DateTimeOffset(place.Value, TimeSpan.Zero);
                return rows.Where(recording => recording.CreatedAt < created || (recording.CreatedAt == created && recording.Id.CompareTo(id) < 0));
            default:
                throw new ArgumentOutOfRangeException(nameof(sort));
        }
    }

    public static (long Value, Guid Id) Place(Recording row, LibrarySort sort) => (sort switch
    {
        LibrarySort.Newest => row.CreatedAt.UtcTicks,
        LibrarySort.Recorded => row.MeetingAt.UtcTicks,
        LibrarySort.Longest => BitConverter.DoubleToInt64Bits(row.LengthOrNone),
        LibrarySort.Largest => row.SizeInBytes,
        LibrarySort.State => row.StatePlace,
        _ => throw new ArgumentOutOfRangeException(nameof(sort)),
    }, row.Id);
}
