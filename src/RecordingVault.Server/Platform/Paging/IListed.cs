namespace RecordingVault.Server.Platform.Paging;

/// <summary>A row that a list shows newest first; between rows of one moment the id decides.</summary>
internal interface IListed
{
    Guid Id { get; }

    DateTimeOffset CreatedAt { get; }
}

/// <summary>Order and place of such a list, for the database: with an index on both columns a page costs the same however many rows there are (P12).</summary>
internal static class ListedRows
{
    public static IQueryable<T> NewestFirst<T>(this IQueryable<T> rows)
        where T : class, IListed => rows.OrderByDescending(row => row.CreatedAt).ThenByDescending(row => row.Id);

    /// <summary>What stands behind the place in that order.</summary>
    public static IQueryable<T> Behind<T>(this IQueryable<T> rows, PagePlace place)
        where T : class, IListed => rows.Where(row => row.CreatedAt < place.Time || (row.CreatedAt == place.Time && row.Id.CompareTo(place.Id) < 0));

    public static PagePlace Place(this IListed row) => new(row.CreatedAt, row.Id);
}
