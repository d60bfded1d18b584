namespace RecordingVault.Server.Platform;

internal static class Clock
{
    /// <summary>
    /// Now in UTC, cut to whole microseconds: PostgreSQL keeps no more, and a cursor or an audit leaf made from an
    /// unsaved value must equal the one read back.
    /// </summary>
    public static DateTimeOffset Now(this TimeProvider time) => time.GetUtcNow().Cut();

    /// <summary>In UTC and whole microseconds, as it will be read back.</summary>
    public static DateTimeOffset Cut(this DateTimeOffset at) => new(at.UtcTicks - (at.UtcTicks % TimeSpan.TicksPerMicrosecond), TimeSpan.Zero);
}
