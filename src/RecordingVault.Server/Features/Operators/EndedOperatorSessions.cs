using Microsoft.EntityFrameworkCore;
using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Members;

namespace RecordingVault.Server.Features.Operators;

internal sealed class EndedOperatorSessions(IServiceScopeFactory scopes) : IEndedRows
{
    public async Task DeleteAsync(DateTimeOffset endedBefore, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var (seenBefore, begunBefore) = (endedBefore - OperatorSession.IdleLimit, endedBefore - OperatorSession.Lifetime);
        await scope.ServiceProvider.GetRequiredService<VaultDbContext>().OperatorSessions
            .Where(session => session.EndedAt < endedBefore || session.LastSeenAt < seenBefore || session.SignedInAt < begunBefore)
            .ExecuteDeleteAsync(cancellationToken);
    }
}
