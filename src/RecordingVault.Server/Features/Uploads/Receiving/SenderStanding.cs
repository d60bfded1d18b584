using RecordingVault.Server.Data;
using RecordingVault.Server.Features.Members;
using RecordingVault.Server.Features.Tenants;
using RecordingVault.Server.Platform;
using RecordingVault.Server.Platform.Problems;
using RecordingVault.Server.Platform.Security;

namespace RecordingVault.Server.Features.Uploads.Receiving;

/// <summary>Whoever sends a part may not any more.</summary>
internal sealed class StandingLostException(Problem problem) : Exception(problem.Title)
{
    public Problem Problem => problem;
}

/// <summary>
/// Looks again, while a part runs, whether whoever sends it still may: it would otherwise outlive a sign-out, a revoked token, a lost role. Mostly
/// that is one number, the tenant's revocation counter; the rows are read when it moved.
/// </summary>
internal sealed class SenderStanding(VaultDbContext db, Revocations revocations, MemberPass sender, TimeProvider time)
{
    private static readonly TimeSpan Step = TimeSpan.FromSeconds(2);

    private (long Counter, DateTimeOffset End)? known;
    private long lookedAt = time.GetTimestamp();

    /// <summary>Whether it is time to look, also when nothing is about to be kept.</summary>
    public bool IsDue => time.GetElapsedTime(lookedAt) >= Step;

    /// <exception cref="StandingLostException">It is over: nothing more of the part may be kept.</exception>
    public async Task RequireAsync()
    {
        lookedAt = time.GetTimestamp();
        var counter = await revocations.ReadAsync(CancellationToken.None);
        var now = time.Now();
        if (known is { } before && before.Counter == counter && now < before.End)
            return;
        var standing = await MemberStanding.ReadAsync(db, sender, now, CancellationToken.None) ?? throw new StandingLostException(Problem.Unauthorized);
        if (standing.Role is not (Role.Owner or Role.Admin or Role.Contributor))
            throw new StandingLostException(Problem.Forbidden);
        known = (counter, standing.End);
    }
}
