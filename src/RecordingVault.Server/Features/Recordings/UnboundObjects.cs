namespace RecordingVault.Server.Features.Recordings;

/// <summary>What a slice has sealed for a recording and no manifest binds yet, or binds no more: it must not be taken for what a crash left behind.</summary>
internal interface IUnboundObjects
{
    /// <summary>Whether there may be such objects now. Until there are none, nothing of the recording is swept.</summary>
    Task<bool> AreThereAsync(Guid recordingId, CancellationToken cancellationToken);

    /// <summary>Recordings for which the slice has lately sealed something: a process that died may have left objects there.</summary>
    IQueryable<Guid> Recordings();
}

/// <summary>
/// When a sweep looks after something was made, whose maker may have died before he bound it: through half a day after the first, and for two hours some days later, since a vault may be off for a while. To look
/// each hour at all that was lately made would list the store for every recording.
/// </summary>
internal static class UnboundAges
{
    private static readonly (int Age, int Span)[] s_hours = [(24, 12), (2 * 24, 2), (4 * 24, 2), (8 * 24, 2), (16 * 24, 2), (30 * 24, 2)];

    public static IEnumerable<(DateTimeOffset From, DateTimeOffset To)> At(DateTimeOffset now) => s_hours.Select(hours => (now.AddHours(-hours.Age - hours.Span), now.AddHours(-hours.Age)));
}
