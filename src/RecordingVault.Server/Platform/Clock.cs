namespace RecordingVault.Server.Platform;

internal static class Clock
{
    /// <summary>
    /// Now in UTC, cut to whole microseconds: PostgreSQL keeps no more, and a cursor or an audit leaf made from an
    /// unsaved value must equal the one read back.
    /// </summary>
    public static DateTimeOffset Now(this TimeProvider time)
    {
        var now = time.GetUtcNow();
        return new DateTimeOffset(now.Ticks - (now.Ticks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
    }
}
