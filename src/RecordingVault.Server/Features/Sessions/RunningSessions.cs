using RecordingVault.Server.Features.Members;

namespace RecordingVault.Server.Features.Sessions;

internal static class RunningSessions
{
    /// <summary>A member's sessions that have neither been ended nor run out.</summary>
    public static IQueryable<Session> RunningOf(this IQueryable<Session> sessions, Guid memberId, DateTimeOffset now)
    {
        var (seenAfter, begunAfter) = (now - Session.IdleLimit, now - Session.Lifetime);
        return sessions.Where(session => session.MemberId == memberId && session.EndedAt == null && session.LastSeenAt > seenAfter && session.SignedInAt > begunAfter);
    }
}
