namespace RecordingVault.Server.Features.Recordings.Search;

/// <summary>
/// The words of recordings, folded, in memory and nowhere else: reached through their tenant, bounded, and forgotten when no search has passed them for a while. What is
/// in the trash is passed by none, so its words are gone long before its key. Titles and people come first: for them the words that were said make room, the oldest recording's first.
/// </summary>
internal sealed class SearchIndex(SearchLimits limits, TimeProvider time)
{
    public static readonly TimeSpan IdleLimit = TimeSpan.FromMinutes(15);

    /// <summary>What an entry costs beside its text: key, object, its place in the table.</summary>
    private const int BytesBesideText = 160;

    private readonly Lock gate = new();
    private readonly Dictionary<Guid, Shelf> shelves = [];
    private long heldBytes;

    /// <summary>Memory that is held for all tenants.</summary>
    public long HeldBytes
    {
        get
        {
            lock (gate)
                return heldBytes;
        }
    }

    /// <summary>Title and people of this version of the row, or null.</summary>
    public string? Find(Guid tenantId, Guid recordingId, int version)
    {
        lock (gate)
        {
            return shelves.TryGetValue(tenantId, out var shelf) && shelf.Names.TryGetValue(recordingId, out var entry) && entry.Stamp == version ? Used(entry) : null;
        }
    }

    /// <summary>What was said, of the objects that there are now, or null. Objects come and, where files are moved, go: which they are tells whether an entry still holds.</summary>
    /// <param name="objects">Of <see cref="StampOf"/>.</param>
    public string? FindSaid(Guid tenantId, Guid recordingId, long objects)
    {
        lock (gate)
        {
            return shelves.TryGetValue(tenantId, out var shelf) && shelf.Said.TryGetValue(recordingId, out var entry) && entry.Stamp == objects ? Used(entry) : null;
        }
    }

    /// <summary>Keeps title and people instead of those of an older version. False where there is no room: then they are opened again each time.</summary>
    public bool Keep(Guid tenantId, Guid recordingId, int version, string words)
    {
        lock (gate)
        {
            var shelf = ShelfOf(tenantId);
            if (shelf.Names.TryGetValue(recordingId, out var known) && known.Stamp > version)
                return false;
            Remove(shelf, shelf.Names, recordingId);
            MakeRoom(shelf, Cost(words), newerThan: DateTimeOffset.MaxValue);
            return TryAdd(shelf, shelf.Names, recordingId, new Entry(version, words, default));
        }
    }

    /// <summary>Keeps what was said, unless only newer recordings could make room for it.</summary>
    /// <param name="createdAt">How new the recording is.</param>
    public bool KeepSaid(Guid tenantId, Guid recordingId, long objects, DateTimeOffset createdAt, string words)
    {
        lock (gate)
        {
            var shelf = ShelfOf(tenantId);
            Remove(shelf, shelf.Said, recordingId);
            MakeRoom(shelf, Cost(words), newerThan: createdAt);
            if (!TryAdd(shelf, shelf.Said, recordingId, new Entry(objects, words, createdAt)))
                return false;
            shelf.ByAge.Add((createdAt, recordingId));
            return true;
        }
    }

    /// <summary>A number that tells one set of objects from another: FNV-1a over their ids in order.</summary>
    public static long StampOf(IEnumerable<Guid> objects) =>
        unchecked((long)objects.Order().SelectMany(id => id.ToByteArray()).Aggregate(14695981039346656037UL, (sum, value) => (sum ^ value) * 1099511628211UL));

    /// <summary>Forgets one recording at once: its key is being destroyed.</summary>
    public void Drop(Guid tenantId, Guid recordingId)
    {
        lock (gate)
        {
            if (!shelves.TryGetValue(tenantId, out var shelf))
                return;
            Remove(shelf, shelf.Names, recordingId);
            Remove(shelf, shelf.Said, recordingId);
        }
    }

    /// <summary>Forgets what no search has passed for 15 minutes.</summary>
    public void DropIdle()
    {
        lock (gate)
        {
            foreach (var (tenantId, shelf) in shelves.ToList())
            {
                foreach (var table in new[] { shelf.Names, shelf.Said })
                {
                    foreach (var (recordingId, _) in table.Where(one => time.GetElapsedTime(one.Value.UsedAt) >= IdleLimit).ToList())
                        Remove(shelf, table, recordingId);
                }

                if (shelf.Names.Count + shelf.Said.Count == 0)
                    shelves.Remove(tenantId);
            }
        }
    }

    private Shelf ShelfOf(Guid tenantId)
    {
        if (!shelves.TryGetValue(tenantId, out var shelf))
            shelves[tenantId] = shelf = new Shelf();
        return shelf;
    }

    private string Used(Entry entry)
    {
        entry.UsedAt = time.GetTimestamp();
        return entry.Words;
    }

    /// <summary>Forgets what was said in the tenant's older recordings, the oldest first, until so much fits; nothing of another tenant.</summary>
    private void MakeRoom(Shelf shelf, long cost, DateTimeOffset newerThan)
    {
        while (!Fits(shelf, cost) && shelf.ByAge.Count > 0 && shelf.ByAge.Min is var (age, oldest) && age < newerThan)
            Remove(shelf, shelf.Said, oldest);
    }

    private bool Fits(Shelf shelf, long cost) => shelf.Bytes + cost <= limits.TenantBytes && heldBytes + cost <= limits.NodeBytes;

    private bool TryAdd(Shelf shelf, Dictionary<Guid, Entry> table, Guid recordingId, Entry entry)
    {
        var cost = Cost(entry.Words);
        if (!Fits(shelf, cost))
            return false;
        entry.UsedAt = time.GetTimestamp();
        table[recordingId] = entry;
        shelf.Bytes += cost;
        heldBytes += cost;
        return true;
    }

    private void Remove(Shelf shelf, Dictionary<Guid, Entry> table, Guid recordingId)
    {
        if (!table.Remove(recordingId, out var entry))
            return;
        if (table == shelf.Said)
            shelf.ByAge.Remove((entry.CreatedAt, recordingId));
        shelf.Bytes -= Cost(entry.Words);
        heldBytes -= Cost(entry.Words);
    }

    private static long Cost(string words) => BytesBesideText + ((long)words.Length * sizeof(char));

    private sealed class Shelf
    {
        public Dictionary<Guid, Entry> Names { get; } = [];
        public Dictionary<Guid, Entry> Said { get; } = [];

        /// <summary>What was said, the oldest recording first.</summary>
        public SortedSet<(DateTimeOffset CreatedAt, Guid Id)> ByAge { get; } = [];
        public long Bytes { get; set; }
    }

    /// <param name="stamp">Tells whether the words still are those of the recording: the row's version, or which objects hold them.</param>
    private sealed class Entry(long stamp, string words, DateTimeOffset createdAt)
    {
        public long Stamp => stamp;
        public string Words => words;
        public DateTimeOffset CreatedAt => createdAt;
        public long UsedAt { get; set; }
    }
}
