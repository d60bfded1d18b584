using Microsoft.EntityFrameworkCore;

namespace RecordingVault.Server.Features.Recordings.Waiting;

/// <summary>How many wait, and which one where it is one: however many there are, two ids are read at most (P12).</summary>
internal static class WaitingCount
{
    public static async Task<(int Count, Guid? Only)> OfAsync(IQueryable<Guid> ids, CancellationToken cancellationToken) =>
        await ids.OrderBy(id => id).Take(2).ToListAsync(cancellationToken) switch
        {
            [] => (0, null),
            [var only] => (1, only),
            _ => (await ids.CountAsync(cancellationToken), null),
        };
}
